/* test_tui_stream.c: the segments of a connection in order, and what its programs received. */
#include "tui_model.h"

#include "tui/stream_rows.h"

/* ---- the series ---- */

static struct event data_at(int64_t us, enum side from, uint32_t seq, uint32_t len, uint32_t ack)
{
	return segment_at(us, from, TCP_ACK | TCP_PSH, seq, ack, len, 64240);
}

static void a_series_holds_one_connection_only(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct series series = {.known = false};
	struct event other = story_syn(50);
	other.segment.stream = 7;
	feed_hello(m);
	feed(m, other);
	feed(m, data_at(2000, CLIENT, 14, 5, 1));
	assert_false(series_follow(&series, &m->log, conns_find(&m->conns, 0), 100));
	assert_int_equal(series.n, 6);
	assert_int_equal(series.points[5].record, 6);
	assert_int_equal(series_count(&series, 5), 5);
	assert_int_equal(series_count(&series, 7), 6);
	assert_int_equal(series.most[CLIENT], 19);
	assert_false(series_follow(&series, &m->log, conns_find(&m->conns, 7), 100));
	assert_int_equal(series.n, 1);
	series_release(&series);
	model_free(m);
}

static void a_series_grows_in_pieces(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct series series = {.known = false};
	feed_hello(m);
	unsigned rounds = 1;
	while (series_follow(&series, &m->log, conns_find(&m->conns, 0), 2))
		rounds++;
	assert_int_equal(rounds, 3);
	assert_int_equal(series.n, 5);
	series_release(&series);
	model_free(m);
}

static void numbers_go_on_beyond_32_bits(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct series series = {.known = false};
	feed(m, data_at(0, CLIENT, 0x7ffffff0, 16, 1));
	feed(m, data_at(1, CLIENT, 0xfffffff0, 16, 1));
	feed(m, data_at(2, CLIENT, 0, 16, 1));
	feed(m, data_at(3, CLIENT, 0xfffffff0, 16, 1)); /* an old one again */
	feed(m, segment_at(4, SERVER, TCP_ACK, 1, 16, 0, 1));
	(void)series_follow(&series, &m->log, conns_find(&m->conns, 0), 100);
	struct series_segment third = series_at(&series, &m->log, 2);
	struct series_segment again = series_at(&series, &m->log, 3);
	struct series_segment ack = series_at(&series, &m->log, 4);
	assert_true(third.end - again.seq == 32);
	assert_true(ack.ack == third.end);
	assert_true(third.seq == INT64_C(1) << 32);
	series_release(&series);
	model_free(m);
}

static void a_reset_does_not_stretch_the_range(void **state)
{
	(void)state;
	struct model *m = model_new(false);
	struct series series = {.known = false};
	feed_hello(m);
	feed(m, segment_at(9000, CLIENT, TCP_RST, 2000000000, 0, 0, 0));
	(void)series_follow(&series, &m->log, conns_find(&m->conns, 0), 100);
	assert_int_equal(series.most[CLIENT], 14);
	assert_int_equal(series.least[CLIENT], 0);
	series_release(&series);
	model_free(m);
}

/* ---- what is received ---- */

static struct series_segment piece(uint32_t record, int64_t seq, uint32_t len)
{
	return (struct series_segment){.record = record,
	                               .side = CLIENT,
	                               .seq = seq,
	                               .end = seq + len,
	                               .len = len,
	                               .flags = TCP_PSH};
}

static struct series_segment ack_of(uint32_t record, int64_t ack)
{
	return (struct series_segment){
	        .record = record, .side = SERVER, .seq = 1, .end = 1, .ack = ack, .flags = TCP_ACK};
}

static struct assembly *assembled(const struct series_segment *segments, size_t n)
{
	struct assembly *a = calloc(1, sizeof *a);
	assert_non_null(a);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(assembly_add(a, &segments[i]), 0);
	return a;
}

static void dispose(struct assembly *a)
{
	assembly_release(a);
	free(a);
}

static void chunk_is(const struct assembly *a, uint32_t i, struct chunk expected)
{
	assert_true(i < a->n);
	assert_int_equal(a->chunks[i].record, expected.record);
	assert_int_equal(a->chunks[i].at, expected.at);
	assert_int_equal(a->chunks[i].skip, expected.skip);
	assert_int_equal(a->chunks[i].len, expected.len);
	assert_int_equal(a->chunks[i].side, expected.side);
	assert_int_equal(a->chunks[i].kind, expected.kind);
}

