/* Reassembly of IP fragments: any split and order, overlaps, lies, and its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/fragments.h"
#include "unit/packets.h"

enum { WHOLE = 5000 };

struct bench {
	struct fragments *fragments;
	struct fragment_news news;
	uint8_t bytes[WHOLE];
	int64_t now_ns;
	uint64_t frame;
	uint32_t n_lost[LOSS_TRACE_ENDED + 1];
	struct fragment_loss loss; /* the last one */
};

static void on_loss(void *arg, const struct fragment_loss *loss)
{
	struct bench *b = arg;
	b->n_lost[loss->reason]++;
	b->loss = *loss;
}

static int set_up(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	assert_non_null(b);
	b->fragments = fragments_new(7, on_loss, b);
	assert_non_null(b->fragments);
	for (size_t i = 0; i < WHOLE; i++)
		b->bytes[i] = (uint8_t)(i * 7 + i / 256);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *b = *state;
	fragments_free(b->fragments);
	free(b);
	return 0;
}

static struct packet piece(uint8_t version, uint32_t id, uint32_t at, bool more,
                           const uint8_t *bytes, uint32_t len)
{
	return (struct packet){
	        .data = bytes,
	        .caplen = len,
	        .wirelen = len,
	        .status = PACKET_OK,
	        .kind = KIND_FRAGMENT,
	        .ip = {.src = {version, {10, 0, 0, 1}},
	               .dst = {version, {10, 0, 0, 2}},
	               .protocol = 6,
	               .id = id,
	               .fragment_at = at,
	               .more_fragments = more,
	               .is_fragment = true,
	               .ttl = (uint8_t)(at == 0 ? 64 : 63)},
	        .payload_len = len,
	        .payload_wirelen = len,
	};
}

static enum fragment_fate put(struct bench *b, const struct packet *packet)
{
	fragments_add(b->fragments, packet, b->now_ns, ++b->frame, &b->news);
	return b->news.fate;
}

/* Bytes `at` to `end` of the datagram `id`. */
static enum fragment_fate send(struct bench *b, uint8_t version, uint32_t id, uint32_t at,
                               uint32_t end, bool more)
{
	struct packet packet = piece(version, id, at, more, b->bytes + at, end - at);
	return put(b, &packet);
}

static void assert_whole(const struct bench *b, uint32_t len)
{
	assert_int_equal(b->news.fate, FRAGMENT_COMPLETES);
	assert_int_equal(b->news.total, len);
	assert_memory_equal(b->news.data, b->bytes, len);
	assert_int_equal(b->news.first.ttl, 64); /* the header of the first piece */
}

static uint32_t next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

static void two_pieces_in_order_make_a_datagram(void **state)
{
	struct bench *b = *state;
	assert_int_equal(send(b, 4, 1, 0, 1480, true), FRAGMENT_KEPT);
	assert_int_equal(b->news.have, 1480);
	assert_int_equal(b->news.total, 0);
	assert_int_equal(send(b, 4, 1, 1480, 2001, false), FRAGMENT_COMPLETES);
	assert_whole(b, 2001);
	assert_int_equal(b->news.n_frames, 2);
	assert_int_equal(b->news.frames[0], 1);
	assert_int_equal(b->news.frames[1], 2);
}

/* Cuts [0, WHOLE) at random multiples of 8 and sends the pieces in a random order. */
static void send_shuffled(struct bench *b, uint8_t version, uint32_t id, uint32_t *x)
{
	uint32_t cuts[WHOLE / 8 + 2] = {0}, n = 0;
	uint32_t most = 1 + next_random(x) % 200;
	while (cuts[n] < WHOLE) {
		uint32_t next = cuts[n] + 8 * (1 + next_random(x) % most);
		cuts[++n] = next < WHOLE ? next : WHOLE;
	}
	uint32_t order[WHOLE / 8 + 1];
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = next_random(x) % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t k = order[i];
		enum fragment_fate fate = send(b, version, id, cuts[k], cuts[k + 1], k + 1 < n);
		assert_int_equal(fate, i + 1 < n ? FRAGMENT_KEPT : FRAGMENT_COMPLETES);
	}
	assert_int_equal(b->news.n_frames, n);
}

