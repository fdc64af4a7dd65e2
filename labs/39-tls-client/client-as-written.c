/* 39 TLS client, as the document wrote it: checks nothing (InsecureSkipVerify), has five minutes to
 * connect and no limit to read, says nothing, and calls the end of the stream an error. */
#include <openssl/ssl.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lib/net.h"
#include "lib/tls.h"

enum { LIMIT_MS = 5 * 60 * 1000, PIECE = 1024, FAILED = 255, REASON = 256 };

int main(int argc, char **argv)
{
	char buffer[PIECE], text[REASON];
	struct place place =
	        begin(argc, argv, NULL, "client-as-written [-h] [host [port]]    (127.0.0.1 8080)");
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION))
		tls_die("settings");
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL); /* whoever it is */
	tls_prepare(context);
	int fd = connect_to(place, SOCK_STREAM, LIMIT_MS), result;
	if (fd < 0)
		die("connect");
	SSL *ssl = SSL_new(context);
	if (!ssl || !SSL_set_fd(ssl, fd))
		tls_die("connection");
	result = SSL_connect(ssl);
	if (result > 0)
		printf("Connected, with %s\n", SSL_get_version(ssl));
	while (result > 0 && (result = SSL_read(ssl, buffer, sizeof buffer)) > 0)
		printf("%.*s\n", result, buffer);
	printf("%s\n", SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN
	                       ? "EOF"
	                       : tls_reason(ssl, result, text, sizeof text));
	return FAILED; /* the document's exit(-1); the kernel closes */
}
