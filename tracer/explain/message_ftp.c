/* message_ftp.c: what FTP's commands, replies and data connections mean (RFC 959), and who must
 * speak next. */
#include <string.h>
#include <strings.h>

#include "explain/rule.h"

static bool is_command(const struct scene *c)
{
	return message_is(c, "ftp", "command");
}

static bool is_verb(const struct scene *c, const char *verb)
{
	return is_command(c) && strcasecmp(message_text(c, "ftp.request.command"), verb) == 0;
}

static int code(const struct scene *c)
{
	return message_is(c, "ftp", "response") ? message_number(c, "ftp.response.code") : -1;
}

static bool user(const struct scene *c)
{
	return is_verb(c, "USER");
}
static bool pass_in_clear(const struct scene *c)
{
	return is_verb(c, "PASS") && !c->event->message.decrypted;
}
static bool passive(const struct scene *c)
{
	return is_verb(c, "PASV") || is_verb(c, "EPSV");
}
static bool active(const struct scene *c)
{
	return is_verb(c, "PORT") || is_verb(c, "EPRT");
}
static bool bounce(const struct scene *c)
{
	return active(c) && strstr(c->event->message.trouble, "bounce");
}
static bool retr(const struct scene *c)
{
	return is_verb(c, "RETR");
}
static bool stor(const struct scene *c)
{
	return is_verb(c, "STOR") || is_verb(c, "STOU") || is_verb(c, "APPE");
}
static bool list(const struct scene *c)
{
	return is_verb(c, "LIST") || is_verb(c, "NLST") || is_verb(c, "MLSD");
}
static bool auth(const struct scene *c)
{
	return is_verb(c, "AUTH");
}
static bool quit(const struct scene *c)
{
	return is_verb(c, "QUIT");
}

static bool data(const struct scene *c)
{
	return message_is(c, "ftp", "data");
}
static bool active_data(const struct scene *c)
{
	return data(c) && (message_says(c, "ftp-data.setup-method", "PORT") ||
	                   message_says(c, "ftp-data.setup-method", "EPRT"));
}

static bool greeting(const struct scene *c)
{
	return code(c) == 220 && c->event->message.request_frame == 0;
}
static bool wants_password(const struct scene *c)
{
	return code(c) == 331;
}
static bool passive_port(const struct scene *c)
{
	return code(c) == 227 || code(c) == 229;
}
static bool tls_granted(const struct scene *c)
{
	return code(c) == 234;
}
static bool farewell(const struct scene *c)
{
	return code(c) == 221 || code(c) == 421;
}
static bool begun(const struct scene *c)
{
	return code(c) / 100 == 1;
}
static bool transferred(const struct scene *c)
{
	return code(c) == 226 || code(c) == 250;
}
static bool success(const struct scene *c)
{
	return code(c) / 100 == 2;
}
static bool more_needed(const struct scene *c)
{
	return code(c) / 100 == 3;
}
static bool for_now(const struct scene *c)
{
	return code(c) / 100 == 4;
}
static bool for_good(const struct scene *c)
{
	return code(c) / 100 == 5;
}

#define REPLY_NEXT  N_("The {peer} must answer with a code of three digits.")
#define CLIENT_NEXT N_("The {peer} speaks next: its next command.")
#define DATA_NEXT                                                                                  \
	N_("The {peer} answers 150, the bytes go over the data connection, and its FIN is their "  \
	   "end; then 226 comes here.")

