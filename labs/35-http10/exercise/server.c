/* 35 HTTP/1.0, your server, for one client after the other. It has an answer, and gives it to
 * everybody, whatever they ask, before they have asked. `wirelab check 35` tells what is wrong. */
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
	/* TODO 1: recv() until "\r\n\r\n" is there; it may come in any number of pieces. */
	(void)fd;
	(void)snprintf(request, size, "GET / HTTP/1.0\r\n\r\n");
	return true;
}

/* The status for a request of "METHOD /path HTTP/1.0". */
static int judge(const char *request, char method[WORD_MAX])
{
	/* TODO 2: the three words of the first line. 400: there are no three, or the third is not
	 * HTTP/1. something; 501: a method that is neither GET nor HEAD; 404: a path that is not
	 * "/"; 200: all is well. */
	(void)request;
	(void)snprintf(method, WORD_MAX, "GET");
	return 200;
}

static void answer(int fd, int status, bool with_body)
{
	/* TODO 3: this is for 200 only. And an answer to HEAD has a head, and no body. */
	char text[512];
	(void)status;
	(void)with_body;
	int n = snprintf(text, sizeof text, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n%s",
	                 page);
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
