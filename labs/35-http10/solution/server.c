/* 35 HTTP/1.0, a server for one client after the other: reads a request to its empty line, answers
 * what was asked, and closes. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 16, REQUEST_MAX = 4096, WORD_MAX = 256 };

static const char page[] = "<!DOCTYPE html>\n<h1>It works</h1>\n";

/* Reads until the empty line that ends a request's head. False: it never came. The request is a
 * string then. */
static bool read_request(int fd, char *request, size_t size)
{
	size_t got = 0;
	while (got + 1 < size) {
		ssize_t n = recv(fd, request + got, size - 1 - got, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		got += (size_t)n;
		request[got] = '\0';
		if (strstr(request, "\r\n\r\n"))
			return true;
	}
	return false;
}

/* The status for a request of "METHOD /path HTTP/1.0". */
static int judge(const char *request, char method[WORD_MAX])
{
	char path[WORD_MAX], version[WORD_MAX];
	if (sscanf(request, "%255s %255s %255s", method, path, version) != 3 ||
	    strncmp(version, "HTTP/1.", 7) != 0)
		return 400;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return 501;
	return strcmp(path, "/") == 0 ? 200 : 404;
}

static void answer(int fd, int status, bool with_body)
{
	char text[512];
	const char *reason = status == 200   ? "OK"
	                     : status == 404 ? "Not Found"
	                     : status == 501 ? "Not Implemented"
	                                     : "Bad Request";
	int n = snprintf(text, sizeof text, "HTTP/1.0 %d %s\r\nContent-Type: text/html\r\n\r\n%s",
	                 status, reason,
	                 !with_body      ? ""
	                 : status == 200 ? page
	                                 : reason);
	if (send_all(fd, text, (size_t)n) < 0)
		perror("server: send");
}

static void serve(int fd)
{
	char request[REQUEST_MAX], method[WORD_MAX] = "";
	bool whole = read_request(fd, request, sizeof request);
	int status = whole ? judge(request, method) : 400;
	answer(fd, status, strcmp(method, "HEAD") != 0);
}

int main(int argc, char **argv)
{
	struct place place =
	        begin(argc, argv, NULL, "server [-h] [host [port]]    (127.0.0.1 8080)");
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
		close(fd); /* our FIN: the body ends here */
	}
}
