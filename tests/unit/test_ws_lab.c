/* test_ws_lab.c: the bytes of WebSocket as the labs write and read them. (The tracer has a reader
 * of its own.) The examples are those of RFC 6455. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/ws.h"

static void the_key_is_answered_as_in_the_rfc(void **state)
{
	(void)state;
	char accept[WS_ACCEPT_BYTES];
	ws_accept(accept, (struct text){"dGhlIHNhbXBsZSBub25jZQ==", 24});
	assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

static void keys_are_long_enough_and_never_the_same(void **state)
{
	(void)state;
	char a[WS_KEY_BYTES], b[WS_KEY_BYTES];
	ws_make_key(a);
	ws_make_key(b);
	assert_int_equal(strlen(a), 24);
	assert_string_equal(a + 22, "==");
	assert_string_not_equal(a, b);
}

static void a_head_is_read_as_it_was_written(void **state)
{
	(void)state;
	static const uint64_t lengths[] = {0, 5, 125, 126, 65535, 65536, INT64_MAX};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		for (int masked = 0; masked < 2; masked++) {
			char head[WS_HEAD_MAX];
			struct ws_frame frame, wanted = {.fin = true,
			                                 .masked = masked,
			                                 .opcode = WS_BINARY,
			                                 .len = lengths[i]};
			if (masked)
				memcpy(wanted.mask, "\x37\xfa\x21\x3d", 4);
			size_t n = ws_write_head(head, &wanted);
			for (size_t k = 0; k < n; k++)
				assert_int_equal(ws_read_head(&frame, head, k), 0);
			assert_int_equal(ws_read_head(&frame, head, n), n);
			assert_int_equal(frame.len, wanted.len);
			assert_int_equal(frame.opcode, WS_BINARY);
			assert_int_equal(frame.masked, masked);
			assert_memory_equal(frame.mask, wanted.mask, 4);
		}
	}
}

static void the_mask_of_the_rfc_comes_off(void **state)
{
	(void)state;
	char frame_bytes[] = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
	struct ws_frame frame;
	assert_int_equal(ws_read_head(&frame, frame_bytes, 11), 6);
	ws_mask(frame_bytes + 6, 5, frame.mask);
	assert_memory_equal(frame_bytes + 6, "Hello", 5);
}

static void heads_that_must_not_be_are_refused(void **state)
{
	(void)state;
	static const struct {
		size_t n;
		const char *bytes;
	} cases[] = {
	        {2, "\xc1\x80"},                              /* a reserved bit */
	        {2, "\x83\x80"},                              /* an opcode that is not there */
	        {2, "\x8b\x80"},                              /* nor as a control frame */
	        {2, "\x09\x80"},                              /* a ping in pieces */
	        {2, "\x88\xfe"},                              /* a long goodbye */
	        {8, "\x81\xfe\x00\x7d\0\0\0\0"},              /* 125 in two bytes */
	        {14, "\x81\xff\0\0\0\0\0\0\xff\xff\0\0\0\0"}, /* 65535 in eight */
	        {14, "\x81\xff\x80\0\0\0\0\0\0\0\0\0\0\0"},   /* and its highest bit */
	};
	struct ws_frame frame;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(ws_read_head(&frame, cases[i].bytes, cases[i].n),
		                 -WS_PROTOCOL_ERROR);
}

static void utf8_is_known_from_what_only_looks_like_it(void **state)
{
	(void)state;
	static const struct {
		bool good;
		const char *text;
	} cases[] = {
	        {true, ""},
	        {true, "gr\xc3\xbc\xc3\x9f dich"},
	        {true, "\xe4\xb8\xad\xe6\x96\x87"},
	        {true, "\xf0\x9f\x90\xa7"},
	        {true, "\xed\x9f\xbf\xee\x80\x80"},
	        {true, "\xf4\x8f\xbf\xbf"},
	        {false, "\xff"},
	        {false, "a\x80"},
	        {false, "\xc3"}, /* cut */
	        {false, "\xe4\xb8"},
	        {false, "\xf0\x9f\x90"},
	        {false, "\xc0\xaf"}, /* longer than need be */
	        {false, "\xe0\x80\xaf"},
	        {false, "\xf0\x80\x80\xaf"},
	        {false, "\xed\xa0\x80"},     /* half of a UTF-16 pair */
	        {false, "\xf4\x90\x80\x80"}, /* behind the last */
	        {false, "\xf8\x88\x80\x80\x80"},
	        {false, "\xe4\xb8z"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(ws_is_utf8(cases[i].text, strlen(cases[i].text)), cases[i].good);
}

static void goodbyes_have_codes_that_may_be_said(void **state)
{
	(void)state;
	static const struct {
		int code;
		size_t n;
		const char *payload;
	} cases[] = {
	        {WS_NO_CODE, 0, ""},
	        {1000, 2, "\x03\xe8"},
	        {1011, 6, "\x03\xf3oops"},
	        {4999, 2, "\x13\x87"},
	        {-WS_PROTOCOL_ERROR, 1, "\x03"},
	        {-WS_PROTOCOL_ERROR, 2, "\x03\xe7"}, /* 999 */
	        {-WS_PROTOCOL_ERROR, 2, "\x03\xed"}, /* 1005 stands for none */
	        {-WS_PROTOCOL_ERROR, 2, "\x03\xee"}, /* 1006 for a connection that broke */
	        {-WS_PROTOCOL_ERROR, 2, "\x03\xf7"}, /* 1015 for TLS that failed */
	        {-WS_PROTOCOL_ERROR, 2, "\x07\xd0"}, /* 2000 */
	        {-WS_PROTOCOL_ERROR, 2, "\x13\x88"}, /* 5000 */
	        {-WS_NOT_UTF8, 3, "\x03\xe8\xff"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(ws_close_code(cases[i].payload, cases[i].n), cases[i].code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(the_key_is_answered_as_in_the_rfc),
	        cmocka_unit_test(keys_are_long_enough_and_never_the_same),
	        cmocka_unit_test(a_head_is_read_as_it_was_written),
	        cmocka_unit_test(the_mask_of_the_rfc_comes_off),
	        cmocka_unit_test(heads_that_must_not_be_are_refused),
	        cmocka_unit_test(utf8_is_known_from_what_only_looks_like_it),
	        cmocka_unit_test(goodbyes_have_codes_that_may_be_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
