/* 27 epoll, a server with an event loop: one thread, several TCP clients, and UDP. */
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
	struct epoll_event wanted = {.events = EPOLLIN, .data.fd = fd};
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) < 0)
		die("epoll_ctl");
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

static void handle(int epoll, int fd, int tcp, int udp)
{
	if (fd == udp) {
		echo_datagram(udp);
	} else if (fd == tcp) {
		int client = take_client(tcp);
		if (client >= 0)
			watch(epoll, client);
	} else if (!serve(fd)) {
		close(fd);
	}
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
		struct epoll_event ready[MAX_EVENTS];
		int n = epoll_wait(epoll, ready, MAX_EVENTS, -1);
		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++)
			handle(epoll, ready[i].data.fd, tcp, udp);
	}
}
