/* dialogue.c: commands and their replies: RFC 5321 section 4.2, RFC 959 section 4.2. Knows neither
 * SMTP nor FTP. */
#include "stream/dialogue.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"

enum { CODE = 3 };

/* ---- lines ---- */

bool dialogue_line(struct cursor *in, struct line *line, enum line_end *end)
{
	struct cursor look = *in;
	size_t left = cursor_left(in);
	cursor_limit(&look, DIALOGUE_LINE_MAX);
	if (line_take(&look, line)) {
		cursor_skip(in, look.at - in->at);
		*end = line->bytes[line->len] == '\r' ? LINE_END_CRLF : LINE_END_LF;
		return true;
	}
	const uint8_t *bytes = left < DIALOGUE_LINE_MAX ? NULL : cursor_take(in, DIALOGUE_LINE_MAX);
	if (!bytes)
		return false;
	*line = (struct line){(const char *)bytes, DIALOGUE_LINE_MAX};
	*end = LINE_END_NONE;
	return true;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

void dialogue_verb(char verb[DIALOGUE_VERB], struct line word)
{
	struct text t = text_of(verb, DIALOGUE_VERB);
	for (size_t i = 0; i < word.len && word.bytes[i] != '\0'; i++)
		text_add_char(&t, upper(word.bytes[i]));
}

/* ---- commands and their replies ---- */

void dialogue_ask(struct dialogue *d, struct talk *talk, const char *verb)
{
	if (d->n == DIALOGUE_QUEUE) { /* nobody answers: the oldest is forgotten */
		d->first = (d->first + 1) % DIALOGUE_QUEUE;
		d->n--;
	}
	struct dialogue_command *command = &d->queue[(d->first + d->n++) % DIALOGUE_QUEUE];
	*command =
	        (struct dialogue_command){.frame = talk_frame(talk), .time_ns = talk_time_ns(talk)};
	struct text t = text_of(command->verb, sizeof command->verb);
	text_add(&t, verb);
}

void dialogue_judge_command(const struct dialogue *d, const struct talk *talk, struct message *m)
{
	if (!d->greeted && talk_from_start(talk))
		message_trouble(m, N_("it does not wait for the server's greeting"));
}

/* The server's first words, and 220 or 120 even if it may have spoken before the capture began
 * (but 220 may also answer STARTTLS). What has been said to it does not wait for this. */
static bool is_greeting(const struct dialogue *d, const struct talk *talk)
{
	if (d->greeted)
		return false;
	if (d->n == 0 || talk_from_start(talk))
		return true;
	return (d->code == 220 || d->code == 120) &&
	       strcmp(d->queue[d->first].verb, "STARTTLS") != 0;
}

static struct dialogue_command answered_by(struct dialogue *d, struct talk *talk)
{
	struct message *m = &d->reply;
	bool greeting = is_greeting(d, talk);
	d->greeted = d->greeted || d->code != 120;
	if (greeting && d->n > 0)
		message_trouble(m, N_("commands came before this greeting"));
	if (d->unsure && d->n > 1)
		d->n = 0;
	if (greeting || d->n == 0)
		return (struct dialogue_command){0};
	d->unsure = false;
	struct dialogue_command command = d->queue[d->first];
	m->request_frame = command.frame;
	if (talk_time_ns(talk) >= command.time_ns)
		m->latency_ns = talk_time_ns(talk) - command.time_ns;
	if (d->code >= 200) { /* 1xx: begun, the answer follows */
		d->first = (d->first + 1) % DIALOGUE_QUEUE;
		d->n--;
	}
	return command;
}

/* "250-" or "250 ", with what is behind. False: no code. */
static bool split_reply(struct line line, unsigned *code, bool *more, struct line *rest)
{
	uint64_t number;
	if (line.len < CODE || !line_number((struct line){line.bytes, CODE}, &number) ||
	    (line.len > CODE && line.bytes[CODE] != ' ' && line.bytes[CODE] != '-'))
		return false;
	size_t behind = line.len > CODE ? CODE + 1 : CODE;
	*code = (unsigned)number;
	*more = line.len > CODE && line.bytes[CODE] == '-';
	*rest = (struct line){line.bytes + behind, line.len - behind};
	return true;
}

static void say(struct message *m, const char *words)
{
	message_say(m, words, strlen(words));
}

static void begin_reply(struct dialogue *d, const struct dialogue_words *words, struct line line,
                        unsigned code)
{
	message_begin(&d->reply, words->protocol, "response");
	d->replying = true;
	d->code = code;
	d->n_lines = 0;
	if (code > 0)
		message_add_uint(&d->reply, words->code, code);
	else
		message_trouble(&d->reply, N_("a reply without a code of three digits"));
	message_say(&d->reply, line.bytes, code > 0 ? CODE : 0);
}

static void add_line(struct dialogue *d, const struct dialogue_words *words, struct line rest)
{
	say(&d->reply, d->n_lines == 0 ? (d->code > 0 ? " " : "") : " / ");
	message_say(&d->reply, rest.bytes, rest.len);
	message_add(&d->reply, words->parameter, rest.bytes, rest.len);
	d->n_lines++;
}

/* A line of a reply. True: it is the last one. */
static bool take_line(struct dialogue *d, const struct dialogue_words *words, struct line line)
{
	unsigned code = 0;
	bool more = false;
	struct line rest = line;
	bool has_code = split_reply(line, &code, &more, &rest);
	if (!d->replying)
		begin_reply(d, words, line, has_code ? code : 0);
	bool own = has_code && code == d->code;
	if (!own && words->code_in_each_line)
		message_trouble(&d->reply, N_("a line of a reply without the reply's code"));
	add_line(d, words, own ? rest : line);
	return d->code == 0 || (!more && (own || (has_code && words->code_in_each_line)));
}

enum feed dialogue_feed_reply(struct dialogue *d, const struct dialogue_words *words,
                              struct talk *talk, struct cursor *in,
                              struct dialogue_command *answered)
{
	struct line line;
	enum line_end end;
	if (!dialogue_line(in, &line, &end))
		return FEED_MORE;
	bool last = take_line(d, words, line);
	d->reply.length += in->at;
	if (end == LINE_END_NONE)
		message_trouble(&d->reply, N_("a line that does not end"));
	if (!last)
		return FEED_TOOK;
	d->replying = false;
	*answered = answered_by(d, talk);
	if (answered->verb[0])
		message_add_text(&d->reply, words->answers, answered->verb);
	return FEED_TOOK;
}

void dialogue_break(struct dialogue *d, struct talk *talk, enum side from)
{
	d->n = 0;
	d->unsure = true;
	if (from != SERVER || !d->replying)
		return;
	d->replying = false;
	d->reply.incomplete = true;
	talk_emit(talk, SERVER, &d->reply);
}

/* ---- whose dialogue is it? ---- */

static bool contains(struct line line, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= line.len; i++)
		if (strncasecmp(line.bytes + i, word, n) == 0)
			return true;
	return false;
}

