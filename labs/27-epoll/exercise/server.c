/* 27 epoll, your server. It knows how to serve one client once, and one datagram; what is missing
 * is the loop that finds out whose turn it is. `wirelab check 27` tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_EVENTS = 16 };

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

/* A non-blocking socket at that address; one of TCP listens. */
static int open_socket(const char *host, const char *port, int type)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = type};
	struct addrinfo *a;
	int on = 1;
	if (getaddrinfo(host, port, &hints, &a) != 0)
		die("no such host or port");
	int fd = socket(a->ai_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 || (type == SOCK_STREAM && listen(fd, 16) < 0))
		die("cannot listen");
	freeaddrinfo(a);
	return fd;
}

static void watch(int epoll, int fd)
{
	/* TODO 1: from now on epoll tells when something can be read from fd. man 2 epoll_ctl */
	(void)epoll;
	(void)fd;
}

/* The next client's descriptor, -1: nobody there, or gone already. */
static int take_client(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		die("accept");
	return fd;
}

/* One echo of what has come. False when this client is done: it has closed, or something failed. */
static bool serve(int fd)
{
	char buffer[1024];
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	return n > 0 && send(fd, buffer, (size_t)n, MSG_NOSIGNAL) == n;
}

static void echo_datagram(int fd)
{
	char buffer[1024];
	struct sockaddr_storage peer;
	socklen_t size = sizeof peer;
	ssize_t n = recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &size);
	if (n >= 0 && sendto(fd, buffer, (size_t)n, 0, (struct sockaddr *)&peer, size) < 0)
		perror("server: sendto");
}

/* Something can be read from fd. */
static void handle(int epoll, int fd, int tcp, int udp)
{
	/* TODO 2: which of the three is it, and what is to be done? */
	if (fd == udp)
		echo_datagram(udp);
	else if (fd == tcp)
		watch(epoll, take_client(tcp)); /* is there always one? */
	else
		(void)serve(fd);
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "127.0.0.1", *port = argc > 2 ? argv[2] : "8080";
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0)
		die("sigaction");
	int tcp = open_socket(host, port, SOCK_STREAM), udp = open_socket(host, port, SOCK_DGRAM);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	if (epoll < 0)
		die("epoll_create1");
	watch(epoll, tcp);
	watch(epoll, udp);
	for (;;) {
		/* TODO 3: wait until something is ready, then handle() each. man 2 epoll_wait */
		int ready[MAX_EVENTS] = {-1}, n = pause(); /* both go away with your code */
		for (int i = 0; i < n; i++)
			handle(epoll, ready[i], tcp, udp);
	}
}
