/* 39 TLS client: HTTPS with what the document leaves out. It checks who signed the certificate, for
 * how long and for which name, and it waits for nothing longer than it has time. With -k it does
 * not, and says what it goes past. OpenSSL does the checking; asking for it is our part. */
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"
#include "lib/tls.h"

enum { PIECE = 4096, REASON = 256, NAME_BYTES = 256, MAX_NAMES = 8 };
static const char usage[] =
        "client [-h] [-k] [-2] [-l] [-a AUTHORITY.pem] [-n NAME]... [-t MS] "
        "[host [port]]    (-l: the lab's authority, else the system's; the name of the host, "
        "3000, 127.0.0.1 8443)";

struct wish {
	struct place place;
	const char *names[MAX_NAMES]; /* who must be there, one after the other */
	int n_names;
	const char *authority; /* who has to say so; NULL: those that the system trusts */
	bool insecure, old;    /* check nothing; speak TLS 1.2 at most */
	int limit_ms;          /* for each of them, all of it */
};

static struct wish read_options(int argc, char **argv)
{
	struct wish wish = {.limit_ms = 3000};
	int option;
	while ((option = getopt(argc, argv, "hlk2a:n:t:")) != -1) {
		wish.insecure |= option == 'k';
		wish.old |= option == '2';
		wish.authority = option == 'a' ? optarg : wish.authority;
		wish.authority = option == 'l' ? PKI_FOLDER "/ca.pem" : wish.authority;
		if (option == 'n' && wish.n_names < MAX_NAMES)
			wish.names[wish.n_names++] = optarg;
		wish.limit_ms = option == 't' ? (int)strtol(optarg, NULL, 10) : wish.limit_ms;
		if (option == 'h' || option == '?' || wish.limit_ms <= 0)
			end_with_usage(usage, option == 'h');
	}
	wish.place = rest_of_line(argc, argv, "8443", usage);
	if (wish.n_names == 0)
		wish.names[wish.n_names++] = wish.place.host;
	return wish;
}

static SSL_CTX *new_context(const struct wish *wish)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set_max_proto_version(context, wish->old ? TLS1_2_VERSION : 0))
		tls_die("versions");
	if (wish->authority ? !SSL_CTX_load_verify_file(context, wish->authority)
	                    : !SSL_CTX_set_default_verify_paths(context))
		tls_die(wish->authority);
	SSL_CTX_set_verify(context, wish->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
	tls_prepare(context);
	return context;
}

/* A connection that knows whom it wants. The name goes out in the clear (SNI), so that a server of
 * many names knows which certificate to show; an address does not (RFC 6066, section 3). */
static SSL *new_connection(SSL_CTX *context, const char *name, int fd)
{
	char copy[NAME_BYTES];
	unsigned char address[sizeof(struct in6_addr)];
	bool is_address =
	        inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1;
	SSL *ssl = SSL_new(context);
	(void)snprintf(copy, sizeof copy, "%s", name);
	if (!ssl || !SSL_set_fd(ssl, fd) || (!is_address && !SSL_set_tlsext_host_name(ssl, copy)))
		tls_die("connection");
	if (is_address ? !X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name)
	               : !SSL_set1_host(ssl, name))
		tls_die(name);
	return ssl;
}

static void describe(SSL *ssl, const char *name)
{
	char subject[REASON] = "";
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	if (certificate)
		X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject);
	printf("%s, %s, certificate of %s\n", SSL_get_version(ssl), SSL_get_cipher_name(ssl),
	       subject);
	long wrong = SSL_get_verify_result(ssl);
	if (wrong == X509_V_OK)
		printf("Verified: this is %s\n", name);
	else
		printf("NOT VERIFIED (%s); I go on, as you wish\n",
		       X509_verify_cert_error_string(wrong));
}

static bool told(const char *what, const SSL *ssl, int result)
{
	char text[REASON];
	printf("%s: %s\n", what, tls_reason(ssl, result, text, sizeof text));
	ERR_clear_error(); /* or the next connection would be told of it */
	return false;
}

/* Sends the request, prints what comes until the other end says that this is all. */
static bool talk(SSL *ssl, const char *name, int64_t until_us)
{
	char text[PIECE];
	int result, n = snprintf(text, sizeof text,
	                         "GET / HTTP/1.1\r\nHost: %.200s\r\nCookie: password=tulip\r\n"
	                         "Connection: close\r\n\r\n",
	                         name);
	while ((result = SSL_write(ssl, text, n)) <= 0)
		if (!tls_again(ssl, result, until_us))
			return told("Nothing was sent", ssl, result);
	printf("Sent a request of %d bytes, with a password in it\n", n);
	for (;;) {
		result = SSL_read(ssl, text, sizeof text);
		if (result > 0)
			printf("Received %d bytes: %.*s\n", result, (int)strcspn(text, "\r\n"),
			       text);
		else if (SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN)
			return true;
		else if (!tls_again(ssl, result, until_us))
			return told("The answer is not whole", ssl, result);
	}
}

static bool visit(SSL_CTX *context, const struct wish *wish, const char *name)
{
	int64_t until_us = now_us() + wish->limit_ms * INT64_C(1000);
	int result, fd = connect_to(wish->place, SOCK_STREAM, wish->limit_ms);
	if (fd < 0 || set_nonblocking(fd) < 0)
		die("cannot connect");
	SSL *ssl = new_connection(context, name, fd);
	while ((result = SSL_connect(ssl)) <= 0 && tls_again(ssl, result, until_us))
		; /* it says each time what it waits for */
	bool well = result > 0 || told("No TLS connection", ssl, result);
	if (well)
		describe(ssl, name);
	well = well && talk(ssl, name, until_us);
	if (well)
		(void)SSL_shutdown(ssl); /* our close_notify; nobody has to answer it */
	SSL_free(ssl);
	close(fd);
	return well;
}

int main(int argc, char **argv)
{
	struct wish wish = read_options(argc, argv);
	SSL_CTX *context = new_context(&wish);
	bool well = true;
	for (int i = 0; i < wish.n_names; i++)
		well &= visit(context, &wish, wish.names[i]);
	SSL_CTX_free(context);
	return well ? 0 : 1;
}
