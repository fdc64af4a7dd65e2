/* test_tui_model.c: what is a row, how far time has come, and what is found. */
#include "tui_model.h"

static void a_live_model_follows_the_last_event(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	feed_hello(m);
	assert_int_equal(model_rows(m), 5);
	assert_int_equal(model_row(m), 4);
	assert_int_equal(m->mode, MODE_LIVE);
	model_free(m);
}

static void scrolling_leaves_live_and_counts_what_is_new(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	feed_hello(m);
	model_move(m, -1);
	assert_int_equal(m->mode, MODE_PAUSED);
	assert_int_equal(model_row(m), 3);
	feed(m, story_hello(2000));
	feed(m, story_hello_ack(2030));
	assert_int_equal(model_rows(m), 5);
	assert_int_equal(model_behind(m), 2);
	assert_int_equal(model_row(m), 3);
	model_last(m);
	assert_int_equal(m->mode, MODE_LIVE);
	assert_int_equal(model_row(m), 6);
	assert_int_equal(model_behind(m), 0);
	model_free(m);
}

static void a_file_opens_on_its_first_frame(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed(m, event_at(EVENT_SESSION, 0));
	feed_hello(m);
	assert_int_equal(m->mode, MODE_PAUSED);
	assert_int_equal(model_rows(m), 6);
	assert_int_equal(model_row(m), 1);
	model_free(m);
}

static void stepping_hides_what_has_not_happened_yet(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	model_step(m, 1);
	assert_int_equal(m->mode, MODE_STEP);
	assert_int_equal(model_rows(m), 2);
	assert_int_equal(model_row(m), 1);
	model_step(m, 1);
	assert_int_equal(model_rows(m), 3);
	model_step(m, -1);
	assert_int_equal(model_rows(m), 2);
	model_step(m, -1);
	model_step(m, -1); /* there is nothing before the first */
	assert_int_equal(model_rows(m), 1);
	model_last(m);
	assert_int_equal(model_rows(m), 5);
	model_free(m);
}

static void slow_motion_shows_one_row_at_a_time(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	model_slow(m, 700 * NS_PER_MS, 0);
	feed_hello(m);
	assert_int_equal(model_rows(m), 0);
	assert_int_equal(model_behind(m), 5);
	model_tick(m, 699 * NS_PER_MS);
	assert_int_equal(model_rows(m), 0);
	model_tick(m, 700 * NS_PER_MS);
	assert_int_equal(model_rows(m), 1);
	assert_int_equal(model_wait_ns(m, 700 * NS_PER_MS), 700 * NS_PER_MS);
	model_tick(m, 1500 * NS_PER_MS);
	assert_int_equal(model_rows(m), 2);
	model_pause(m, 0);
	assert_int_equal(m->mode, MODE_PAUSED);
	assert_int_equal(model_wait_ns(m, 0), -1);
	model_pause(m, 2000 * NS_PER_MS);
	assert_int_equal(m->mode, MODE_SLOW);
	assert_int_equal(model_rows(m), 2);
	model_free(m);
}

static bool is_from_client(void *arg, const struct event *event)
{
	(void)arg;
	return event->kind == EVENT_SEGMENT && event->segment.from == CLIENT;
}

static void a_filter_makes_the_rows_and_keeps_the_moment(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	model_select(m, 3);
	model_set_filter(m, (struct event_filter){is_from_client, NULL}, "from == client");
	while (model_work(m, 2))
		;
	assert_int_equal(model_rows(m), 3); /* SYN, ACK, the greeting */
	assert_int_equal(model_current(m), 3);
	assert_int_equal(model_row(m), 2);
	feed(m, story_hello(2000)); /* what arrives later is asked too */
	assert_int_equal(model_rows(m), 4);
	model_set_filter(m, (struct event_filter){NULL, NULL}, "");
	assert_int_equal(model_rows(m), 6);
	assert_int_equal(model_current(m), 3);
	model_free(m);
}

static void messages_and_other_connections_can_be_hidden(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct event other = story_syn(50);
	other.segment.stream = 7;
	feed(m, event_at(EVENT_SESSION, 0));
	feed_hello(m);
	feed(m, other);
	model_set_messages(m, true);
	(void)model_work(m, 100);
	assert_int_equal(model_rows(m), 6);
	model_set_messages(m, false);
	model_set_stream(m, 7);
	(void)model_work(m, 100);
	assert_int_equal(model_rows(m), 2); /* the session's row belongs to all */
	model_free(m);
}

static void a_search_counts_its_hits_and_goes_round(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	model_search(m, "syn");
	while (model_work(m, 1))
		;
	assert_int_equal(m->search.hits.n, 2);
	assert_true(model_next_hit(m, 1));
	assert_int_equal(model_row(m), 1);
	assert_int_equal(model_hit_number(m), 2);
	assert_true(model_next_hit(m, 1));
	assert_int_equal(model_row(m), 0);
	assert_true(model_next_hit(m, -1));
	assert_int_equal(model_row(m), 1);
	model_search(m, "no such words");
	(void)model_work(m, 100);
	assert_false(model_next_hit(m, 1));
	model_free(m);
}

static void what_is_looked_for_while_stepping_happens(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	model_step(m, 1);
	model_step(m, -1);
	assert_int_equal(model_rows(m), 1);
	model_search(m, "syn,ack");
	(void)model_work(m, 100);
	assert_true(model_next_hit(m, 1));
	assert_int_equal(m->mode, MODE_STEP);
	assert_int_equal(model_row(m) + 1, model_rows(m)); /* time has come to it, and no further */
	assert_int_equal(model_hit_number(m), 1);
	model_step(m, -1);
	assert_int_equal(model_row(m) + 1, model_rows(m));
	model_free(m);
}

