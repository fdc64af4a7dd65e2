/* 23 blocking, the server: echoes to one client until that client has closed, and only then asks
 * for the next. Every call waits as long as it takes: while it waits for one client, the server is
 * there for nobody else. Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

/* Echoes until the client's FIN. What goes wrong ends this connection, not the server. */
static void serve(int fd)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0); /* waits here */
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

int main(int argc, char **argv)
{
	int backlog = 16; /* connections that may wait for accept(), less one */
	const struct number_option options[] = {{'b', &backlog, 0, 4096}, {0}};
	struct place place =
	        begin(argc, argv, options,
	              "server [-h] [-b BACKLOG] [host [port]]    (16, 127.0.0.1 8080)");
	stop_on_signals();

	int listener = listen_on(place, SOCK_STREAM, backlog);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (int n = 1;; n++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC); /* and here */
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) {
			n--; /* that client has gone already: on to the next */
			continue;
		}
		if (fd < 0)
			die("accept");
		printf("Client %d: accepted\n", n);
		serve(fd);
		close(fd); /* the echoes are on their way: the FIN goes out behind them */
		printf("Client %d: has closed, and so have we\n", n);
	}
}
