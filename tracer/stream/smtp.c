/* smtp.c: SMTP, RFC 5321: commands, replies, and the mail behind DATA or BDAT (RFC 3030). What
 * AUTH sends (RFC 4954) is not shown, though everybody on the way can read it. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "stream/dialogue.h"
#include "stream/mail.h"

enum phase {
	PHASE_COMMANDS,
	PHASE_SECRET, /* the next line is the answer to a challenge of AUTH */
	PHASE_MAIL,   /* lines up to the dot */
	PHASE_CHUNK,  /* behind what is passed over, a chunk ends */
	PHASE_AUTH,   /* these three wait for the reply to that command: what it says decides */
	PHASE_DATA,   /* what the next bytes are */
	PHASE_STARTTLS
};

struct smtp {
	struct dialogue dialogue;
	enum phase phase;
	bool hasty; /* more came behind STARTTLS before it was answered */
	struct mail mail;
};

static const char *const verbs[] = {"EHLO ", "HELO ", "LHLO ", "MAIL FROM:", "RCPT TO:", NULL};
/* Whole lines: a line of a mail may well begin with such a word. */
static const char *const more[] = {"RSET\r", "DATA\r", "QUIT\r", "NOOP\r", "STARTTLS\r", NULL};
static const uint16_t ports[] = {25, 587, 2525, 0};
static const struct dialogue_words words = {
        .protocol = "smtp",
        .sign = "SMTP",
        .other_sign = "FTP",
        .verbs = verbs,
        .more = more,
        .ports = ports,
        .own_code = 554,
        .greets_with_name = true,
        .code_in_each_line = true,
        .code = "smtp.response.code",
        .parameter = "smtp.rsp.parameter",
        .answers = "smtp.response.to",
};

static void say(struct message *m, const char *s)
{
	message_say(m, s, strlen(s));
}

/* ---- commands ---- */

static void say_hidden(struct message *m, size_t n)
{
	TEXT(t, 64);
	text_addf(&t, "(%zu %s, not shown here)", n, n == 1 ? "character" : "characters");
	say(m, t.bytes);
	message_add_uint(m, "smtp.auth.length", n);
}

/* "AUTH PLAIN AGZyZWQAc2VjcmV0": the mechanism may have the secret behind it. */
static void tell_auth(struct message *m, struct line parameter)
{
	struct line mechanism = line_word(&parameter);
	message_add(m, "smtp.req.parameter", mechanism.bytes, mechanism.len);
	say(m, " ");
	message_say(m, mechanism.bytes, mechanism.len);
	if (parameter.len == 0)
		return;
	say(m, " ");
	say_hidden(m, parameter.len);
}

static void tell_command(struct message *m, const char *verb, struct line word, struct line rest)
{
	message_say(m, word.bytes, word.len);
	message_add(m, "smtp.req.command", word.bytes, word.len);
	if (strcmp(verb, "AUTH") == 0) {
		tell_auth(m, rest);
		return;
	}
	if (rest.len == 0)
		return;
	say(m, " ");
	message_say(m, rest.bytes, rest.len);
	message_add(m, "smtp.req.parameter", rest.bytes, rest.len);
}

/* "BDAT 1000 LAST": so many bytes follow at once, whatever is in them. */
static bool begin_chunk(struct talk *talk, struct smtp *smtp, struct message *m, struct line rest)
{
	uint64_t size;
	struct line number = line_word(&rest);
	if (!line_number(number, &size)) {
		message_trouble(m, N_("BDAT without a length"));
		return false;
	}
	mail_begin(&smtp->mail, "chunk of a mail");
	smtp->phase = PHASE_CHUNK;
	talk_skip(talk, CLIENT, size);
	return true;
}

/* Which commands change what the client's next bytes are, once they are answered. */
static enum phase phase_behind(const char *verb)
{
	static const struct {
		const char *verb;
		enum phase phase;
	} waits[] = {{"AUTH", PHASE_AUTH}, {"DATA", PHASE_DATA}, {"STARTTLS", PHASE_STARTTLS}};
	for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++)
		if (strcmp(waits[i].verb, verb) == 0)
			return waits[i].phase;
	return PHASE_COMMANDS;
}

static void judge_line(struct message *m, enum line_end end)
{
	if (end == LINE_END_NONE)
		message_trouble(m, N_("a line that does not end"));
	if (end == LINE_END_LF)
		message_trouble(m, N_("a line that ends in LF alone"));
}

/* Where nobody is heard to answer, DATA is taken to be granted. */
static enum phase granted(const struct smtp *smtp, enum phase phase)
{
	return phase == PHASE_DATA && !smtp->dialogue.greeted ? PHASE_MAIL : phase;
}

static enum feed feed_command(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	struct message m;
	struct line line;
	enum line_end end;
	char verb[DIALOGUE_VERB];
	if (!dialogue_line(in, &line, &end))
		return FEED_MORE;
	struct line rest = line, word = line_word(&rest);
	dialogue_verb(verb, word);
	message_begin(&m, "smtp", "command");
	m.length = in->at;
	tell_command(&m, verb, word, rest);
	judge_line(&m, end);
	dialogue_judge_command(&smtp->dialogue, talk, &m);
	smtp->phase = granted(smtp, phase_behind(verb));
	if (smtp->phase == PHASE_MAIL)
		mail_begin(&smtp->mail, "mail");
	if (strcmp(verb, "BDAT") != 0 || !begin_chunk(talk, smtp, &m, rest))
		dialogue_ask(&smtp->dialogue, talk, verb[0] ? verb : "?");
	talk_emit(talk, CLIENT, &m);
	return FEED_TOOK;
}

