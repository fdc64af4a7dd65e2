/* message_smtp.c: what SMTP's commands, replies and mails mean (RFC 5321), and who must speak next.
 */
#include <strings.h>

#include "explain/rule.h"

static bool is_command(const struct scene *c)
{
	return message_is(c, "smtp", "command");
}

static bool is_verb(const struct scene *c, const char *verb)
{
	return is_command(c) && strcasecmp(message_text(c, "smtp.req.command"), verb) == 0;
}

static int code(const struct scene *c)
{
	return message_is(c, "smtp", "response") ? message_number(c, "smtp.response.code") : -1;
}

/* A reply of that hundred to that command. */
static bool answers(const struct scene *c, const char *verb, int hundred)
{
	return code(c) / 100 == hundred && message_says(c, "smtp.response.to", verb);
}

static bool ehlo(const struct scene *c)
{
	return is_verb(c, "EHLO") || is_verb(c, "LHLO");
}
static bool helo(const struct scene *c)
{
	return is_verb(c, "HELO");
}
static bool mail_from(const struct scene *c)
{
	return is_verb(c, "MAIL");
}
static bool rcpt_to(const struct scene *c)
{
	return is_verb(c, "RCPT");
}
static bool data_command(const struct scene *c)
{
	return is_verb(c, "DATA");
}
static bool bdat(const struct scene *c)
{
	return is_verb(c, "BDAT");
}
static bool starttls(const struct scene *c)
{
	return is_verb(c, "STARTTLS");
}
static bool has_secret(const struct scene *c)
{
	return is_command(c) && *message_text(c, "smtp.auth.length");
}
static bool secret_in_clear(const struct scene *c)
{
	return has_secret(c) && !c->event->message.decrypted;
}
static bool auth(const struct scene *c)
{
	return is_verb(c, "AUTH");
}
static bool quit(const struct scene *c)
{
	return is_verb(c, "QUIT");
}

static bool mail(const struct scene *c)
{
	return message_is(c, "smtp", "data");
}

