/* Certificates in DER, names and dates; and the secrets of key logs. */
#include "stream/x509.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stream/der.h"
#include "stream/secrets.h"
#include "stream/tls_keys.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* openssl req -x509, an EC key, subject and issuer C=CH, O=Läb, CN=a.example */
static const uint8_t certificate[] = {
        0x30, 0x82, 0x02, 0x13, 0x30, 0x82, 0x01, 0xB9, 0xA0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x14,
        0x38, 0xBB, 0x42, 0x4C, 0x4B, 0xE0, 0xF1, 0xF0, 0xD1, 0xBC, 0xC8, 0xD2, 0x8F, 0xE7, 0x58,
        0x98, 0x12, 0x85, 0x2F, 0xC9, 0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04,
        0x03, 0x02, 0x30, 0x30, 0x31, 0x0B, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02,
        0x43, 0x48, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x03, 0x55, 0x04, 0x0A, 0x0C, 0x04, 0x4C, 0xC3,
        0xA4, 0x62, 0x31, 0x12, 0x30, 0x10, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x09, 0x61, 0x2E,
        0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x30, 0x1E, 0x17, 0x0D, 0x32, 0x36, 0x31, 0x31,
        0x32, 0x31, 0x31, 0x30, 0x32, 0x35, 0x34, 0x30, 0x5A, 0x17, 0x0D, 0x32, 0x36, 0x31, 0x32,
        0x30, 0x31, 0x31, 0x30, 0x32, 0x35, 0x34, 0x30, 0x5A, 0x30, 0x30, 0x31, 0x0B, 0x30, 0x09,
        0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 0x43, 0x48, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x03,
        0x55, 0x04, 0x0A, 0x0C, 0x04, 0x4C, 0xC3, 0xA4, 0x62, 0x31, 0x12, 0x30, 0x10, 0x06, 0x03,
        0x55, 0x04, 0x03, 0x0C, 0x09, 0x61, 0x2E, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x30,
        0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
        0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04, 0x32, 0x8D, 0x93, 0xAF,
        0x91, 0x48, 0x5A, 0x96, 0x52, 0xA5, 0x3E, 0x99, 0x05, 0x59, 0x6B, 0x24, 0x2C, 0x9A, 0x5B,
        0xC2, 0x34, 0xEA, 0x07, 0x86, 0xAF, 0x10, 0x5D, 0x48, 0xEA, 0x9B, 0xF7, 0x0C, 0x85, 0xA4,
        0x70, 0x8D, 0xA8, 0x55, 0x6D, 0xAC, 0x5E, 0x5F, 0x8C, 0xA4, 0xDF, 0x79, 0x90, 0xA9, 0x97,
        0x02, 0x3E, 0x10, 0x92, 0xA3, 0x9D, 0xAA, 0xAB, 0x5C, 0x2F, 0xE3, 0x5D, 0x37, 0x53, 0x33,
        0xA3, 0x81, 0xB0, 0x30, 0x81, 0xAD, 0x30, 0x1D, 0x06, 0x03, 0x55, 0x1D, 0x0E, 0x04, 0x16,
        0x04, 0x14, 0xE9, 0xC0, 0x18, 0x51, 0xF1, 0x93, 0xEF, 0xE6, 0x23, 0x96, 0x6B, 0xAB, 0xB5,
        0xC3, 0x5F, 0x8B, 0x4D, 0xA4, 0x33, 0x5D, 0x30, 0x1F, 0x06, 0x03, 0x55, 0x1D, 0x23, 0x04,
        0x18, 0x30, 0x16, 0x80, 0x14, 0xE9, 0xC0, 0x18, 0x51, 0xF1, 0x93, 0xEF, 0xE6, 0x23, 0x96,
        0x6B, 0xAB, 0xB5, 0xC3, 0x5F, 0x8B, 0x4D, 0xA4, 0x33, 0x5D, 0x30, 0x0F, 0x06, 0x03, 0x55,
        0x1D, 0x13, 0x01, 0x01, 0xFF, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xFF, 0x30, 0x5A, 0x06,
        0x03, 0x55, 0x1D, 0x11, 0x04, 0x53, 0x30, 0x51, 0x82, 0x09, 0x61, 0x2E, 0x65, 0x78, 0x61,
        0x6D, 0x70, 0x6C, 0x65, 0x82, 0x0B, 0x2A, 0x2E, 0x62, 0x2E, 0x65, 0x78, 0x61, 0x6D, 0x70,
        0x6C, 0x65, 0x87, 0x04, 0x7F, 0x00, 0x00, 0x01, 0x87, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x81, 0x0C, 0x6D, 0x65,
        0x40, 0x61, 0x2E, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x86, 0x11, 0x68, 0x74, 0x74,
        0x70, 0x3A, 0x2F, 0x2F, 0x61, 0x2E, 0x65, 0x78, 0x61, 0x6D, 0x70, 0x6C, 0x65, 0x2F, 0x30,
        0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02, 0x03, 0x48, 0x00, 0x30,
        0x45, 0x02, 0x20, 0x03, 0x9A, 0x93, 0xBF, 0x3A, 0xCB, 0x0F, 0xFA, 0xB4, 0xC0, 0x72, 0xE3,
        0x32, 0x90, 0x95, 0x86, 0x4B, 0x26, 0x5A, 0x36, 0xBC, 0x3E, 0x09, 0x6C, 0xFC, 0xDA, 0x79,
        0x08, 0x49, 0x96, 0x81, 0x32, 0x02, 0x21, 0x00, 0xCA, 0xB3, 0xB5, 0x33, 0x21, 0x8D, 0x45,
        0xF7, 0x56, 0x4B, 0x37, 0xFF, 0x1B, 0x99, 0x6A, 0xC2, 0xFD, 0x93, 0x27, 0x7E, 0xDF, 0x7C,
        0x0F, 0x61, 0xCD, 0x9A, 0x9F, 0xF3, 0x2F, 0x67, 0x80, 0x5B,
};

