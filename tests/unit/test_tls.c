/* Records and handshake messages of TLS that anybody can read: exact outputs, however the
 * conversation is cut, and hostile input. What is inside encrypted records: test_tls_open.c. */
#include "stream/tls.h"
#include "talks.h"
#include "tls_bytes.h"

static const uint16_t both_versions[] = {0x0304, 0x0303};

static void put_client_hello(struct tls_bytes *b)
{
	static const uint16_t groups[] = {0x3A3A, 0x001D, 0x0017}, schemes[] = {0x0403, 0x0804};
	begin_record(b, 22, 0x0301);
	begin_handshake(b, 1);
	put_hello_start(b, 0x0303, '\xAA');
	begin_vector(b, 2);
	PUT(b, "\x13\x01\xC0\x2F\x12\x34\x0A\x0A");
	end_vector(b);
	PUT(b, "\1\0"); /* no compression */
	begin_vector(b, 2);
	put_server_name(b, "a.example");
	put_numbers(b, 10, 2, groups, 3);
	put_numbers(b, 13, 2, schemes, 2);
	put_alpn(b, "h2", "http/1.1");
	put_numbers(b, 43, 1, both_versions, 2);
	begin_extension(b, 51);
	begin_vector(b, 2);
	PUT(b, "\0\x1D");
	begin_vector(b, 2);
	put_many(b, '\xBB', 32);
	end_vector(b);
	end_vector(b);
	end_vector(b);
	PUT(b, "\x77\x77\0\1x"); /* an extension that nobody knows */
	end_vector(b);
	end_vector(b);
	end_vector(b);
}

static void put_server_hello(struct tls_bytes *b, uint16_t version, uint16_t suite, bool is_1_3)
{
	begin_handshake(b, 2);
	put_hello_start(b, version, '\xCC');
	put_number(b, suite, 2);
	PUT(b, "\0");
	begin_vector(b, 2);
	if (is_1_3) {
		PUT(b, "\0\x2B\0\2\3\4\0\x33\0\6\0\x1D\0\2zz");
	} else {
		put_alpn(b, "http/1.1", NULL);
		PUT(b, "\xFF\1\0\1\0"); /* renegotiation_info, empty */
	}
	end_vector(b);
	end_vector(b);
}

static void put_alert(struct tls_bytes *b, int level, int description)
{
	begin_record(b, 21, 0x0303);
	put_number(b, (uint32_t)level, 1);
	put_number(b, (uint32_t)description, 1);
	end_vector(b);
}

static void put_application_data(struct tls_bytes *b, char byte, size_t n)
{
	begin_record(b, 23, 0x0303);
	put_many(b, byte, n);
	end_vector(b);
}

static struct said said_by(enum side side, const struct tls_bytes *b)
{
	return (struct said){side, b->bytes, b->n};
}

#define CLIENT_HELLO                                                                               \
	"client tls client_hello (167) ClientHello for a.example, TLS 1.3, TLS 1.2, ALPN h2, "     \
	"http/1.1\n"

/* ---- what is said ---- */

static void a_handshake_of_1_3_is_told_wherever_it_is_cut(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
	(void)state; /* none of these tests needs one */
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303);
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	PUT(&s, "\x14\3\3\0\1\1");
	put_application_data(&s, 'e', 40);
	const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s)};
	assert_messages(said, 2, 443, false,
	                CLIENT_HELLO
	                "server tls server_hello (60) ServerHello TLS 1.3, TLS_AES_128_GCM_SHA256, "
	                "x25519\n"
	                "server tls change_cipher_spec (6) ChangeCipherSpec, without a meaning in "
	                "TLS 1.3\n"
	                "server tls application_data (45) encrypted data, 40 bytes\n");
	free(c.bytes);
	free(s.bytes);
}

