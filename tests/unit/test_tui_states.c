/* test_tui_states.c: the path through the state diagram and what is drawn of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/tcp_state.h"
#include "tui/states.h"
#include "tui_model.h"

static struct state_path path;

static const struct conn_entry *first_conn(const struct model *model)
{
	const struct conn_entry *conn = conns_find(&model->conns, 0);
	assert_non_null(conn);
	return conn;
}

/* A connection that opens, and is closed by the client first. */
static void feed_life(struct model *model)
{
	static const struct {
		enum side from;
		unsigned flags;
		enum tcp_state states[N_SIDES];
	} life[] = {
	        {CLIENT, TCP_FIN | TCP_ACK, {TCP_FIN_WAIT_1, TCP_CLOSE_WAIT}},
	        {SERVER, TCP_ACK, {TCP_FIN_WAIT_2, TCP_CLOSE_WAIT}},
	        {SERVER, TCP_FIN | TCP_ACK, {TCP_TIME_WAIT, TCP_LAST_ACK}},
	        {CLIENT, TCP_ACK, {TCP_TIME_WAIT, TCP_CLOSED}},
	};
	enum tcp_state now[N_SIDES] = {TCP_ESTABLISHED, TCP_ESTABLISHED};
	feed_hello(model);
	for (size_t i = 0; i < sizeof life / sizeof life[0]; i++) {
		struct event e = segment_at(2000 + (int64_t)i * 100, life[i].from, life[i].flags,
		                            14, 1, 0, 64240);
		e.frame = 6 + i;
		for (enum side side = CLIENT; side < N_SIDES; side++) {
			e.segment.before[side] = tcb_at(side, now[side], 14, 14, 1, 64240);
			now[side] = life[i].states[side];
			e.segment.after[side] = tcb_at(side, now[side], 14, 14, 1, 64240);
		}
		feed(model, e);
	}
}

static void the_path_has_every_change_of_both_ends(void **state)
{
	(void)state;
	struct model *model = model_new(false);
	feed_life(model);
	path = (struct state_path){.known = false};
	assert_false(path_follow(&path, model, first_conn(model), model->log.n - 1, 1000));
	TEXT(words, 512);
	for (unsigned i = 0; i < path.n; i++)
		text_addf(&words, "%u%c%s ", path.steps[i].record,
		          path.steps[i].side == CLIENT ? 'C' : 'S',
		          tcp_state_short((enum tcp_state)path.steps[i].to));
	assert_string_equal(words.bytes,
	                    "0CSYN-SENT 0SSYN-RCVD 1CESTAB 2SESTAB 5CFIN-WT-1 5SCLOSE-WT "
	                    "6CFIN-WT-2 7CTIME-WT 7SLAST-ACK 8SCLOSED ");
	assert_int_equal(path.first[CLIENT], TCP_CLOSED);
	assert_int_equal(path.first[SERVER], TCP_LISTEN);
	assert_int_equal(path_length(&path, 0), 2);
	assert_int_equal(path_length(&path, 4), 4);
	assert_int_equal(path_length(&path, 100), 10);
	model_free(model);
}

static void the_path_is_followed_in_pieces_and_each_record_once(void **state)
{
	(void)state;
	struct model *model = model_new(false);
	feed_life(model);
	path = (struct state_path){.known = false};
	unsigned rounds = 1;
	while (path_follow(&path, model, first_conn(model), 8, 2))
		rounds++;
	assert_int_equal(rounds, 5);
	assert_int_equal(path.n, 10);
	assert_false(path_follow(&path, model, first_conn(model), 8, 2));
	assert_int_equal(path.n, 10);
	model_free(model);
}

static void too_many_changes_are_cut(void **state)
{
	(void)state;
	struct model *model = model_new(false);
	for (int i = 0; i < 100; i++) {
		struct event e = segment_at(i, CLIENT, TCP_SYN, 0, 0, 0, 100);
		ends_before(&e, tcb_new(TCP_CLOSED), tcb_new(TCP_LISTEN));
		e.segment.after[CLIENT].state = TCP_SYN_SENT;
		feed(model, e);
	}
	path = (struct state_path){.known = false};
	assert_false(path_follow(&path, model, first_conn(model), 99, 1000));
	assert_int_equal(path.n, STATES_STEPS_MAX);
	assert_true(path.more);
	model_free(model);
}

/* ---- drawing ---- */