static void a_certificate_is_read(void **state)
{
	struct x509 x;
	(void)state; /* none of these tests needs one */
	assert_true(x509_read(&x, cursor_of(certificate, sizeof certificate)));
	assert_string_equal(x.subject, "C=CH, O=L\xc3\xa4"
	                               "b, CN=a.example");
	assert_string_equal(x.issuer, x.subject);
	assert_string_equal(x.common_name, "a.example");
	assert_string_equal(x.names, "a.example, *.b.example, 127.0.0.1, ::1, me@a.example, "
	                             "http://a.example/");
	assert_string_equal(x.serial, "38bb424c4be0f1f0d1bcc8d28fe7589812852fc9");
	assert_string_equal(x.key, "EC secp256r1");
	assert_string_equal(x.not_before, "2026-11-21 10:25:40");
	assert_string_equal(x.not_after, "2026-12-01 10:25:40");
	assert_int_equal(x.not_after_s - x.not_before_s, 10 * 86400);
	assert_true(x.self_issued);
	assert_true(x.is_ca);
}

static void a_certificate_cut_anywhere_is_none(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof certificate; n++) {
		struct x509 x;
		uint8_t *copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, certificate, n);
		assert_false(x509_read(&x, cursor_of(copy, n)));
		free(copy);
	}
}

static void every_byte_of_a_certificate_may_be_another(void **state)
{
	uint8_t changed[sizeof certificate];
	(void)state;
	for (size_t at = 0; at < sizeof certificate; at++)
		for (unsigned value = 0; value < 256; value++) {
			struct x509 x;
			memcpy(changed, certificate, sizeof changed);
			changed[at] = (uint8_t)value;
			(void)x509_read(&x,
			                cursor_of(changed, sizeof changed)); /* whatever it says */
			assert_non_null(memchr(x.subject, '\0', sizeof x.subject));
			assert_non_null(memchr(x.names, '\0', sizeof x.names));
		}
}

