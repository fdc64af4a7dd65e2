/* 30 compare, the server that your client measures: one client at a time, as in lab 23, and each
 * echo takes 5 ms of work. Whoever is the twentieth in the queue waits for nineteen others. Ends,
 * with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 64, WORK_MS = 5 };

/* Echoes until the client's FIN, or until something fails. */
static void serve(int fd)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		pause_ms(WORK_MS);
		if (send_all(fd, buffer, (size_t)n) < 0)
			return;
	}
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server-queue [-h] [host [port]]    (127.0.0.1 8080)");
	stop_on_signals();
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			die("accept");
		serve(fd);
		close(fd);
	}
}
