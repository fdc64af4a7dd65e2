/* test_tui_log.c: records stay small, lines come back whole, wherever they lie. */
#include "tui_model.h"

#include "tui/conns.h"

static void append(struct log *log, const char *line)
{
	struct err err;
	struct event event = story_syn(0);
	assert_int_equal(log_append(log, &event, line, strlen(line), &err), 0);
}

static struct log *log_new(void)
{
	struct log *log = calloc(1, sizeof *log);
	struct err err;
	assert_non_null(log);
	assert_int_equal(log_init(log, &err), 0);
	return log;
}

static void log_free(struct log *log)
{
	log_release(log);
	free(log);
}

static void a_record_holds_what_lists_need(void **state)
{
	(void)state;
	struct event event = story_syn_ack(17);
	event.frame = 2;
	struct record record = record_of(&event);
	assert_int_equal(record.kind, EVENT_SEGMENT);
	assert_int_equal(record.frame, 2);
	assert_int_equal(record.side, SERVER);
	assert_int_equal(record.flags, TCP_SYN | TCP_ACK);
	assert_int_equal(record.ack, 1);
	assert_int_equal(record.after[CLIENT], TCP_ESTABLISHED);
	assert_true(record.bits & RECORD_HAS_SIDE);
	assert_int_equal(record.time_ns, START_NS + 17 * NS_PER_US);
	struct event note = event_at(EVENT_NOTE, 0);
	assert_int_equal(record_of(&note).stream, NO_STREAM);
}

static void lines_come_back_from_the_buffer_and_from_the_file(void **state)
{
	(void)state;
	struct log *log = log_new();
	static char line[1001], back[1024];
	for (int i = 0; i < 200; i++) { /* three times what waits in memory */
		memset(line, 'a' + i % 26, sizeof line - 1);
		append(log, line);
	}
	assert_true(log->written > 0);
	assert_true(log->n_waiting > 0);
	for (uint32_t i = 0; i < 200; i++) {
		assert_int_equal(log_line(log, i, back, sizeof back), 1000);
		assert_int_equal(back[0], 'a' + (int)(i % 26));
		assert_int_equal(back[999], 'a' + (int)(i % 26));
	}
	assert_int_equal(log_line(log, 0, back, 1000), -1); /* no room for the terminator */
	log_free(log);
}

static void a_million_segments_take_little_memory(void **state)
{
	(void)state;
	enum { MANY = 100000 };
	struct log *log = log_new();
	for (int i = 0; i < MANY; i++)
		append(log, "{}");
	assert_int_equal(log->n, MANY);
	assert_true(log_resident(log) - sizeof *log < 80 * (size_t)MANY + (1 << 20));
	log_free(log);
}

static void a_line_that_is_no_event_is_told(void **state)
{
	(void)state;
	struct log *log = log_new();
	struct event event;
	append(log, "{\"event\":\"nonsense\"}");
	assert_int_equal(log_event(log, 0, &event), -1);
	log_free(log);
}

/* Compares the two readings of the event's line by what is kept of them. */
static void assert_brief_is_enough(const struct event *event)
{
	static char storage[EVENT_LINE_MAX + 1];
	struct text line = text_of(storage, sizeof storage);
	char fault[128];
	struct event whole, brief;
	event_write(&line, event, NULL);
	assert_int_equal(event_read(&whole, line.bytes, line.len - 1, fault, sizeof fault), 0);
	memset(&brief, 0xA5, sizeof brief);
	assert_int_equal(event_read_brief(&brief, line.bytes, line.len - 1, fault, sizeof fault),
	                 0);
	struct record a = record_of(&whole), b = record_of(&brief);
	assert_memory_equal(&a, &b, offsetof(struct record, after) + sizeof a.after);
	assert_memory_equal(&whole.segment.src, &brief.segment.src, sizeof whole.segment.src);
	assert_memory_equal(&whole.segment.dst, &brief.segment.dst, sizeof whole.segment.dst);
}

static void a_brief_reading_fills_the_record(void **state)
{
	(void)state;
	struct event events[] = {story_syn(0), story_syn_ack(17), story_hello(1000)};
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		events[i].frame = i + 1;
		assert_brief_is_enough(&events[i]);
	}
	struct event odd = story_hello(1000);
	odd.segment.roles_guessed = true;
	odd.segment.options.present |= OPT_SACK;
	odd.segment.options.n_sack = 1;
	odd.segment.analysis.flags = A_ZERO_WINDOW | A_DUPLICATE_ACK;
	assert_brief_is_enough(&odd);
}

static void a_brief_reading_refuses_what_is_not_json(void **state)
{
	(void)state;
	static char storage[EVENT_LINE_MAX + 1];
	struct text line = text_of(storage, sizeof storage);
	char fault[128];
	struct event event = story_hello(0), back;
	event_write(&line, &event, NULL);
	for (size_t n = 0; n < line.len - 1; n++)
		assert_int_equal(event_read_brief(&back, line.bytes, n, fault, sizeof fault), -1);
}

static void connections_are_found_by_any_number(void **state)
{
	(void)state;
	struct conns conns = {0};
	struct event event = story_syn(0);
	for (uint32_t i = 0; i < 1000; i++) {
		event.segment.stream = i * 4099;
		struct record record = record_of(&event);
		assert_int_equal(conns_add(&conns, i, &record, &event), 0);
	}
	assert_int_equal(conns.n, 1000);
	assert_int_equal(conns_find(&conns, 999 * 4099)->first, 999);
	assert_int_equal(conns_find(&conns, 999 * 4099)->syn[CLIENT], 999);
	assert_null(conns_find(&conns, 1));
	assert_null(conns_find(&conns, NO_STREAM));
	conns_release(&conns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_record_holds_what_lists_need),
	        cmocka_unit_test(lines_come_back_from_the_buffer_and_from_the_file),
	        cmocka_unit_test(a_million_segments_take_little_memory),
	        cmocka_unit_test(a_line_that_is_no_event_is_told),
	        cmocka_unit_test(a_brief_reading_fills_the_record),
	        cmocka_unit_test(a_brief_reading_refuses_what_is_not_json),
	        cmocka_unit_test(connections_are_found_by_any_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
