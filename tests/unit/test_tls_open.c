/* What is inside encrypted records, with the secrets of their key log: both ends are libssl's, in
 * memory; what they say goes through the decoder, cut in one way or another. */
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "stream/secrets.h"
#include "talks.h"

enum { SPARE = 1 << 15, LOG_SIZE = 1 << 13 };

struct peers {
	SSL_CTX *contexts[N_SIDES];
	SSL *ssl[N_SIDES];
	size_t piece; /* bytes of a segment; 0: all at once */
	bool late;    /* the key log stays unread until somebody asks for it again */
	bool mute;    /* there is none */
	char log[LOG_SIZE];
	size_t n_log, n_read;
	struct secrets *secrets;
	struct talking talking;
};

static void note_secret(const SSL *ssl, const char *line)
{
	struct peers *p = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	size_t n = strlen(line);
	assert_true(p->n_log + n + 1 < LOG_SIZE);
	memcpy(p->log + p->n_log, line, n);
	p->n_log += n;
	p->log[p->n_log++] = '\n';
	if (!p->late && !p->mute) {
		secrets_feed(p->secrets, p->log + p->n_read, p->n_log - p->n_read);
		p->n_read = p->n_log;
	}
}

static bool read_log(void *arg)
{
	struct peers *p = arg;
	if (p->late || p->n_read == p->n_log)
		return false;
	secrets_feed(p->secrets, p->log + p->n_read, p->n_log - p->n_read);
	p->n_read = p->n_log;
	return true;
}

