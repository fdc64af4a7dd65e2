/* 12 listener, the client: sends each line of its input as a datagram, to one host or to several.
 * An empty line is a datagram without a byte. With -b N one of N bytes follows. It waits for
 * nothing: nobody answers, and nobody tells it whether somebody is there. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512, BIG_MAX = 65507, MAX_PEERS = 4 };

/* One to whom we speak, and the socket for it, which is of the same family. */
struct peer {
	int fd;
	struct addrinfo *to;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Takes the first address of that name. Nobody is asked at that address: there is nothing to try,
 * and so nothing that could fail. */
static void open_peer(struct peer *peer, const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	int error = getaddrinfo(host, port, &hints, &peer->to);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	peer->fd = socket(peer->to->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (peer->fd < 0)
		die("socket");
}

/* A short rest, so that the datagrams come one by one and you can follow them. */
static void rest(void)
{
	struct timespec left = {.tv_nsec = 50 * 1000 * 1000};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Sends a datagram to each peer: all n bytes of it or none, so that there is no loop over a rest,
 * as there is for TCP. */
static void say(const struct peer *peers, int n_peers, const char *bytes, size_t n)
{
	for (int i = 0; i < n_peers; i++) {
		const struct addrinfo *to = peers[i].to;
		ssize_t sent;
		do
			sent = sendto(peers[i].fd, bytes, n, 0, to->ai_addr, to->ai_addrlen);
		while (sent < 0 && errno == EINTR);
		if (sent < 0)
			die("sendto");
		printf("Sent %zd bytes\n", sent);
		rest();
	}
}

/* The N of `-b N`, or -1. */
static long parse_size(const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);
	return *end == '\0' && n > 0 && n <= BIG_MAX ? n : -1;
}

int main(int argc, char **argv)
{
	bool has_big = argc > 2 && strcmp(argv[1], "-b") == 0;
	long big = has_big ? parse_size(argv[2]) : 0;
	char **words = argv + (has_big ? 2 : 0);
	int n_words = argc - (has_big ? 2 : 0);
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 2 + MAX_PEERS || big < 0 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-b bytes] [host [port [host ...]]] <lines    "
		        "(127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	struct peer peers[MAX_PEERS];
	int n_peers = 1;
	open_peer(&peers[0], host, port);
	for (int i = 3; i < n_words; i++)
		open_peer(&peers[n_peers++], words[i], port);

	char line[LINE_MAX_BYTES];
	while (fgets(line, sizeof line, stdin) != NULL)
		say(peers, n_peers, line, strcspn(line, "\n"));
	if (ferror(stdin))
		die("input");
	char filler[BIG_MAX];
	memset(filler, 'x', sizeof filler);
	if (big > 0)
		say(peers, n_peers, filler, (size_t)big);

	for (int i = 0; i < n_peers; i++) {
		close(peers[i].fd); /* nothing is waited for, and the server is not told */
		freeaddrinfo(peers[i].to);
	}
	printf("Closed; whether anything arrived, nobody has said\n");
	return 0;
}