static void a_name_is_for_a_host_or_not(void **state)
{
	static const struct {
		const char *host;
		bool is_for;
	} cases[] = {
	        {"a.example", true},   {"A.EXAMPLE", true}, {"b.example", false},
	        {"x.b.example", true}, {"127.0.0.1", true}, {"y.x.b.example", false},
	        {".b.example", false}, {"example", false},  {"a.example.com", false},
	};
	struct x509 x;
	(void)state;
	assert_true(x509_read(&x, cursor_of(certificate, sizeof certificate)));
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(x509_is_for(&x, cases[i].host), cases[i].is_for);
	x.names[0] = '\0';
	assert_true(x509_is_for(&x, "a.example")); /* the common name then */
	assert_false(x509_is_for(&x, "x.b.example"));
}

static void times_of_both_types_are_read(void **state)
{
	static const struct {
		uint8_t tag;
		const char *words;
		bool good;
		int64_t seconds;
	} cases[] = {
	        {DER_UTC_TIME, "700101000000Z", true, 0},
	        {DER_UTC_TIME, "491231235959Z", true, 2524607999},
	        {DER_UTC_TIME, "500101000000Z", true, -631152000},
	        {DER_GENERALIZED_TIME, "20000229120000Z", true, 951825600},
	        {DER_GENERALIZED_TIME, "99991231235959Z", true, 253402300799},
	        {DER_GENERALIZED_TIME, "00010101000000Z", true, -62135596800},
	        {DER_UTC_TIME, "701301000000Z", false, 0},
	        {DER_UTC_TIME, "7001010000Z", false, 0},
	        {DER_UTC_TIME, "700101000000", false, 0},
	        {DER_UTC_TIME, "70010100000xZ", false, 0},
	        {DER_UTF8, "700101000000Z", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t seconds = 1;
		struct cursor c =
		        cursor_of((const uint8_t *)cases[i].words, strlen(cases[i].words));
		assert_int_equal(der_time(cases[i].tag, c, &seconds), cases[i].good);
		if (cases[i].good)
			assert_int_equal(seconds, cases[i].seconds);
	}
}

static void lengths_that_are_no_der_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = {{"\x30\x80\0\0", 4},     /* no end */
	             {"\x30\x84\0\0\0\0", 6}, /* four bytes of length */
	             {"\x30\x05"
	              "abcd",
	              6},               /* one too many */
	             {"\x3F\x81\0", 3}, /* a tag of several bytes */
	             {"\x30", 1},
	             {"", 0}};
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cursor c = cursor_of((const uint8_t *)cases[i].bytes, cases[i].n), value;
		uint8_t tag;
		assert_false(der_take(&c, &tag, &value));
	}
}

/* ---- secrets ---- */

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SECRET "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"

static void feed(struct secrets *s, const char *words)
{
	secrets_feed(s, words, strlen(words));
}

static void a_key_log_is_read_wherever_it_is_cut(void **state)
{
	static const char log[] = "# a comment\r\nCLIENT_TRAFFIC_SECRET_0 " RANDOM " " SECRET
	                          "\r\nEXPORTER_SECRET " RANDOM " " SECRET "\nCLIENT_RANDOM " RANDOM
	                          " " SECRET "C0c1\n"
	                          "SERVER_TRAFFIC_SECRET_0 " RANDOM " " SECRET;
	uint8_t random[SECRET_RANDOM];
	struct secret secret;
	(void)state;
	for (unsigned i = 0; i < sizeof random; i++)
		random[i] = (uint8_t)i;
	for (size_t at = 0; at < sizeof log; at++) {
		struct secrets *s = secrets_new();
		assert_non_null(s);
		secrets_feed(s, log, at);
		secrets_feed(s, log + at, sizeof log - 1 - at);
		assert_int_equal(secrets_count(s), 2);
		secrets_end(s);
		assert_int_equal(secrets_count(s), 3);
		assert_true(secrets_find(s, SECRET_CLIENT_TRAFFIC, random, &secret));
		assert_int_equal(secret.len, 32);
		assert_int_equal(secret.bytes[31], 0xBF);
		assert_true(secrets_find(s, SECRET_MASTER, random, &secret));
		assert_int_equal(secret.len, 34);
		assert_int_equal(secret.bytes[33], 0xC1);
		assert_true(secrets_find(s, SECRET_SERVER_TRAFFIC, random, &secret));
		assert_false(secrets_find(s, SECRET_CLIENT_HANDSHAKE, random, &secret));
		random[31] = 0;
		assert_false(secrets_find(s, SECRET_MASTER, random, &secret));
		random[31] = 31;
		secrets_free(s);
	}
}

