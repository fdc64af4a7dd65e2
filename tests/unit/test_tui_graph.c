/* test_tui_graph.c: the scales of the time-sequence graph, and segments as dots. */
#include "tui_model.h"

#include "tui/graph.h"

static void places_and_values_agree(void **state)
{
	(void)state;
	for (int x = 0; x < 80; x++)
		assert_int_equal(graph_place(graph_value(x, 1000, 99000, 80), 1000, 99000, 80), x);
	assert_int_equal(graph_place(999, 1000, 2000, 80), -1);
	assert_int_equal(graph_place(2001, 1000, 2000, 80), 80);
	assert_int_equal(graph_place(INT64_MAX, INT64_MIN, INT64_MAX, 80), 79);
}

static void steps_are_round_and_few(void **state)
{
	(void)state;
	assert_int_equal(graph_step(100, 10), 20);
	assert_int_equal(graph_step(99, 10), 10);
	assert_int_equal(graph_step(3, 10), 1);
	assert_int_equal(graph_step(0, 0), 1);
	for (int64_t span = 1; span < INT64_MAX / 100; span = span * 3 + 1)
		for (int most = 1; most < 20; most++)
			assert_true(span / graph_step(span, most) < most);
	assert_true(graph_step(INT64_MAX, 1) > INT64_MAX / 10);
}

static void axes_are_short(void **state)
{
	(void)state;
	TEXT(t, 128);
	graph_add_number(&t, 5000);
	text_add_char(&t, ' ');
	graph_add_number(&t, 120000);
	text_add_char(&t, ' ');
	graph_add_number(&t, 12000000);
	text_add_char(&t, ' ');
	graph_add_number(&t, 12345);
	text_add_char(&t, ' ');
	graph_add_time(&t, 120 * NS_PER_MS, 20 * NS_PER_MS);
	text_add_char(&t, ' ');
	graph_add_time(&t, 3 * NS_PER_SECOND, NS_PER_SECOND);
	assert_string_equal(t.bytes, "5000 120k 12M 12345 120 ms 3 s");
}

/* ---- a plot of a short conversation ---- */

struct scene {
	struct model *model;
	struct series series;
	struct plot plot;
	struct graph_view view;
	struct graph_scale scale;
};

static struct event data_at(int64_t us, uint32_t seq, uint32_t len)
{
	return segment_at(us, CLIENT, TCP_ACK | TCP_PSH, seq, 1, len, 1000);
}

static struct scene scene_of(const struct event *events, size_t n)
{
	struct scene s = {.model = model_new(false)};
	for (size_t i = 0; i < n; i++)
		feed(s.model, events[i]);
	(void)series_follow(&s.series, &s.model->log, conns_find(&s.model->conns, 0), 1000);
	s.scale = graph_scale_of(&s.view, &s.series, &s.model->log, false);
	return s;
}

static void scene_free(struct scene *s)
{
	series_release(&s->series);
	plot_release(&s->plot);
	model_free(s->model);
}

/* Rows of letters, from the top. */
static void plot_is(struct scene *s, int columns, int rows, const char *expected)
{
	const struct rect cells = {0, 0, columns, rows};
	TEXT(found, 1024);
	assert_int_equal(plot_prepare(&s->plot, &s->scale, s->view.side, &s->series, &cells, false),
	                 0);
	while (plot_paint(&s->plot, &s->series, &s->model->log, s->series.n, 20))
		;
	for (int row = 0; row < rows; row++) {
		for (int column = 0; column < columns; column++) {
			unsigned braille, layers = plot_cell(&s->plot, column, row, &braille);
			int layer = 0;
			while (layers >> (layer + 1))
				layer++;
			char mark = s->plot.marks[row * columns + column];
			text_add_char(&found, mark ? mark : layers ? "w-s|#"[layer] : ' ');
		}
		text_add_char(&found, '\n');
	}
	assert_string_equal(found.bytes, expected);
}

static void segments_stand_between_two_lines(void **state)
{
	(void)state;
	struct event events[] = {
	        data_at(0, 0, 20),    segment_at(10, SERVER, TCP_ACK, 1, 20, 0, 30),
	        data_at(40, 20, 20),  segment_at(50, SERVER, TCP_ACK, 1, 20, 0, 40),
	        data_at(80, 20, 20),  segment_at(90, SERVER, TCP_ACK, 1, 40, 0, 20),
	        data_at(100, 40, 60),
	};
	events[3].segment.options.present = OPT_SACK;
	events[3].segment.options.n_sack = 1;
	events[3].segment.options.sack_left[0] = isn_of[CLIENT] + 30;
	events[3].segment.options.sack_right[0] = isn_of[CLIENT] + 40;
	events[4].segment.analysis.flags = A_RETRANSMISSION;
	struct scene s = scene_of(events, 7);
	s.scale = (struct graph_scale){s.scale.t0, s.scale.t0 + 100 * NS_PER_US, 0, 100};
	plot_is(&s, 11, 11,
	        "          |\n"
	        "          |\n"
	        "          |\n"
	        "          |\n"
	        "     wwwww|\n"
	        " wwwww    |\n"
	        "    |s  R-|\n"
	        "    |s  #- \n"
	        "|---|---#- \n"
	        "|          \n"
	        "|          \n");
	scene_free(&s);
}

