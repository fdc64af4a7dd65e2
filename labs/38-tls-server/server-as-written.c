/* 38 TLS server, as the document wrote it: its suites, its curves, a thread for each client; it
 * waits for no request and says its line byte by byte. The document gives it no certificate: then
 * Go does not even start, and OpenSSL fails at each handshake. With -c it has one, of RSA, as its
 * suites want. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"
#include "lib/tls.h"

enum { BACKLOG = 64, REASON = 256 };
static const char usage[] = "server-as-written [-h] [-l] [-c CERTIFICATE.pem] [host [port]]"
                            "    (-l: the lab's, which `keys` makes; 127.0.0.1 8443)";
static const char message[] = "Hello World!\r\n";
static const char suites[] = "ECDHE-RSA-AES256-GCM-SHA384:" /* as the names of Go are called here */
                             "ECDHE-RSA-AES256-SHA:"        /* CBC: broken more than once */
                             "AES256-GCM-SHA384:AES256-SHA"; /* one key for all of the past */

static SSL_CTX *new_context(const char *certificate)
{
	int curves[] = {NID_secp521r1, NID_X25519};
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set1_groups(context, curves, 2) || !SSL_CTX_set_cipher_list(context, suites))
		tls_die("settings");
	if (certificate &&
	    (SSL_CTX_use_certificate_chain_file(context, certificate) <= 0 ||
	     SSL_CTX_use_PrivateKey_file(context, certificate, SSL_FILETYPE_PEM) <= 0))
		tls_die(certificate);
	(void)SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
	(void)SSL_CTX_set_num_tickets(context, 0);
	tls_prepare(context);
	return context;
}

static void *handle(void *arg)
{
	char text[REASON];
	SSL *ssl = arg;
	int result = SSL_accept(ssl), fd = SSL_get_fd(ssl);
	for (size_t i = 0; result > 0 && i < sizeof message - 1; i++)
		result = SSL_write(ssl, message + i, 1); /* a record, each time */
	if (result > 0)
		(void)SSL_shutdown(ssl); /* Go's Close() says close_notify, too */
	else
		printf("A connection ends: %s\n", tls_reason(ssl, result, text, sizeof text));
	SSL_free(ssl);
	close(fd);
	return NULL;
}

static void begin_client(SSL_CTX *context, int fd)
{
	int on = 1;
	SSL *ssl = SSL_new(context);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* as Go has it */
	if (ssl && SSL_set_fd(ssl, fd) && start_detached(handle, ssl) == 0)
		return;
	SSL_free(ssl);
	close(fd);
}

int main(int argc, char **argv)
{
	const char *certificate = NULL;
	int option;
	while ((option = getopt(argc, argv, "hlc:")) != -1) {
		certificate = option == 'c' ? optarg : certificate;
		certificate = option == 'l' ? PKI_FOLDER "/www-rsa.pem" : certificate;
		if (option == 'h' || option == '?')
			end_with_usage(usage, option == 'h');
	}
	struct place place = rest_of_line(argc, argv, "8443", usage);
	SSL_CTX *context = new_context(certificate);
	stop_on_signals();
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			begin_client(context, fd);
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}
