/* 10 RST atlas, the client: sends a request, reads until there is no more, and says which call was
 * told what. -n N: a request of N bytes. -a: a little later it sends another, whatever has come. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 20, AGAIN_MS = 300 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A connection to host and port. A name may have several addresses, of IPv4 and of IPv6: the first
 * one that answers is taken. */
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
		printf("connect: %s\n", strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	exit(1);
}

/* send() may take only some of the bytes; MSG_NOSIGNAL: EPIPE, and no SIGPIPE. What fails here may
 * still have an answer waiting, so we go on. */
static bool send_request(int fd, size_t n)
{
	static char request[REQUEST_MAX];
	memset(request, 'x', sizeof request);
	for (size_t done = 0; done < n;) {
		ssize_t sent = send(fd, request, n - done, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0) {
			printf("send, after %zu bytes: %s\n", done, strerror(errno));
			return false;
		}
		done += (size_t)sent;
	}
	printf("send: %zu bytes\n", n);
	return true;
}

/* Reads until the server has closed: true, or until an error: false. */
static bool receive_all(int fd)
{
	char piece[1024];
	for (;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			printf("recv: %s\n", strerror(errno));
		if (n == 0)
			printf("recv: 0, the end of the stream\n");
		if (n <= 0)
			return n == 0;
		printf("recv: %zd bytes: %.*s\n", n, (int)n, piece);
	}
}

int main(int argc, char **argv)
{
	bool again = false, asked = false, wrong = false;
	size_t size = 5;
	for (int option; (option = getopt(argc, argv, "han:")) != -1;) {
		if (option == 'n')
			size = strtoul(optarg, NULL, 10);
		again |= option == 'a';
		asked |= option == 'h';
		wrong |= option == '?';
	}
	if (asked || wrong || argc - optind > 2 || size > REQUEST_MAX) {
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-a] [-n BYTES] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	const char *host = argc > optind ? argv[optind] : "127.0.0.1";
	const char *port = argc > optind + 1 ? argv[optind + 1] : "8080";
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	bool well = send_request(fd, size);
	if (again) {
		(void)nanosleep(&(struct timespec){.tv_nsec = AGAIN_MS * 1000000L}, NULL);
		well &= send_request(fd, size);
	}
	well &= receive_all(fd);
	if (close(fd) < 0)
		die("close");
	return well ? 0 : 1;
}
