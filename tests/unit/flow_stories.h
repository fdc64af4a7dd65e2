/* flow_stories.h: a story is a connection told segment by segment, in the notation of segments.h,
 * and after each segment what flow must say of both ends; at the end, what it must report. */
#ifndef WIRELAB_TESTS_FLOW_STORIES_H
#define WIRELAB_TESTS_FLOW_STORIES_H

#include "segments.h"

struct row {
	const char *line;
	const char *after; /* as wire_describe() says it */
};

enum story_start {
	START_EMPTY, /* nothing was seen before */
	START_OPEN,  /* a three-way handshake: client window 1000, server window 2000 */
	START_WRAP,  /* both ISNs just below 2^32 */
	START_SELF,  /* the server's address and port are the client's */
};

struct story {
	const char *name;
	enum story_start start;
	const struct row *rows; /* up to a NULL line */
	const char *report;     /* as story_report() says it */
};

static inline void story_begin(struct wire *w, enum story_start start)
{
	switch (start) {
	case START_EMPTY:
		wire_open(w);
		break;
	case START_OPEN:
		wire_open(w);
		(void)wire_send(w, "C S 0:0(0) win 1000");
		(void)wire_send(w, "S SA 0:0(0) ack 1 win 2000");
		(void)wire_send(w, "C A 1:1(0) ack 1 win 1000");
		break;
	case START_WRAP:
		wire_open_with(w, UINT32_MAX - 49, UINT32_MAX, 0);
		break;
	case START_SELF:
		wire_open_with(w, 1000, 1000, 0);
		w->ends[SERVER] = w->ends[CLIENT];
		break;
	}
}

/* "closed three-way four-way first-fin client 31": action, how it opened and closed, who sent the
 * first FIN, who reset it, whether the roles are guessed, tcp.completeness. */
static inline void story_report(const struct connection *c, char *out, size_t size)
{
	out[0] = '\0';
	wire_add(out, size, "%s %s %s", connection_action_name(c->action), open_kind_name(c->open),
	         close_kind_name(c->close));
	if (c->fin_seen[CLIENT] || c->fin_seen[SERVER])
		wire_add(out, size, " first-fin %s", side_name(c->first_fin));
	if (c->close == CLOSE_RESET)
		wire_add(out, size, " by %s", side_name(c->reset_by));
	if (c->roles_guessed)
		wire_add(out, size, " guessed");
	wire_add(out, size, " %u", c->completeness);
}

/* Both ends are before a segment as they were after the one before it. */
static inline void story_is_continuous(const struct segment *earlier, const struct segment *later)
{
	bool restarted = (later->flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	for (int i = 0; i < N_SIDES && !restarted; i++) {
		assert_int_equal(later->before[i].state, earlier->after[i].state);
		assert_int_equal(later->before[i].known, earlier->after[i].known);
		assert_int_equal(later->before[i].snd_una, earlier->after[i].snd_una);
		assert_int_equal(later->before[i].snd_nxt, earlier->after[i].snd_nxt);
		assert_int_equal(later->before[i].snd_wnd, earlier->after[i].snd_wnd);
		assert_int_equal(later->before[i].rcv_nxt, earlier->after[i].rcv_nxt);
	}
}

/* A cmocka test; its state points to the story. */
static inline void story_run(void **state)
{
	const struct story *story = *state;
	struct wire w;
	char said[256];
	story_begin(&w, story->start);
	for (const struct row *row = story->rows; row->line; row++) {
		struct segment earlier = w.last;
		(void)wire_send(&w, row->line);
		wire_describe(&w, said, sizeof said);
		if (strcmp(said, row->after) != 0)
			print_error("after %s\n", row->line);
		assert_string_equal(said, row->after);
		if (w.n_segments > 1)
			story_is_continuous(&earlier, &w.last);
	}
	flow_end(w.flow);
	story_report(wire_report(&w), said, sizeof said);
	assert_string_equal(said, story->report);
	wire_close(&w);
}

/* Runs each story as a test of its own name. */
static inline int story_run_all(const char *group, const struct story *stories, size_t n)
{
	enum { MOST = 64 };
	struct CMUnitTest tests[MOST] = {{0}};
	struct story copies[MOST]; /* cmocka's state is not const */
	assert_true(n <= MOST);
	for (size_t i = 0; i < n; i++) {
		copies[i] = stories[i];
		tests[i] = (struct CMUnitTest){.name = copies[i].name,
		                               .test_func = story_run,
		                               .initial_state = &copies[i]};
	}
	return _cmocka_run_group_tests(group, tests, n, NULL, NULL);
}

#endif
