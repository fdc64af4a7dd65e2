/* 35 HTTP/1.0, the server that many tutorials have: accepts, sends a complete answer, closes. It
 * never reads the request: what for, if the answer is always the same? What the kernel makes of a
 * close() with bytes unread is in lab 10. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 16, BODY_BYTES = 30000, LINE_BYTES = 10 };

/* The answer: 3000 lines of ten bytes. Its length. */
static size_t make_answer(char *answer, size_t size)
{
	int n = snprintf(answer, size, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n");
	for (int line = 1; line <= BODY_BYTES / LINE_BYTES; line++)
		n += snprintf(answer + n, size - (size_t)n, "line %4d\n", line);
	return (size_t)n;
}

int main(int argc, char **argv)
{
	static char answer[BODY_BYTES + 100];
	struct place place =
	        begin(argc, argv, NULL, "server-as-written [-h] [host [port]]    (127.0.0.1 8080)");
	size_t n = make_answer(answer, sizeof answer);
	stop_on_signals();
	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0)
			die("accept");
		if (send_all(fd, answer, n) < 0)
			perror("server: send");
		else
			printf("Answered, all %zu bytes\n", n); /* so says send() */
		close(fd);
	}
}
