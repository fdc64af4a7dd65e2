/* 23 blocking, the client as the document wrote it: it waits for a web server to speak first, and
 * takes the end of the stream for one more piece of 0 bytes, so its loop never ends. The document's
 * goes on for ever; this one counts and stops at 50, and it sends a line so that there is
 * something to read (the document's sends nothing, and waits for ever). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { ENOUGH = 50 };

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "client-as-written [-h] [host [port]]    (127.0.0.1 8080)");
	int fd = connect_to(place, SOCK_STREAM, 0);
	if (fd < 0)
		die("connect");
	if (send_all(fd, "hello\n", 6) < 0 || shutdown(fd, SHUT_WR) < 0)
		die("send");
	for (int rounds = 0;; rounds++) {
		char buffer[1024];
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0) { /* the document: err != nil && err != io.EOF */
			perror("client-as-written: recv");
			break;
		}
		printf("Received %zd bytes: %.*s\n", n, (int)n, buffer);
		if (rounds == ENOUGH) {
			printf("... and so on, for ever\n");
			return 1;
		}
	}
	return close(fd) < 0 ? 1 : 0;
}
