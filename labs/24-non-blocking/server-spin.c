/* 24 non-blocking, the server that spins: it asks each socket again and again whether something has
 * come. While a client is there it never sleeps, and nearly all of its calls are answered EAGAIN.
 * On the wire it cannot be told from the one that polls. `diff server-spin.c server.c`. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MAX_CLIENTS = 16000, BACKLOG = 4096 };

/* How often the sockets were asked, and how often they had nothing. */
struct tally {
	long asked, in_vain;
};

/* One echo of what has come. False when this client is done: it has closed, or something failed. */
static bool serve(int fd, struct tally *tally)
{
	char buffer[4096];
	ssize_t n = recv(fd, buffer, sizeof buffer, 0);
	tally->asked++;
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		tally->in_vain++; /* the usual answer */
		return true;
	}
	if (n < 0)
		perror("server: recv");
	if (n <= 0)
		return false;
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
	        begin(argc, argv, NULL, "server-spin [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();

	int n = 0, clients[MAX_CLIENTS];
	struct tally tally = {0};
	struct pollfd listener = {.fd = listen_on(place, SOCK_STREAM, BACKLOG), .events = POLLIN};
	if (set_nonblocking(listener.fd) < 0)
		die("fcntl");
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		if (n == 0)                           /* with nobody there even this one sleeps */
			(void)poll(&listener, 1, -1); /* why it returns does not matter */
		for (int i = n - 1; i >= 0; i--) {
			if (serve(clients[i], &tally))
				continue;
			close(clients[i]);
			clients[i] = clients[--n];
			if (n == 0)
				printf("recv() was called %ld times, %ld of them in vain\n",
				       tally.asked, tally.in_vain);
		}
		int fd = n < MAX_CLIENTS ? take_client(listener.fd) : -1;
		if (fd >= 0)
			clients[n++] = fd;
	}
}
