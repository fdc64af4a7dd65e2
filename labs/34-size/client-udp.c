/* 34 size, the client for datagrams: sends one of 4000 bytes and waits a second for an answer. A
 * datagram is one message for the programs, but no packet takes so much: IP cuts it. Status 1:
 * there was no answer. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIZE = 4000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A socket that sends to this peer. connect() asks nobody: it only notes the address. */
static int speak_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	int fd = socket(list->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, list->ai_addr, list->ai_addrlen) < 0)
		die("socket");
	freeaddrinfo(list);
	return fd;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-udp [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	char bytes[SIZE];
	memset(bytes, 'x', sizeof bytes);
	int fd = speak_to(host, port);
	ssize_t n;
	do
		n = send(fd, bytes, sizeof bytes, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("send");
	printf("send() took %zd bytes\n", n);

	struct timeval limit = {.tv_sec = 1};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
		die("setsockopt");
	do
		n = recv(fd, bytes, sizeof bytes, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN) /* EAGAIN: the time is over */
		die("recv");
	printf("The server: %.*s\n", n < 0 ? 7 : (int)n, n < 0 ? "nothing" : bytes);
	close(fd);
	return n < 0 ? 1 : 0;
}
