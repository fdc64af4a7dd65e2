/* expect_kinds.h: what the parser and the judge of expectations share. Private to expect_*.c. */
#ifndef WIRELAB_RUNNER_EXPECT_KINDS_H
#define WIRELAB_RUNNER_EXPECT_KINDS_H

#include "runner/expect_scope.h"

enum expect_kind {
	EXPECT_COUNT,     /* count, range */
	EXPECT_BYTES,     /* bytes, how, text or other */
	EXPECT_ORDER,     /* events[0] before events[1] before …; a single one: it happens */
	EXPECT_FIRST_FIN, /* set of sides */
	EXPECT_CLOSE,     /* set of enum close_kind */
	EXPECT_GAP,       /* range in ns between events[0] and [1] */
	EXPECT_NOTHING,   /* span_ns after events[0] */
	EXPECT_KERNEL,    /* side, set of enum tcp_state */
	EXPECT_ENDS,      /* side, range */
	EXPECT_FIELD,     /* field of events[0], how, text or range */
	N_EXPECT_KINDS
};

enum expect_how {
	BYTES_ARE,
	BYTES_BEGIN,
	BYTES_END,
	BYTES_CONTAIN,
	BYTES_EQUAL,
	BYTES_NUMBER /* of a field: a number in a range */
};

/* A count while it is made. */
struct tally {
	int64_t n;
	int64_t most;     /* set by the caller: more than that are too many */
	int64_t last;     /* index of the last event that was counted, or EXPECT_NO_EVENT */
	int64_t too_many; /* of the one that was too many */
};

/* Counts. */
void expect_tally(const struct expect_count *count, const struct scope *scope, struct tally *tally);

/* True for a segment that its sender sends again, be it needed or not. */
bool expect_is_resend(const struct event *event);

/* True for the FIN that an end sends first, not for its resends. */
bool expect_is_fin(const struct segment *segment);

/* Compares bytes that one end sent: is it as expected? The index of the event that carries the last
 * of them, and what they were for a person, go to the verdict. */
void expect_compare(const struct expectation *x, const struct scope *scope,
                    struct expect_verdict *verdict);

/* "+12.034 ms, segment 7: client FIN" is check_story.c's; here only the words of what was wrong. */
void expect_observe(struct expect_verdict *verdict, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* It did not happen: that, and what happened instead, go to the verdict. */
void expect_observe_missing(const struct expect_event *event, const struct scope *scope,
                            struct expect_verdict *verdict);

/* ---- messages and fields: expect_message.c ---- */

/* A message of that protocol, and of that kind if it is not "". */
bool expect_is_message(const struct event *e, const char *protocol, const char *kind);

/* Calls `take` with each value that the event has for that field, as text, until it returns true.
 * True: it did. */
bool expect_each_value(const struct event *e, const char *field,
                       bool (*take)(void *arg, const char *value), void *arg);

/* Is the field as expected? */
void expect_judge_field(const struct expectation *x, const struct scope *scope,
                        struct expect_verdict *verdict);

/* ---- for values ---- */

/* Who sent the first FIN of the first connection that has one; EXPECT_EITHER: nobody. */
uint8_t expect_first_fin(const struct scope *scope, int64_t *shown_by);

/* How a connection was closed by the time the programs were told to end: CLOSE_NONE, still open. */
enum close_kind expect_close(const struct scope *scope, uint32_t stream);

/* Exit status of that side's program as a shell has it; -1: it did not end. */
int64_t expect_status(const struct scope *scope, enum side side, int64_t *shown_by);

/* From the first to the second, in ns; the second is the first one after it if it has no number.
 * False: one of them is missing. Indices go to at[2]. */
bool expect_gap(const struct expect_event *events, const struct scope *scope, int64_t *gap_ns,
                int64_t *at);

#endif