static void any_split_in_any_order_makes_the_same_datagram(void **state)
{
	struct bench *b = *state;
	uint32_t x = 2463534242;
	for (uint32_t id = 0; id < 400; id++) {
		send_shuffled(b, id % 2 ? 4 : 6, id, &x);
		assert_whole(b, WHOLE);
	}
	fragments_end(b->fragments);
	assert_int_equal(b->n_lost[LOSS_TRACE_ENDED], 0);
}

static void pieces_of_different_datagrams_do_not_mix(void **state)
{
	struct bench *b = *state;
	assert_int_equal(send(b, 4, 1, 0, 800, true), FRAGMENT_KEPT);
	assert_int_equal(send(b, 4, 2, 800, 1000, false), FRAGMENT_KEPT);
	struct packet udp = piece(4, 1, 800, false, b->bytes + 800, 200);
	udp.ip.protocol = 17;
	assert_int_equal(put(b, &udp), FRAGMENT_KEPT);
	struct packet back = piece(4, 1, 800, false, b->bytes + 800, 200);
	back.ip.src = back.ip.dst;
	assert_int_equal(put(b, &back), FRAGMENT_KEPT);
	assert_int_equal(send(b, 4, 1, 800, 1000, false), FRAGMENT_COMPLETES);
	assert_whole(b, 1000);
}

/* RFC 8200 section 4.5: only the first fragment's next header counts. */
static void in_ipv6_the_protocol_is_not_part_of_the_key(void **state)
{
	struct bench *b = *state;
	struct packet last = piece(6, 1, 800, false, b->bytes + 800, 200);
	last.ip.protocol = 59;
	assert_int_equal(put(b, &last), FRAGMENT_KEPT);
	assert_int_equal(send(b, 6, 1, 0, 800, true), FRAGMENT_COMPLETES);
	assert_int_equal(b->news.first.protocol, 6);
}

static void a_piece_that_comes_twice_is_told_and_does_no_harm(void **state)
{
	struct bench *b = *state;
	for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
		(void)send(b, version, 1, 0, 800, true);
		assert_int_equal(send(b, version, 1, 0, 800, true), FRAGMENT_REPEATS);
		assert_false(b->news.conflicts);
		assert_int_equal(send(b, version, 1, 800, 1000, false), FRAGMENT_COMPLETES);
		assert_whole(b, 1000);
	}
}

static void in_ipv4_the_bytes_that_came_first_stay(void **state)
{
	struct bench *b = *state;
	uint8_t other[800];
	memset(other, 0xee, sizeof other);
	(void)send(b, 4, 1, 400, 1200, true);
	struct packet overlap = piece(4, 1, 0, true, other, 800);
	memcpy(other, b->bytes, 400); /* new bytes, then contradicting ones */
	assert_int_equal(put(b, &overlap), FRAGMENT_KEPT);
	assert_true(b->news.conflicts);
	assert_int_equal(b->news.have, 1200);
	assert_int_equal(send(b, 4, 1, 1200, 1300, false), FRAGMENT_COMPLETES);
	assert_whole(b, 1300);
}

static void in_ipv6_an_overlap_drops_the_datagram_and_what_follows(void **state)
{
	struct bench *b = *state;
	(void)send(b, 6, 1, 400, 1200, true);
	assert_int_equal(send(b, 6, 1, 0, 800, true), FRAGMENT_OVERLAPS);
	assert_int_equal(send(b, 6, 1, 0, 400, true), FRAGMENT_OVERLAPS);
	assert_int_equal(send(b, 6, 1, 1200, 1300, false), FRAGMENT_OVERLAPS);
	b->now_ns += FRAGMENTS_WAIT_NS;
	assert_int_equal(send(b, 6, 1, 0, 800, true), FRAGMENT_KEPT);
	assert_int_equal(b->n_lost[LOSS_TIMEOUT], 0); /* it was told already */
}

