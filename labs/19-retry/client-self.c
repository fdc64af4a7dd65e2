/* 19 retry, a client that connects to itself. It binds the very port that it connects to; a retry
 * loop on the port of a server that is down gets there by chance, when the kernel gives it that
 * port as its own. connect() succeeds, and what the client says it hears again. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char message[] = "Is anybody there?";
enum { MESSAGE_LEN = sizeof message - 1 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket whose own address and whose peer's are the same. */
static int connect_to_myself(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *a;
	int error = getaddrinfo(host, port, &hints, &a);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0 || bind(fd, a->ai_addr, a->ai_addrlen) < 0)
		die("cannot bind");
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0)
		die("cannot connect");
	freeaddrinfo(a);
	return fd;
}

/* How to notice it: both names of the connection are the same. (The padding of a sockaddr is zero,
 * as the kernel fills it in.) */
static bool is_myself(int fd)
{
	struct sockaddr_storage own = {0}, peer = {0};
	socklen_t own_len = sizeof own, peer_len = sizeof peer;
	if (getsockname(fd, (struct sockaddr *)&own, &own_len) < 0 ||
	    getpeername(fd, (struct sockaddr *)&peer, &peer_len) < 0)
		die("names of the socket");
	return own_len == peer_len && memcmp(&own, &peer, own_len) == 0;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-self [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to_myself(host, port);
	printf("Connected to %s port %s, though nobody listens\n", host, port);
	if (send(fd, message, MESSAGE_LEN, MSG_NOSIGNAL) != MESSAGE_LEN)
		die("send");
	char answer[MESSAGE_LEN];
	if (recv(fd, answer, sizeof answer, MSG_WAITALL) != MESSAGE_LEN)
		die("recv");
	printf("Answer: %.*s\n", MESSAGE_LEN, answer);
	printf("That was %s\n", is_myself(fd) ? "myself" : "somebody else");
	close(fd);
	return 0;
}
