/* 02 handshake, your client, which knows its numbers: opens a connection and sends as many bytes as
 * it takes for its FIN to have a certain sequence number, counted from 0. What is missing has a
 * TODO: it is arithmetic, and one loop. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEQ_MAX = 1000000 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
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
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			close(fd);
	}
	die("cannot connect");
}

/* How many bytes we have to send, so that the FIN behind them has this number. */
static size_t bytes_before(long fin_seq)
{
	/* TODO 1: which number has the SYN, which the first byte, which the FIN behind the last? */
	(void)fin_seq;
	return 0;
}

/* Sends so many bytes, all the same. send() may take only some of them. MSG_NOSIGNAL: if the server
 * has gone, send() fails with EPIPE instead of killing us with SIGPIPE. */
static void send_bytes(int fd, size_t n)
{
	/* TODO 2: send n bytes of your choice. They do not have to fit into one send(), nor will
	 * they into one segment. */
	(void)fd;
	(void)n;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long fin_seq = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
	if (argc > 4 || host[0] == '-' || fin_seq < 1 || fin_seq > SEQ_MAX) {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [host [port [SEQ]]]    (127.0.0.1 8080 1)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	size_t n = bytes_before(fin_seq);
	send_bytes(fd, n);
	printf("Sent %zu bytes: the FIN has seq %ld\n", n, fin_seq);
	printf("The server will acknowledge it with ack %ld\n",
	       0L); /* TODO 3: with which number? */

	if (close(fd) < 0) /* our FIN */
		die("close");
	return 0;
}
