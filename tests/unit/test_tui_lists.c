/* test_tui_lists.c: the list of connections: figures at a moment, order, filter; and numbers in few
 * columns. */
#include "tui_model.h"

#include "tui/amount.h"
#include "tui/conn_list.h"

/* Three connections: #0 with a greeting, #1 only a SYN from port 9, #2 with 500 bytes. */
static struct model *three(void)
{
	struct model *m = model_new(false);
	struct event syn = story_syn(2000), data = story_hello(3000);
	feed_hello(m);
	syn.segment.stream = 1;
	syn.segment.src.port = 9;
	feed(m, syn);
	data.segment.stream = 2;
	data.segment.len = 500;
	data.segment.analysis.flags = A_RETRANSMISSION;
	feed(m, data);
	return m;
}

static void update(struct conn_list *list, const struct model *m, uint32_t horizon)
{
	while (conn_list_update(list, m, horizon, 3))
		;
	(void)conn_list_update(list, m, horizon, 3); /* it is quiet: the order is made */
}

static void order_is(const struct conn_list *list, const char *expected)
{
	TEXT(order, 64);
	for (uint32_t i = 0; i < list->n; i++)
		text_addf(&order, "%u", list->order[i]);
	assert_string_equal(order.bytes, expected);
}

static void every_column_orders_both_ways(void **state)
{
	(void)state;
	struct model *m = three();
	struct conn_list list = {.n = 0};
	update(&list, m, m->log.n);
	order_is(&list, "012");
	conn_list_sort(&list, COLUMN_BYTES);
	update(&list, m, m->log.n);
	order_is(&list, "102");
	conn_list_sort(&list, COLUMN_BYTES);
	update(&list, m, m->log.n);
	order_is(&list, "201");
	conn_list_sort(&list, COLUMN_CLIENT);
	update(&list, m, m->log.n);
	order_is(&list, "102");
	conn_list_sort(&list, COLUMN_ALERTS);
	conn_list_reverse(&list);
	update(&list, m, m->log.n);
	order_is(&list, "210");
	assert_int_equal(conn_list_find(&list, m, 1), 1);
	assert_int_equal(conn_list_find(&list, m, 9), 3);
	for (int column = 0; column < N_CONN_COLUMNS; column++) {
		conn_list_sort(&list, (enum conn_column)column);
		update(&list, m, m->log.n);
		assert_int_equal(list.n, 3);
	}
	conn_list_release(&list);
	model_free(m);
}

static void figures_are_those_of_the_moment(void **state)
{
	(void)state;
	struct model *m = three();
	struct conn_list list = {.n = 0};
	update(&list, m, m->log.n);
	assert_int_equal(list.figures[0].n_bytes, 13);
	assert_int_equal(list.figures[2].n_alerts, 1);
	update(&list, m, 3); /* back in time: the handshake only */
	order_is(&list, "0");
	assert_int_equal(list.figures[0].n_segments, 3);
	assert_int_equal(list.figures[0].n_bytes, 0);
	assert_int_equal(list.figures[0].states[SERVER], TCP_ESTABLISHED);
	update(&list, m, 6);
	order_is(&list, "01");
	assert_int_equal(list.figures[0].n_bytes, 13);
	conn_list_release(&list);
	model_free(m);
}

static bool is_long(void *arg, const struct event *event)
{
	(void)arg;
	return event->kind == EVENT_SEGMENT && event->segment.len > 100;
}

static void the_filter_of_the_rows_is_that_of_the_list(void **state)
{
	(void)state;
	struct model *m = three();
	struct conn_list list = {.n = 0};
	update(&list, m, m->log.n);
	model_set_filter(m, (struct event_filter){is_long, NULL}, "tcp.len > 100");
	while (model_work(m, 2))
		update(&list, m, m->log.n);
	update(&list, m, m->log.n);
	order_is(&list, "2");
	model_set_stream(m, 0); /* its rows say nothing of the others */
	(void)model_work(m, 100);
	update(&list, m, m->log.n);
	order_is(&list, "2");
	model_set_stream(m, NO_STREAM);
	model_set_filter(m, (struct event_filter){NULL, NULL}, "");
	update(&list, m, m->log.n);
	order_is(&list, "012");
	conn_list_release(&list);
	model_free(m);
}

static void the_order_is_not_made_for_each_segment(void **state)
{
	(void)state;
	struct model *m = model_new(true);
	struct conn_list list = {.n = 0};
	for (uint32_t i = 0; i < 1000; i++) {
		struct event syn = story_syn(i);
		syn.segment.stream = i;
		feed(m, syn);
	}
	while (conn_list_update(&list, m, m->log.n, 5000))
		;
	uint32_t version = list.version;
	for (int i = 0; i < 100; i++) {
		feed(m, story_hello(2000 + i));
		(void)conn_list_update(&list, m, m->log.n, 5000);
	}
	assert_int_equal(list.version, version);
	(void)conn_list_update(&list, m, m->log.n, 5000); /* nothing new: now it is */
	assert_int_equal(list.version, version + 1);
	conn_list_release(&list);
	model_free(m);
}

/* ---- amounts ---- */

static void amount_is(uint64_t n, const char *expected)
{
	TEXT(t, 64);
	amount_add(&t, n);
	assert_string_equal(t.bytes, expected);
}

static void amounts_fit_in_five_columns(void **state)
{
	(void)state;
	amount_is(0, "0");
	amount_is(99999, "99999");
	amount_is(100000, "100k");
	amount_is(1239999, "1.23M");
	amount_is(45600000000, "45.6G");
	amount_is(UINT64_MAX, "18.4E");
	TEXT(exact, 64);
	amount_add_exact(&exact, 1002034);
	text_add(&exact, ", ");
	amount_add_exact(&exact, 999);
	assert_string_equal(exact.bytes, "1 002 034, 999");
	TEXT(rate, 64);
	amount_add_rate(&rate, 850);
	text_add(&rate, ", ");
	amount_add_rate(&rate, 1234567);
	assert_string_equal(rate.bytes, "850 bit/s, 1.23 Mbit/s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_column_orders_both_ways),
	        cmocka_unit_test(figures_are_those_of_the_moment),
	        cmocka_unit_test(the_filter_of_the_rows_is_that_of_the_list),
	        cmocka_unit_test(the_order_is_not_made_for_each_segment),
	        cmocka_unit_test(amounts_fit_in_five_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