static void an_unfinished_datagram_is_given_up_after_30_s(void **state)
{
	struct bench *b = *state;
	(void)send(b, 4, 1, 0, 800, true);
	b->now_ns += FRAGMENTS_WAIT_NS - 1;
	(void)send(b, 4, 2, 0, 800, true);
	assert_int_equal(b->n_lost[LOSS_TIMEOUT], 0);
	b->now_ns += 1;
	assert_int_equal(send(b, 4, 1, 800, 1000, false), FRAGMENT_KEPT);
	assert_int_equal(b->n_lost[LOSS_TIMEOUT], 1);
	assert_int_equal(b->loss.id, 1);
	assert_int_equal(b->loss.have, 800);
	assert_int_equal(b->loss.frame, 1);
	assert_int_equal(send(b, 4, 2, 800, 1000, false), FRAGMENT_COMPLETES);
}

static void a_clock_that_steps_back_gives_nothing_up(void **state)
{
	struct bench *b = *state;
	b->now_ns = INT64_MAX;
	(void)send(b, 4, 1, 0, 800, true);
	b->now_ns = INT64_MIN;
	assert_int_equal(send(b, 4, 1, 800, 1000, false), FRAGMENT_COMPLETES);
}

static void pieces_that_lie_are_refused(void **state)
{
	struct bench *b = *state;
	static uint8_t big[65536];
	struct packet p = piece(4, 1, 65528, false, big, 100); /* "ping of death" */
	assert_int_equal(put(b, &p), FRAGMENT_TOO_FAR);
	p = piece(4, 1, 8, true, big, 65528);
	assert_int_equal(put(b, &p), FRAGMENT_TOO_FAR);
	p = piece(4, 1, 8, true, big, 0);
	assert_int_equal(put(b, &p), FRAGMENT_EMPTY);
	p = piece(4, 1, 8, true, big, 7);
	assert_int_equal(put(b, &p), FRAGMENT_UNEVEN);
	p = piece(6, 1, 8, true, big, 15);
	assert_int_equal(put(b, &p), FRAGMENT_UNEVEN);
	p = piece(4, 1, 8, true, big, 80);
	p.payload_wirelen = 88;
	assert_int_equal(put(b, &p), FRAGMENT_CUT);
	assert_int_equal(b->news.n_frames, 0);
	fragments_end(b->fragments);
	assert_int_equal(b->n_lost[LOSS_TRACE_ENDED], 0);
}

static void a_datagram_has_one_end(void **state)
{
	struct bench *b = *state;
	(void)send(b, 4, 1, 800, 1000, false);
	assert_int_equal(send(b, 4, 1, 800, 1100, false), FRAGMENT_END_DIFFERS);
	assert_int_equal(send(b, 4, 1, 800, 900, false), FRAGMENT_END_DIFFERS);
	assert_int_equal(send(b, 4, 1, 1000, 1008, true), FRAGMENT_END_DIFFERS);
	assert_int_equal(send(b, 4, 1, 0, 800, true), FRAGMENT_COMPLETES);
	assert_whole(b, 1000);
	(void)send(b, 4, 2, 1600, 2400, true);
	assert_int_equal(send(b, 4, 2, 800, 1000, false), FRAGMENT_END_DIFFERS);
}

/* RFC 791: what is not the last has a multiple of 8; the rest of such a piece has no place. */
static void an_uneven_ipv4_piece_counts_by_whole_units(void **state)
{
	struct bench *b = *state;
	assert_int_equal(send(b, 4, 1, 0, 805, true), FRAGMENT_KEPT);
	assert_int_equal(b->news.have, 800);
	assert_int_equal(send(b, 4, 1, 800, 1000, false), FRAGMENT_COMPLETES);
	assert_whole(b, 1000);
}

static void the_largest_datagram_fits(void **state)
{
	struct bench *b = *state;
	static uint8_t big[65535];
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)(i >> 3);
	struct packet last = piece(4, 1, 65528, false, big + 65528, 7);
	assert_int_equal(put(b, &last), FRAGMENT_KEPT);
	struct packet rest = piece(4, 1, 0, true, big, 65528);
	assert_int_equal(put(b, &rest), FRAGMENT_COMPLETES);
	assert_int_equal(b->news.total, 65535);
	assert_memory_equal(b->news.data, big, 65535);
}

