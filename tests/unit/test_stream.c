/* The bytes of one direction in order: what comes early, twice, in pieces that overlap, not at all,
 * or more than is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "stream/stream.h"

enum { TAKEN = 1 << 16 };

struct taker {
	struct stream stream;
	struct budget budget;
	char taken[TAKEN]; /* what was told: bytes as they are, a gap as "[3]" */
	int64_t now_ns;
	uint64_t frame;
};

static void take(void *arg, const struct piece *piece)
{
	struct taker *t = arg;
	struct text text = {.bytes = t->taken, .len = strlen(t->taken), .size = TAKEN};
	if (piece->bytes)
		text_add_bytes(&text, (const char *)piece->bytes, piece->len);
	else
		text_addf(&text, "[%u]", piece->len);
}

static void begin(struct taker *t, size_t limit)
{
	*t = (struct taker){.budget = {.limit = limit}};
	t->stream.budget = &t->budget;
}

/* The bytes in a block of their own, so that the sanitizer sees each that is read beyond them. */
static void add_cut(struct taker *t, uint32_t seq, const char *bytes, uint32_t len,
                    uint32_t captured)
{
	uint8_t *copy = malloc(captured + 1);
	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	struct piece piece = {
	        .seq = seq, .len = len, .captured = captured, .bytes = copy, .frame = ++t->frame};
	stream_add(&t->stream, &piece, take, t);
	free(copy);
}

static void add(struct taker *t, uint32_t seq, const char *bytes)
{
	add_cut(t, seq, bytes, (uint32_t)strlen(bytes), (uint32_t)strlen(bytes));
}

static void end(struct taker *t, const char *want)
{
	assert_string_equal(t->taken, want);
	stream_release(&t->stream);
	assert_int_equal(t->budget.used, 0);
	free(t);
}

static struct taker *taker_new(size_t limit)
{
	struct taker *t = malloc(sizeof *t);
	assert_non_null(t);
	begin(t, limit);
	return t;
}

static void pieces_in_order_are_told_at_once(void **state)
{
	(void)state; /* none of these tests needs one */
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 10);
	add(t, 10, "abc");
	assert_string_equal(t->taken, "abc");
	add(t, 13, "def");
	end(t, "abcdef");
}

static void early_pieces_wait_and_numbers_wrap(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, UINT32_MAX - 1);
	add(t, 4, "gh");
	add(t, 1, "def");
	assert_string_equal(t->taken, "");
	add(t, UINT32_MAX - 1, "abc");
	end(t, "abcdefgh");
}

static void what_comes_again_is_told_once(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 0);
	add(t, 0, "abcd");
	add(t, 0, "abcd");
	add(t, 2, "cdef");
	add(t, 0, "abcdefgh");
	add(t, 10, "kl");
	add(t, 10, "kl");
	add(t, 9, "jklm");
	add(t, 8, "i");
	end(t, "abcdefghijklm");
}

static void a_piece_before_the_beginning_is_left_out(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 100);
	add(t, 95, "xxxxx");
	add(t, 98, "xxab");
	add(t, 102 + (1U << 25), "far away");
	end(t, "ab");
}

static void a_hole_is_a_gap_once_its_receiver_has_the_bytes(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 0);
	add(t, 5, "fgh");
	stream_acked(&t->stream, 8);
	assert_string_equal(t->taken, "");
	add(t, 8, "ij");
	end(t, "[5]fghij");
}

static void what_the_capture_cut_off_is_a_gap(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 0);
	add_cut(t, 0, "abc", 10, 3);
	add(t, 10, "def");
	end(t, "abc[7]def");
}

static void at_the_end_what_waits_is_told_with_its_gaps(void **state)
{
	(void)state;
	struct taker *t = taker_new(1000);
	stream_start(&t->stream, 0);
	add(t, 2, "cd");
	add(t, 7, "h");
	stream_fin(&t->stream, 8);
	assert_false(stream_is_over(&t->stream));
	stream_flush(&t->stream, take, t);
	assert_true(stream_is_over(&t->stream));
	end(t, "[2]cd[3]h");
}

static void a_full_budget_gives_up_what_is_missing(void **state)
{
	(void)state;
	struct taker *t = taker_new(200);
	stream_start(&t->stream, 0);
	for (uint32_t i = 1; i < 40; i++)
		add(t, i * 10, "0123456789");
	assert_true(t->budget.used <= 200);
	assert_true(strncmp(t->taken, "[10]0123456789", 14) == 0);
	stream_flush(&t->stream, take, t);
	assert_int_equal(strlen(t->taken), 4 + 390);
	end(t, t->taken);
}

static void no_direction_keeps_more_than_its_share(void **state)
{
	(void)state;
	enum { PIECE = 1000 };
	char bytes[PIECE + 1];
	struct taker *t = taker_new(SIZE_MAX);
	memset(bytes, 'x', PIECE);
	bytes[PIECE] = '\0';
	stream_start(&t->stream, 0);
	for (uint32_t i = 1; i < 2000; i++) {
		add(t, i * (PIECE + 1), bytes);
		assert_true(t->stream.held_bytes <= STREAM_HELD_MAX);
		t->taken[0] = '\0';
	}
	for (uint32_t i = 0; i < 2 * STREAM_PIECES_MAX; i++) {
		add(t, 3000000 + i * 2, "y");
		assert_true(t->stream.n_held <= STREAM_PIECES_MAX);
		t->taken[0] = '\0';
	}
	end(t, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(pieces_in_order_are_told_at_once),
	        cmocka_unit_test(early_pieces_wait_and_numbers_wrap),
	        cmocka_unit_test(what_comes_again_is_told_once),
	        cmocka_unit_test(a_piece_before_the_beginning_is_left_out),
	        cmocka_unit_test(a_hole_is_a_gap_once_its_receiver_has_the_bytes),
	        cmocka_unit_test(what_the_capture_cut_off_is_a_gap),
	        cmocka_unit_test(at_the_end_what_waits_is_told_with_its_gaps),
	        cmocka_unit_test(a_full_budget_gives_up_what_is_missing),
	        cmocka_unit_test(no_direction_keeps_more_than_its_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
