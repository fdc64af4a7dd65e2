/* Frames of WebSocket: exact outputs, however the conversation is cut, and hostile input. */
#include "stream/websocket.h"
#include "talks.h"

#define ASK                                                                                        \
	"GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"           \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
#define AGREE_TO(accept, more)                                                                     \
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"        \
	"Sec-WebSocket-Accept: " accept "\r\n" more "\r\n"
#define AGREE AGREE_TO("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "")
#define DEFLATE                                                                                    \
	AGREE_TO(                                                                                  \
	        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",                                                    \
	        "Sec-WebSocket-Extensions: x, permessage-deflate; server_no_context_takeover\r\n")
/* A mask that changes nothing keeps the tests readable; one test has a real one. */
#define MASK "\0\0\0\0"

/* The messages behind the handshake's two. The caller frees them. */
static char *frames_of(const struct said *said, size_t n, bool fields, const char *agree)
{
	struct talking t;
	talking_begin(&t, 80);
	say_bytes(&t, CLIENT, ASK, sizeof ASK - 1);
	say_bytes(&t, SERVER, agree, strlen(agree));
	*t.ear.heard = '\0';
	t.ear.fields = fields;
	for (size_t i = 0; i < n; i++)
		say_bytes(&t, said[i].from, said[i].bytes, said[i].n);
	talking_close(&t);
	messages_free(t.messages);
	return t.ear.heard;
}

static void check_frames(const struct said *said, size_t n, bool fields, const char *want)
{
	char *got = frames_of(said, n, fields, AGREE);
	assert_string_equal(got, want);
	free(got);
}

/* One frame is told like this. */
static void check_frame(enum side from, const char *bytes, size_t len, const char *want)
{
	const struct said said = {from, bytes, len};
	check_frames(&said, 1, false, want);
}
#define CHECK_FRAME(side, bytes, want) check_frame(side, bytes, sizeof(bytes) - 1, want)

static void a_conversation_is_told_wherever_it_is_cut(void **state)
{
	(void)state; /* none of these tests needs one */
	static const struct said said[] = {
	        SAYS(CLIENT, ASK),
	        SAYS(SERVER, AGREE "\x81\x02hi"),
	        SAYS(CLIENT, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" /* RFC 6455, 5.7 */
	                     "\x01\x83" MASK "fra\x89\x82" MASK "??\x80\x82" MASK "g."),
	        SAYS(SERVER, "\x8a\x02??\x82\x03\x00\xff\x01\x88\x0c\x03\xe9so long\xe2\x82\xac"),
	        SAYS(CLIENT, "\x88\x82" MASK "\x03\xe9"),
	};
	assert_messages(
	        said, COUNT(said), 80, false,
	        "client http request (144) GET /chat HTTP/1.1\n"
	        "server http response (129) HTTP/1.1 101 Switching Protocols\n"
	        "server websocket text (4) text \"hi\"\n"
	        "client websocket text (11) text \"Hello\"\n"
	        "client websocket text (9) text \"fra\", more follows\n"
	        "client websocket ping (8) ping \"??\"\n"
	        "client websocket continuation (8) continuation \"g.\", the last of 2\n"
	        "server websocket pong (4) pong \"??\"\n"
	        "server websocket binary (5) binary, 3 bytes\n"
	        "server websocket close (14) close 1001 going away \"so long\xe2\x82\xac\"\n"
	        "client websocket close (8) close 1001 going away\n");
}

static void frames_have_their_fields(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
	        SAYS(CLIENT, "\x01\x81" MASK "a\x80\x82" MASK "bc"),
	        SAYS(SERVER, "\x89\x02\x0a?\x88\x05\x03\xe8"
	                     "bye"),
	};
	check_frames(said, COUNT(said), true,
	             "client websocket text (11) text \"Hello\"\n"
	             "  websocket.fin=1\n  websocket.opcode=1\n  websocket.mask=1\n"
	             "  websocket.payload_length=5\n  websocket.masking_key=37fa213d\n"
	             "  websocket.payload.text=Hello\n"
	             "client websocket text (7) text \"a\", more follows\n"
	             "  websocket.fin=0\n  websocket.opcode=1\n  websocket.mask=1\n"
	             "  websocket.payload_length=1\n  websocket.masking_key=00000000\n"
	             "  websocket.payload.text=a\n"
	             "client websocket continuation (8) continuation \"bc\", the last of 2\n"
	             "  websocket.fin=1\n  websocket.opcode=0\n  websocket.mask=1\n"
	             "  websocket.payload_length=2\n  websocket.masking_key=00000000\n"
	             "  websocket.fragment.count=2\n  websocket.reassembled.length=3\n"
	             "server websocket ping (4) ping \"\\n?\"\n"
	             "  websocket.fin=1\n  websocket.opcode=9\n  websocket.mask=0\n"
	             "  websocket.payload_length=2\n  websocket.payload.ping=0a3f\n"
	             "server websocket close (7) close 1000 normal closure \"bye\"\n"
	             "  websocket.fin=1\n  websocket.opcode=8\n  websocket.mask=0\n"
	             "  websocket.payload_length=5\n  websocket.payload.close.status_code=1000\n"
	             "  websocket.payload.close.reason=bye\n");
}

