/* 24 non-blocking, the clients, two in one program: both are connected at the same time, and each
 * says its line in pieces, by turns, with a pause between. Whoever waits for the one must not keep
 * the other waiting. Each then reads its echo and closes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { N_CLIENTS = 2, PATIENCE_MS = 1000 };

static const char *const lines[N_CLIENTS] = {"The first!\n", "And second\n"};
enum { LINE_LEN = 11 };

/* Both lines, piece by piece. Returns how many pieces that were. */
static int say(const int *fds, int piece, int wait_ms)
{
	int n_pieces = 0;
	for (int at = 0; at < LINE_LEN; at += piece) {
		int n = LINE_LEN - at < piece ? LINE_LEN - at : piece;
		for (int i = 0; i < N_CLIENTS; i++, n_pieces++) {
			if (send_all(fds[i], lines[i] + at, (size_t)n) < 0)
				die("send");
			pause_ms(wait_ms);
		}
	}
	return n_pieces;
}

/* Returns 0 if the echo is that line. */
static int hear(int fd, const char *line)
{
	char echo[LINE_LEN];
	size_t n = receive_exactly(fd, echo, sizeof echo, PATIENCE_MS);
	if (n < sizeof echo && errno == ETIMEDOUT)
		printf("Only %zu of %d bytes came back in %d ms\n", n, LINE_LEN, PATIENCE_MS);
	else
		printf("Heard %zu bytes: %.*s\n", n, (int)strcspn(lines[0], "\n"), echo);
	return n < sizeof echo || memcmp(echo, line, sizeof echo) != 0;
}

int main(int argc, char **argv)
{
	int piece = 6, wait_ms = 2, fds[N_CLIENTS], failed = 0;
	const struct number_option options[] = {
	        {'b', &piece, 1, LINE_LEN}, {'w', &wait_ms, 0, 10000}, {0}};
	struct place place = begin(argc, argv, options,
	                           "client [-h] [-b BYTES_PER_PIECE] [-w PAUSE_MS] [host [port]]"
	                           "    (6, 2, 127.0.0.1 8080)");
	for (int i = 0; i < N_CLIENTS; i++) {
		fds[i] = connect_to(place, SOCK_STREAM, 0);
		if (fds[i] < 0)
			die("connect");
	}
	printf("Both connected\n");
	printf("Said two lines in %d pieces\n", say(fds, piece, wait_ms));
	for (int i = N_CLIENTS - 1; i >= 0; i--) {
		failed += hear(fds[i], lines[i]);
		if (close(fds[i]) < 0)
			die("close");
	}
	return failed > 0;
}
