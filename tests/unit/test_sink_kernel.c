/* test_sink_kernel.c: what a kernel says of its socket, in each form for people: a line when there
 * is a new state or a loss, a row where it differs or TIME-WAIT begins, and no more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sink/notation.h"
#include "story.h"

static char out[64 * 1024];

static struct event sample_of(enum side host, enum tcp_state state, enum kernel_news news)
{
	struct event e = story_third_ack(36);
	struct endpoint ends[N_SIDES] = {
	        {.addr = {.version = 4, .bytes = {10, 0, 0, 1}}, .port = 4000},
	        {.addr = {.version = 4, .bytes = {10, 0, 0, 2}}, .port = 80}};
	struct event sample = {.kind = EVENT_KERNEL, .time_ns = e.time_ns, .linktype = -1};
	sample.kernel = (struct kernel_event){.host = host,
	                                      .state = state,
	                                      .news = news,
	                                      .stream = 0,
	                                      .local = ends[host],
	                                      .remote = ends[side_other(host)]};
	return sample;
}

static struct event differing(void)
{
	struct event e = sample_of(SERVER, TCP_FIN_WAIT_1, KERNEL_NEWS_STATE);
	struct text reason = text_of(e.kernel.reason, sizeof e.kernel.reason);
	e.kernel.differs = true;
	e.kernel.inferred = TCP_ESTABLISHED;
	text_add(&reason, "the FIN \x1b[31mwaits");
	return e;
}

static struct event in_time_wait(void)
{
	struct event e = sample_of(CLIENT, TCP_TIME_WAIT, KERNEL_NEWS_STATE);
	e.kernel.timer = KERNEL_TIMER_TIME_WAIT;
	e.kernel.timer_ns = 60 * NS_PER_SECOND;
	return e;
}

static const char *printed(const char *sink, const struct event *event)
{
	const struct event events[] = {story_opened(0), story_syn(0), *event};
	assert_int_equal(
	        story_print(sink, (struct sink_options){.width = 80}, events, 3, out, sizeof out),
	        0);
	return out;
}

static void assert_printed(const char *sink, struct event event, const char *expected)
{
	if (!strstr(printed(sink, &event), expected))
		fail_msg("%s: not in there: %s\n%s", sink, expected, out);
}

static void the_words_name_the_figures_that_matter(void **state)
{
	(void)state;
	TEXT(words, 1024);
	struct kernel_event k = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_LOSS).kernel;
	k.has_info = true;
	k.snd_cwnd = 10;
	k.rtt_ns = 40 * NS_PER_MS;
	k.retransmits = 2;
	k.probes = 1;
	k.lost = 3;
	k.total_retrans = 4;
	k.timer = KERNEL_TIMER_RETRANSMIT;
	k.timer_ns = 800 * NS_PER_MS;
	notation_kernel(&words, &k);
	assert_string_equal(words.bytes,
	                    "ESTABLISHED, cwnd 10, rtt 40 ms, resent in a row 2, unanswered probes "
	                    "1, lost 3, resent in all 4, next in 800 ms");
}

static void text_has_a_line_for_what_is_new(void **state)
{
	(void)state;
	struct event listening = sample_of(SERVER, TCP_LISTEN, KERNEL_NEWS_STATE);
	listening.kernel.remote = (struct endpoint){0};
	assert_printed("text", listening, " server's kernel: 10.0.0.2:80 LISTEN\n");
	assert_printed("text", sample_of(CLIENT, TCP_SYN_SENT, KERNEL_NEWS_STATE),
	               " client's kernel: 10.0.0.1:4000 > 10.0.0.2:80 SYN-SENT\n");
	assert_printed("text", in_time_wait(), "10.0.0.2:80 TIME-WAIT for 60 s\n");
	assert_printed("text", differing(),
	               " K! server's kernel: 10.0.0.2:80 > 10.0.0.1:4000 FIN-WAIT-1, by the "
	               "segments ESTABLISHED: the FIN ");
	assert_null(strchr(out, '\x1b'));
	struct event figures = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_FIGURES);
	assert_null(strstr(printed("text", &figures), "kernel"));
}

static void a_ladder_has_a_row_where_it_differs_and_for_time_wait(void **state)
{
	(void)state;
	assert_printed("ladder", in_time_wait(), "  TIME-WT  | kernel: TIME-WAIT for 60 s ");
	assert_printed("ladder", differing(), "K! kernel: FIN-WAIT-1, by the segments");
	assert_printed("ladder", differing(), "| FIN-WT-1\n");
	struct event usual = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_STATE);
	assert_null(strstr(printed("ladder", &usual), "kernel"));
	struct event again = differing();
	again.kernel.news = KERNEL_NEWS_FIGURES;
	assert_null(strstr(printed("ladder", &again), "kernel"));
}

static void pictures_have_them_too(void **state)
{
	(void)state;
	assert_printed("mermaid", in_time_wait(), "kernel: TIME-WAIT for 60 s");
	assert_printed("mermaid", differing(), "Note right of ");
	assert_printed("svg", differing(), "K! kernel: FIN-WAIT-1");
	struct event usual = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_STATE);
	assert_null(strstr(printed("mermaid", &usual), "kernel"));
	assert_null(strstr(printed("svg", &usual), "kernel"));
}

static const char *explained(const struct event *event)
{
	struct explanation e;
	struct text t = text_of(out, sizeof out);
	explain_event(&e, event);
	text_add_bytes(&t, e.title.bytes, e.title.len);
	text_add(&t, "; ");
	explain_join(&e, &t);
	return out;
}

static void each_kind_of_news_is_explained(void **state)
{
	(void)state;
	struct event e = differing();
	assert_non_null(strstr(explained(&e), "The server's kernel says FIN-WAIT-1, the segments "
	                                      "ESTABLISHED; The real socket is in FIN-WAIT-1."));
	assert_non_null(strstr(out, "The reason: the FIN "));
	e.kernel.reason[0] = '\0';
	assert_non_null(strstr(explained(&e), "No reason is known"));
	e = in_time_wait();
	assert_non_null(strstr(explained(&e), "The client's kernel: TIME-WAIT for 60 s"));
	e = sample_of(CLIENT, TCP_CLOSED, KERNEL_NEWS_STATE);
	assert_non_null(strstr(explained(&e), "the socket is gone"));
	e = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_LOSS);
	e.kernel.total_retrans = 1;
	assert_non_null(strstr(explained(&e), "The client's kernel: 1 segment sent again in all"));
	e = sample_of(CLIENT, TCP_ESTABLISHED, KERNEL_NEWS_FIGURES);
	assert_non_null(strstr(explained(&e), "The client's kernel: ESTABLISHED"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_words_name_the_figures_that_matter),
	        cmocka_unit_test(text_has_a_line_for_what_is_new),
	        cmocka_unit_test(a_ladder_has_a_row_where_it_differs_and_for_time_wait),
	        cmocka_unit_test(pictures_have_them_too),
	        cmocka_unit_test(each_kind_of_news_is_explained),
	};
	return cmocka_run_group_tests_name("sink kernel", tests, NULL, NULL);
}
