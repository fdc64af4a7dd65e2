/* 34 size, the client: sends 30,000 bytes with one send() and waits until the server has read them.
 * How long the segments are is decided below it; with -m it asks for shorter ones. When nothing has
 * been acknowledged for 3 s it gives up: status 1. */
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

enum { TOTAL = 30000, PATIENCE_MS = 3000, MSS_MIN = 88, MSS_MAX = 32767 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* TCP_MAXSEG before connect(): our SYN tells the other end that we take no longer segments, and we
 * send none. TCP_USER_TIMEOUT: how long data may stay unacknowledged. */
static int set_options(int fd, int mss)
{
	unsigned ms = PATIENCE_MS;
	if (setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms) < 0)
		return -1;
	return mss == 0 ? 0 : setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
}

/* A socket connected to host and port. A name may have several addresses, of IPv4 and of IPv6: the
 * first one that answers is taken. */
static int connect_to(const char *host, const char *port, int mss)
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
		if (fd >= 0 && set_options(fd, mss) == 0 &&
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
	do
		n = recv(fd, &byte, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("recv");
}

/* What goes into a segment now: less than the other end's MSS by the TCP options (12 bytes of
 * timestamps), and less again if an ICMP message has told of a narrow place on the way. */
static void report(int fd)
{
	int mss, mtu;
	socklen_t len = sizeof mss;
	if (getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, &len) < 0)
		die("getsockopt");
	len = sizeof mtu;
	if (getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len) < 0)
		mtu = 0; /* it is IPv6 */
	printf("Read. A segment takes %d bytes, a packet %d on this way\n", mss, mtu);
}

int main(int argc, char **argv)
{
	bool has_mss = argc > 2 && strcmp(argv[1], "-m") == 0;
	int mss = has_mss ? (int)strtol(argv[2], NULL, 10) : 0, used = has_mss ? 2 : 0;
	const char *host = argc > 1 + used ? argv[1 + used] : "127.0.0.1";
	const char *port = argc > 2 + used ? argv[2 + used] : "8080";
	if (argc > 3 + used || host[0] == '-' || (has_mss && (mss < MSS_MIN || mss > MSS_MAX))) {
		bool asked = strcmp(host, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [-m mss] [host [port]]    (127.0.0.1 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	int fd = connect_to(host, port, mss);
	send_all(fd);
	wait_for_end(fd);
	report(fd);
	close(fd);
	return 0;
}
