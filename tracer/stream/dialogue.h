/* dialogue.h: what SMTP (RFC 5321) and FTP (RFC 959) have in common: the server greets, the client
 * sends commands in lines, each is answered in turn by a reply of three digits, over one line or
 * several. */
#ifndef WIRELAB_STREAM_DIALOGUE_H
#define WIRELAB_STREAM_DIALOGUE_H

#include "stream/protocol.h"

enum { DIALOGUE_QUEUE = 64, DIALOGUE_VERB = 12, DIALOGUE_LINE_MAX = 16 * 1024 };

/* A command that waits for its reply. */
struct dialogue_command {
	char verb[DIALOGUE_VERB];
	uint64_t frame;
	int64_t time_ns;
};

/* A protocol's words. */
struct dialogue_words {
	const char *protocol;
	const char *sign, *other_sign; /* in a greeting: "SMTP", and what tells that it is not */
	const char *const *verbs; /* of commands that only this protocol begins with; ends in NULL
	                           */
	const char *const *more;  /* that say so only behind a gap, where it is known; ends in NULL
	                           */
	const uint16_t *ports;    /* ends in 0 */
	unsigned own_code;        /* that only this protocol greets with */
	bool greets_with_name;    /* of the host: others hardly do */
	bool code_in_each_line;   /* of a reply; else only in its first and last */
	/* names of fields: a reply's code, the words of its lines, the command that it answers */
	const char *code, *parameter, *answers;
};

struct dialogue {
	struct dialogue_command queue[DIALOGUE_QUEUE];
	unsigned first, n;
	bool unsure;   /* some were lost: a reply is tied again when but one command waits */
	bool greeted;  /* the server has spoken */
	bool replying; /* `reply` has begun */
	unsigned code, n_lines;
	struct message reply;
};

/* A line with how it ended. */
enum line_end { LINE_END_CRLF, LINE_END_LF, LINE_END_NONE };

/* The next line; one of DIALOGUE_LINE_MAX bytes or more without an end counts as a line
 * (LINE_END_NONE). False: its end has not come. */
bool dialogue_line(struct cursor *in, struct line *line, enum line_end *end);

/* Names it when a command comes before the server has greeted. */
void dialogue_judge_command(const struct dialogue *d, const struct talk *talk, struct message *m);

/* The verb of a command in upper case, cut to what fits. */
void dialogue_verb(char verb[DIALOGUE_VERB], struct line word);

/* That command has been sent whole, and waits for its reply. */
void dialogue_ask(struct dialogue *d, struct talk *talk, const char *verb);

/* Reads a line of a reply. FEED_TOOK with d->replying false: the reply is complete in d->reply, for
 * dialogue_tell(); *answered is the command that it answers (verb "": none, as of a greeting). */
enum feed dialogue_feed_reply(struct dialogue *d, const struct dialogue_words *words,
                              struct talk *talk, struct cursor *in,
                              struct dialogue_command *answered);

/* Bytes of that direction are missing, or it is over: an unfinished reply is told, and which
 * command waits for which reply is not known any more. */
void dialogue_break(struct dialogue *d, struct talk *talk, enum side from);

/* Do they begin a dialogue of that protocol? */
enum recognised dialogue_recognise(const struct opening *opening,
                                   const struct dialogue_words *words);

#endif
