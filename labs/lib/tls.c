/* tls.c: see tls.h. */
#include "lib/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/net.h"

enum { LINE_MAX_BYTES = 512 };

_Noreturn void tls_die(const char *what)
{
	const char *words =
	        ERR_reason_error_string(ERR_get_error()); /* NULL: not OpenSSL's error */
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what,
	        words ? words : strerror(errno));
	exit(1);
}

/* ---- keys ---- */

/* Opened for each line, since nothing is to be kept here, and lines are few; one write() for it,
 * for both ends may append to the same file. */
static void log_key(const SSL *ssl, const char *line)
{
	char text[LINE_MAX_BYTES];
	const char *path = getenv("SSLKEYLOGFILE");
	int n = snprintf(text, sizeof text, "%s\n", line);
	int file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
	(void)ssl;
	if (file < 0 || n < 0 || (size_t)n >= sizeof text || write(file, text, (size_t)n) != n)
		perror("SSLKEYLOGFILE");
	if (file >= 0)
		(void)close(file); /* what could fail has failed above */
}

void tls_prepare(SSL_CTX *context)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	const char *path = getenv("SSLKEYLOGFILE");
	if (sigaction(SIGPIPE, &ignore, NULL) < 0)
		die("sigaction");
	if (path && path[0] != '\0')
		SSL_CTX_set_keylog_callback(context, log_key);
}

/* ---- waiting ---- */

bool tls_again(SSL *ssl, int result, int64_t until_us)
{
	int wants = SSL_get_error(ssl, result);
	if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE)
		return false;
	struct pollfd wanted = {.fd = SSL_get_fd(ssl),
	                        .events = wants == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT};
	int64_t left_us = until_us - now_us();
	int ready = left_us > 0 ? poll(&wanted, 1, (int)(left_us / 1000) + 1) : 0;
	errno = ready == 0 ? ETIMEDOUT : errno;
	return ready > 0 || (ready < 0 && errno == EINTR);
}

/* ---- reasons ---- */

/* What OpenSSL's word does not make clear to somebody who meets it for the first time. */
static const struct {
	long code;
	const char *words;
} of_certificates[] =
        {
                {X509_V_ERR_CERT_HAS_EXPIRED, "has expired"},
                {X509_V_ERR_CERT_NOT_YET_VALID, "is not good yet: is a clock wrong?"},
                {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
                 "is signed by itself: anybody can do that"},
                {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                 "comes from an authority that I do not trust"},
                {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                 "is signed by somebody I do not know, or a certificate between is missing"},
                {X509_V_ERR_HOSTNAME_MISMATCH, "is not for that name"},
                {X509_V_ERR_IP_ADDRESS_MISMATCH, "is not for that address"},
},
  of_errors[] = {
          {SSL_R_WRONG_VERSION_NUMBER, "what came is no TLS; is it plain HTTP, perhaps?"},
          {SSL_R_HTTP_REQUEST, "a plain HTTP request came, without TLS"},
          {SSL_R_HTTPS_PROXY_REQUEST, "a request for a proxy came, without TLS"},
          {SSL_R_UNEXPECTED_EOF_WHILE_READING, "the other end closed without a close_notify: "
                                               "there may have been more"},
          {SSL_R_NO_SHARED_CIPHER, "the two ends have no suite in common; is there a certificate?"},
          {SSL_R_UNSUPPORTED_PROTOCOL, "the two ends have no version of TLS in common"},
};

static const char *certificate_words(long code)
{
	for (size_t i = 0; i < sizeof of_certificates / sizeof *of_certificates; i++)
		if (of_certificates[i].code == code)
			return of_certificates[i].words;
	return X509_verify_cert_error_string(code);
}

static const char *error_words(unsigned long code)
{
	for (size_t i = 0; i < sizeof of_errors / sizeof *of_errors; i++)
		if (of_errors[i].code == ERR_GET_REASON(code))
			return of_errors[i].words;
	const char *words = ERR_reason_error_string(code);
	return words ? words : "OpenSSL gives no reason";
}

/* The other end has finished the handshake. */
static bool is_agreed(const SSL *ssl)
{
	char word;
	return SSL_get_peer_finished(ssl, &word, sizeof word) > 0;
}

const char *tls_reason(const SSL *ssl, int result, char *text, size_t size)
{
	int system = errno, kind = SSL_get_error(ssl, result);
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_REASON(code);
	if (kind == SSL_ERROR_ZERO_RETURN)
		(void)snprintf(text, size, "the other end has said close_notify");
	else if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
		(void)snprintf(text, size, "%s", strerror(system));
	else if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING && !is_agreed(ssl))
		(void)snprintf(text, size, "the other end closed during the handshake");
	else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
		(void)snprintf(text, size, "the certificate %s",
		               certificate_words(SSL_get_verify_result(ssl)));
	else if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET)
		(void)snprintf(text, size, "the other end sent alert %d, %s",
		               reason - SSL_AD_REASON_OFFSET,
		               SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET));
	else if (code == 0)
		(void)snprintf(text, size, "%s",
		               system ? strerror(system) : "the other end has closed");
	else
		(void)snprintf(text, size, "%s", error_words(code));
	return text;
}
