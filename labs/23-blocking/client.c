/* 23 blocking, the clients, several in one program: they connect one after another, each says a
 * line, and none closes. Then the first one closes, and the others look whether somebody answers.
 * What the kernel knows of a connection is asked with TCP_INFO (man 7 tcp; `ss -ti` prints it). */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MAX_CLIENTS = 64, PATIENCE_MS = 300, CONNECT_LIMIT_MS = 1500, NEXT_TURN_MS = 2000 };

static const char line[] = "is anybody there?\n";
enum { LINE_LEN = sizeof line - 1 };

/* The kernel's view: the state, and how many of our bytes the other end has not yet ACKed. */
static void tell_state(int number, int fd)
{
	struct tcp_info info;
	socklen_t size = sizeof info;
	int unacked;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) < 0 ||
	    ioctl(fd, TIOCOUTQ, &unacked) < 0)
		die("TCP_INFO");
	printf("Client %d: %s, %d bytes not ACKed\n", number,
	       info.tcpi_state == TCP_ESTABLISHED ? "ESTABLISHED" : "not established", unacked);
}

/* True when the echo has come within the limit. */
static bool hear(int number, int fd, int limit_ms)
{
	char echo[LINE_LEN];
	size_t n = receive_exactly(fd, echo, sizeof echo, limit_ms);
	if (n == sizeof echo)
		printf("Client %d: answered\n", number);
	else if (errno == ETIMEDOUT)
		printf("Client %d: nothing for %d ms\n", number, limit_ms);
	else
		printf("Client %d: %s\n", number, errno ? strerror(errno) : "closed");
	return n == sizeof echo;
}

/* Connects, says the line. -1: the server's queue is full, and the kernel there answers no SYN. */
static int arrive(int number, struct place place)
{
	int fd = connect_to(place, SOCK_STREAM, CONNECT_LIMIT_MS);
	if (fd < 0 && errno == EINPROGRESS) {
		printf("Client %d: no answer to its SYN for %d ms\n", number, CONNECT_LIMIT_MS);
		return -1;
	}
	if (fd < 0)
		die("connect");
	printf("Client %d: connected\n", number);
	if (send_all(fd, line, LINE_LEN) < 0)
		die("send");
	return fd;
}

int main(int argc, char **argv)
{
	int n = 2, fds[MAX_CLIENTS], unheard = 0;
	bool heard[MAX_CLIENTS] = {false};
	const struct number_option options[] = {{'n', &n, 1, MAX_CLIENTS}, {0}};
	struct place place = begin(argc, argv, options,
	                           "client [-h] [-n CLIENTS] [host [port]]    (2, 127.0.0.1 8080)");
	for (int i = 0; i < n; i++) {
		fds[i] = arrive(i + 1, place);
		if (fds[i] < 0)
			continue;
		heard[i] = hear(i + 1, fds[i], PATIENCE_MS);
		if (!heard[i])
			tell_state(i + 1, fds[i]);
	}
	for (int i = 0; i < n; i++) { /* in the order in which they came */
		if (fds[i] < 0)
			continue;
		if (!heard[i] && !hear(i + 1, fds[i], NEXT_TURN_MS))
			unheard++;
		printf("Client %d: closes\n", i + 1);
		if (close(fds[i]) < 0)
			die("close");
	}
	return unheard > 0;
}
