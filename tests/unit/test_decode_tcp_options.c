/* test_decode_tcp_options.c: every option of TCP from a table: what the bytes are, what must come
 * out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "packets.h"

#define WIRE(literal) (const uint8_t *)(literal), sizeof(literal) - 1

static const struct {
	const char *what;
	const uint8_t *bytes;
	size_t n;
	struct tcp_options expected;
} cases[] = {
        {"nothing", WIRE(""), {0}},
        {"padding only", WIRE("\1\1\1\1"), {0}},
        {"nothing counts after the end", WIRE("\0\2\4\5"), {0}},
        {"MSS", WIRE("\2\4\5\xb4"), {.present = OPT_MSS, .mss = 1460}},
        {"window scale", WIRE("\3\3\7\1"), {.present = OPT_WINDOW_SCALE, .window_scale = 7}},
        {"window scale above 14, as sent",
         WIRE("\3\3\xff\1"),
         {.present = OPT_WINDOW_SCALE, .window_scale = 255}},
        {"SACK permitted", WIRE("\4\2\1\1"), {.present = OPT_SACK_PERMITTED}},
        {"one SACK block",
         WIRE("\5\12\0\0\0\1\0\0\0\5"),
         {.present = OPT_SACK, .n_sack = 1, .sack_left = {1}, .sack_right = {5}}},
        {"four SACK blocks",
         WIRE("\5\42\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\xff\xff\xff\xff\0\0\0\0"),
         {.present = OPT_SACK,
          .n_sack = 4,
          .sack_left = {1, 3, 5, 0xffffffff},
          .sack_right = {2, 4, 6, 0}}},
        {"timestamps",
         WIRE("\10\12\1\2\3\4\5\6\7\10"),
         {.present = OPT_TIMESTAMPS, .timestamp_value = 0x01020304, .timestamp_echo = 0x05060708}},
        {"MD5",
         WIRE("\23\22"
              "0123456789abcdef"),
         {.present = OPT_MD5}},
        {"user timeout in seconds",
         WIRE("\34\4\0\x1e"),
         {.present = OPT_USER_TIMEOUT, .user_timeout = 30}},
        {"user timeout in minutes",
         WIRE("\34\4\x80\x05"),
         {.present = OPT_USER_TIMEOUT, .user_timeout = 5, .user_timeout_minutes = true}},
        {"AO",
         WIRE("\35\20\3\4"
              "0123456789ab"),
         {.present = OPT_AO, .ao_key_id = 3, .ao_next_key_id = 4}},
        {"MPTCP", WIRE("\36\4\x20\1"), {.present = OPT_MPTCP, .mptcp_subtype = 2}},
        {"Fast Open request", WIRE("\42\2\1\1"), {.present = OPT_FAST_OPEN}},
        {"Fast Open cookie",
         WIRE("\42\12"
              "cookie!!"),
         {.present = OPT_FAST_OPEN, .cookie_len = 8, .cookie = "cookie!!"}},
        {"Fast Open cookie, longest",
         WIRE("\42\22"
              "0123456789abcdef"),
         {.present = OPT_FAST_OPEN,
          .cookie_len = 16,
          .cookie = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
                     'f'}}},
        {"experimental Fast Open request", WIRE("\xfe\4\xf9\x89"), {.present = OPT_FAST_OPEN}},
        {"experimental Fast Open cookie",
         WIRE("\xfe\14\xf9\x89"
              "cookie!!"),
         {.present = OPT_FAST_OPEN, .cookie_len = 8, .cookie = "cookie!!"}},
        {"another experiment",
         WIRE("\xfe\4\1\2"),
         {.present = OPT_OTHER, .n_other = 1, .other_kinds = {254}}},
        {"kinds without a name, the first four kept",
         WIRE("\6\6\0\0\0\0\x63\2\xfd\4\0\0\x46\3\1\x47\2\x48\2\2\4\5\xb4"),
         {.present = OPT_OTHER | OPT_MSS,
          .mss = 1460,
          .n_other = 4,
          .other_kinds = {6, 99, 253, 70}}},
        {"what Linux sends in a SYN",
         WIRE("\2\4\5\xb4\4\2\10\12\0\0\0\1\0\0\0\0\1\3\3\7"),
         {.present = OPT_MSS | OPT_SACK_PERMITTED | OPT_TIMESTAMPS | OPT_WINDOW_SCALE,
          .mss = 1460,
          .timestamp_value = 1,
          .window_scale = 7}},
        {"length 0",
         WIRE("\2\4\5\xb4\10\0\0\0"),
         {.present = OPT_MSS | OPT_MALFORMED, .mss = 1460}},
        {"length 1", WIRE("\10\1\2\4"), {.present = OPT_MALFORMED}},
        {"length past the end", WIRE("\10\xff\0\0"), {.present = OPT_MALFORMED}},
        {"length one past the end", WIRE("\2\5\5\xb4"), {.present = OPT_MALFORMED}},
        {"no room for a length", WIRE("\1\1\1\10"), {.present = OPT_MALFORMED}},
        {"MSS of a wrong length, and on",
         WIRE("\2\2\3\3\5\1"),
         {.present = OPT_MALFORMED | OPT_WINDOW_SCALE, .window_scale = 5}},
        {"window scale too long", WIRE("\3\4\5\6"), {.present = OPT_MALFORMED}},
        {"half a SACK block", WIRE("\5\6\0\0\0\1"), {.present = OPT_MALFORMED}},
        {"SACK without a block", WIRE("\5\2\1\1"), {.present = OPT_MALFORMED}},
        {"an odd Fast Open cookie", WIRE("\42\5\1\2\3"), {.present = OPT_MALFORMED}},
        {"MPTCP without a subtype", WIRE("\36\2\1\1"), {.present = OPT_MALFORMED}},
        {"MD5 cut short by the header", WIRE("\23\22\1\2"), {.present = OPT_MALFORMED}},
};

/* Parses `captured` of `n` bytes, from an exact copy. */
static struct tcp_options parse(const uint8_t *bytes, size_t captured, size_t n)
{
	uint8_t *copy = malloc(captured + 1);
	assert_non_null(copy);
	memcpy(copy + 1, bytes, captured);
	struct tcp_options options;
	memset(&options, 0xa5, sizeof options);
	struct cursor c = cursor_of(copy + 1, captured);
	tcp_options_parse(&options, &c, n);
	free(copy);
	return options;
}