static void guessed_roles_can_be_exchanged(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	model_select(m, 1);
	assert_false(model_swap_roles(m)); /* its SYN was seen */
	struct event guess = story_syn(0), answer = story_syn_ack(5), event;
	guess.segment.stream = answer.segment.stream = 7;
	guess.segment.roles_guessed = answer.segment.roles_guessed = true;
	guess.segment.len = 9;
	feed(m, guess);
	uint32_t i = m->log.n - 1;
	model_select(m, model_row_of_record(m, i));
	uint32_t key = model_conn(m)->key;
	assert_true(model_swap_roles(m));
	assert_int_not_equal(model_conn(m)->key, key);
	assert_int_equal(model_conn(m)->n_bytes[SERVER], 9);
	assert_int_equal(log_record(&m->log, i)->side, SERVER);
	assert_true(model_event(m, i, &event));
	assert_int_equal(event.segment.from, SERVER);
	assert_int_equal(event.segment.after[SERVER].state, guess.segment.after[CLIENT].state);
	feed(m, answer); /* what comes later is exchanged too */
	assert_int_equal(log_record(&m->log, i + 1)->side, CLIENT);
	assert_true(model_event(m, i + 1, &event));
	assert_int_equal(event.segment.from, CLIENT);
	assert_true(model_swap_roles(m));
	for (uint32_t k = i; k < m->log.n; k++) {
		assert_true(model_event(m, k, &event));
		assert_int_equal(event.segment.from, k == i ? CLIENT : SERVER);
	}
	assert_int_equal(log_record(&m->log, 0)->side, CLIENT); /* of another connection */
	model_free(m);
}

static void the_mark_is_a_place_to_come_back_to(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	assert_false(model_goto_mark(m));
	model_select(m, 1);
	model_mark(m);
	model_select(m, 4);
	assert_true(model_goto_mark(m));
	assert_int_equal(model_row(m), 1);
	assert_true(model_goto_mark(m));
	assert_int_equal(model_row(m), 4);
	m->time_mode = TIME_SINCE_MARK;
	TEXT(time, 32);
	model_add_time(m, 4, &time);
	assert_string_equal(time.bytes, "1.013");
	model_free(m);
}

static void frames_are_found_by_number(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	feed_hello(m);
	assert_true(model_goto_frame(m, 4));
	assert_int_equal(model_row(m), 3);
	assert_false(model_goto_frame(m, 9));
	assert_false(model_goto_frame(m, 0));
	model_free(m);
}

static void both_ends_are_known_at_any_moment(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct segment segment;
	feed_hello(m);
	model_select(m, 1);
	assert_true(model_segment_at(m, 0, &segment));
	assert_int_equal(segment.after[SERVER].state, TCP_SYN_RECEIVED);
	model_select(m, 4);
	assert_true(model_segment_at(m, 0, &segment));
	assert_int_equal(segment.after[SERVER].state, TCP_ESTABLISHED);
	assert_false(model_segment_at(m, 3, &segment));
	model_free(m);
}

static void lines_that_are_no_events_are_counted(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct err err;
	assert_int_equal(model_line(m, "nonsense", 8, &err), 0);
	assert_int_equal(m->n_bad_lines, 1);
	assert_int_equal(model_rows(m), 0);
	assert_int_equal(model_row(m), 0);
	assert_int_equal(model_current(m), NO_RECORD);
	assert_null(model_conn(m));
	model_move(m, 1); /* nothing to move in */
	model_step(m, 1);
	model_last(m);
	model_free(m);
}

static void drops_are_figures_and_no_rows(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	struct event event = event_at(EVENT_CAPTURE, 0);
	event.capture = (struct capture_event){
	        .action = CAPTURE_STATISTICS, .live = true, .received = 9, .dropped = 3};
	feed(m, event);
	assert_int_equal(model_rows(m), 0);
	assert_int_equal(m->dropped, 3);
	model_free(m);
}

static void program_ends_are_kept(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	struct event event = event_at(EVENT_PROGRAM, 0);
	event.program = (struct program_event){
	        .action = PROGRAM_EXITED, .host = SERVER, .pid = 7, .status = 3};
	feed(m, event);
	assert_true(m->programs[SERVER].exited);
	assert_int_equal(m->programs[SERVER].status, 3);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_live_model_follows_the_last_event),
	        cmocka_unit_test(scrolling_leaves_live_and_counts_what_is_new),
	        cmocka_unit_test(a_file_opens_on_its_first_frame),
	        cmocka_unit_test(stepping_hides_what_has_not_happened_yet),
	        cmocka_unit_test(slow_motion_shows_one_row_at_a_time),
	        cmocka_unit_test(a_filter_makes_the_rows_and_keeps_the_moment),
	        cmocka_unit_test(messages_and_other_connections_can_be_hidden),
	        cmocka_unit_test(a_search_counts_its_hits_and_goes_round),
	        cmocka_unit_test(guessed_roles_can_be_exchanged),
	        cmocka_unit_test(what_is_looked_for_while_stepping_happens),
	        cmocka_unit_test(the_mark_is_a_place_to_come_back_to),
	        cmocka_unit_test(frames_are_found_by_number),
	        cmocka_unit_test(both_ends_are_known_at_any_moment),
	        cmocka_unit_test(lines_that_are_no_events_are_counted),
	        cmocka_unit_test(drops_are_figures_and_no_rows),
	        cmocka_unit_test(program_ends_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