static void all_that_a_hello_says_becomes_fields(void **state)
{
	struct tls_bytes c = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	const struct said said = said_by(CLIENT, &c);
	char *got = messages_of(&said, 1, 443, true, CUT_WHOLE, 0);
	assert_string_equal(
	        got, CLIENT_HELLO
	        "  tls.record.content_type=22\n"
	        "  tls.record.version=TLS 1.0\n"
	        "  tls.handshake.type=1\n"
	        "  tls.handshake.version=TLS 1.2\n"
	        "  tls.handshake.random="
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
	        "  tls.handshake.extensions_server_name=a.example\n"
	        "  tls.handshake.extensions_supported_group=GREASE, x25519, secp256r1\n"
	        "  tls.handshake.sig_hash_alg=ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256\n"
	        "  tls.handshake.extensions_alpn_str=h2, http/1.1\n"
	        "  tls.handshake.extensions.supported_version=TLS 1.3, TLS 1.2\n"
	        "  tls.handshake.extensions_key_share_group=x25519\n"
	        "  tls.handshake.extension.type=server_name, supported_groups, "
	        "signature_algorithms, "
	        "application_layer_protocol_negotiation, supported_versions, key_share, 0x7777\n"
	        "  tls.handshake.ciphersuite=TLS_AES_128_GCM_SHA256, "
	        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 0x1234, GREASE\n"
	        "  tls.handshake.cipher_suites_count=4\n"
	        "  tls.handshake.session_id_length=0\n");
	free(got);
	free(c.bytes);
}

static void a_handshake_of_1_2_is_told_until_it_is_encrypted(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new(), c2 = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303); /* four messages in one record */
	put_server_hello(&s, 0x0303, 0xC02F, false);
	begin_handshake(&s, 12);
	PUT(&s, "\3\0\x1D");
	begin_vector(&s, 1);
	put_many(&s, 'k', 32);
	end_vector(&s);
	PUT(&s, "\4\1\0\2ss");
	end_vector(&s);
	begin_handshake(&s, 13);
	PUT(&s, "\1\1\0\2\4\3\0\0");
	end_vector(&s);
	begin_handshake(&s, 14);
	end_vector(&s);
	end_vector(&s);
	PUT(&c2, "\x16\3\3\0\7\x0B\0\0\3\0\0\0"); /* no certificate */
	PUT(&c2, "\x16\3\3\0\6\x10\0\0\2\1k");
	PUT(&c2, "\x14\3\3\0\1\1");
	begin_record(&c2, 22, 0x0303);
	put_many(&c2, 'f', 40);
	end_vector(&c2);
	put_application_data(&c2, 'd', 30);
	begin_record(&c2, 21, 0x0303);
	put_many(&c2, 'a', 26);
	end_vector(&c2);
	const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s), said_by(CLIENT, &c2)};
	assert_messages(
	        said, 3, 443, false,
	        CLIENT_HELLO
	        "server tls server_hello (64) ServerHello TLS 1.2, "
	        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ALPN http/1.1\n"
	        "server tls server_key_exchange (46) ServerKeyExchange x25519 rsa_pkcs1_sha256\n"
	        "server tls certificate_request (12) CertificateRequest\n"
	        "server tls server_hello_done (4) ServerHelloDone\n"
	        "client tls certificate (7) Certificate, none\n"
	        "client tls client_key_exchange (6) ClientKeyExchange\n"
	        "client tls change_cipher_spec (6) ChangeCipherSpec: from here on encrypted\n"
	        "client tls encrypted_handshake (45) encrypted handshake message, 40 bytes\n"
	        "client tls application_data (35) encrypted data, 30 bytes\n"
	        "client tls encrypted_alert (31) encrypted alert, 26 bytes\n");
	free(c.bytes);
	free(s.bytes);
	free(c2.bytes);
}

/* RFC 8446 section 5.1: messages do not care where records end. */
static void a_message_may_be_split_over_records(void **state)
{
	struct tls_bytes c = tls_bytes_new(), split = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	for (size_t at = TLS_RECORD_HEADER; at < c.n; at += 7) {
		size_t n = c.n - at < 7 ? c.n - at : 7;
		begin_record(&split, 22, 0x0301);
		put(&split, c.bytes + at, n);
		end_vector(&split);
	}
	const struct said said = said_by(CLIENT, &split);
	assert_messages(&said, 1, 443, false, CLIENT_HELLO);
	struct talking t;
	talking_begin(&t, 443);
	t.ear.frames = true;
	for (size_t at = 0; at < split.n; at += 100)
		say_bytes(&t, CLIENT, split.bytes + at, split.n - at < 100 ? split.n - at : 100);
	assert_non_null(strstr(t.ear.heard, "http/1.1 @1,2,3"));
	talking_free(&t);
	free(c.bytes);
	free(split.bytes);
}