static void assert_options(const struct tcp_options *o, const struct tcp_options *expected)
{
	assert_int_equal(o->present, expected->present);
	assert_int_equal(o->mss, expected->mss);
	assert_int_equal(o->window_scale, expected->window_scale);
	assert_int_equal(o->n_sack, expected->n_sack);
	assert_memory_equal(o->sack_left, expected->sack_left, sizeof o->sack_left);
	assert_memory_equal(o->sack_right, expected->sack_right, sizeof o->sack_right);
	assert_int_equal(o->timestamp_value, expected->timestamp_value);
	assert_int_equal(o->timestamp_echo, expected->timestamp_echo);
	assert_int_equal(o->user_timeout, expected->user_timeout);
	assert_int_equal(o->user_timeout_minutes, expected->user_timeout_minutes);
	assert_int_equal(o->ao_key_id, expected->ao_key_id);
	assert_int_equal(o->ao_next_key_id, expected->ao_next_key_id);
	assert_int_equal(o->mptcp_subtype, expected->mptcp_subtype);
	assert_int_equal(o->cookie_len, expected->cookie_len);
	assert_memory_equal(o->cookie, expected->cookie, sizeof o->cookie);
	assert_int_equal(o->n_other, expected->n_other);
	assert_memory_equal(o->other_kinds, expected->other_kinds, sizeof o->other_kinds);
}

static void every_option_gives_its_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct tcp_options o = parse(cases[i].bytes, cases[i].n, cases[i].n);
		if (o.present != cases[i].expected.present)
			print_error("in the case: %s\n", cases[i].what);
		assert_options(&o, &cases[i].expected);
	}
}

/* A cut never invents an option or a fault that the whole header does not have. */
static void options_cut_by_the_capture_are_not_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct tcp_options whole = parse(cases[i].bytes, cases[i].n, cases[i].n);
		for (size_t n = 0; n < cases[i].n; n++) {
			struct tcp_options o = parse(cases[i].bytes, n, cases[i].n);
			uint32_t allowed = whole.present | OPT_CUT;
			if (cases[i].bytes[0] == 254)
				allowed |= OPT_OTHER; /* whose experiment it is was cut off */
			assert_int_equal(o.present & ~allowed, 0);
			assert_true(o.n_sack <= whole.n_sack);
		}
	}
}

static void whole_sack_blocks_of_a_cut_option_are_kept(void **state)
{
	(void)state;
	static const uint8_t bytes[18] = {5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3};
	for (size_t n = 2; n < sizeof bytes; n++) {
		struct tcp_options o = parse(bytes, n, sizeof bytes);
		assert_int_equal(o.n_sack, n >= 10 ? 1 : 0);
		assert_int_equal(o.present, n >= 10 ? OPT_SACK | OPT_CUT : OPT_CUT);
	}
}

static void a_cut_cookie_is_not_taken_for_a_request(void **state)
{
	(void)state;
	static const uint8_t bytes[] = "\42\12"
	                               "cookie!!";
	for (size_t n = 0; n < 10; n++)
		assert_int_equal(parse(bytes, n, 10).present, OPT_CUT);
}

static void every_kind_and_length_is_survived(void **state)
{
	(void)state;
	uint8_t bytes[40];
	for (unsigned kind = 0; kind < 256; kind++) {
		for (unsigned len = 0; len < 256; len++) {
			memset(bytes, 1, sizeof bytes);
			bytes[0] = (uint8_t)kind;
			bytes[1] = (uint8_t)len;
			struct tcp_options o = parse(bytes, sizeof bytes, sizeof bytes);
			if (kind > 1 && (len < 2 || len > sizeof bytes))
				assert_int_equal(o.present, OPT_MALFORMED);
			assert_false(o.present & OPT_CUT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_option_gives_its_values),
	        cmocka_unit_test(options_cut_by_the_capture_are_not_malformed),
	        cmocka_unit_test(whole_sack_blocks_of_a_cut_option_are_kept),
	        cmocka_unit_test(a_cut_cookie_is_not_taken_for_a_request),
	        cmocka_unit_test(every_kind_and_length_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