static enum feed feed_secret(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	struct message m;
	struct line line;
	enum line_end end;
	if (!dialogue_line(in, &line, &end))
		return FEED_MORE;
	message_begin(&m, "smtp", "command");
	m.length = in->at;
	if (line_is(line, "*")) {
		say(&m, "* (no AUTH after all)");
	} else {
		say(&m, "answer to the challenge ");
		say_hidden(&m, line.len);
	}
	judge_line(&m, end);
	smtp->phase = PHASE_AUTH;
	dialogue_ask(&smtp->dialogue, talk, "AUTH");
	talk_emit(talk, CLIENT, &m);
	return FEED_TOOK;
}

/* ---- the mail ---- */

static void tell_mail(struct talk *talk, struct smtp *smtp, bool whole)
{
	mail_finish(&smtp->mail);
	smtp->mail.message.incomplete = !whole;
	smtp->phase = PHASE_COMMANDS;
	dialogue_ask(&smtp->dialogue, talk, "mail");
	talk_emit(talk, CLIENT, &smtp->mail.message);
}

static enum feed feed_mail(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	struct line line;
	enum line_end end;
	if (!dialogue_line(in, &line, &end))
		return FEED_MORE;
	smtp->mail.message.length += in->at;
	if (mail_line(&smtp->mail, line, end))
		tell_mail(talk, smtp, true);
	return FEED_TOOK;
}

static enum feed feed_chunk(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	(void)in; /* all of it has been passed over */
	tell_mail(talk, smtp, true);
	return FEED_TOOK;
}

static void smtp_skipped(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	struct smtp *smtp = talk_state(talk);
	(void)from; /* only the client's chunks are passed over */
	(void)bytes;
	smtp->mail.message.length += n;
}

static enum feed feed_later(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	(void)talk;
	smtp->hasty = smtp->hasty || (smtp->phase == PHASE_STARTTLS && cursor_left(in) > 0);
	return FEED_MORE;
}

/* ---- replies ---- */

/* DATA was taken to be granted, and is refused before any of a mail has come. */
static void take_back(struct smtp *smtp, const struct dialogue_command *answered)
{
	if (smtp->phase == PHASE_MAIL && smtp->mail.message.length == 0 &&
	    strcmp(answered->verb, "DATA") == 0 && smtp->dialogue.code != 354)
		smtp->phase = PHASE_COMMANDS;
}

/* A reply to what the client waits for with its next bytes. */
static void on_reply(struct talk *talk, struct smtp *smtp)
{
	unsigned code = smtp->dialogue.code;
	enum phase was = smtp->phase;
	smtp->phase = PHASE_COMMANDS;
	if (was == PHASE_AUTH && code == 334)
		smtp->phase = PHASE_SECRET;
	if (was == PHASE_DATA && code == 354) {
		smtp->phase = PHASE_MAIL;
		mail_begin(&smtp->mail, "mail");
	}
	if (was == PHASE_STARTTLS && code == 220)
		talk_switch(talk, "tls", "smtp");
	talk_wake(talk);
}

static enum feed feed_reply(struct talk *talk, struct smtp *smtp, struct cursor *in)
{
	struct dialogue *d = &smtp->dialogue;
	struct dialogue_command answered;
	bool was_greeted = d->greeted;
	enum feed fed = dialogue_feed_reply(d, &words, talk, in, &answered);
	if (fed != FEED_TOOK || d->replying)
		return fed;
	enum phase behind = phase_behind(answered.verb);
	bool decides = smtp->phase >= PHASE_AUTH &&
	               (behind == smtp->phase || (was_greeted && !answered.verb[0]));
	if (decides && smtp->hasty)
		message_trouble(&d->reply,
		                N_("more came behind STARTTLS before this: an attacker in the "
		                   "middle may have put it there"));
	smtp->hasty = false;
	talk_emit(talk, SERVER, &d->reply);
	take_back(smtp, &answered);
	if (decides)
		on_reply(talk, smtp);
	return FEED_TOOK;
}

static enum feed smtp_feed(struct talk *talk, enum side from, struct cursor *in)
{
	static enum feed (*const feeds[])(struct talk *, struct smtp *, struct cursor *) = {
	        [PHASE_COMMANDS] = feed_command, [PHASE_SECRET] = feed_secret,
	        [PHASE_MAIL] = feed_mail,        [PHASE_CHUNK] = feed_chunk,
	        [PHASE_AUTH] = feed_later,       [PHASE_DATA] = feed_later,
	        [PHASE_STARTTLS] = feed_later,
	};
	struct smtp *smtp = talk_state(talk);
	return from == SERVER ? feed_reply(talk, smtp, in) : feeds[smtp->phase](talk, smtp, in);
}

static void smtp_end(struct talk *talk, enum side from, bool whole)
{
	struct smtp *smtp = talk_state(talk);
	(void)whole; /* lines and mails have ends of their own */
	if (from == CLIENT && (smtp->phase == PHASE_MAIL || smtp->phase == PHASE_CHUNK))
		tell_mail(talk, smtp, false);
	if (from == CLIENT)
		smtp->phase = PHASE_COMMANDS;
	dialogue_break(&smtp->dialogue, talk, from);
}

static enum recognised smtp_recognise(const struct opening *opening)
{
	return dialogue_recognise(opening, &words);
}

const struct app_protocol app_smtp = {
        .name = "smtp",
        .state_size = sizeof(struct smtp),
        .recognise = smtp_recognise,
        .feed = smtp_feed,
        .skipped = smtp_skipped,
        .end = smtp_end,
};