static void an_answer_names_its_hello(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
	struct talking t;
	(void)state;
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303);
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	talking_begin(&t, 8443);
	t.ear.frames = true;
	say_bytes(&t, CLIENT, c.bytes, c.n);
	say_bytes(&t, SERVER, s.bytes, s.n);
	assert_non_null(strstr(t.ear.heard, "x25519 @2 <1\n"));
	talking_free(&t);
	free(c.bytes);
	free(s.bytes);
}

static void a_retry_is_no_server_hello(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303);
	begin_handshake(&s, 2);
	PUT(&s, "\3\3\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\xC2\xA2\x11"
	        "\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C\0\x13\2\0\0\x0C\0\x2B\0\2\3\4"
	        "\0\x33\0\2\0\x19");
	end_vector(&s);
	end_vector(&s);
	const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s)};
	assert_messages(said, 2, 443, false,
	                CLIENT_HELLO
	                "server tls hello_retry_request (56) HelloRetryRequest TLS 1.3, "
	                "TLS_AES_256_GCM_SHA384, wants a share of secp521r1\n");
	free(c.bytes);
	free(s.bytes);
}

static void alerts_are_told_in_words(void **state)
{
	static const struct {
		int level, description;
		const char *want;
	} cases[] = {
	        {2, 40, "Alert: fatal handshake_failure\n"},
	        {2, 70, "Alert: fatal protocol_version\n"},
	        {2, 48, "Alert: fatal unknown_ca\n"},
	        {1, 0, "Alert: warning close_notify\n"},
	        {1, 112, "Alert: warning unrecognized_name\n"},
	        {7, 99, "Alert: unknown level 0x0063\n"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
		put_client_hello(&c);
		put_alert(&s, cases[i].level, cases[i].description);
		const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s)};
		char *got = messages_of(said, 2, 443, false, CUT_WHOLE, 0);
		assert_non_null(strstr(got, "server tls alert (7) "));
		assert_non_null(strstr(got, cases[i].want));
		free(got);
		free(c.bytes);
		free(s.bytes);
	}
}

/* ---- what is wrong ---- */

/* What the server says to a good ClientHello. The caller frees it. */
static char *answer(const struct tls_bytes *s)
{
	struct tls_bytes c = tls_bytes_new();
	put_client_hello(&c);
	const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, s)};
	char *got = messages_of(said, 2, 443, false, CUT_WHOLE, 0);
	char *end = strchr(got, '\n');
	assert_non_null(end);
	memmove(got, end + 1, strlen(end + 1) + 1);
	free(c.bytes);
	return got;
}

static void check_answer(struct tls_bytes *s, const char *want)
{
	char *got = answer(s);
	assert_string_equal(got, want);
	free(got);
	free(s->bytes);
}

static void old_versions_are_named(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	begin_record(&s, 22, 0x0301);
	put_server_hello(&s, 0x0301, 0xC013, false);
	end_vector(&s);
	check_answer(&s, "server tls server_hello (64) ServerHello TLS 1.0, "
	                 "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, ALPN http/1.1 !a version that must "
	                 "not be used any more: it has to be TLS 1.2 at least (RFC 8996)\n");
}

static void a_changed_offer_is_named(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	begin_record(&s, 22, 0x0303);
	size_t random = s.n + 4 + 2 + 24;
	put_server_hello(&s, 0x0303, 0xC02F, false);
	end_vector(&s);
	memcpy(s.bytes + random, "DOWNGRD\1", 8);
	check_answer(&s,
	             "server tls server_hello (64) ServerHello TLS 1.2, "
	             "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ALPN http/1.1 !both ends speak TLS "
	             "1.3, yet agree on less: somebody in between may have changed the offer\n");
}

