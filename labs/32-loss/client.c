/* 32 loss, the client: sends a file of so many bytes (-n), with the congestion control that its
 * host has or that it is told (-c), waits until the server has read it, and asks its kernel what
 * that took: TCP_INFO, man 7 tcp. It repeats nothing itself: that is the kernel's work. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NAME_BYTES = 16, PIECE = 23 * 2000 }; /* the alphabet up to w, many times */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Milliseconds of a clock that nobody sets. */
static long now_ms(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Which algorithms there are, says /proc/sys/net/ipv4/tcp_available_congestion_control; which of
 * them any program may take, tcp_allowed_congestion_control. Once we are connected, since connect()
 * takes what the route to the server says. */
static void choose(int fd, const char *name)
{
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name)) < 0)
		printf("%s: %s; I take what I get\n", name,
		       errno == EPERM ? "not allowed here" : "this kernel does not have it");
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
 * EPIPE instead of killing us with SIGPIPE. MSG_MORE: only full segments, so that each run has the
 * same ones; the FIN takes the rest with it. */
static void send_file(int fd, long total)
{
	static char piece[PIECE];
	for (int i = 0; i < PIECE; i++)
		piece[i] = (char)('a' + i % 23);
	for (long done = 0; done < total;) {
		long at = done % PIECE, n = PIECE - at < total - done ? PIECE - at : total - done;
		ssize_t sent = send(fd, piece + at, (size_t)n, MSG_NOSIGNAL | MSG_MORE);
		if (sent < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (sent < 0)
			die("send");
		done += sent;
	}
	if (shutdown(fd, SHUT_WR) < 0) /* our FIN: "that is all" */
		die("shutdown");
}

/* Until the server has read all and closed. */
static void wait_for_end(int fd)
{
	char byte;
	ssize_t n;
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("recv");
}

static void report(int fd, long total, long ms)
{
	struct tcp_info info;
	char name[NAME_BYTES] = "";
	socklen_t info_len = sizeof info, name_len = sizeof name;
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &info_len) < 0 ||
	    getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &name_len) < 0)
		die("getsockopt");
	printf("%.*s: %ld bytes in %ld ms, %u segments sent again, cwnd %u at the end\n",
	       NAME_BYTES, name, total, ms, info.tcpi_total_retrans, info.tcpi_snd_cwnd);
}

int main(int argc, char **argv)
{
	const char *algorithm = NULL; /* the host's */
	long total = 60000;
	int option;
	bool asked = false, wrong = false;
	while ((option = getopt(argc, argv, "hc:n:")) != -1) {
		if (option == 'c')
			algorithm = optarg;
		if (option == 'n')
			total = strtol(optarg, NULL, 10);
		asked = asked || option == 'h';
		wrong = wrong || option == '?';
	}
	if (asked || wrong || total <= 0 || argc - optind > 2) {
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-c algorithm] [-n bytes] [host [port]]    "
		        "(127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	const char *host = optind < argc ? argv[optind] : "127.0.0.1";
	const char *port = optind + 1 < argc ? argv[optind + 1] : "8080";
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port);
	if (algorithm)
		choose(fd, algorithm);
	long start = now_ms();
	send_file(fd, total);
	wait_for_end(fd);
	report(fd, total, now_ms() - start);
	close(fd);
	return 0;
}
