/* 38 TLS server: HTTPS, with the document's settings made right: a certificate, TLS 1.2 at least,
 * its two curves, and only suites that also authenticate (AEAD) and whose keys are new each time.
 * Many clients at a time on one thread; the loop and the TLS between it and the sockets are in
 * labs/lib. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/loop.h"
#include "lib/pki.h"
#include "lib/tls.h"
#include "lib/tls_layer.h"

static const char usage[] = "server [-h] [-l] [-c CERTIFICATE.pem] [host [port]]    "
                            "(-l: the lab's certificate, which `keys` makes; 127.0.0.1 8443)";
static const char hello[] = "Hello World!\r\n";

static _Noreturn void refuse_to_start(void)
{
	fputs("server: no certificate: nobody could know who I am. Say -c FILE, with the "
	      "certificate and its key, or -l for the lab's\n",
	      stderr);
	exit(1);
}

/* What the document sets, and what it forgets. */
static SSL_CTX *new_context(const char *certificate)
{
	int curves[] = {NID_secp521r1, NID_X25519}; /* P-521 and X25519 */
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set1_groups(context, curves, 2) ||
	    !SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20")) /* of TLS 1.2 */
		tls_die("settings");
	if (SSL_CTX_use_certificate_chain_file(context, certificate) <= 0 ||
	    SSL_CTX_use_PrivateKey_file(context, certificate, SSL_FILETYPE_PEM) <= 0 ||
	    SSL_CTX_check_private_key(context) <= 0)
		tls_die(certificate);
	(void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	(void)SSL_CTX_set_num_tickets(context, 0); /* nothing to come back with: fewer records */
	tls_prepare(context);
	return context;
}

static void say_reply(struct conn *c, const char *status, bool with_body, bool stays)
{
	char head[256];
	int n = snprintf(head, sizeof head,
	                 "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
	                 "Connection: %s\r\n\r\n%s",
	                 status, sizeof hello - 1, stays ? "keep-alive" : "close",
	                 with_body ? hello : "");
	(void)conn_say(c, head, (size_t)n); /* it fits: one reply at a time */
	printf("Said: %s, %d bytes\n", status, n);
}

/* Answers the request that ends at c->in.start + n; its last byte is a newline. Lab 36 knows more.
 */
static void answer(struct conn *c, size_t n)
{
	c->in.start[n - 1] = '\0';
	char *head = c->in.start;
	bool is_head = strncmp(head, "HEAD ", 5) == 0;
	bool is_known = is_head || strncmp(head, "GET ", 4) == 0;
	bool stays = is_known && strstr(head, " HTTP/1.1\r\n") &&
	             !strcasestr(head, "\nConnection: close");
	const SSL *ssl = c->layer;
	printf("Asked, with %s and %s: %.*s\n", SSL_get_version(ssl), SSL_get_cipher_name(ssl),
	       (int)strcspn(head, "\r\n"), head);
	say_reply(c, is_known ? "200 OK" : "405 Method Not Allowed", !is_head, stays);
	conn_take(c, n);
	conn_renew(c);
	if (!stays)
		conn_finish(c);
}

static void serve(struct conn *c)
{
	const char *end = c->in.n > 0 ? memmem(c->in.start, c->in.n, "\r\n\r\n", 4) : NULL;
	if (end && conn_room(c) > 256)
		answer(c, (size_t)(end + 4 - c->in.start));
	else if (!end && c->in.n == c->in.max)
		say_reply(c, "431 Request Header Fields Too Large", true, false);
	if (!end && (c->ended || c->late || c->loop->stopping || c->in.n == c->in.max))
		conn_finish(c);
}

int main(int argc, char **argv)
{
	const char *certificate = NULL;
	int option;
	while ((option = getopt(argc, argv, "hlc:")) != -1) {
		certificate = option == 'c' ? optarg : certificate;
		certificate = option == 'l' ? PKI_FOLDER "/www.pem" : certificate;
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8443", usage);
	if (!certificate)
		refuse_to_start();
	struct tls_service tls = {{.serve = serve, .layer = &tls_layer}, new_context(certificate)};
	struct limits limits = {.total_ms = 10000}; /* for a handshake, or a request */
	struct loop loop;
	loop_open(&loop, place, &tls.service, &limits);
	printf("Listening on %s port %s\n", place.host, place.port);
	loop_run(&loop);
	loop_close(&loop);
	SSL_CTX_free(tls.context);
	return 0;
}