static void plain_http_is_no_tls(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	PUT(&s, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
	check_answer(&s,
	             "server tls not_tls (47) no TLS: HTTP/1.1 400 Bad Request\\r\\nContent-Length "
	             "!the other end speaks TLS, this one does not\n"
	             "server http response (47) HTTP/1.1 400 Bad Request\n");
}

static void a_record_of_no_version_is_no_tls(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	begin_record(&s, 22, 0x0303);
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	PUT(&s, "\x17\3\x55\0\4abcd");
	check_answer(&s, "server tls server_hello (60) ServerHello TLS 1.3, "
	                 "TLS_AES_128_GCM_SHA256, x25519\n"
	                 "server tls not_tls (9) no TLS: \\x17\\x03U\xef\xbf\xbd\\x04abcd "
	                 "!bytes that are no record of TLS\n");
}

static void a_record_longer_than_allowed_is_no_tls(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	PUT(&s, "\x16\3\3\xFF\xFF\2");
	char *got = answer(&s);
	assert_non_null(strstr(got, "server tls not_tls (6) "));
	free(got);
	free(s.bytes);
}

static void renegotiation_is_named(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303);
	put_server_hello(&s, 0x0303, 0xC02F, false);
	end_vector(&s);
	PUT(&s, "\x14\3\3\0\1\1");
	for (int i = 0; i < 2; i++) {
		begin_record(&s, 22, 0x0303);
		put_many(&s, 'x', 40);
		end_vector(&s);
	}
	const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s)};
	assert_messages(
	        said, 2, 443, false,
	        CLIENT_HELLO
	        "server tls server_hello (64) ServerHello TLS 1.2, "
	        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ALPN http/1.1\n"
	        "server tls change_cipher_spec (6) ChangeCipherSpec: from here on encrypted\n"
	        "server tls encrypted_handshake (45) encrypted handshake message, 40 bytes\n"
	        "server tls encrypted_handshake (45) encrypted handshake message, 40 bytes "
	        "!a new handshake inside the connection: renegotiation, which TLS 1.3 has "
	        "abolished\n");
	free(c.bytes);
	free(s.bytes);
}

static void a_truncated_record_is_told(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	PUT(&s, "\x17\3\3\0\x20only this");
	check_answer(&s, "server tls application_data (14) the beginning of a record incomplete "
	                 "!the stream ends inside a record: it was cut off\n");
}

static void a_truncated_message_is_told(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	PUT(&s, "\x16\3\3\0\6\2\0\1\0ab");
	check_answer(&s, "server tls handshake (6) the beginning of a record incomplete "
	                 "!the stream ends inside a handshake message\n");
}

static void an_endless_message_is_given_up(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	struct talking t;
	(void)state;
	begin_record(&s, 22, 0x0303);
	PUT(&s, "\x0B\xFF\xFF\xFF");
	put_many(&s, 'c', 16000);
	end_vector(&s);
	talking_begin(&t, 443);
	say_bytes(&t, SERVER, s.bytes, s.n);
	PUT(&s, "");
	memset(s.bytes + TLS_RECORD_HEADER, 'c', 4);
	for (int i = 0; i < 10; i++)
		say_bytes(&t, SERVER, s.bytes, s.n);
	assert_non_null(strstr(t.ear.heard, "!a handshake message that is too long to be true\n"));
	talking_free(&t);
	free(s.bytes);
}

static void lying_lengths_are_named(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	begin_record(&s, 22, 0x0303);
	size_t start = s.n;
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	s.bytes[start + 4 + 2 + 32] = '\xFF'; /* the session id */
	check_answer(&s, "server tls server_hello (60) ServerHello !lengths in it contradict each "
	                 "other\n");
	s = tls_bytes_new();
	begin_record(&s, 22, 0x0303);
	start = s.n;
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	s.bytes[start + 4 + 2 + 32 + 1 + 3 + 2 + 3] = 1; /* of supported_versions */
	char *got = answer(&s);
	assert_non_null(strstr(got, "!"));
	free(got);
	free(s.bytes);
}

static void what_the_capture_missed_does_no_harm_in_an_encrypted_record(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	struct talking t;
	(void)state;
	put_application_data(&s, 'a', 3000);
	put_application_data(&s, 'b', 20);
	talking_begin(&t, 443);
	say_bytes(&t, SERVER, s.bytes, 1000);
	miss_bytes(&t, SERVER, 1000);
	say_bytes(&t, SERVER, s.bytes + 2000, s.n - 2000);
	talking_close(&t);
	assert_string_equal(t.ear.heard,
	                    "server tls application_data (3005) encrypted data, 3000 bytes missing "
	                    "1000 !the capture has missed bytes of it\n"
	                    "server tls application_data (25) encrypted data, 20 bytes\n");
	talking_free(&t);
	free(s.bytes);
}

