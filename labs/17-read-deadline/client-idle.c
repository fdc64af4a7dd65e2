/* 17 read deadline, a client with a timeout that is no deadline: SO_RCVTIMEO lets each recv() wait
 * for so long, and the next one again. A server that sends a byte now and then keeps it for ever.
 */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { MESSAGE_LEN = 13 };

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

/* Each recv() from now on waits so long for its first byte, then fails with EAGAIN. */
static void set_timeout(int fd, long ms)
{
	struct timeval timeout = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) < 0)
		die("setsockopt");
}

/* Reads the whole answer, the end of the stream, or nothing for too long. Returns the bytes read.
 */
static size_t receive(int fd, char *reply, size_t size)
{
	size_t got = 0;
	while (got < size) {
		ssize_t n = recv(fd, reply + got, size - got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			printf("Nothing came for too long\n");
		else if (n < 0)
			die("recv");
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1";
	const char *port = argc > 2 ? argv[2] : "8080";
	long timeout_ms = argc > 3 ? strtol(argv[3], NULL, 10) : 500;
	if (argc > 4 || timeout_ms < 1 || host[0] == '-') { /* SO_RCVTIMEO takes 0 for: no limit */
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-idle [-h] [host [port [ms]]]    (127.0.0.1 8080 500)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	set_timeout(fd, timeout_ms);
	printf("Connected to %s port %s\n", host, port);

	char reply[MESSAGE_LEN];
	size_t got = receive(fd, reply, sizeof reply);
	printf("Received: %.*s\n", (int)got, reply);
	close(fd);
	return got == MESSAGE_LEN ? 0 : 1;
}