static void bytes_in_order_are_received_at_once(void **state)
{
	(void)state;
	struct series_segment s[] = {piece(0, 0, 0), piece(1, 1, 10), piece(2, 11, 5)};
	s[0].flags = TCP_SYN;
	struct assembly *a = assembled(s, 3);
	assert_int_equal(a->n, 2);
	chunk_is(a, 0, (struct chunk){.record = 1, .at = 1, .len = 10});
	chunk_is(a, 1, (struct chunk){.record = 2, .at = 2, .len = 5});
	assert_int_equal(assembly_count(a, 2), 1);
	dispose(a);
}

static void what_comes_early_waits(void **state)
{
	(void)state;
	struct series_segment s[] = {piece(1, 1, 10), piece(2, 21, 10), piece(3, 31, 4),
	                             piece(4, 11, 10)};
	struct assembly *a = assembled(s, 4);
	assert_int_equal(a->n, 4);
	chunk_is(a, 1, (struct chunk){.record = 4, .at = 4, .len = 10});
	chunk_is(a, 2, (struct chunk){.record = 2, .at = 4, .len = 10});
	chunk_is(a, 3, (struct chunk){.record = 3, .at = 4, .len = 4});
	assert_int_equal(assembly_count(a, 4), 1); /* before the hole was filled */
	dispose(a);
}

static void resent_bytes_count_once(void **state)
{
	(void)state;
	struct series_segment s[] = {piece(1, 1, 10), piece(2, 1, 10), piece(3, 6, 10)};
	struct assembly *a = assembled(s, 3);
	assert_int_equal(a->n, 2);
	chunk_is(a, 1, (struct chunk){.record = 3, .at = 3, .skip = 5, .len = 5});
	dispose(a);
}

static void what_was_acknowledged_and_not_captured_is_named(void **state)
{
	(void)state;
	struct series_segment s[] = {piece(1, 1, 10), piece(2, 31, 10), ack_of(3, 61)};
	struct assembly *a = assembled(s, 3);
	assert_int_equal(a->n, 4);
	chunk_is(a, 1, (struct chunk){.record = 3, .at = 3, .len = 20, .kind = CHUNK_UNSEEN});
	chunk_is(a, 2, (struct chunk){.record = 2, .at = 3, .len = 10});
	chunk_is(a, 3, (struct chunk){.record = 3, .at = 3, .len = 20, .kind = CHUNK_UNSEEN});
	dispose(a);
}

static void the_number_of_a_fin_is_no_byte(void **state)
{
	(void)state;
	struct series_segment s[] = {piece(1, 1, 10), ack_of(2, 12)};
	s[0].flags |= TCP_FIN;
	struct assembly *a = assembled(s, 2);
	assert_int_equal(a->n, 1);
	dispose(a);
}

static void an_absurd_acknowledgment_is_not_believed(void **state)
{
	(void)state;
	const struct series_segment s[] = {piece(1, 1, 10), ack_of(2, INT64_C(3) << 30),
	                                   piece(3, 11, 1)};
	struct assembly *a = assembled(s, 3);
	assert_int_equal(a->n, 2);
	chunk_is(a, 1, (struct chunk){.record = 3, .at = 3, .len = 1});
	dispose(a);
}

static void a_hole_is_given_up_when_too_much_waits(void **state)
{
	(void)state;
	struct assembly *a = assembled(NULL, 0);
	const struct series_segment first = piece(0, 1, 1);
	assert_int_equal(assembly_add(a, &first), 0);
	for (uint32_t i = 1; i <= HELD_MAX + 1; i++) {
		const struct series_segment s = piece(i, 2 + (int64_t)i, 1);
		assert_int_equal(assembly_add(a, &s), 0);
	}
	chunk_is(a, 1,
	         (struct chunk){.record = HELD_MAX + 1,
	                        .at = HELD_MAX + 1,
	                        .len = 1,
	                        .kind = CHUNK_UNSEEN});
	assert_int_equal(a->n, HELD_MAX + 3);
	assert_int_equal(a->n_of[CLIENT], a->n);
	assert_int_equal(a->n_of[SERVER], 0);
	dispose(a);
}

/* ---- rows ---- */