static void a_conversation_is_recognised_in_its_middle(void **state)
{
	struct tls_bytes s = tls_bytes_new();
	(void)state;
	put_application_data(&s, 'a', 100);
	const struct said said = said_by(SERVER, &s);
	assert_messages(&said, 1, 5555, false,
	                "server tls application_data (105) encrypted data, 100 bytes\n");
	free(s.bytes);
}

static void what_only_begins_alike_is_not_taken_for_tls(void **state)
{
	static const struct said cases[] = {
	        SAYS(CLIENT, "\x16\3\1\0"),               /* not even a header */
	        SAYS(CLIENT, "\x16\2\1\0\5hello, world"), /* no such version */
	        SAYS(CLIENT, "\x14\3\1\0\2hello"),        /* two bytes */
	        SAYS(CLIENT, "\x17\3\3\0\3abc"),          /* shorter than a tag */
	        SAYS(CLIENT, "\x15\3\3\0\2\x09\x09"),     /* no such level */
	        SAYS(CLIENT, "\x16\3\1\0\4\1\0\0\0what comes behind is no record"),
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *got = messages_of(&cases[i], 1, 443, false, CUT_WHOLE, 0);
		assert_string_equal(got, "");
		free(got);
	}
}

/* ---- hostile bytes ---- */

static void every_byte_may_be_another(void **state)
{
	struct tls_bytes c = tls_bytes_new(), s = tls_bytes_new();
	(void)state;
	put_client_hello(&c);
	begin_record(&s, 22, 0x0303);
	put_server_hello(&s, 0x0303, 0x1301, true);
	end_vector(&s);
	for (size_t at = 0; at < c.n + s.n; at++) {
		char *byte = at < c.n ? &c.bytes[at] : &s.bytes[at - c.n];
		for (unsigned bit = 0; bit < 8; bit++) {
			*byte = (char)((unsigned char)*byte ^ 1U << bit);
			const struct said said[] = {said_by(CLIENT, &c), said_by(SERVER, &s)};
			free(messages_of(said, 2, 443, true, CUT_WHOLE, 0));
			*byte = (char)((unsigned char)*byte ^ 1U << bit);
		}
	}
	free(c.bytes);
	free(s.bytes);
}

static void every_length_of_a_message_is_read_safely(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++)
		for (size_t n = 0; n < 70; n++) {
			struct tls_bytes s = tls_bytes_new();
			begin_record(&s, 22, 0x0303);
			begin_handshake(&s, (uint8_t)type);
			put_many(&s, (char)type, n);
			end_vector(&s);
			end_vector(&s);
			free(answer(&s));
			free(s.bytes);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_handshake_of_1_3_is_told_wherever_it_is_cut),
	        cmocka_unit_test(all_that_a_hello_says_becomes_fields),
	        cmocka_unit_test(a_handshake_of_1_2_is_told_until_it_is_encrypted),
	        cmocka_unit_test(a_message_may_be_split_over_records),
	        cmocka_unit_test(an_answer_names_its_hello),
	        cmocka_unit_test(a_retry_is_no_server_hello),
	        cmocka_unit_test(alerts_are_told_in_words),
	        cmocka_unit_test(old_versions_are_named),
	        cmocka_unit_test(a_changed_offer_is_named),
	        cmocka_unit_test(plain_http_is_no_tls),
	        cmocka_unit_test(a_record_of_no_version_is_no_tls),
	        cmocka_unit_test(a_record_longer_than_allowed_is_no_tls),
	        cmocka_unit_test(renegotiation_is_named),
	        cmocka_unit_test(a_truncated_record_is_told),
	        cmocka_unit_test(a_truncated_message_is_told),
	        cmocka_unit_test(an_endless_message_is_given_up),
	        cmocka_unit_test(lying_lengths_are_named),
	        cmocka_unit_test(what_the_capture_missed_does_no_harm_in_an_encrypted_record),
	        cmocka_unit_test(a_conversation_is_recognised_in_its_middle),
	        cmocka_unit_test(what_only_begins_alike_is_not_taken_for_tls),
	        cmocka_unit_test(every_byte_may_be_another),
	        cmocka_unit_test(every_length_of_a_message_is_read_safely),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
