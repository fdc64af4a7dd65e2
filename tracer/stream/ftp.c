/* ftp.c: FTP, RFC 959: commands and replies, and the data connections that they announce (also RFC
 * 2428). A password is not shown, though everybody on the way can read it. */
#include "stream/ftp.h"

#include <string.h>

#include "base/i18n.h"
#include "stream/dialogue.h"

struct ftp {
	struct dialogue dialogue;
	bool waits;   /* for the reply to AUTH: it decides what the client's next bytes are */
	bool private; /* data connections are encrypted (RFC 4217) */
};

static const char *const verbs[] = {"USER ", "AUTH TLS", "FEAT", "PASV", "EPSV",  "PORT ", "EPRT ",
                                    "STOR ", "CWD ",     "MLSD", "NLST", "TYPE ", NULL};
static const char *const more[] = {
        "PASS ", "PWD",   "SYST",  "NOOP",  "QUIT",  "HELP",  "STAT", "SITE ", "OPTS ",
        "RETR ", "LIST",  "REST ", "SIZE ", "MDTM ", "DELE ", "MKD ", "RMD ",  "RNFR ",
        "RNTO ", "APPE ", "ABOR",  "CDUP",  "PBSZ ", "PROT ", "MLST", "MODE ", NULL,
};
static const uint16_t ports[] = {21, 2121, 0};
static const struct dialogue_words words = {
        .protocol = "ftp",
        .sign = "FTP",
        .other_sign = "SMTP",
        .verbs = verbs,
        .more = more,
        .ports = ports,
        .own_code = 120,
        .code = "ftp.response.code",
        .parameter = "ftp.response.arg",
        .answers = "ftp.response.to",
};

static void say(struct message *m, const char *s)
{
	message_say(m, s, strlen(s));
}

static void add_addr(struct message *m, const char *name, const struct addr *addr)
{
	TEXT(t, 64);
	text_add_addr(&t, addr);
	message_add_text(m, name, t.bytes);
}

static bool is_same_host(const struct endpoint *a, const struct endpoint *b)
{
	return memcmp(&a->addr, &b->addr, sizeof a->addr) == 0;
}

/* ---- the data connection to come ---- */

static void expect(struct talk *talk, const struct endpoint *to, const char *method)
{
	const struct ftp *ftp = talk_state(talk);
	if (!ftp->private)
		talk_expect(talk, to, "ftp-data", method);
}

/* The client waits for a connection: at its own address, else somebody else is to be reached
 * through the server (RFC 2577 section 3). */
static void judge_active(struct talk *talk, struct message *m, const struct endpoint *to)
{
	if (!is_same_host(to, &talk_ends(talk)[CLIENT]))
		message_trouble(m,
		                N_("an FTP bounce: the server is to connect to another host than "
		                   "the client's"));
	else if (to->port < 1024)
		message_trouble(m, N_("the server is to connect to a port below 1024, where other "
		                      "services listen"));
}

static void on_port(struct talk *talk, struct message *m, struct line arg)
{
	struct endpoint to;
	if (!ftp_read_port(arg, &to)) {
		message_trouble(m, N_("PORT without six numbers of a byte each"));
		return;
	}
	add_addr(m, "ftp.active.cip", &to.addr);
	message_add_uint(m, "ftp.active.port", to.port);
	judge_active(talk, m, &to);
	expect(talk, &to, "PORT");
}

static void on_eprt(struct talk *talk, struct message *m, struct line arg)
{
	struct endpoint to;
	if (!ftp_read_eprt(arg, &to)) {
		message_trouble(m, N_("EPRT without family, address and port"));
		return;
	}
	message_add_uint(m, "ftp.eprt.af", to.addr.version == 6 ? 2 : 1);
	add_addr(m, to.addr.version == 6 ? "ftp.eprt.ipv6" : "ftp.eprt.ip", &to.addr);
	message_add_uint(m, "ftp.eprt.port", to.port);
	judge_active(talk, m, &to);
	expect(talk, &to, "EPRT");
}

static void on_pasv_reply(struct talk *talk, struct message *m, struct line arg)
{
	struct endpoint to;
	const struct endpoint *server = &talk_ends(talk)[SERVER];
	if (!ftp_read_port(arg, &to)) {
		message_trouble(m, N_("an answer to PASV without six numbers of a byte each"));
		return;
	}
	add_addr(m, "ftp.passive.ip", &to.addr);
	message_add_uint(m, "ftp.passive.port", to.port);
	expect(talk, &to, "PASV");
	if (is_same_host(&to, server))
		return;
	message_add_uint(m, "ftp.passive.nat", 1);
	message_trouble(m, N_("the server names another host than itself: one behind a translating "
	                      "router, or one that the client is to be led to"));
	expect(talk, &(struct endpoint){server->addr, to.port}, "PASV"); /* what clients do */
}

static void on_epsv_reply(struct talk *talk, struct message *m, struct line arg)
{
	struct endpoint to = talk_ends(talk)[SERVER];
	if (!ftp_read_epsv(arg, &to.port)) {
		message_trouble(m, N_("an answer to EPSV without (|||port|)"));
		return;
	}
	message_add_uint(m, "ftp.epsv.port", to.port);
	expect(talk, &to, "EPSV");
}

/* ---- commands ---- */

static void on_pass(struct talk *talk, struct message *m, struct line arg)
{
	TEXT(t, 64);
	(void)talk;
	text_addf(&t, " (%zu %s, not shown here)", arg.len,
	          arg.len == 1 ? "character" : "characters");
	say(m, t.bytes);
}

