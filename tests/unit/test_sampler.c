/* test_sampler.c: which samples of a kernel's sockets are told: what is new, once, of so many
 * sockets, and not more often than may be. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "runner/sampler.h"

enum { PORT = 8080 };

struct table {
	struct sampler sampler;
	struct report report;
	int reader;
};

static int setup(void **state)
{
	static struct table table;
	int ends[2];
	struct sampler_hosts hosts = {.port = PORT};
	memset(&table, 0, sizeof table);
	if (pipe2(ends, O_CLOEXEC) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0 ||
	    report_init(&table.report, ends[1]) < 0)
		return -1;
	table.reader = ends[0];
	sampler_begin(&table.sampler, &table.report, &hosts);
	*state = &table;
	return table.sampler.on ? 0 : -1;
}

static int teardown(void **state)
{
	struct table *table = *state;
	sampler_end(&table->sampler);
	report_close(&table->report);
	return close(table->reader);
}

/* What was told since: "client ESTABLISHED state; …". */
static const char *told(struct table *table, struct text *words)
{
	static char bytes[1 << 16];
	ssize_t n = read(table->reader, bytes, sizeof bytes);
	text_clear(words);
	for (char *line = bytes, *end = bytes + (n > 0 ? n : 0); line < end;) {
		char *newline = memchr(line, '\n', (size_t)(end - line));
		struct event event;
		char fault[128];
		assert_non_null(newline);
		assert_int_equal(
		        event_read(&event, line, (size_t)(newline - line), fault, sizeof fault), 0);
		if (event.kind == EVENT_NOTE)
			text_add(words, "note; ");
		else
			text_addf(words, "%s %s %s; ", side_name(event.kernel.host),
			          tcp_state_name(event.kernel.state),
			          kernel_news_name(event.kernel.news));
		line = newline + 1;
	}
	return words->bytes;
}

static struct kernel_event sample_of(uint16_t local, uint16_t remote, enum tcp_state state)
{
	struct kernel_event sample = {.stream = -1, .state = state, .has_info = true};
	sample.local =
	        (struct endpoint){.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = local};
	if (state == TCP_LISTEN)
		return sample;
	sample.remote =
	        (struct endpoint){.addr = {.version = 4, .bytes = {127, 0, 0, 1}}, .port = remote};
	sample.snd_cwnd = 10;
	return sample;
}

static void look(struct table *table, const struct kernel_event *samples, int n)
{
	sampler_look_begins(&table->sampler, 1);
	for (int i = 0; i < n; i++)
		sampler_take(&table->sampler, &samples[i]);
	sampler_look_ends(&table->sampler, true);
}

static void a_socket_is_told_once_then_when_something_is_new(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	struct kernel_event sample = sample_of(40000, PORT, TCP_ESTABLISHED);
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "client ESTABLISHED state; ");
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "");
	sample.unacked = 3;
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "client ESTABLISHED figures; ");
	sample.total_retrans = 1;
	sample.unacked = 2;
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "client ESTABLISHED loss; ");
	sample.state = TCP_FIN_WAIT_1;
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "client FIN-WAIT-1 state; ");
	look(table, NULL, 0);
	assert_string_equal(told(table, &words), "client CLOSED state; ");
	look(table, NULL, 0);
	assert_string_equal(told(table, &words), "");
}

static void a_timer_that_counts_down_is_no_news(void **state)
{
	(void)state;
	enum kernel_news news;
	struct kernel_event before = sample_of(40000, PORT, TCP_TIME_WAIT), now = before;
	before.timer = now.timer = KERNEL_TIMER_TIME_WAIT;
	before.timer_ns = 60 * NS_PER_SECOND;
	now.timer_ns = 30 * NS_PER_SECOND;
	assert_false(sampler_is_news(&before, &now, &news));
	now.rtt_ns = 5;
	now.rttvar_ns = 6;
	now.rto_ns = 7;
	assert_false(sampler_is_news(&before, &now, &news));
	now.timer = KERNEL_TIMER_NONE;
	assert_true(sampler_is_news(&before, &now, &news));
}

