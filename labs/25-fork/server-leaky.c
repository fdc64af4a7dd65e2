/* 25 fork, the server with two calls forgotten: the parent neither closes its copy of the
 * connection nor reaps its children. The first shows on the wire, and only in what is missing
 * there; the second shows in `ps`. When nobody has come for a second and a half it ends, so that
 * the run does, and the kernel closes what it had kept. `diff server-leaky.c server.c`. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096 };

/* Echoes until the client's FIN. */
static void serve(int fd)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			return;
		if (send_all(fd, buffer, (size_t)n) < 0) {
			perror("server: send");
			return;
		}
	}
}

static void serve_in_child(int listener, int fd)
{
	pid_t pid = fork();
	if (pid == 0) {
		close(listener);
		serve(fd);
		_exit(0); /* the kernel closes fd. The parent's copy is still open: no FIN */
	}
	if (pid < 0)
		perror("server-leaky: fork");
}

/* How many children have ended and were never asked about: zombies. */
static int count_zombies(void)
{
	int n = 0;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		n++;
	return n;
}

int main(int argc, char **argv)
{
	struct timeval idle = {.tv_sec = 1, .tv_usec = 500000};
	struct place place =
	        begin(argc, argv, NULL, "server-leaky [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();

	int listener = listen_on(place, SOCK_STREAM, BACKLOG), last = listener, n = 0;
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno == EAGAIN) /* nobody came: see below */
			break;
		if (fd < 0)
			die("accept");
		serve_in_child(listener, fd);
		last = fd;
		printf("Client %d has descriptor %d\n", ++n, fd);
		/* From the first client on: accept() waits no longer than that. */
		if (setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle) < 0)
			die("setsockopt");
	}
	printf("Still open: descriptors %d to %d; zombies: %d\n", listener + 1, last,
	       count_zombies());
	printf("Ending; the kernel closes them\n");
	return 0;
}
