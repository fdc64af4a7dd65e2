/* 39 TLS client, the server: one address, many names, as big servers have it. Which certificate it
 * shows, the client's first message decides: the name it wants is in there, in the clear (SNI).
 * Most of them are bad ones. -p: speaks plain HTTP, on the port where TLS is expected. Ends, with
 * status 0, on SIGTERM or Ctrl-C. */
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/loop.h"
#include "lib/pki.h"
#include "lib/tls.h"
#include "lib/tls_layer.h"

enum { N_SITES = 6, PATH_BYTES = 256 };
static const char usage[] = "server [-h] [-2] [-p] [host [port]]    (TLS 1.2 at most, plain "
                            "HTTP, 127.0.0.1 8443; `keys` makes the certificates)";
static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n"
                            "Connection: close\r\n\r\nYour balance: 1234 apples\n";

/* The first one is for those who do not say whom they want. */
static const char *const sites[N_SITES] = {"www",        "expired",  "self-signed",
                                           "wrong-name", "no-chain", "middle"};

static SSL_CTX *new_context(const char *site, int newest)
{
	char path[PATH_BYTES];
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	(void)snprintf(path, sizeof path, PKI_FOLDER "/%s.pem", site); /* they are short */
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set_max_proto_version(context, newest) ||
	    SSL_CTX_use_certificate_chain_file(context, path) <= 0 ||
	    SSL_CTX_use_PrivateKey_file(context, path, SSL_FILETYPE_PEM) <= 0)
		tls_die(path);
	(void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	(void)SSL_CTX_set_num_tickets(context, 0);
	tls_prepare(context);
	return context;
}

/* The client has said whom it wants: "expired.example". */
static int choose(SSL *ssl, int *alert, void *arg)
{
	SSL_CTX **contexts = arg;
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	(void)alert;
	printf("Wanted: %s\n", name ? name : "anybody");
	for (int i = 0; name && i < N_SITES; i++)
		if (strlen(sites[i]) == strcspn(name, ".") &&
		    strncmp(sites[i], name, strlen(sites[i])) == 0)
			(void)SSL_set_SSL_CTX(ssl, contexts[i]); /* NULL: it stays the first */
	return SSL_TLSEXT_ERR_OK;
}

static void serve(struct conn *c)
{
	const char *end = c->in.n > 0 ? memmem(c->in.start, c->in.n, "\r\n\r\n", 4) : NULL;
	if (end) {
		const char *secret = memmem(c->in.start, c->in.n, "password=tulip", 14);
		printf("Asked: %.*s%s\n", (int)strcspn(c->in.start, "\r\n"), c->in.start,
		       secret ? ", with the right password" : "");
		(void)conn_say(c, reply, sizeof reply - 1);
		conn_finish(c);
	} else if (c->layer == NULL && c->in.n > 0 && c->in.start[0] == 0x16) { /* a ClientHello */
		static const char what[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
		printf("What is this? It begins with 0x16\n");
		(void)conn_say(c, what, sizeof what - 1);
		conn_finish(c);
	} else if (c->ended || c->late || c->loop->stopping || c->in.n == c->in.max) {
		conn_finish(c);
	}
}

int main(int argc, char **argv)
{
	bool plain = false;
	int option, newest = 0; /* the newest there is */
	SSL_CTX *contexts[N_SITES];
	while ((option = getopt(argc, argv, "h2p")) != -1) {
		newest = option == '2' ? TLS1_2_VERSION : newest;
		plain |= option == 'p';
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8443", usage);
	for (int i = 0; i < N_SITES; i++)
		contexts[i] = new_context(sites[i], newest);
	(void)SSL_CTX_set_tlsext_servername_callback(contexts[0], choose);
	(void)SSL_CTX_set_tlsext_servername_arg(contexts[0], contexts);
	struct tls_service tls = {{.serve = serve, .layer = plain ? NULL : &tls_layer},
	                          contexts[0]};
	struct limits limits = {.total_ms = 3000}; /* for a handshake and a request */
	struct loop loop;
	loop_open(&loop, place, &tls.service, &limits);
	printf("Listening on %s port %s\n", place.host, place.port);
	loop_run(&loop);
	loop_close(&loop);
	for (int i = 0; i < N_SITES; i++)
		SSL_CTX_free(contexts[i]);
	return 0;
}