static void certify(SSL_CTX *context)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	assert_non_null(key);
	assert_non_null(x);
	assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x), 7), 1);
	assert_non_null(
	        X509_gmtime_adj(X509_getm_notBefore(x), -1800000000)); /* frames are of 1970 */
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 3600));
	assert_int_equal(X509_set_pubkey(x, key), 1);
	assert_int_equal(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	                                            (const unsigned char *)"peer.test", -1, -1, 0),
	                 1);
	assert_int_equal(X509_set_issuer_name(x, X509_get_subject_name(x)), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	assert_int_equal(SSL_CTX_use_certificate(context, x), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
	X509_free(x);
	EVP_PKEY_free(key);
}

static struct peers *meet(int version, const char *suite)
{
	struct peers *p = calloc(1, sizeof *p);
	assert_non_null(p);
	p->secrets = secrets_new();
	assert_non_null(p->secrets);
	talking_begin_with(&p->talking, 443, p->secrets);
	for (int side = 0; side < N_SIDES; side++) {
		SSL_CTX *c =
		        SSL_CTX_new(side == CLIENT ? TLS_client_method() : TLS_server_method());
		assert_non_null(c);
		SSL_CTX_set_app_data(c, p);
		SSL_CTX_set_security_level(c, 0);
		assert_int_equal(SSL_CTX_set_min_proto_version(c, version), 1);
		assert_int_equal(SSL_CTX_set_max_proto_version(c, version), 1);
		assert_int_equal(version == TLS1_3_VERSION ? SSL_CTX_set_ciphersuites(c, suite)
		                                           : SSL_CTX_set_cipher_list(c, suite),
		                 1);
		/* the server is the first to have the secrets in 1.3, the client in 1.2 */
		SSL_CTX_set_keylog_callback(c, note_secret);
		p->contexts[side] = c;
	}
	certify(p->contexts[SERVER]);
	return p;
}

static void begin(struct peers *p)
{
	char name[] = "peer.test";
	for (int side = 0; side < N_SIDES; side++) {
		p->ssl[side] = SSL_new(p->contexts[side]);
		assert_non_null(p->ssl[side]);
		SSL_set_bio(p->ssl[side], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	}
	SSL_set_connect_state(p->ssl[CLIENT]);
	SSL_set_accept_state(p->ssl[SERVER]);
	assert_int_equal(SSL_set_tlsext_host_name(p->ssl[CLIENT], name), 1);
}

/* Brings what that end has to say to the other one, past the decoder. False: it is silent. */
static bool carry(struct peers *p, enum side from)
{
	static char bytes[SPARE];
	int n = BIO_read(SSL_get_wbio(p->ssl[from]), bytes, sizeof bytes);
	if (n <= 0)
		return false;
	size_t piece = p->piece ? p->piece : (size_t)n;
	for (size_t at = 0; at < (size_t)n; at += piece)
		say_bytes(&p->talking, from, bytes + at,
		          (size_t)n - at < piece ? (size_t)n - at : piece);
	assert_int_equal(BIO_write(SSL_get_rbio(p->ssl[side_other(from)]), bytes, n), n);
	return true;
}

/* Until both are silent. What they decrypt themselves is thrown away. */
static void carry_all(struct peers *p)
{
	static char plain[SPARE];
	bool more = true;
	while (more) {
		more = false;
		for (enum side side = CLIENT; side < N_SIDES; side++) {
			if (!SSL_is_init_finished(p->ssl[side]))
				(void)SSL_do_handshake(p->ssl[side]); /* goes on when more comes */
			else
				(void)SSL_read(p->ssl[side], plain, sizeof plain);
			more = carry(p, side) || more;
		}
	}
}

static void tell(struct peers *p, enum side from, const char *words)
{
	assert_int_equal(SSL_write(p->ssl[from], words, (int)strlen(words)), (int)strlen(words));
	carry_all(p);
}

static void part(struct peers *p)
{
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		(void)SSL_shutdown(p->ssl[side]); /* one close_notify each */
		(void)carry(p, side);
	}
	talking_close(&p->talking);
}

static void forget(struct peers *p)
{
	for (int side = 0; side < N_SIDES; side++) {
		SSL_free(p->ssl[side]);
		SSL_CTX_free(p->contexts[side]);
	}
	talking_free(&p->talking);
	secrets_free(p->secrets);
	free(p);
}

#define ASK    "GET /secret HTTP/1.1\r\nHost: peer.test\r\n\r\n"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define ASKED  "client http request (41) GET /secret HTTP/1.1 decrypted"
#define TOLD   "server http response (43) HTTP/1.1 200 OK decrypted"

static int times(const struct peers *p, const char *words)
{
	int n = 0;
	for (const char *at = p->talking.ear.heard; (at = strstr(at, words)) != NULL; n++)
		at += strlen(words);
	return n;
}

static void talk_of_it(struct peers *p)
{
	begin(p);
	carry_all(p);
	assert_true(SSL_is_init_finished(p->ssl[CLIENT]) && SSL_is_init_finished(p->ssl[SERVER]));
	tell(p, CLIENT, ASK);
	tell(p, SERVER, ANSWER);
}

/* All that was said is understood. */
static void check_all(struct peers *p)
{
	talk_of_it(p);
	part(p);
	assert_int_equal(times(p, ASKED), 1);
	assert_int_equal(times(p, TOLD), 1);
	assert_int_equal(times(p, "Finished decrypted\n"), 2);
	assert_int_equal(times(p, "Alert: warning close_notify decrypted\n"), 2);
	assert_int_equal(times(p, " !"), 0);
	assert_int_equal(times(p, "; inside: "), times(p, "tls application_data") +
	                                                 times(p, "tls encrypted_handshake") +
	                                                 times(p, "tls encrypted_alert"));
	forget(p);
}

static const struct {
	int version;
	const char *suite;
} suites[] = {
        {TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"},
        {TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384"},
        {TLS1_3_VERSION, "TLS_CHACHA20_POLY1305_SHA256"},
        {TLS1_3_VERSION, "TLS_AES_128_CCM_SHA256"},
        {TLS1_3_VERSION, "TLS_AES_128_CCM_8_SHA256"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-GCM-SHA384"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-CCM"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-CCM8"},
};

static void each_suite_is_opened_however_it_is_cut(void **state)
{
	static const size_t pieces[] = {0, 1, 7, 100, 1460};
	(void)state; /* none of these tests needs one */
	for (size_t i = 0; i < COUNT(suites); i++)
		for (size_t j = 0; j < COUNT(pieces); j++) {
			struct peers *p = meet(suites[i].version, suites[i].suite);
			p->piece = pieces[j];
			check_all(p);
		}
}

static void handshake_messages_may_be_split_over_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(suites); i += 5) {
		struct peers *p = meet(suites[i].version, suites[i].suite);
		assert_int_equal(SSL_CTX_set_max_send_fragment(p->contexts[SERVER], 512), 1);
		assert_int_equal(SSL_CTX_set_num_tickets(p->contexts[SERVER], 1), 1);
		check_all(p);
	}
}

static void without_secrets_nothing_is_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(suites); i++) {
		struct peers *p = meet(suites[i].version, suites[i].suite);
		p->mute = true;
		talk_of_it(p);
		part(p);
		assert_int_equal(times(p, "decrypted"), 0);
		assert_int_equal(times(p, " !"), 0);
		assert_true(times(p, "client tls application_data") >= 1);
		forget(p);
	}
}

