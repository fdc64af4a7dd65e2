/* 39 TLS client, the exercise done: asks for each of the names, and gives its password only to who
 * can prove to have that name. */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"
#include "lib/tls.h"

enum { LIMIT_MS = 3000, PIECE = 4096, REASON = 256 };
static const char authority[] = PKI_FOLDER "/ca.pem"; /* whose word you take */
static char names[][32] = {"www.example", "expired.example", "self-signed.example",
                           "wrong-name.example"};

static SSL_CTX *new_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION))
		tls_die("settings");
	if (!SSL_CTX_load_verify_file(context, authority))
		tls_die(authority);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	tls_prepare(context);
	return context;
}

/* For a connection to whoever has that name. */
static SSL *new_connection(SSL_CTX *context, char *name, int fd)
{
	SSL *ssl = SSL_new(context);
	if (!ssl || !SSL_set_fd(ssl, fd) || !SSL_set_tlsext_host_name(ssl, name))
		tls_die("connection");
	if (!SSL_set1_host(ssl, name))
		tls_die(name);
	return ssl;
}

/* True when the answer is there, to its end. */
static bool talk(SSL *ssl, const char *name, int64_t until_us)
{
	char text[PIECE];
	int result, n = snprintf(text, sizeof text,
	                         "GET / HTTP/1.1\r\nHost: %s\r\nCookie: password=tulip\r\n"
	                         "Connection: close\r\n\r\n",
	                         name);
	while ((result = SSL_write(ssl, text, n)) <= 0)
		if (!tls_again(ssl, result, until_us))
			return false;
	do {
		result = SSL_read(ssl, text, sizeof text);
		if (result > 0)
			printf("Received %d bytes\n", result);
	} while (result > 0 || tls_again(ssl, result, until_us));
	return SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN;
}

static void visit(SSL_CTX *context, struct place place, char *name)
{
	char text[REASON];
	int64_t until_us = now_us() + LIMIT_MS * INT64_C(1000);
	int result, fd = connect_to(place, SOCK_STREAM, LIMIT_MS);
	if (fd < 0 || set_nonblocking(fd) < 0)
		die("connect");
	SSL *ssl = new_connection(context, name, fd);
	while ((result = SSL_connect(ssl)) <= 0 && tls_again(ssl, result, until_us))
		; /* it says each time what it waits for */
	if (result <= 0)
		printf("%s: no: %s\n", name, tls_reason(ssl, result, text, sizeof text));
	else if (talk(ssl, name, until_us) && SSL_shutdown(ssl) >= 0)
		printf("%s: yes\n", name);
	ERR_clear_error();
	SSL_free(ssl);
	close(fd);
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "client [-h] [host [port]]    (127.0.0.1 8080)");
	SSL_CTX *context = new_context();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		visit(context, place, names[i]);
	SSL_CTX_free(context);
	return 0;
}