static void lines_that_are_none_are_passed_over(void **state)
{
	static const char *const lines[] = {
	        "\n",
	        "CLIENT_RANDOM\n",
	        "CLIENT_RANDOM " RANDOM "\n",
	        "CLIENT_RANDOM " RANDOM " \n",
	        "CLIENT_RANDOM " RANDOM " xyz\n",
	        "CLIENT_RANDOM 00 " SECRET "\n",
	        "CLIENT_RANDOM " RANDOM "00 " SECRET "\n",
	        "CLIENT_RANDOM " RANDOM " " SECRET SECRET "\n", /* longer than any secret */
	        "client_random " RANDOM " " SECRET "\n",
	        "CLIENT_RANDOMS " RANDOM " " SECRET "\n",
	};
	struct secrets *s = secrets_new();
	(void)state;
	assert_non_null(s);
	for (size_t i = 0; i < COUNT(lines); i++)
		feed(s, lines[i]);
	feed(s, "CLIENT_RANDOM ");
	for (int i = 0; i < 1000; i++) /* a line that does not end */
		feed(s, RANDOM);
	feed(s, "\n");
	assert_int_equal(secrets_count(s), 0);
	feed(s, "CLIENT_RANDOM " RANDOM " " SECRET "\n");
	feed(s, "CLIENT_RANDOM " RANDOM " " SECRET "\n"); /* the same again */
	assert_int_equal(secrets_count(s), 1);
	assert_false(secrets_grow(s) || secrets_look_again(s));
	secrets_free(s);
}

/* ---- keys: RFC 8448 section 3 ---- */

static void keys_are_those_of_the_documents_example(void **state)
{
	static const uint8_t secret[] = {0xb6, 0x7b, 0x7d, 0x69, 0x0c, 0xc1, 0x6c, 0x4e,
	                                 0x75, 0xe5, 0x42, 0x13, 0xcb, 0x2d, 0x37, 0xb4,
	                                 0xe9, 0xc9, 0x12, 0xbc, 0xde, 0xd9, 0x10, 0x5d,
	                                 0x42, 0xbe, 0xfd, 0x59, 0xd3, 0x91, 0xad, 0x38};
	static const uint8_t key[] = {0x3f, 0xce, 0x51, 0x60, 0x09, 0xc2, 0x17, 0x27,
	                              0xd0, 0xf2, 0xe4, 0xe8, 0x6e, 0xe4, 0x03, 0xbc};
	static const uint8_t iv[] = {0x5d, 0x31, 0x3e, 0xb2, 0x67, 0x12,
	                             0x76, 0xee, 0x13, 0x00, 0x0b, 0x30};
	struct secrets *s = secrets_new();
	struct secret traffic = {.len = sizeof secret};
	struct tls_keys keys;
	(void)state;
	assert_non_null(s);
	memcpy(traffic.bytes, secret, sizeof secret);
	assert_true(
	        tls_keys_from_secret(&keys, secrets_crypto(s), "TLS_AES_128_GCM_SHA256", &traffic));
	assert_memory_equal(keys.key, key, sizeof key);
	assert_memory_equal(keys.iv, iv, sizeof iv);
	assert_false(tls_keys_from_secret(&keys, secrets_crypto(s), "TLS_RSA_WITH_AES_128_CBC_SHA",
	                                  &traffic));
	assert_false(tls_keys_from_secret(&keys, secrets_crypto(s), NULL, &traffic));
	secrets_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_certificate_is_read),
	        cmocka_unit_test(a_certificate_cut_anywhere_is_none),
	        cmocka_unit_test(every_byte_of_a_certificate_may_be_another),
	        cmocka_unit_test(a_name_is_for_a_host_or_not),
	        cmocka_unit_test(times_of_both_types_are_read),
	        cmocka_unit_test(lengths_that_are_no_der_are_refused),
	        cmocka_unit_test(a_key_log_is_read_wherever_it_is_cut),
	        cmocka_unit_test(lines_that_are_none_are_passed_over),
	        cmocka_unit_test(keys_are_those_of_the_documents_example),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
