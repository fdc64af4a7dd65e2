/* filter.h: display filters: which events are shown. The names are the keys of the event stream,
 * most of which are Wireshark's:
 *
 *	tcp.analysis contains retransmission && from == client
 *	(syn || fin) && tcp.port == 8080 && !(ip.addr == 10.0.0.0/8)
 *	tcp.analysis.ack_rtt > 200ms or client.state == TIME-WAIT
 *	http.response.code >= 400 or dns.qry.name contains lab
 *
 * Operators: == != < <= > >= contains, also eq ne lt le gt ge; && || ! also and or not;
 * parentheses. A name alone: the event has it (a truth value: it is true; a list: it is not empty).
 * Values are bare words or "quoted"; numbers are decimal or 0x…; times are seconds or have a unit
 *(ns us ms s); texts compare without regard to case. An event that has no such member matches no
 * comparison, != included. A list, or a pair of members (ip.addr, tcp.port), is equal to what one
 *of its members equals, and != to what none equals.
 *
 * Compiled once into tests on struct event, through the tables of the stream; evaluating neither
 * allocates nor recurses. Pure. */
#ifndef WIRELAB_TUI_FILTER_H
#define WIRELAB_TUI_FILTER_H

#include "base/err.h"
#include "event/event.h"

struct member;

enum {
	FILTER_TESTS_MAX = 128,
	FILTER_CODE_MAX = 512,
	FILTER_DEPTH_MAX = 50, /* parentheses and ! inside one another */
	FILTER_TEXT_MAX = 128, /* of one value */
};

enum filter_op {
	OP_PRESENT,
	OP_EQUAL,
	OP_UNEQUAL,
	OP_LESS,
	OP_LESS_EQUAL,
	OP_GREATER,
	OP_GREATER_EQUAL,
	OP_CONTAINS,
};

/* What stands right of an operator, read in every way that it can be. */
struct filter_value {
	char text[FILTER_TEXT_MAX];
	size_t n;
	bool quoted;
	bool is_number, is_time, is_addr;
	int64_t number;
	int64_t ns;       /* as a time */
	struct addr addr; /* the first `prefix` bits of it count */
	unsigned prefix;
};

/* What stands left of it. */
enum filter_subject {
	SUBJECT_MEMBER, /* of the stream; `members` has it for each kind of event */
	SUBJECT_KIND,   /* "event" */
	SUBJECT_FLAG,   /* a TCP flag: `bits` */
	SUBJECT_LABEL,  /* a label of the analysis: `bits` */
	SUBJECT_FIELD,  /* of a message of an application: `field` */
};

struct filter_test {
	enum filter_subject subject;
	enum filter_op op;
	uint32_t bits;
	char field[EVENT_NAME_MAX];
	const struct member *members[2][N_EVENT_KINDS]; /* NULL: that kind has none */
	struct filter_value value;
};

/* Postfix: a test pushes its result, the others work on what is there. */
enum filter_step { STEP_TEST, STEP_NOT, STEP_AND, STEP_OR };

struct filter {
	struct filter_test tests[FILTER_TESTS_MAX];
	unsigned n_tests;
	struct {
		uint8_t step; /* enum filter_step */
		uint8_t test;
	} code[FILTER_CODE_MAX];
	unsigned n_code;
};

/* Compiles the expression. 0, or -1 with a sentence that names the fault, where it is, and what
 * might have been meant; *at (may be NULL) gets the offset in bytes. Blank: everything matches. */
int filter_compile(struct filter *filter, const char *expression, size_t *at, struct err *err);

/* Does the event match? `arg` is the struct filter: the form that struct event_filter wants. */
bool filter_matches(void *arg, const struct event *event);

#endif
