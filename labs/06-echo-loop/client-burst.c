/* 06 echo loop, the client in a hurry: sends all lines of its input, says that it has no more
 * (shutdown), and only then reads, to the end. MSG_MORE allows the kernel to put several messages
 * into one segment; without it that happens too, but not in each run. (Fine for a few lines: with
 * megabytes of them both ends would fill their buffers and wait for each other.) With -p it pauses
 * after each line: so the server has to read more than once. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_MAX = 1024, PAUSE_MS = 50 };

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

/* send() may take only some of the bytes. MSG_NOSIGNAL: if the server has gone, send() fails with
 * EPIPE instead of killing us with SIGPIPE. */
static void send_all(int fd, const char *bytes, size_t n, int more)
{
	while (n > 0) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL | more);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		bytes += sent;
		n -= (size_t)sent;
	}
}

/* The next line of our input, without its newline; empty lines are passed over. Its length, or 0 at
 * the end of the input. */
static size_t next_message(char message[MESSAGE_MAX])
{
	while (fgets(message, MESSAGE_MAX, stdin) != NULL) {
		size_t n = strcspn(message, "\n");
		if (n > 0)
			return n;
	}
	if (ferror(stdin))
		die("input");
	return 0;
}

static void pause_a_little(void)
{
	struct timespec left = {.tv_nsec = PAUSE_MS * 1000000L};
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			die("nanosleep");
}

/* Reads to the end of the stream and prints what comes, piece by piece. Returns the bytes read. */
static size_t receive_all(int fd)
{
	char piece[MESSAGE_MAX];
	for (size_t total = 0;;) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("recv");
		if (n == 0)
			return total;
		printf("Received %zd bytes: %.*s\n", n, (int)n, piece);
		total += (size_t)n;
	}
}

int main(int argc, char **argv)
{
	bool pauses = argc > 1 && strcmp(argv[1], "-p") == 0;
	char **words = argv + pauses;
	int n_words = argc - pauses;
	const char *host = n_words > 1 ? words[1] : "127.0.0.1";
	const char *port = n_words > 2 ? words[2] : "8080";
	if (n_words > 3 || host[0] == '-') {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr, "usage: client-burst [-h] [-p] [host [port]] "
		                                 "<messages    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	printf("Connected to %s port %s\n", host, port);

	size_t n, sent = 0;
	char message[MESSAGE_MAX];
	while ((n = next_message(message)) > 0) {
		send_all(fd, message, n, pauses ? 0 : MSG_MORE);
		printf("Sent %zu bytes: %.*s\n", n, (int)n, message);
		sent += n;
		if (pauses)
			pause_a_little();
	}
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "I have no more to say, but I still listen" */
		die("shutdown");

	size_t received = receive_all(fd);
	if (close(fd) < 0)
		die("close");
	printf("Sent %zu bytes, received %zu\n", sent, received);
	return sent == received ? 0 : 1;
}