static void a_suite_that_is_no_aead_stays_closed(void **state)
{
	struct peers *p = meet(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256");
	(void)state;
	talk_of_it(p);
	part(p);
	assert_int_equal(times(p, "decrypted"), 0);
	forget(p);
}

static void keys_may_change(void **state)
{
	struct peers *p = meet(TLS1_3_VERSION, "TLS_AES_256_GCM_SHA384");
	(void)state;
	talk_of_it(p);
	for (int i = 0; i < 5; i++) {
		enum side side = i % 2 ? CLIENT : SERVER;
		assert_int_equal(SSL_key_update(p->ssl[side], SSL_KEY_UPDATE_REQUESTED), 1);
		assert_int_equal(SSL_do_handshake(p->ssl[side]), 1);
		carry_all(p);
		tell(p, CLIENT, ASK);
		tell(p, SERVER, ANSWER);
	}
	part(p);
	assert_int_equal(times(p, ASKED), 6);
	assert_int_equal(times(p, TOLD), 6);
	assert_int_equal(times(p, "KeyUpdate, and wants one in return decrypted\n"), 5);
	assert_int_equal(times(p, "KeyUpdate decrypted\n"), 5);
	forget(p);
}

static void secrets_may_come_after_the_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(suites); i++) {
		struct peers *p = meet(suites[i].version, suites[i].suite);
		p->late = true;
		p->talking.ear.frames = true;
		secrets_on_miss(p->secrets, read_log, p);
		begin(p);
		carry_all(p);
		uint64_t asks_at = p->talking.frame + 1;
		tell(p, CLIENT, ASK);
		assert_int_equal(times(p, "decrypted"), 0);
		p->late = false;
		tell(p, SERVER, ANSWER);
		part(p);
		TEXT(asked, 128);
		text_addf(&asked, ASKED " @%llu\n", (unsigned long long)asks_at);
		assert_int_equal(times(p, asked.bytes), 1);
		assert_int_equal(times(p, TOLD), 1);
		assert_int_equal(times(p, "Finished decrypted"), 2);
		forget(p);
	}
}

static void secrets_are_not_waited_for_for_ever(void **state)
{
	struct peers *p = meet(TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256");
	(void)state;
	p->late = true;
	secrets_on_miss(p->secrets, read_log, p);
	talk_of_it(p);
	assert_int_equal(times(p, "tls application_data"), 0);
	p->talking.frame += 300; /* a millisecond each */
	tell(p, CLIENT, ASK);
	tell(p, SERVER, ANSWER);
	assert_true(times(p, "tls application_data") >= 8);
	part(p);
	assert_int_equal(times(p, "decrypted"), 0);
	forget(p);
}

static void a_changed_byte_stays_closed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(suites); i++) {
		struct peers *p = meet(suites[i].version, suites[i].suite);
		static char bytes[SPARE];
		talk_of_it(p);
		assert_true(SSL_write(p->ssl[CLIENT], ASK, sizeof ASK - 1) > 0);
		int n = BIO_read(SSL_get_wbio(p->ssl[CLIENT]), bytes, sizeof bytes);
		assert_true(n > 40);
		bytes[30] ^= 1;
		say_bytes(&p->talking, CLIENT, bytes, (size_t)n);
		talking_close(&p->talking);
		assert_int_equal(times(p, ASKED), 1);
		assert_true(times(p, "client tls application_data") >= 2);
		forget(p);
	}
}

static void a_gap_does_not_end_the_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(suites); i += 3) {
		struct peers *p = meet(suites[i].version, suites[i].suite);
		static char bytes[SPARE];
		talk_of_it(p);
		assert_true(SSL_write(p->ssl[CLIENT], ASK, sizeof ASK - 1) > 0);
		int n = BIO_read(SSL_get_wbio(p->ssl[CLIENT]), bytes, sizeof bytes);
		miss_bytes(&p->talking, CLIENT, (size_t)n);
		assert_int_equal(BIO_write(SSL_get_rbio(p->ssl[SERVER]), bytes, n), n);
		carry_all(p);
		tell(p, CLIENT, ASK);
		tell(p, CLIENT, ASK);
		part(p);
		assert_int_equal(times(p, ASKED), 3);
		forget(p);
	}
}

/* Inside, SMTP goes on without a second greeting (RFC 3207 section 4.2). */
static void behind_starttls_nobody_greets_again(void **state)
{
	struct peers *p = meet(TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256");
	(void)state;
	p->talking.ear.frames = true;
	SAY(&p->talking, SERVER, "220 mail.lab ESMTP\r\n");
	SAY(&p->talking, CLIENT, "STARTTLS\r\n");
	SAY(&p->talking, SERVER, "220 go on\r\n");
	begin(p);
	carry_all(p);
	uint64_t hello_at = p->talking.frame + 1;
	tell(p, CLIENT, "EHLO me\r\n");
	tell(p, SERVER, "250 mail.lab\r\n");
	part(p);
	TEXT(answer, 128);
	text_addf(&answer, "server smtp response (14) 250 mail.lab decrypted @%llu <%llu\n",
	          (unsigned long long)hello_at + 1, (unsigned long long)hello_at);
	assert_int_equal(times(p, answer.bytes), 1);
	assert_int_equal(times(p, " !"), 0);
	forget(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_suite_is_opened_however_it_is_cut),
	        cmocka_unit_test(handshake_messages_may_be_split_over_records),
	        cmocka_unit_test(without_secrets_nothing_is_opened),
	        cmocka_unit_test(a_suite_that_is_no_aead_stays_closed),
	        cmocka_unit_test(keys_may_change),
	        cmocka_unit_test(secrets_may_come_after_the_records),
	        cmocka_unit_test(secrets_are_not_waited_for_for_ever),
	        cmocka_unit_test(a_changed_byte_stays_closed),
	        cmocka_unit_test(behind_starttls_nobody_greets_again),
	        cmocka_unit_test(a_gap_does_not_end_the_reading),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