static void each_figure_is_news_of_its_kind(void **state)
{
	(void)state;
	enum kernel_news news;
	const struct kernel_event before = sample_of(40000, PORT, TCP_ESTABLISHED);
	struct kernel_event now = before;
#define NEWS_IF(change, kind)                                                                      \
	now = before;                                                                              \
	(change);                                                                                  \
	assert_true(sampler_is_news(&before, &now, &news));                                        \
	assert_int_equal(news, kind)
	NEWS_IF(now.retransmits = 1, KERNEL_NEWS_LOSS);
	NEWS_IF(now.probes = 1, KERNEL_NEWS_LOSS);
	NEWS_IF(now.backoff = 1, KERNEL_NEWS_LOSS);
	NEWS_IF(now.lost = 1, KERNEL_NEWS_LOSS);
	NEWS_IF(now.retrans = 1, KERNEL_NEWS_LOSS);
	NEWS_IF(now.snd_cwnd = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.snd_ssthresh = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.snd_mss = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.sacked = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.send_queue = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.receive_queue = 1, KERNEL_NEWS_FIGURES);
	NEWS_IF(now.congestion[0] = 'x', KERNEL_NEWS_FIGURES);
#undef NEWS_IF
}

static void the_lab_port_is_the_servers_and_the_client_is_told_first(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	const struct kernel_event samples[] = {
	        sample_of(PORT, 0, TCP_LISTEN),
	        sample_of(PORT, 40000, TCP_ESTABLISHED),
	        sample_of(40000, PORT, TCP_ESTABLISHED),
	};
	look(table, samples, 3);
	assert_string_equal(told(table, &words), "client ESTABLISHED state; server LISTEN state; "
	                                         "server ESTABLISHED state; ");
}

static void on_another_port_the_end_that_listens_is_the_server(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	const struct kernel_event samples[] = {
	        sample_of(9000, 0, TCP_LISTEN),
	        sample_of(9000, 40000, TCP_ESTABLISHED),
	        sample_of(40000, 9000, TCP_ESTABLISHED),
	};
	look(table, samples, 3);
	assert_string_equal(told(table, &words), "client ESTABLISHED state; server LISTEN state; "
	                                         "server ESTABLISHED state; ");
	/* it stays the server's when nobody listens there any more */
	const struct kernel_event later = sample_of(9000, 40000, TCP_TIME_WAIT);
	for (int i = 0; i < 2; i++)
		look(table, &later, 1);
	assert_string_equal(told(table, &words), "client CLOSED state; server CLOSED state; "
	                                         "server TIME-WAIT state; ");
}

static void in_two_networks_a_socket_is_where_it_was_found(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	struct kernel_event sample = sample_of(40000, PORT, TCP_ESTABLISHED);
	table->sampler.hosts.diag[SERVER] = (struct netlink *)(void *)table; /* not looked into */
	table->sampler.host = SERVER;
	look(table, &sample, 1);
	assert_string_equal(told(table, &words), "server ESTABLISHED state; ");
}

static void on_the_machines_own_network_other_ports_are_not_ours(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	const struct kernel_event samples[] = {
	        sample_of(22, 0, TCP_LISTEN),
	        sample_of(22, 50000, TCP_ESTABLISHED),
	        sample_of(40000, PORT, TCP_ESTABLISHED),
	};
	table->sampler.hosts.only_port = true;
	look(table, samples, 3);
	assert_string_equal(told(table, &words), "client ESTABLISHED state; ");
}

static void two_that_listen_on_one_port_are_told_once(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	struct kernel_event samples[] = {sample_of(PORT, 0, TCP_LISTEN),
	                                 sample_of(PORT, 0, TCP_LISTEN)};
	samples[1].receive_queue = 1;
	look(table, samples, 2);
	assert_string_equal(told(table, &words), "server LISTEN state; ");
	look(table, samples, 2);
	assert_string_equal(told(table, &words), "");
}

static void a_list_that_is_not_whole_takes_nothing_away(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	struct kernel_event sample = sample_of(40000, PORT, TCP_ESTABLISHED);
	look(table, &sample, 1);
	(void)told(table, &words);
	sampler_look_begins(&table->sampler, 1);
	sampler_look_ends(&table->sampler, false);
	assert_string_equal(told(table, &words), "");
}