static struct chunk_bytes bytes_of(const char *text, uint32_t absent)
{
	struct chunk_bytes bytes = {.n = (uint32_t)strlen(text), .absent = absent};
	memcpy(bytes.bytes, text, bytes.n);
	return bytes;
}

static void rows_are(const struct chunk_bytes *bytes, bool hex, int columns, const char *expected)
{
	struct stream_row rows[STREAM_ROWS_MAX];
	TEXT(found, 256);
	unsigned n = stream_rows(rows, bytes, hex, columns);
	for (unsigned i = 0; i < n; i++)
		text_addf(&found, "%u+%u:%u ", rows[i].begin, rows[i].n, rows[i].kind);
	assert_string_equal(found.bytes, expected);
}

static void text_breaks_at_newlines_and_at_the_edge(void **state)
{
	(void)state;
	struct chunk_bytes bytes = bytes_of("GET /\r\n\r\n0123456789", 5);
	rows_are(&bytes, false, 9, "0+7:0 7+2:0 9+9:0 18+1:0 19+0:2 ");
	bytes = bytes_of("\x01\x02\x03\xe4\xb8\xad", 0); /* three escapes, a wide character */
	rows_are(&bytes, false, 8, "0+2:0 2+4:0 ");
	rows_are(&bytes, true, 40, "0+6:1 ");
	bytes = bytes_of("", 7);
	bytes.is_unseen = true;
	rows_are(&bytes, true, 40, "0+0:3 ");
}

static void every_byte_alone_in_its_row_fits(void **state)
{
	(void)state;
	struct stream_row rows[STREAM_ROWS_MAX];
	struct chunk_bytes bytes = {.n = EVENT_BYTES_MAX, .absent = 1};
	memset(bytes.bytes, '\n', sizeof bytes.bytes);
	assert_int_equal(stream_rows(rows, &bytes, false, 80), EVENT_BYTES_MAX + 1);
	TEXT(hex, 128);
	stream_add_hex(&hex, (const uint8_t *)"a\033b", 3, 4);
	assert_string_equal(hex.bytes, "61 1b 62     a.b");
}

static void what_the_events_do_not_carry_is_counted(void **state)
{
	(void)state;
	static const uint8_t frame[] = {0x45, 0, 0, 50, 0,   0,   0,   0,   64,   6,    0,    0,
	                                10,   0, 0, 1,  10,  0,   0,   2,   0x10, 0,    0x20, 0,
	                                0,    0, 0, 1,  0,   0,   0,   1,   0x50, 0x18, 1,    0,
	                                0,    0, 0, 0,  'H', 'e', 'l', 'l', 'o'}; /* 10 bytes were
	                                                                             sent, 5 are
	                                                                             here */
	struct event event = story_hello(0);
	struct chunk chunk = {.skip = 2, .len = 8};
	struct chunk_bytes bytes;
	event.linktype = 101;
	event.n_bytes = sizeof frame;
	event.wirelen = 50;
	memcpy(event.bytes, frame, sizeof frame);
	chunk_read(&bytes, &chunk, &event);
	assert_int_equal(bytes.n, 3);
	assert_int_equal(bytes.absent, 5);
	assert_memory_equal(bytes.bytes, "llo", 3);
	event.n_bytes = 0;
	chunk_read(&bytes, &chunk, &event);
	assert_int_equal(bytes.n, 0);
	assert_int_equal(bytes.absent, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_series_holds_one_connection_only),
	        cmocka_unit_test(a_series_grows_in_pieces),
	        cmocka_unit_test(numbers_go_on_beyond_32_bits),
	        cmocka_unit_test(a_reset_does_not_stretch_the_range),
	        cmocka_unit_test(bytes_in_order_are_received_at_once),
	        cmocka_unit_test(what_comes_early_waits),
	        cmocka_unit_test(resent_bytes_count_once),
	        cmocka_unit_test(what_was_acknowledged_and_not_captured_is_named),
	        cmocka_unit_test(the_number_of_a_fin_is_no_byte),
	        cmocka_unit_test(an_absurd_acknowledgment_is_not_believed),
	        cmocka_unit_test(a_hole_is_given_up_when_too_much_waits),
	        cmocka_unit_test(text_breaks_at_newlines_and_at_the_edge),
	        cmocka_unit_test(every_byte_alone_in_its_row_fits),
	        cmocka_unit_test(what_the_events_do_not_carry_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
