/* 38 TLS server, the client: asks over TLS, verifies who answers, and counts what comes: each
 * SSL_read() gives one record at most, so their number shows how the server wrote. With -n it has
 * many connections at a time, with -s one more that says nothing, with -q it does not ask. (Lab 39
 * is about clients.) */
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

enum { LIMIT_MS = 5000, PIECE = 16384, REASON = 256, CLIENTS_MAX = 500 };
static const char usage[] =
        "client [-h] [-l] [-a AUTHORITY.pem] [-n CONNECTIONS] [-2] [-q] [-s] "
        "[host [port]]    (-l: the lab's authority, else the system's; 1, 127.0.0.1 8443)";

struct wish {
	struct place place;
	const char *authority;
	int n;
	bool old, quiet, slow;
	int64_t until_us;
};

static struct wish read_options(int argc, char **argv)
{
	struct wish wish = {.n = 1};
	int option;
	while ((option = getopt(argc, argv, "hla:n:2qs")) != -1) {
		wish.authority = option == 'a' ? optarg : wish.authority;
		wish.authority = option == 'l' ? PKI_FOLDER "/ca.pem" : wish.authority;
		wish.n = option == 'n' ? (int)strtol(optarg, NULL, 10) : wish.n;
		wish.old |= option == '2';
		wish.quiet |= option == 'q';
		wish.slow |= option == 's';
		if (option == 'h' || option == '?' || wish.n < 1 || wish.n > CLIENTS_MAX)
			end_with_usage(usage, option == 'h');
	}
	wish.place = rest_of_line(argc, argv, "8443", usage);
	wish.until_us = now_us() + LIMIT_MS * INT64_C(1000);
	return wish;
}

static _Noreturn void give_up(const char *what, const SSL *ssl, int result)
{
	char text[REASON];
	printf("%s: %s\n", what, tls_reason(ssl, result, text, sizeof text));
	exit(1);
}

static SSL_CTX *new_context(const struct wish *wish)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set_max_proto_version(context, wish->old ? TLS1_2_VERSION : 0) ||
	    (wish->authority ? !SSL_CTX_load_verify_file(context, wish->authority)
	                     : !SSL_CTX_set_default_verify_paths(context)))
		tls_die(wish->authority ? wish->authority : "settings");
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	tls_prepare(context);
	return context;
}

static SSL *connect_tls(SSL_CTX *context, const struct wish *wish)
{
	int result, fd = connect_to(wish->place, SOCK_STREAM, LIMIT_MS);
	SSL *ssl = SSL_new(context);
	if (fd < 0 || !ssl || set_nonblocking(fd) < 0 || !SSL_set_fd(ssl, fd))
		die("cannot connect");
	if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), wish->place.host) &&
	    !SSL_set1_host(ssl, wish->place.host)) /* it is no address */
		tls_die(wish->place.host);
	while ((result = SSL_connect(ssl)) <= 0)
		if (!tls_again(ssl, result, wish->until_us))
			give_up("No TLS connection", ssl, result);
	return ssl;
}

static void ask(SSL *ssl, const struct wish *wish)
{
	char text[REASON];
	int result, n = snprintf(text, sizeof text,
	                         "GET / HTTP/1.1\r\nHost: %.100s\r\n"
	                         "Connection: close\r\n\r\n",
	                         wish->place.host);
	while ((result = SSL_write(ssl, text, n)) <= 0)
		if (!tls_again(ssl, result, wish->until_us))
			give_up("Nothing was sent", ssl, result);
}

/* Reads to the end, and tells what that cost. */
static void listen_to(SSL *ssl, const struct wish *wish)
{
	char text[PIECE];
	int n_records = 0, n_bytes = 0, result;
	uint64_t before = BIO_number_read(SSL_get_rbio(ssl)), wire = before;
	for (;;) {
		result = SSL_read(ssl, text + n_bytes, PIECE - 1 - n_bytes);
		if (result <= 0 && tls_again(ssl, result, wish->until_us))
			continue;
		if (result <= 0)
			break;
		n_records++;
		n_bytes += result;
		wire = BIO_number_read(SSL_get_rbio(ssl));
	}
	if (SSL_get_error(ssl, result) != SSL_ERROR_ZERO_RETURN)
		give_up("The answer is not whole", ssl, result);
	text[n_bytes] = '\0';
	const char *end = strstr(text, "\r\n\r\n"), *last = end ? end + 4 : text;
	printf("Received \"%.*s\"; all in all %d bytes in %d records: %lu bytes on the wire\n",
	       (int)strcspn(last, "\r\n"), last, n_bytes, n_records,
	       (unsigned long)(wire - before));
}

int main(int argc, char **argv)
{
	SSL *ssl[CLIENTS_MAX] = {NULL};
	struct wish wish = read_options(argc, argv);
	SSL_CTX *context = new_context(&wish);
	int silent = wish.slow ? connect_to(wish.place, SOCK_STREAM, LIMIT_MS) : -1;
	for (int i = 0; i < wish.n; i++)
		ssl[i] = connect_tls(context, &wish); /* and they stay open … */
	printf("Connected %d time%s: %s, %s, verified\n", wish.n, wish.n == 1 ? "" : "s",
	       SSL_get_version(ssl[0]), SSL_get_cipher_name(ssl[0]));
	for (int i = wish.n - 1; i >= 0; i--) { /* … until it is their turn, the last one first */
		if (!wish.quiet)
			ask(ssl[i], &wish);
		listen_to(ssl[i], &wish);
		(void)SSL_shutdown(ssl[i]); /* our close_notify */
		close(SSL_get_fd(ssl[i]));
		SSL_free(ssl[i]);
	}
	if (silent >= 0)
		close(silent);
	SSL_CTX_free(context);
	return 0;
}
