/* expect_scan.h: reads a line of the expectation language word by word. What is wrong goes to err,
 * once; the readers below return -1 then. */
#ifndef WIRELAB_RUNNER_EXPECT_SCAN_H
#define WIRELAB_RUNNER_EXPECT_SCAN_H

#include "runner/expect.h"

enum { SCAN_WORD = 64 };

struct scan {
	const char *at; /* what is left of the line, blanks passed over */
	struct err *err;
};

struct scan scan_of(const char *line, struct err *err);

/* The next word, without taking it: up to a blank, a comma followed by a blank, a quote, a brace, a
 * [ or the end; "" if there is none. What does not fit is cut. */
void scan_peek(const struct scan *scan, char word[static SCAN_WORD]);

/* Takes the next word if it is this one. */
bool scan_take(struct scan *scan, const char *word);

/* Takes the next word: it has to be there, and fit. */
int scan_word(struct scan *scan, char *word, size_t size, const char *what);

/* Takes the next word, which has to be one of the n; its index, or -1 with the nearest ones. */
int scan_one_of(struct scan *scan, const char *what, const char *const *words, size_t n);

/* "client" or "server"; or -1. */
int scan_side(struct scan *scan);

/* "[3]", if it is there; else 0. -1: not a number from 1 on. */
int scan_nth(struct scan *scan, uint32_t *nth);

/* "12", "-1". */
int scan_number(struct scan *scan, int64_t *number);

/* "300ms", "1s", "1.5s", "50us", "2min" in ns. */
int scan_span(struct scan *scan, int64_t *ns);

/* "= N", ">= N", "in A..B" and so on; numbers are read by `read` (scan_number or scan_span). */
int scan_range(struct scan *scan, struct expect_range *range,
               int (*read)(struct scan *scan, int64_t *number));

/* "{a, b}" or a single word; a bit for each of the n words that is in it. */
int scan_set(struct scan *scan, const char *what, const char *const *words, size_t n,
             uint32_t *set);

/* A text in quotes, its escapes replaced: \n \r \t \\ \" \xHH. */
int scan_text(struct scan *scan, char text[static EXPECT_LINE], uint16_t *len);

/* Nothing may be left. */
int scan_end(const struct scan *scan);

/* ---- between the expect_*.c ---- */

/* "client SYN[2]" (expect_event.c); what is counted (expect_count.c): *row is its row, -1 where the
 * word names no count. */
int scan_event(struct scan *scan, struct expect_event *event);
int scan_count(struct scan *scan, struct expect_count *count);
bool scan_is_count(const struct scan *scan);

/* "http request" (expect_message.c): the words go to protocol and kind, of EXPECT_WORD bytes;
 * `kind_may_miss`: a comparison may follow at once. */
int scan_message(struct scan *scan, bool kind_may_miss, char *protocol, char *kind);
bool scan_is_protocol(const struct scan *scan);
size_t expect_protocol_words(const char **words);

/* "http.host of client http request", or "tcp.ack of server SYN,ACK"; does a line begin so; and an
 * expectation that does. */
int scan_field_of_event(struct scan *scan, char field[EVENT_NAME_MAX], struct expect_event *event);
bool scan_is_field_of(const struct scan *scan);
int scan_field_is(struct scan *scan, struct expectation *x);

/* The words of the counts, for a message. Returns how many. */
size_t expect_count_words(const char **words, size_t most);

#endif
