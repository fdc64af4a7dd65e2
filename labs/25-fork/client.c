/* 25 fork, the clients. Number 0 connects and says nothing until all others have gone. They come
 * one after another: each says a line, reads the echo, says that it has no more (shutdown: its
 * FIN), and waits for the server's FIN, but not for ever (-a 1: then it aborts the
 * connection). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { PATIENCE_MS = 1000, FIN_LIMIT_MS = 500 };

static const char line[] = "hello, child\n";
enum { LINE_LEN = sizeof line - 1 };

/* Returns 0 if the server has closed in time. */
static int wait_for_end(int number, int fd)
{
	char byte;
	int64_t begin_us = now_us();
	size_t n = receive_exactly(fd, &byte, 1, FIN_LIMIT_MS);
	if (n == 0 && errno == 0) {
		printf("Client %d: the server's FIN came after %.1f ms\n", number,
		       (double)(now_us() - begin_us) / 1000);
		return 0;
	}
	if (n == 0 && errno == ETIMEDOUT)
		printf("Client %d: no FIN in %d ms\n", number, FIN_LIMIT_MS);
	else
		printf("Client %d: %s\n", number, n ? "a byte too many" : strerror(errno));
	return 1;
}

/* From now on close() sends a RST: lab 10. */
static void make_close_abort(int fd)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("setsockopt");
}

/* One client's whole life. Returns 0 if all went well. */
static int visit(int number, struct place place, int aborts)
{
	char echo[LINE_LEN];
	int fd = connect_to(place, SOCK_STREAM, 0);
	if (fd < 0)
		die("connect");
	if (send_all(fd, line, LINE_LEN) < 0)
		die("send");
	size_t n = receive_exactly(fd, echo, sizeof echo, PATIENCE_MS);
	printf("Client %d: %zu of %d bytes came back\n", number, n, LINE_LEN);
	if (shutdown(fd, SHUT_WR) < 0)
		printf("Client %d: shutdown: %s\n", number, strerror(errno));
	int failed = wait_for_end(number, fd);
	if (failed && aborts)
		make_close_abort(fd);
	if (close(fd) < 0)
		die("close");
	return failed || n < LINE_LEN;
}

int main(int argc, char **argv)
{
	int n = 3, aborts = 0, failed = 0;
	const struct number_option options[] = {{'n', &n, 1, 1000}, {'a', &aborts, 0, 1}, {0}};
	struct place place =
	        begin(argc, argv, options,
	              "client [-h] [-n CLIENTS] [-a 0|1] [host [port]]    (3, 0, 127.0.0.1 8080)");
	int silent = connect_to(place, SOCK_STREAM, 0);
	if (silent < 0)
		die("connect");
	printf("Client 0: connected, and silent\n");
	for (int i = 1; i <= n; i++)
		failed += visit(i, place, aborts);
	printf("Client 0: closes\n");
	if (failed && aborts)
		make_close_abort(silent);
	if (close(silent) < 0)
		die("close");
	return failed > 0;
}