static bool greeting(const struct scene *c)
{
	return code(c) == 220 && c->event->message.request_frame == 0;
}
static bool tls_granted(const struct scene *c)
{
	return answers(c, "STARTTLS", 2);
}
static bool capabilities(const struct scene *c)
{
	return answers(c, "EHLO", 2);
}
static bool recipient_taken(const struct scene *c)
{
	return answers(c, "RCPT", 2);
}
static bool mail_taken(const struct scene *c)
{
	return answers(c, "mail", 2);
}
static bool go_on_with_mail(const struct scene *c)
{
	return code(c) == 354;
}
static bool challenge(const struct scene *c)
{
	return code(c) == 334;
}
static bool farewell(const struct scene *c)
{
	return code(c) == 221;
}
static bool success(const struct scene *c)
{
	return code(c) / 100 == 2;
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

const struct rule smtp_rules[] = {
        {ehlo, N_("SMTP command: {summary}"),
         N_("The {me} says its name and asks for the list of extensions. The name proves nothing."),
         N_("The {peer} answers with 250 in several lines, one for each extension it has."),
         "RFC 5321 section 4.1.1.1"},
        {helo, N_("SMTP command: {summary}"),
         N_("The {me} says its name, and wants no extensions."), REPLY_NEXT,
         "RFC 5321 section 4.1.1.1"},
        {mail_from, N_("SMTP command: {summary}"),
         N_("A mail begins. This address is the envelope's: failures are reported there. What the "
            "reader sees as the sender stands in the mail itself, and may be another."),
         REPLY_NEXT, "RFC 5321 section 4.1.1.2"},
        {rcpt_to, N_("SMTP command: {summary}"),
         N_("One recipient of the envelope; a mail has a command for each. Who is in the mail's "
            "own To or Cc does not matter to the server."),
         REPLY_NEXT, "RFC 5321 section 4.1.1.3"},
        {data_command, N_("SMTP command: {summary}"),
         N_("The envelope is complete, the mail is to follow."),
         N_("The {peer} answers 354, and only then the {me} sends the mail. A negative answer: no "
            "mail."),
         "RFC 5321 section 4.1.1.4"},
        {bdat, N_("SMTP command: {summary}"),
         N_("So many bytes of the mail follow at once; nothing in them is an end mark."),
         REPLY_NEXT, "RFC 3030 section 2"},
        {starttls, N_("SMTP command: {summary}"),
         N_("The {me} wants to go on in TLS on this connection. Until here anybody on the way "
            "could read along, and could have taken the offer out of the list of extensions."),
         N_("The {peer} answers 220; then the {me} begins TLS. Nothing may be sent in between."),
         "RFC 3207 section 4"},
        {secret_in_clear, N_("SMTP command: {summary}"),
         N_("The {me} proves who it is. It is not shown here, but it went over the wire in clear: "
            "base64 hides nothing, an onlooker could read it."),
         REPLY_NEXT, "RFC 4954 section 4"},
        {has_secret, N_("SMTP command: {summary}"),
         N_("The {me} proves who it is. It is not shown here; on the wire TLS hides it."),
         REPLY_NEXT, "RFC 4954 section 4"},
        {auth, N_("SMTP command: {summary}"), N_("The {me} wants to prove who it is, in this way."),
         N_("The {peer} answers 334 with a challenge, which the {me} has to answer."),
         "RFC 4954 section 4"},
        {quit, N_("SMTP command: {summary}"), N_("The {me} has nothing more to send."),
         N_("The {peer} answers 221 and closes the connection."), "RFC 5321 section 4.1.1.10"},
        {is_command, N_("SMTP command: {summary}"), N_("A command, in a line of its own."),
         REPLY_NEXT, "RFC 5321 section 4.1.1"},
        {mail, N_("SMTP: {summary}"),
         N_("The mail itself: headers, an empty line, the body. A line with only a dot ends it; a "
            "line of the mail that begins with a dot gets a second one on the way, so that it "
            "cannot be taken for the end."),
         N_("The {peer} says whether it takes the mail: after 250 it is the {peer} that must "
            "deliver it or report a failure."),
         "RFC 5321 section 4.5.2"},
        {greeting, N_("SMTP response: {summary}"),
         N_("In SMTP the server speaks first: it is ready. A client that does not wait for this "
            "is likely a program that sends spam."),
         N_("The {peer} says its name: EHLO."), "RFC 5321 section 3.1"},
        {tls_granted, N_("SMTP response: {summary}"),
         N_("The {me} agrees: behind this line both ends speak TLS."),
         N_("The {peer} begins with a ClientHello, and later says EHLO once more: what was said "
            "before TLS does not count."),
         "RFC 3207 section 4"},
        {capabilities, N_("SMTP response: {summary}"),
         N_("The extensions of the {me}, one a line. A dash behind the code means that more lines "
            "follow."),
         CLIENT_NEXT, "RFC 5321 section 4.1.1.1"},
        {recipient_taken, N_("SMTP response: {summary}"), N_("The {me} takes mail for it."),
         CLIENT_NEXT, "RFC 5321 section 3.3"},
        {mail_taken, N_("SMTP response: {summary}"),
         N_("The {me} has the mail, and from now on it is responsible: it delivers it, or reports "
            "that it could not."),
         CLIENT_NEXT, "RFC 5321 section 4.1.1.4"},
        {go_on_with_mail, N_("SMTP response: {summary}"), N_("The {me} is ready for the mail."),
         N_("The {peer} sends the mail, up to a line with only a dot."), "RFC 5321 section 4.2.3"},
        {challenge, N_("SMTP response: {summary}"), N_("The {me} asks for the next part of AUTH."),
         N_("The {peer} answers with a line of base64, or gives up with \"*\"."),
         "RFC 4954 section 4"},
        {farewell, N_("SMTP response: {summary}"), N_("The {me} closes the connection now."),
         N_("The {me}'s FIN."), "RFC 5321 section 3.8"},
        {success, N_("SMTP response: {summary}"),
         N_("2 in front: done. The first digit tells the program enough, the words are for "
            "people."),
         CLIENT_NEXT, "RFC 5321 section 4.2.1"},
        {for_now, N_("SMTP response: {summary}"),
         N_("4 in front: not now. The same command may succeed later."),
         N_("The {peer} keeps the mail and tries again after a while."), "RFC 5321 section 4.2.1"},
        {for_good, N_("SMTP response: {summary}"),
         N_("5 in front: no, and the same command will not succeed later either."),
         N_("The {peer} goes on with something else, and reports the failure to the sender."),
         "RFC 5321 section 4.2.1"},
        {0},
};