static void the_oldest_of_too_many_datagrams_makes_room(void **state)
{
	struct bench *b = *state;
	for (uint32_t id = 0; id <= FRAGMENTS_DATAGRAMS; id++)
		assert_int_equal(send(b, 4, id, 0, 8, true), FRAGMENT_KEPT);
	assert_int_equal(b->n_lost[LOSS_NO_ROOM], 1);
	assert_int_equal(b->loss.id, 0);
	assert_int_equal(send(b, 4, 1, 8, 16, false), FRAGMENT_COMPLETES);
	fragments_end(b->fragments);
	assert_int_equal(b->n_lost[LOSS_TRACE_ENDED], FRAGMENTS_DATAGRAMS - 1);
	assert_int_equal(b->loss.count, FRAGMENTS_DATAGRAMS - 1);
}

static void the_oldest_bytes_make_room_for_new_ones(void **state)
{
	struct bench *b = *state;
	static uint8_t big[64 * 1024 - 8];
	enum { FIT = FRAGMENTS_BYTES / (64 * 1024) };
	for (uint32_t id = 0; id < FIT + 3; id++) {
		struct packet p = piece(4, id, 0, true, big, sizeof big);
		assert_int_equal(put(b, &p), FRAGMENT_KEPT);
	}
	assert_int_equal(b->n_lost[LOSS_NO_ROOM], 3);
	assert_int_equal(b->loss.id, 2);
}

/* 8192 pieces of 8 bytes, backwards: the cost of each is its own length. */
static void the_smallest_pieces_cost_no_more(void **state)
{
	struct bench *b = *state;
	static uint8_t big[65536];
	for (uint32_t id = 0; id < 30; id++) {
		for (uint32_t at = 65520; at > 0; at -= 8) {
			struct packet p = piece(4, id, at, at < 65520, big + at, 8);
			assert_int_equal(put(b, &p), FRAGMENT_KEPT);
		}
		struct packet p = piece(4, id, 0, true, big, 8);
		assert_int_equal(put(b, &p), FRAGMENT_COMPLETES);
		assert_int_equal(b->news.n_frames, 8191);
	}
}

/* A TCP segment in two pieces, through the decoder. */
static void the_decoder_reads_what_was_put_together(void **state)
{
	struct bench *b = *state;
	struct frame tcp = frame_data("hello", 5);
	frame_tcp(&tcp);
	uint8_t *bytes = frame_bytes(&tcp);
	uint32_t len = (uint32_t)frame_len(&tcp);
	struct frame pieces[2] = {frame_data(bytes, 16), frame_data(bytes + 16, len - 16)};
	frame_ipv4_full(&pieces[0], 6, NULL, 0, 0x2000);
	frame_ipv4_full(&pieces[1], 6, NULL, 0, 2);
	for (size_t i = 0; i < 2; i++) {
		struct packet p;
		packet_decode(&p, 101, frame_bytes(&pieces[i]), (uint32_t)frame_len(&pieces[i]),
		              (uint32_t)frame_len(&pieces[i]));
		assert_int_equal(p.kind, KIND_FRAGMENT);
		(void)put(b, &p);
	}
	assert_int_equal(b->news.fate, FRAGMENT_COMPLETES);
	struct packet whole;
	packet_decode_ip_payload(&whole, &b->news.first, b->news.data, b->news.total);
	assert_hello(&whole);
	assert_false(whole.ip.is_fragment);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(two_pieces_in_order_make_a_datagram),
	        TEST(any_split_in_any_order_makes_the_same_datagram),
	        TEST(pieces_of_different_datagrams_do_not_mix),
	        TEST(in_ipv6_the_protocol_is_not_part_of_the_key),
	        TEST(a_piece_that_comes_twice_is_told_and_does_no_harm),
	        TEST(in_ipv4_the_bytes_that_came_first_stay),
	        TEST(in_ipv6_an_overlap_drops_the_datagram_and_what_follows),
	        TEST(an_unfinished_datagram_is_given_up_after_30_s),
	        TEST(a_clock_that_steps_back_gives_nothing_up),
	        TEST(pieces_that_lie_are_refused),
	        TEST(a_datagram_has_one_end),
	        TEST(an_uneven_ipv4_piece_counts_by_whole_units),
	        TEST(the_largest_datagram_fits),
	        TEST(the_oldest_of_too_many_datagrams_makes_room),
	        TEST(the_oldest_bytes_make_room_for_new_ones),
	        TEST(the_smallest_pieces_cost_no_more),
	        TEST(the_decoder_reads_what_was_put_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