static bool is_port(const struct opening *o, const struct dialogue_words *words)
{
	for (const uint16_t *port = words->ports; *port; port++)
		if (o->ends[CLIENT].port == *port || o->ends[SERVER].port == *port)
			return true;
	return false;
}

/* Does it begin with one of these words, as far as it is there? */
static enum recognised begins_with(struct cursor said, const char *const *verbs)
{
	enum recognised best = RECOGNISED_NO;
	size_t n = cursor_left(&said);
	const char *bytes = (const char *)cursor_take(&said, n);
	for (const char *const *verb = verbs; *verb; verb++) {
		size_t len = strlen(*verb);
		if (strncasecmp(bytes, *verb, n < len ? n : len) != 0)
			continue;
		best = RECOGNISED_MAYBE;
		if (n > len && memchr(bytes, '\n', n))
			return RECOGNISED_YES;
	}
	return best;
}

static enum recognised recognise_command(struct cursor said, const struct dialogue_words *words)
{
	static const char *const common[] = {"NOOP", "QUIT", "HELP", NULL};
	if (cursor_left(&said) == 0 || begins_with(said, common) != RECOGNISED_NO)
		return RECOGNISED_MAYBE;
	return begins_with(said, words->verbs);
}

/* "mail.example.com": letters with dots between them. */
static bool looks_like_name(struct line word)
{
	const char *dot = word.len > 0 ? memchr(word.bytes, '.', word.len) : NULL;
	for (size_t i = 0; i < word.len; i++) {
		char c = upper(word.bytes[i]);
		bool good =
		        (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
		if (!good && i + 1 < word.len)
			return false; /* a comma may be at its end */
	}
	return dot && dot > word.bytes && dot + 1 < word.bytes + word.len;
}

/* The words tell nothing: does the port? Not while a greeting looks like another protocol's and the
 * client's first line, which will tell, has not come. */
static bool by_port(const struct opening *o, const struct dialogue_words *words, struct line name)
{
	struct cursor said = o->said[CLIENT];
	struct line line;
	bool looks_other = looks_like_name(name) && !words->greets_with_name;
	if (!is_port(o, words))
		return false;
	return cursor_left(&said) == 0 ? !looks_other : line_take(&said, &line);
}

static enum recognised by_greeting(const struct opening *o, const struct dialogue_words *words)
{
	struct cursor said = o->said[SERVER];
	struct line line, rest;
	unsigned code;
	bool more;
	if (!line_take(&said, &line))
		return RECOGNISED_MAYBE;
	if (!split_reply(line, &code, &more, &rest))
		return RECOGNISED_NO;
	if (o->again)
		return RECOGNISED_YES;
	if (contains(rest, words->sign) || code == words->own_code)
		return RECOGNISED_YES;
	if (contains(rest, words->other_sign))
		return RECOGNISED_NO;
	enum recognised answer = recognise_command(o->said[CLIENT], words);
	return answer != RECOGNISED_YES && by_port(o, words, line_word(&rest)) ? RECOGNISED_YES
	                                                                       : answer;
}

/* Digits, as far as a code is there. */
static bool may_be_reply(struct cursor said)
{
	for (int i = 0; i < CODE && cursor_left(&said) > 0; i++) {
		uint8_t c = cursor_u8(&said);
		if (c < '0' || c > '9')
			return false;
	}
	return true;
}

/* The server is silent so far; on its port, whatever else the client says, its greeting will tell.
 */
static enum recognised by_command(const struct opening *o, const struct dialogue_words *words)
{
	enum recognised answer = recognise_command(o->said[CLIENT], words);
	if (o->again && begins_with(o->said[CLIENT], words->more) == RECOGNISED_YES)
		return RECOGNISED_YES;
	bool waits = answer == RECOGNISED_NO && !o->again && is_port(o, words);
	return waits ? RECOGNISED_MAYBE : answer;
}

enum recognised dialogue_recognise(const struct opening *o, const struct dialogue_words *words)
{
	if (cursor_left(&o->said[SERVER]) == 0)
		return by_command(o, words);
	return may_be_reply(o->said[SERVER]) ? by_greeting(o, words) : RECOGNISED_NO;
}
