/* expect.h: the language of the file `expect`: what must be true of a run, on the wire and in the
 * programs' calls (labs/README.md has the grammar), and the judge that says for a run whether it
 * is. Pure: it knows neither files, but for expect_read(), nor how a run comes about. Lines are
 * parsed into plain data, without pointers; a run is the list of its events. */
#ifndef WIRELAB_RUNNER_EXPECT_H
#define WIRELAB_RUNNER_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "base/vocab.h"
#include "event/event.h"

enum { EXPECT_MAX = 48, EXPECT_LINE = 256, EXPECT_WORD = 32, EXPECT_CHAIN = 6 };
enum { EXPECT_EITHER = N_SIDES }; /* in place of a side: both together */

/* ---- what lines are parsed into; only expect_*.c look inside ---- */

/* One happening: "client SYN[2]", "server recv returns 0", "client http request". */
struct expect_event {
	uint8_t kind; /* row of the table in expect_event.c */
	uint8_t side;
	uint8_t what;           /* with a call: enum expect_call */
	uint32_t nth;           /* from 1; 0: not said, which means the first */
	int64_t value;          /* with "returns VALUE" */
	int32_t error;          /* with "fails ERRNO"; 0: any */
	char name[EXPECT_WORD]; /* of a call; of a message its protocol */
	uint16_t text_len;
	char text[EXPECT_LINE]; /* with `says`; of a message its kind, terminated */
};

/* "= 3", ">= 2", "in 2..4": the least and the most; `not` for "!=". */
struct expect_range {
	int64_t least, most;
	bool is_not;
};

/* Something to be counted: "handshakes", "segments server", "messages client http request". */
struct expect_count {
	uint8_t kind;                                     /* row of the table in expect_count.c */
	uint8_t side;                                     /* or EXPECT_EITHER */
	char protocol[EXPECT_WORD], message[EXPECT_WORD]; /* of `messages`; kind "": all */
};

/* The bytes of "data client", or of "datagram client[2]". */
struct expect_bytes {
	bool datagram;
	uint8_t side;
	uint32_t nth; /* of the datagram */
};

struct expectation {
	uint8_t kind;         /* row of the table in expect_parse.c */
	bool each_connection; /* it must hold for each connection by itself */
	bool negative;        /* "never …" */
	uint8_t side;
	uint8_t how; /* of bytes: enum expect_how */
	uint8_t n_events;
	struct expect_event events[EXPECT_CHAIN];
	struct expect_count count;
	struct expect_range range; /* of the count, the status, or the gap in ns */
	struct expect_bytes bytes, other;
	uint32_t set;    /* a bit for each side, close_kind or tcp_state that is allowed */
	int64_t span_ns; /* of `nothing within` */
	char field[EVENT_NAME_MAX]; /* of events[0] */
	uint16_t text_len;
	char text[EXPECT_LINE]; /* the bytes to be compared with, as they are */
	/* as it was written */
	int line;                 /* of the file, from 1 */
	char words[EXPECT_LINE];  /* without the comment */
	char reason[EXPECT_LINE]; /* the comment: why; "" none */
};

struct expectations {
	struct expectation all[EXPECT_MAX];
	int n;
};

/* Something to be computed from a run, for a question: a count, "value tcp.ack of server SYN,ACK",
 * "gap EVENT EVENT", "ends client", "first-fin", "close". */
struct expect_value {
	uint8_t kind; /* row of the table in expect_value.c */
	uint8_t side;
	struct expect_count count;
	struct expect_event events[2];
	char field[EVENT_NAME_MAX];
};

/* ---- reading ---- */

/* One expectation, without a file's comment or newline. 0, or -1 with a message that says which
 * word is wrong and what is near it. */
int expect_parse(struct expectation *expectation, const char *words, struct err *err);

/* A single happening, or a value. 0, or -1 with a message. */
int expect_parse_event(struct expect_event *event, const char *words, struct err *err);
int expect_parse_value(struct expect_value *value, const char *words, struct err *err);

/* All lines of a file's text (borrowed, terminated); `path` is for the messages, "PATH:LINE: …". 0,
 * or -1 with a message. The struct is large: keep it on the heap. */
int expect_parse_all(struct expectations *list, const char *text, const char *path,
                     struct err *err);

/* The same for the file itself. */
int expect_read(struct expectations *list, const char *path, struct err *err);

/* ---- judging ---- */

/* A run: its events in order of time (borrowed). */
struct expect_run {
	const struct event *events;
	size_t n;
	uint16_t port; /* where the server was to listen: tells the ends of a datagram apart */
	const struct run_frames *frames; /* the whole frames; NULL: as far as events carry them */
};

enum { EXPECT_NO_EVENT = -1 };

struct expect_verdict {
	bool holds;
	bool about_time;  /* it failed for a time, which a slow machine may be to blame for */
	int64_t shown_by; /* index of the event that shows it, or EXPECT_NO_EVENT */
	char observed[EVENT_TEXT_MAX]; /* what there was instead, for a person; "" if it holds */
};

/* Is it true of the run? What happened after the runner has told a program to end is its own doing
 * and does not count, but for the programs' ends. */
void expect_eval(const struct expectation *expectation, const struct expect_run *run,
                 struct expect_verdict *verdict);

/* Index of the happening in run->events, or EXPECT_NO_EVENT. */
int64_t expect_event_first(const struct expect_event *event, const struct expect_run *run);

/* A happening in words, as it is written: "server recv returns 0". */
void expect_event_say(struct text *t, const struct expect_event *event);

/* A computed value: a number with its unit ("", "ms"), or a word ("client", "three-way"). */
struct expect_answer {
	bool known; /* the run has what the value is about */
	bool is_word;
	int64_t number;
	char word[EVENT_NAME_MAX]; /* what does not fit is cut */
	const char *unit;
};

void expect_compute(const struct expect_value *value, const struct expect_run *run,
                    struct expect_answer *answer);

/* ---- reading a run ---- */

/* The events of a run as they come from the tracer, line by line (NDJSON); bounded. */
struct run_record {
	struct event *events; /* owned */
	size_t n, room;
	size_t n_left_out;  /* events that found no room */
	uint64_t n_dropped; /* frames that the kernel did not hand to the tracer */
	size_t n_lines;     /* that the programs have printed; not all are kept */
	bool bad_line;      /* one was no event */
};

/* The frames of a run, from the file that the tracer has written (pcap, of this machine's order of
 * bytes), by their number. */
struct run_frames {
	uint8_t *file; /* mapped, or NULL; only read */
	size_t len;
	size_t *starts; /* owned: where each frame's bytes begin */
	size_t n, room;
};

/* Maps the file and finds the frames. 0, or -1 with errno: then there are none. */
int run_frames_open(struct run_frames *frames, int fd);
void run_frames_release(struct run_frames *frames);

/* The bytes of the frame with that number, *len of them; NULL: it is not there. */
const uint8_t *run_frames_find(const struct run_frames *frames, uint64_t number, uint32_t *len);

/* True when more happened than can be kept. */
bool run_record_is_full(const struct run_record *record);

/* Takes one line, without its newline. 0, or -1 without memory. */
int run_record_line(struct run_record *record, const char *line, size_t n);
void run_record_release(struct run_record *record);

#endif