const struct rule ftp_rules[] = {
        {user, N_("FTP command: {summary}"), N_("The {me} says who it is."),
         N_("The {peer} wants a password (331), or none (230)."), "RFC 959 section 4.1.1"},
        {pass_in_clear, N_("FTP command: {summary}"),
         N_("The password. It is not shown here, but it went over the wire in clear: an onlooker "
            "could read it."),
         REPLY_NEXT, "RFC 959 section 4.1.1, RFC 2577 section 5"},
        {passive, N_("FTP command: {summary}"),
         N_("The {me} asks for a port at the {peer} to open the data connection to (passive: the "
            "server waits). So it works from behind a router that lets no connection in."),
         N_("The {peer} listens on a port and names it; the {me} opens a second connection."),
         "RFC 959 section 4.1.2, RFC 2428 section 3"},
        {bounce, N_("FTP command: {summary}"),
         N_("The {me} tells the {peer} to open the data connection to somebody else. So a server "
            "can be made to speak with a third host, which sees the server as the sender: the FTP "
            "bounce."),
         N_("A careful server refuses with 504 and connects to nobody but its client."),
         "RFC 2577 section 3"},
        {active, N_("FTP command: {summary}"),
         N_("The {me} listens on a port, and names it (active: the server comes to the client). "
            "Routers that translate addresses must change these words, or it fails."),
         N_("The {peer} answers 200, and opens the connection once there is something to carry."),
         "RFC 959 section 4.1.2, RFC 2428 section 2"},
        {retr, N_("FTP command: {summary}"),
         N_("The {me} wants a file. It does not come on this connection, which only carries "
            "commands and replies."),
         DATA_NEXT, "RFC 959 section 4.1.3"},
        {stor, N_("FTP command: {summary}"),
         N_("The {me} wants to store a file. It does not go over this connection, which only "
            "carries commands and replies."),
         DATA_NEXT, "RFC 959 section 4.1.3"},
        {list, N_("FTP command: {summary}"),
         N_("The {me} wants a list of files. Even that comes over a data connection."), DATA_NEXT,
         "RFC 959 section 4.1.3"},
        {auth, N_("FTP command: {summary}"), N_("The {me} wants to go on in TLS."),
         N_("The {peer} answers 234; then the {me} begins TLS."), "RFC 4217 section 4"},
        {quit, N_("FTP command: {summary}"), N_("The {me} wants nothing more."),
         N_("The {peer} answers 221 and closes the connection."), "RFC 959 section 4.1.1"},
        {is_command, N_("FTP command: {summary}"), N_("A command, in a line of its own."),
         REPLY_NEXT, "RFC 959 section 4.1"},
        {active_data, N_("FTP data: {summary}"),
         N_("A second connection, announced in frame {setup_frame}, that carries only this. It is "
            "an active one: it was opened by the FTP server, which is the client of TCP here. "
            "Nothing in it says how long it is: its FIN is the end."),
         N_("On the control connection the server says whether all of it has arrived."),
         "RFC 959 section 3.2"},
        {data, N_("FTP data: {summary}"),
         N_("A second connection, announced in frame {setup_frame}, that carries only this. "
            "Nothing in it says how long it is: its FIN is the end."),
         N_("On the control connection the server says whether all of it has arrived."),
         "RFC 959 section 3.2"},
        {greeting, N_("FTP response: {summary}"),
         N_("In FTP the server speaks first: it is ready."), N_("The {peer} logs in: USER."),
         "RFC 959 section 5.4"},
        {wants_password, N_("FTP response: {summary}"),
         N_("3 in front: half done. The name is noted, a password is wanted."),
         N_("The {peer} sends it: PASS."), "RFC 959 section 4.2"},
        {passive_port, N_("FTP response: {summary}"),
         N_("The {me} waits for the data connection there. The port is new for each transfer; of "
            "six numbers the last two are its high and its low byte."),
         N_("The {peer} opens a second connection to it, and says what it is to carry."),
         "RFC 959 section 4.1.2, RFC 2428 section 3"},
        {tls_granted, N_("FTP response: {summary}"),
         N_("The {me} agrees: behind this line both ends speak TLS."),
         N_("The {peer} begins with a ClientHello."), "RFC 4217 section 4"},
        {farewell, N_("FTP response: {summary}"),
         N_("With this code the {me} ends the dialogue and closes the connection."),
         N_("The {me}'s FIN."), "RFC 959 section 5.4"},
        {begun, N_("FTP response: {summary}"),
         N_("1 in front: begun, and another reply will follow. The bytes are on the data "
            "connection."),
         N_("The {me} again, when the data connection is closed: 226, or what went wrong."),
         "RFC 959 section 4.2"},
        {transferred, N_("FTP response: {summary}"),
         N_("2 in front: done. For a transfer it says what the data connection's FIN cannot: that "
            "it was the end, and no failure."),
         CLIENT_NEXT, "RFC 959 section 4.2"},
        {success, N_("FTP response: {summary}"),
         N_("2 in front: done. The first digit tells the program enough, the words are for "
            "people."),
         CLIENT_NEXT, "RFC 959 section 4.2"},
        {more_needed, N_("FTP response: {summary}"),
         N_("3 in front: half done, the {me} needs one more command for it."), CLIENT_NEXT,
         "RFC 959 section 4.2"},
        {for_now, N_("FTP response: {summary}"),
         N_("4 in front: not now. The same command may succeed later."), CLIENT_NEXT,
         "RFC 959 section 4.2"},
        {for_good, N_("FTP response: {summary}"),
         N_("5 in front: no, and the same command will not succeed later either."), CLIENT_NEXT,
         "RFC 959 section 4.2"},
        {0},
};
