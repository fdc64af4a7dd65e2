/* 24 non-blocking, the server: several clients, one thread. No call waits for one client: all
 * sockets are non-blocking, and the only place where the server waits is poll(), for all of them.
 * Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MAX_CLIENTS = 16000, BACKLOG = 4096 };

/* One echo of what has come. False when this client is done: it has closed, or something failed. */
static bool serve(int fd)
{
	char buffer[4096];
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true; /* nothing there after all */
	if (n < 0)
		perror("server: recv");
	if (n <= 0)
		return false;
	/* EAGAIN: a client that only sends and never reads. Lab 27 waits for it; here it must go.
	 */
	if (send_all(fd, buffer, (size_t)n) < 0) {
		perror("server: send");
		return false;
	}
	return true;
}

/* -1: nobody there, or gone already. */
static int take_client(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		die("accept");
	return fd;
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();

	int n = 1;
	struct pollfd watched[1 + MAX_CLIENTS] = {
	        {.fd = listen_on(place, SOCK_STREAM, BACKLOG), .events = POLLIN},
	};
	if (set_nonblocking(watched[0].fd) < 0)
		die("fcntl");
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		if (poll(watched, (nfds_t)n, -1) < 0 && errno != EINTR) /* waits here, only here */
			die("poll");
		for (int i = n - 1; i > 0; i--) {
			if (watched[i].revents == 0 || serve(watched[i].fd))
				continue;
			close(watched[i].fd); /* the FIN goes out behind the last echo */
			watched[i] = watched[--n];
		}
		watched[0].events = n < 1 + MAX_CLIENTS ? POLLIN : 0; /* full: they queue */
		int fd = watched[0].revents ? take_client(watched[0].fd) : -1;
		if (fd >= 0)
			watched[n++] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
}
