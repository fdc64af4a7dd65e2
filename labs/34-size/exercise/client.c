/* 34 size, your client: sends 30,000 bytes, but a link on the way loses packets of more than LINK
 * bytes, without a word. What is missing has a TODO; the rest is done. `wirelab check 34` runs it.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TOTAL = 30000, PATIENCE_MS = 3000, LINK = 1000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Before connect(). 0, or -1 with errno. */
static int set_options(int fd)
{
	/* TODO 1: no segment may be longer than fits into a packet of LINK bytes: man 7 tcp. A
	 * packet has headers too. */
	/* TODO 2: and if nothing is acknowledged for PATIENCE_MS, the connection is to fail. */
	(void)fd;
	return 0;
}

/* A socket connected to host and port. A name may have several addresses, of IPv4 and of IPv6: the
 * first one that answers is taken. */
static int connect_to(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(host, port, &hints, &list);
	if (error != 0) {
		fprintf(stderr, "client: %s port %s: %s\n", host, port, gai_strerror(error));
		exit(1);
	}
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && set_options(fd) == 0 &&
		    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot connect");
}

/* send() may take only some of the bytes; here it takes all. MSG_NOSIGNAL: if the server has gone,
 * send() fails with EPIPE instead of killing us with SIGPIPE. */
static void send_all(int fd)
{
	static char bytes[TOTAL];
	memset(bytes, 'x', sizeof bytes);
	for (size_t done = 0; done < sizeof bytes;) {
		ssize_t n = send(fd, bytes + done, sizeof bytes - done, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			die("send");
		printf("send() took %zd bytes\n", n);
		done += (size_t)n;
	}
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "that is all" */
		die("shutdown");
}

/* Until the server has read all and closed. */
static void wait_for_end(int fd)
{
	char byte;
	ssize_t n;
	struct timeval limit = {.tv_sec = 8}; /* so that your first runs end */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
		die("setsockopt");
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("recv");
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	send_all(fd);
	wait_for_end(fd);
	printf("All is read\n");
	close(fd);
	return 0;
}
