/* 38 TLS server, the exercise done: shows a certificate, and says each answer in one piece. One
 * client after the other. */
#include <errno.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"
#include "lib/tls.h"

enum { BACKLOG = 16, REQUEST_MAX = 4096, REASON = 256 };
static const char certificate[] = PKI_FOLDER "/www.pem"; /* and its key; the run has made it */
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                             "Content-Length: 14\r\nConnection: close\r\n\r\nHello World!\r\n";

static SSL_CTX *new_context(void)
{
	int curves[] = {NID_secp521r1, NID_X25519};
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
	    !SSL_CTX_set1_groups(context, curves, 2) ||
	    !SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20"))
		tls_die("settings");
	if (SSL_CTX_use_certificate_chain_file(context, certificate) <= 0 ||
	    SSL_CTX_use_PrivateKey_file(context, certificate, SSL_FILETYPE_PEM) <= 0)
		tls_die(certificate);
	tls_prepare(context);
	return context;
}

/* Up to the empty line that ends it. A positive number, or what SSL_read() gave. */
static int read_request(SSL *ssl)
{
	char text[REQUEST_MAX + 1];
	int n = 0, result;
	do {
		result = SSL_read(ssl, text + n, REQUEST_MAX - n);
		n += result > 0 ? result : 0;
		text[n] = '\0';
	} while (result > 0 && n < REQUEST_MAX && !strstr(text, "\r\n\r\n"));
	return result;
}

/* A positive number when all went well. */
static int say_answer(SSL *ssl)
{
	return SSL_write(ssl, answer, (int)strlen(answer));
}

static void serve(SSL *ssl)
{
	char text[REASON];
	int result = SSL_accept(ssl);
	if (result > 0)
		result = read_request(ssl);
	if (result > 0)
		result = say_answer(ssl);
	if (result > 0)
		while ((result = SSL_shutdown(ssl)) == 0)
			; /* our close_notify is out; once more, for the client's */
	if (result <= 0)
		printf("A connection ends: %s\n", tls_reason(ssl, result, text, sizeof text));
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();
	SSL_CTX *context = new_context();
	struct timeval limit = {.tv_sec = 5}; /* nobody waits longer behind a silent client */
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
		SSL *ssl = fd < 0 ? NULL : SSL_new(context);
		if (!ssl || !SSL_set_fd(ssl, fd))
			tls_die("accept");
		serve(ssl);
		SSL_free(ssl);
		close(fd);
	}
}