static void on_prot(struct talk *talk, struct message *m, struct line arg)
{
	struct ftp *ftp = talk_state(talk);
	(void)m;
	ftp->private = line_is(line_trim(arg), "P");
}

static void on_auth(struct talk *talk, struct message *m, struct line arg)
{
	struct ftp *ftp = talk_state(talk);
	(void)m;
	(void)arg; /* all mechanisms in use end in TLS */
	ftp->waits = true;
}

static const struct command {
	const char *verb;
	bool carries; /* its data comes over the data connection */
	void (*on)(struct talk *talk, struct message *m, struct line arg);
} commands[] = {
        {"PORT", false, on_port}, {"EPRT", false, on_eprt}, {"PASS", false, on_pass},
        {"PROT", false, on_prot}, {"AUTH", false, on_auth}, {"RETR", true, NULL},
        {"STOR", true, NULL},     {"STOU", true, NULL},     {"APPE", true, NULL},
        {"LIST", true, NULL},     {"NLST", true, NULL},     {"MLSD", true, NULL},
};

static const struct command *command_of(const char *verb)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].verb, verb) == 0)
			return &commands[i];
	return NULL;
}

static void tell_command(struct talk *talk, struct message *m, const char *verb, struct line word,
                         struct line arg)
{
	const struct command *command = command_of(verb);
	bool secret = strcmp(verb, "PASS") == 0;
	message_say(m, word.bytes, word.len);
	message_add(m, "ftp.request.command", word.bytes, word.len);
	if (arg.len > 0 && !secret) {
		say(m, " ");
		message_say(m, arg.bytes, arg.len);
		message_add(m, "ftp.request.arg", arg.bytes, arg.len);
	}
	if (command && command->on)
		command->on(talk, m, arg);
	if (command && command->carries)
		talk_expected_is(talk, m->summary);
}

/* Telnet's signals in front of ABOR: RFC 959 section 4.1.3, RFC 854. */
static struct line without_telnet(struct line line)
{
	enum { IAC = 0xff, IP = 0xf4, DM = 0xf2 };
	while (line.len >= 2 && (uint8_t)line.bytes[0] == IAC &&
	       ((uint8_t)line.bytes[1] == IP || (uint8_t)line.bytes[1] == DM))
		line = (struct line){line.bytes + 2, line.len - 2};
	return line;
}

static enum feed feed_command(struct talk *talk, struct ftp *ftp, struct cursor *in)
{
	struct message m;
	struct line line;
	enum line_end end;
	char verb[DIALOGUE_VERB];
	if (ftp->waits || !dialogue_line(in, &line, &end))
		return FEED_MORE;
	struct line arg = without_telnet(line), word = line_word(&arg);
	dialogue_verb(verb, word);
	message_begin(&m, "ftp", "command");
	m.length = in->at;
	tell_command(talk, &m, verb, word, arg);
	if (end == LINE_END_NONE)
		message_trouble(&m, N_("a line that does not end"));
	dialogue_judge_command(&ftp->dialogue, talk, &m);
	dialogue_ask(&ftp->dialogue, talk, verb[0] ? verb : "?");
	talk_emit(talk, CLIENT, &m);
	return FEED_TOOK;
}

/* ---- replies ---- */

static void look_into_reply(struct talk *talk, const struct dialogue *d, struct message *m)
{
	const char *arg = message_field(m, words.parameter);
	struct line line = {arg ? arg : "", arg ? strlen(arg) : 0};
	if (d->code == 227)
		on_pasv_reply(talk, m, line);
	if (d->code == 229)
		on_epsv_reply(talk, m, line);
}

static enum feed feed_reply(struct talk *talk, struct ftp *ftp, struct cursor *in)
{
	struct dialogue *d = &ftp->dialogue;
	struct dialogue_command answered;
	bool was_greeted = d->greeted;
	enum feed fed = dialogue_feed_reply(d, &words, talk, in, &answered);
	if (fed != FEED_TOOK || d->replying)
		return fed;
	bool decides = ftp->waits &&
	               (strcmp(answered.verb, "AUTH") == 0 || (was_greeted && !answered.verb[0]));
	look_into_reply(talk, d, &d->reply);
	talk_emit(talk, SERVER, &d->reply);
	if (!decides)
		return FEED_TOOK;
	ftp->waits = false;
	if (d->code == 234)
		talk_switch(talk, "tls", "ftp");
	talk_wake(talk);
	return FEED_TOOK;
}

static enum feed ftp_feed(struct talk *talk, enum side from, struct cursor *in)
{
	struct ftp *ftp = talk_state(talk);
	return from == SERVER ? feed_reply(talk, ftp, in) : feed_command(talk, ftp, in);
}

static void ftp_end(struct talk *talk, enum side from, bool whole)
{
	struct ftp *ftp = talk_state(talk);
	(void)whole; /* lines have ends of their own */
	if (from == CLIENT)
		ftp->waits = false;
	dialogue_break(&ftp->dialogue, talk, from);
}

static enum recognised ftp_recognise(const struct opening *opening)
{
	return dialogue_recognise(opening, &words);
}

const struct app_protocol app_ftp = {
        .name = "ftp",
        .state_size = sizeof(struct ftp),
        .recognise = ftp_recognise,
        .feed = ftp_feed,
        .end = ftp_end,
};