static void more_sockets_than_there_is_room_for_are_one_note(void **state)
{
	struct table *table = *state;
	TEXT(words, 4096);
	struct kernel_event samples[SAMPLER_SOCKETS + 20];
	for (int i = 0; i < SAMPLER_SOCKETS + 20; i++)
		samples[i] = sample_of((uint16_t)(40000 + i), PORT, TCP_TIME_WAIT);
	look(table, samples, SAMPLER_SOCKETS + 20);
	const char *all = told(table, &words);
	assert_non_null(strstr(all, "note; "));
	assert_null(strstr(strstr(all, "note; ") + 1, "note; "));
	look(table, samples, SAMPLER_SOCKETS + 20);
	assert_string_equal(told(table, &words), "");
	/* one that lives takes the place of one that only waits; it comes first in the next list */
	struct kernel_event alive = sample_of(30000, PORT, TCP_ESTABLISHED);
	sampler_look_begins(&table->sampler, 1);
	for (int i = 0; i < SAMPLER_SOCKETS; i++)
		sampler_take(&table->sampler, &samples[i]);
	sampler_take(&table->sampler, &alive);
	sampler_look_ends(&table->sampler, true);
	assert_string_equal(told(table, &words), "client ESTABLISHED state; ");
	/* but not before that is told */
	struct kernel_event another = sample_of(30001, PORT, TCP_ESTABLISHED);
	alive.state = TCP_TIME_WAIT;
	sampler_look_begins(&table->sampler, 1);
	sampler_take(&table->sampler, &alive);
	for (int i = 0; i < SAMPLER_SOCKETS; i++)
		sampler_take(&table->sampler, &samples[i]);
	sampler_take(&table->sampler, &another);
	sampler_look_ends(&table->sampler, true);
	assert_string_equal(told(table, &words),
	                    "client ESTABLISHED state; client TIME-WAIT state; ");
}

/* ---- how often ---- */

static int looks(struct sampler *sampler, int64_t now_ns, bool event, int times)
{
	int n = 0;
	for (int i = 0; i < times; i++) {
		int64_t before = sampler->due_ns;
		sampler->due_ns = INT64_MAX - 1; /* only an event may make it look */
		sampler_look(sampler, now_ns, event);
		n += sampler->due_ns != INT64_MAX - 1;
		sampler->due_ns = before;
	}
	return n;
}

static void events_that_follow_each_other_fast_are_not_all_looked_at(void **state)
{
	struct table *table = *state;
	struct sampler *sampler = &table->sampler;
	int64_t now = 1000 * NS_PER_SECOND;
	assert_int_equal(looks(sampler, now, true, 2 * SAMPLER_BURST), SAMPLER_BURST);
	sampler->every_ns = SAMPLER_EVERY_NS; /* whatever time the looks took */
	assert_int_equal(looks(sampler, now + SAMPLER_EVERY_NS, true, 10), 1);
	sampler->every_ns = SAMPLER_EVERY_NS;
	assert_int_equal(looks(sampler, now + 10 * NS_PER_SECOND, true, 2 * SAMPLER_BURST),
	                 SAMPLER_BURST);
	assert_int_equal(looks(sampler, now + 20 * NS_PER_SECOND, false, 5), 0);
}

static void without_events_it_looks_when_it_is_due(void **state)
{
	struct table *table = *state;
	struct sampler *sampler = &table->sampler;
	sampler->due_ns = 5 * NS_PER_SECOND;
	assert_int_equal(sampler_wait_ms(sampler, 5 * NS_PER_SECOND - 7 * NS_PER_MS), 7);
	assert_int_equal(sampler_wait_ms(sampler, 5 * NS_PER_SECOND + 1), 0);
	sampler_look(sampler, 5 * NS_PER_SECOND - 1, false);
	assert_int_equal(sampler->due_ns, 5 * NS_PER_SECOND);
	sampler_look(sampler, 5 * NS_PER_SECOND, false);
	assert_int_not_equal(sampler->due_ns, 5 * NS_PER_SECOND);
	sampler_end(sampler);
	assert_int_equal(sampler_wait_ms(sampler, 0), -1);
	sampler_look(sampler, INT64_MAX, true); /* nothing */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        TEST(a_socket_is_told_once_then_when_something_is_new),
	        TEST(a_timer_that_counts_down_is_no_news),
	        TEST(each_figure_is_news_of_its_kind),
	        TEST(the_lab_port_is_the_servers_and_the_client_is_told_first),
	        TEST(on_another_port_the_end_that_listens_is_the_server),
	        TEST(in_two_networks_a_socket_is_where_it_was_found),
	        TEST(on_the_machines_own_network_other_ports_are_not_ours),
	        TEST(two_that_listen_on_one_port_are_told_once),
	        TEST(a_list_that_is_not_whole_takes_nothing_away),
	        TEST(more_sockets_than_there_is_room_for_are_one_note),
	        TEST(events_that_follow_each_other_fast_are_not_all_looked_at),
	        TEST(without_events_it_looks_when_it_is_due),
	};
	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