static void the_servers_proof_is_checked(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(CLIENT, ASK),
	        SAYS(SERVER, AGREE_TO("s3pPLMBiTxaQ9kYGzzhZRbK+xOa=", "") "\x81\x01!"),
	};
	assert_messages(said, COUNT(said), 80, false,
	                "client http request (144) GET /chat HTTP/1.1\n"
	                "server http response (129) HTTP/1.1 101 Switching Protocols "
	                "!Sec-WebSocket-Accept does not belong to the client's key\n"
	                "server websocket text (3) text \"!\"\n");
	assert_true(websocket_key_fits("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
	assert_false(websocket_key_fits("dGhlIHNhbXBsZSBub25jZQ=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
	assert_false(websocket_key_fits("", ""));
}

static void masks_are_the_clients_only(void **state)
{
	(void)state;
	CHECK_FRAME(CLIENT, "\x81\x02hi",
	            "client websocket text (4) text \"hi\" !a client's frame without a mask\n");
	CHECK_FRAME(SERVER, "\x81\x82" MASK "hi",
	            "server websocket text (8) text \"hi\" !a server's frame with a mask\n");
}

static void bits_and_opcodes_without_a_meaning_are_named(void **state)
{
	(void)state;
	CHECK_FRAME(SERVER, "\xc1\x02hi",
	            "server websocket text (4) text, compressed, 2 bytes "
	            "!reserved bits that no extension has given a meaning\n");
	CHECK_FRAME(SERVER, "\x9a\x00",
	            "server websocket pong (2) pong "
	            "!reserved bits that no extension has given a meaning\n");
	CHECK_FRAME(SERVER, "\x83\x01x",
	            "server websocket reserved (3) reserved, 1 byte !an opcode that is reserved\n");
	CHECK_FRAME(SERVER, "\x8b\x01x",
	            "server websocket reserved (3) reserved \"x\" !an opcode that is reserved\n");
}

static void control_frames_are_short_and_whole(void **state)
{
	(void)state;
	char big[4 + 126] = "\x89\x7e\x00\x7e";
	memset(big + 4, 'p', 126);
	check_frame(SERVER, big, sizeof big,
	            "server websocket ping (130) ping "
	            "\"pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp...\" "
	            "!a control frame of more than 125 bytes\n");
	CHECK_FRAME(SERVER, "\x09\x01x",
	            "server websocket ping (3) ping \"x\" !a control frame in fragments\n");
}

static void lengths_have_one_form(void **state)
{
	(void)state;
	CHECK_FRAME(SERVER, "\x82\x7e\x00\x02xx",
	            "server websocket binary (6) binary, 2 bytes "
	            "!its length in a longer form than it needs\n");
	CHECK_FRAME(SERVER, "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x02xx",
	            "server websocket binary (12) binary, 2 bytes "
	            "!its length in a longer form than it needs\n");
}

static void a_length_beyond_reason_is_the_end_of_understanding(void **state)
{
	(void)state;
	CHECK_FRAME(
	        SERVER, "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00\x81\x01x",
	        "server websocket binary (10) binary incomplete !a length of 2^63 bytes or more\n");
	CHECK_FRAME(SERVER, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff\x81\x01x",
	            "server websocket binary (13) binary, 9223372036854775807 bytes incomplete\n");
}

static void text_is_utf8_also_over_fragments(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t n;
		bool good;
	} texts[] = {
	        {"\xe2\x82\xac", 3, true},
	        {"\xf0\x9f\x98\x80", 4, true},
	        {"\xed\x9f\xbf\xee\x80\x80", 6, true},
	        {"\xf4\x8f\xbf\xbf", 4, true},
	        {"\xe0\xa0\x80\xf0\x90\x80\x80", 7, true},
	        {"\x80", 1, false},
	        {"\xc0\xaf", 2, false},
	        {"\xc1\xbf", 2, false},
	        {"\xe0\x9f\xbf", 3, false},
	        {"\xed\xa0\x80", 3, false},
	        {"\xf0\x8f\xbf\xbf", 4, false},
	        {"\xf4\x90\x80\x80", 4, false},
	        {"\xf5\x80\x80\x80", 4, false},
	        {"\xe2\x82", 2, false},
	        {"\xe2\x82x", 3, false},
	        {"\xff", 1, false},
	};
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t cut = 0; cut <= texts[i].n; cut++) {
			char bytes[32] = {1, (char)cut};
			memcpy(bytes + 2, texts[i].bytes, cut);
			bytes[2 + cut] = (char)0x80;
			bytes[3 + cut] = (char)(texts[i].n - cut);
			memcpy(bytes + 4 + cut, texts[i].bytes + cut, texts[i].n - cut);
			const struct said said = {SERVER, bytes, texts[i].n + 4};
			char *got = frames_of(&said, 1, false, AGREE);
			if ((strstr(got, "not UTF-8") == NULL) != texts[i].good)
				fail_msg("text %zu cut at %zu: %s", i, cut, got);
			free(got);
		}
}

static void fragments_come_in_their_order(void **state)
{
	(void)state;
	CHECK_FRAME(SERVER, "\x80\x01x",
	            "server websocket continuation (3) continuation, 1 byte "
	            "!a continuation of nothing\n");
	CHECK_FRAME(SERVER, "\x01\x01x\x81\x01y",
	            "server websocket text (3) text \"x\", more follows\n"
	            "server websocket text (3) text \"y\" "
	            "!a new message before the last fragment of the one before\n");
}

static void close_codes_are_judged(void **state)
{
	(void)state;
	static const struct {
		unsigned code;
		const char *words; /* NULL: nobody may send it */
	} codes[] = {
	        {0, NULL},
	        {999, NULL},
	        {1000, "normal closure"},
	        {1004, NULL},
	        {1005, NULL},
	        {1006, NULL},
	        {1011, "internal error"},
	        {1014, "bad gateway"},
	        {1015, NULL},
	        {2999, NULL},
	        {3000, "a code of a library"},
	        {4999, "a code of the application"},
	        {5000, NULL},
	        {65535, NULL},
	};
	for (size_t i = 0; i < COUNT(codes); i++) {
		char bytes[] = {(char)0x88, 2, (char)(codes[i].code >> 8), (char)codes[i].code};
		TEXT(want, 128);
		text_addf(&want, "server websocket close (4) close %u%s%s%s\n", codes[i].code,
		          codes[i].words ? " " : "", codes[i].words ? codes[i].words : "",
		          codes[i].words ? "" : " !a close code that nobody may send");
		check_frame(SERVER, bytes, sizeof bytes, want.bytes);
	}
	CHECK_FRAME(SERVER, "\x88\x00", "server websocket close (2) close without a code\n");
	CHECK_FRAME(SERVER, "\x88\x01\x03",
	            "server websocket close (3) close without a code !half a close code\n");
	CHECK_FRAME(SERVER, "\x88\x03\x03\xe8\xff",
	            "server websocket close (5) close 1000 normal closure \"\xef\xbf\xbd\" "
	            "!a reason that is not UTF-8\n");
	CHECK_FRAME(SERVER, "\x88\x00\x81\x01x",
	            "server websocket close (2) close without a code\n"
	            "server websocket text (3) text \"x\" !a frame behind the close frame\n");
}

static void compressed_messages_are_named_where_both_agreed(void **state)
{
	(void)state;
	static const struct said said[] = {
	        SAYS(SERVER, "\xc1\x02\xff\xff\x41\x01\xff\x80\x01\xfe\x81\x01x"),
	};
	char *got = frames_of(said, COUNT(said), false, DEFLATE);
	assert_string_equal(got,
	                    "server websocket text (4) text, compressed, 2 bytes\n"
	                    "server websocket text (3) text, compressed, 1 byte, more follows\n"
	                    "server websocket continuation (3) continuation, compressed, "
	                    "1 byte, the last of 2\n"
	                    "server websocket text (3) text \"x\"\n");
	free(got);
}

static void answers_are_tied_to_their_questions(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	say_bytes(&t, CLIENT, ASK, sizeof ASK - 1);
	say_bytes(&t, SERVER, AGREE, sizeof AGREE - 1);
	*t.ear.heard = '\0';
	t.ear.frames = true;
	say_bytes(&t, CLIENT, "\x89\x81" MASK "1\x89\x81" MASK "2", 14);
	say_bytes(&t, CLIENT, "\x89\x81" MASK "3", 7);
	say_bytes(&t, SERVER,
	          "\x8a\x01"
	          "3\x8a\x01"
	          "1\x8a\x01"
	          "4",
	          9);
	say_bytes(&t, SERVER, "\x88\x00", 2);
	say_bytes(&t, CLIENT, "\x88\x80" MASK, 6);
	assert_string_equal(t.ear.heard, "client websocket ping (7) ping \"1\" @3\n"
	                                 "client websocket ping (7) ping \"2\" @3\n"
	                                 "client websocket ping (7) ping \"3\" @4\n"
	                                 "server websocket pong (3) pong \"3\" @5 <4\n"
	                                 "server websocket pong (3) pong \"1\" @5 <3\n"
	                                 "server websocket pong (3) pong \"4\" @5\n"
	                                 "server websocket close (2) close without a code @6\n"
	                                 "client websocket close (6) close without a code @7 <6\n");
	talking_free(&t);
}

static void a_long_frame_is_passed_over_and_may_have_holes(void **state)
{
	(void)state;
	enum { LONG = 100000 };
	struct talking t;
	char *part = calloc(1, 1000);
	assert_non_null(part);
	talking_begin(&t, 80);
	say_bytes(&t, CLIENT, ASK, sizeof ASK - 1);
	say_bytes(&t, SERVER, AGREE, sizeof AGREE - 1);
	*t.ear.heard = '\0';
	say_bytes(&t, SERVER, "\x82\x7f\x00\x00\x00\x00\x00\x01\x86\xa0", 10);
	for (int i = 0; i < LONG / 1000; i++)
		if (i == 50)
			miss_bytes(&t, SERVER, 1000);
		else
			say_bytes(&t, SERVER, part, 1000);
	say_bytes(&t, SERVER, "\x81\x02hi", 4);
	say_bytes(&t, CLIENT, "\x8a\x80" MASK, 6); /* acknowledges all */
	messages_end(t.messages);
	assert_non_null(strstr(t.ear.heard, "server websocket binary (100010) binary, 100000 bytes "
	                                    "missing 1000 !the capture has missed bytes of it\n"
	                                    "server websocket text (4) text \"hi\"\n"));
	free(part);
	talking_free(&t);
}

static void a_frame_that_breaks_off_is_told(void **state)
{
	(void)state;
	CHECK_FRAME(SERVER, "\x81\x05h\xe2\x82",
	            "server websocket text (5) text \"h...\" incomplete\n");
}

static void behind_a_gap_frames_are_told_again(void **state)
{
	(void)state;
	struct talking t;
	talking_begin(&t, 80);
	say_bytes(&t, CLIENT, ASK, sizeof ASK - 1);
	say_bytes(&t, SERVER, AGREE, sizeof AGREE - 1);
	*t.ear.heard = '\0';
	SAY(&t, CLIENT, "\x01\x83" MASK "one");
	miss_bytes(&t, CLIENT, 20);
	SAY(&t, CLIENT, "the end of a frame");
	SAY(&t, CLIENT, "\x81\x02hi");        /* no mask: that may be anything */
	SAY(&t, CLIENT, "\x81\x82" MASK "h"); /* not whole */
	SAY(&t, CLIENT, "\x00\x83" MASK "two\x80\x82" MASK "xy\x81\x82" MASK "h");
	SAY(&t, CLIENT, "i");
	talking_close(&t);
	assert_string_equal(
	        t.ear.heard,
	        "client websocket text (9) text \"one\", more follows\n"
	        "client websocket gap (0)  incomplete missing 20 "
	        "!the capture has missed bytes of it\n"
	        "client websocket continuation (9) continuation, 3 bytes, more follows\n"
	        "client websocket continuation (8) continuation, 2 bytes\n"
	        "client websocket text (8) text \"hi\"\n");
	talking_free(&t);
}

static void behind_a_gap_a_long_frame_may_begin(void **state)
{
	(void)state;
	struct talking t;
	static char bytes[4 + 1000] = "\x82\x7e\x03\xe8";
	talking_begin(&t, 80);
	say_bytes(&t, CLIENT, ASK, sizeof ASK - 1);
	say_bytes(&t, SERVER, AGREE, sizeof AGREE - 1);
	miss_bytes(&t, SERVER, 20);
	say_bytes(&t, SERVER, bytes, 500);
	say_bytes(&t, SERVER, bytes + 500, sizeof bytes - 500);
	talking_close(&t);
	assert_non_null(strstr(t.ear.heard, "server websocket binary (1004) binary, 1000 bytes\n"));
	talking_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_conversation_is_told_wherever_it_is_cut),
	        cmocka_unit_test(frames_have_their_fields),
	        cmocka_unit_test(the_servers_proof_is_checked),
	        cmocka_unit_test(masks_are_the_clients_only),
	        cmocka_unit_test(bits_and_opcodes_without_a_meaning_are_named),
	        cmocka_unit_test(control_frames_are_short_and_whole),
	        cmocka_unit_test(lengths_have_one_form),
	        cmocka_unit_test(a_length_beyond_reason_is_the_end_of_understanding),
	        cmocka_unit_test(text_is_utf8_also_over_fragments),
	        cmocka_unit_test(fragments_come_in_their_order),
	        cmocka_unit_test(close_codes_are_judged),
	        cmocka_unit_test(compressed_messages_are_named_where_both_agreed),
	        cmocka_unit_test(answers_are_tied_to_their_questions),
	        cmocka_unit_test(a_long_frame_is_passed_over_and_may_have_holes),
	        cmocka_unit_test(a_frame_that_breaks_off_is_told),
	        cmocka_unit_test(behind_a_gap_frames_are_told_again),
	        cmocka_unit_test(behind_a_gap_a_long_frame_may_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