static void what_is_painted_stays_until_the_scale_changes(void **state)
{
	(void)state;
	const struct event events[] = {data_at(0, 0, 20), data_at(40, 20, 20)};
	const struct rect cells = {0, 0, 20, 10}, larger = {0, 0, 20, 11};
	struct scene s = scene_of(events, 2);
	assert_int_equal(plot_prepare(&s.plot, &s.scale, CLIENT, &s.series, &cells, true), 0);
	assert_true(plot_paint(&s.plot, &s.series, &s.model->log, 2, 1));
	assert_int_equal(plot_prepare(&s.plot, &s.scale, CLIENT, &s.series, &cells, true), 0);
	assert_int_equal(s.plot.next, 1);
	assert_false(plot_paint(&s.plot, &s.series, &s.model->log, 2, 1));
	assert_int_equal(plot_prepare(&s.plot, &s.scale, CLIENT, &s.series, &larger, true), 0);
	assert_int_equal(s.plot.next, 0);
	scene_free(&s);
}

static void zoom_and_pan_stay_inside(void **state)
{
	(void)state;
	const struct event events[] = {data_at(0, 1, 1000), data_at(500, 1001, 1000),
	                               data_at(1000, 2001, 1000)};
	struct scene s = scene_of(events, 3);
	int64_t whole = s.scale.t1 - s.scale.t0;
	graph_zoom(&s.view, &s.scale, START_NS + 500 * NS_PER_US, true);
	struct graph_scale part = graph_scale_of(&s.view, &s.series, &s.model->log, false);
	assert_int_equal(part.t1 - part.t0, whole / 2);
	assert_true(part.t0 <= START_NS + 500 * NS_PER_US && part.s1 >= 2001 && part.s1 < 3001);
	for (int i = 0; i < 20; i++)
		graph_pan(&s.view, &part, 2);
	part = graph_scale_of(&s.view, &s.series, &s.model->log, false);
	assert_true(part.t1 <= s.scale.t1 + 1);
	for (int i = 0; i < 60; i++) {
		graph_zoom(&s.view, &part, START_NS, i < 40);
		part = graph_scale_of(&s.view, &s.series, &s.model->log, false);
		assert_true(part.t1 > part.t0 && part.s1 > part.s0);
	}
	assert_false(s.view.zoomed); /* far enough away, all of it is seen */
	scene_free(&s);
}

static void a_growing_trace_keeps_its_scale_for_a_while(void **state)
{
	(void)state;
	struct scene s = scene_of((const struct event[]){data_at(0, 1, 1), data_at(1000, 2, 1)}, 2);
	unsigned changes = 0;
	for (int i = 2; i < 1000; i++) {
		struct graph_scale before = s.scale;
		feed(s.model, data_at(1000 * i, (uint32_t)i + 1, 1));
		(void)series_follow(&s.series, &s.model->log, conns_find(&s.model->conns, 0), 100);
		s.scale = graph_scale_of(&s.view, &s.series, &s.model->log, true);
		assert_true(s.scale.t1 >= START_NS + 1000 * i * NS_PER_US);
		changes += before.t1 != s.scale.t1 || before.s1 != s.scale.s1;
	}
	assert_in_range(changes, 5, 80);
	scene_free(&s);
}

static void times_without_end_do_no_harm(void **state)
{
	(void)state;
	struct event events[] = {data_at(0, 1, 1), data_at(0, 2, 1)};
	events[0].time_ns = 0;
	events[1].time_ns = INT64_MAX;
	struct scene s = scene_of(events, 2);
	assert_true(s.scale.t1 > s.scale.t0);
	graph_zoom(&s.view, &s.scale, INT64_MAX, false);
	graph_pan(&s.view, &s.scale, 2);
	graph_zoom(&s.view, &s.scale, 0, true);
	graph_pan(&s.view, &s.scale, 2);
	(void)graph_scale_of(&s.view, &s.series, &s.model->log, false);
	scene_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(places_and_values_agree),
	        cmocka_unit_test(steps_are_round_and_few),
	        cmocka_unit_test(axes_are_short),
	        cmocka_unit_test(segments_stand_between_two_lines),
	        cmocka_unit_test(what_is_painted_stays_until_the_scale_changes),
	        cmocka_unit_test(zoom_and_pan_stay_inside),
	        cmocka_unit_test(a_growing_trace_keeps_its_scale_for_a_while),
	        cmocka_unit_test(times_without_end_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