static struct canvas canvas;

static void draw(const struct states_moment *moment, bool ascii)
{
	struct err err;
	assert_int_equal(canvas_init(&canvas, DIAGRAM_WIDTH, DIAGRAM_HEIGHT, ascii, &err), 0);
	states_draw_diagram(moment, &canvas, (struct rect){0, 0, DIAGRAM_WIDTH, DIAGRAM_HEIGHT});
}

static bool shows(const char *words)
{
	for (int y = 0; y < canvas.height; y++) {
		TEXT(row, 512);
		canvas_dump_row(&canvas, y, &row);
		if (strstr(row.bytes, words))
			return true;
	}
	return false;
}

static void every_state_is_in_the_diagram_and_can_be_marked(void **state)
{
	(void)state;
	static const struct state_path empty;
	for (enum tcp_state s = TCP_CLOSED; s < N_TCP_STATES; s++) {
		struct states_moment moment = {
		        .path = &empty, .has_segment = true, .states = {(uint8_t)s, (uint8_t)s}};
		TEXT(marked, 64);
		text_addf(&marked, "CS %s", tcp_state_name(s));
		draw(&moment, false);
		if (!shows(marked.bytes))
			fail_msg("%s", marked.bytes);
		canvas_release(&canvas);
	}
}

/* Each arrow of the table of transitions that the figure has is drawn, and lit when taken. Resets
 * are not in the figure. */
static void an_arrow_that_was_taken_is_lit(void **state)
{
	(void)state;
	size_t n;
	const struct transition *t = tcp_transitions(&n);
	for (size_t i = 0; i < n; i++) {
		bool is_reset = t[i].input == SEND_RST || t[i].input == RECEIVE_RST;
		bool is_onlooker_s = t[i].from == TCP_CLOSE_WAIT && t[i].to == TCP_CLOSING;
		bool is_cut_short = t[i].from == TCP_SYN_RECEIVED && t[i].to == TCP_CLOSE_WAIT;
		if (is_reset || is_onlooker_s || is_cut_short)
			continue;
		struct state_path one = {.known = true, .n = 1};
		one.steps[0] = (struct state_step){
		        .side = SERVER, .from = (uint8_t)t[i].from, .to = (uint8_t)t[i].to};
		struct states_moment moment = {.path = &one, .n_steps = 1};
		draw(&moment, true);
		bool lit = false;
		for (int c = 0; c < canvas.width * canvas.height; c++)
			lit = lit || (canvas.cells[c].pen.style & STYLE_LIT &&
			              canvas.cells[c].pen.role == ROLE_SERVER);
		if (!lit)
			fail_msg("%s to %s", tcp_state_name(t[i].from), tcp_state_name(t[i].to));
		assert_true(shows("#") || shows("=") || shows("v"));
		canvas_release(&canvas);
	}
}

static void variables_say_before_after_and_why_not(void **state)
{
	(void)state;
	struct err err;
	struct event syn = story_syn(0);
	struct states_moment moment = {.has_segment = true, .is_selected = true};
	moment.segment = syn.segment;
	assert_int_equal(canvas_init(&canvas, 60, 10, false, &err), 0);
	struct rect all = {0, 0, 60, 10};
	assert_int_equal(states_draw_tcbs(&moment, &canvas, all, 0), 7);
	assert_true(shows("CLOSED → SYN-SENT"));
	assert_true(shows("LISTEN → SYN-RECEIVED"));
	assert_true(shows("SND.NXT  - → 1"));
	assert_true(shows("- not sent"));
	assert_true(shows("- no window"));
	assert_true(shows("ISS      - → 1000000"));
	canvas_clear(&canvas);
	moment.is_selected = false;
	moment.raw_numbers = true;
	(void)states_draw_tcbs(&moment, &canvas, all, 0); /* 7, as before */
	assert_true(shows("SND.NXT  1000001"));
	assert_false(shows("→"));
	canvas_release(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_path_has_every_change_of_both_ends),
	        cmocka_unit_test(the_path_is_followed_in_pieces_and_each_record_once),
	        cmocka_unit_test(too_many_changes_are_cut),
	        cmocka_unit_test(every_state_is_in_the_diagram_and_can_be_marked),
	        cmocka_unit_test(an_arrow_that_was_taken_is_lit),
	        cmocka_unit_test(variables_say_before_after_and_why_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
