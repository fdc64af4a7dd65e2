/* 24 non-blocking, the document's example: a datagram socket that has no port, asked whether
 * something has come. The answer is EAGAIN, and it would be for ever: nobody can send to a socket
 * that has no port. Then the two lines that are missing in the document, bind() and a sender. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

static const char word[] = "hello";

/* The socket's own address: port 0 is none. */
static struct sockaddr_in name_of(int fd)
{
	struct sockaddr_in name = {0};
	socklen_t size = sizeof name;
	if (getsockname(fd, (struct sockaddr *)&name, &size) < 0)
		die("getsockname");
	printf("My port is %d\n", ntohs(name.sin_port));
	return name;
}

/* One call: it never waits. */
static void ask(int fd)
{
	char buffer[sizeof word];
	ssize_t n = recvfrom(fd, buffer, sizeof buffer, 0, NULL, NULL);
	if (n >= 0)
		printf("recvfrom() says: %zd bytes\n", n);
	else if (errno == EAGAIN) /* EWOULDBLOCK is the same number on Linux */
		printf("recvfrom() says: %s\n", strerror(errno));
	else
		die("recvfrom");
}

int main(int argc, char **argv)
{
	(void)begin(argc, argv, NULL, "receiver-as-written [-h]"); /* it connects to nobody */
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	(void)name_of(fd);
	for (int i = 0; i < 10; i++) {
		ask(fd);
		pause_ms(1); /* the document's "other tasks" */
	}

	struct sockaddr_in name = {.sin_family = AF_INET,
	                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	if (bind(fd, (struct sockaddr *)&name, sizeof name) < 0)
		die("bind");
	name = name_of(fd);
	if (sendto(fd, word, strlen(word), 0, (struct sockaddr *)&name, sizeof name) < 0)
		die("sendto");
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	if (poll(&wanted, 1, 1000) < 0)
		die("poll");
	ask(fd);
	return close(fd) < 0;
}
