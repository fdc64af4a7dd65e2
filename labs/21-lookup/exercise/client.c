/* 21 lookup, your client: looks a name up, prints all of its addresses, and connects to one after
 * the other until somebody is there. What is missing has a TODO; the rest is done. `wirelab check
 * 21` runs it and tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TEXT_SIZE = 1024 };

/* The address as text. NI_NUMERICHOST: without it, getnameinfo() would ask for the name of it. */
static const char *text_of(const struct addrinfo *a, char *text)
{
	if (getnameinfo(a->ai_addr, a->ai_addrlen, text, TEXT_SIZE, NULL, 0, NI_NUMERICHOST) != 0)
		return "?";
	return text;
}

/* Prints what is said there. False: nobody is there. */
static bool visit(const struct addrinfo *a)
{
	char text[TEXT_SIZE], bytes[256];
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
	if (fd < 0 || connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		printf("%s: %s\n", text_of(a, text), strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	printf("%s: connected\n", text_of(a, text));
	ssize_t n;
	while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			printf("%.*s", (int)n, bytes);
	if (n < 0)
		perror("client: recv");
	close(fd);
	return n == 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "www.wirelab.test";
	const char *port = argc > 2 ? argv[2] : "8080";
	if (argc > 3 || name[0] == '-') {
		bool asked = strcmp(name, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [name [port]]    (www.wirelab.test 8080)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	/* TODO 1: this asks for addresses of IPv4 only, and a host may have others. man 3
	 * getaddrinfo, ai_family */
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	char text[TEXT_SIZE];
	int error = getaddrinfo(name, port, &hints, &list);
	if (error != 0) {
		printf("%s: %s\n", name, gai_strerror(error));
		return 1;
	}
	/* TODO 2: print all of them: what getaddrinfo() gives is a list. */
	printf("%s has %s\n", name, text_of(list, text));

	/* TODO 3: when nobody is at the first one, there are others. */
	bool there = visit(list);
	freeaddrinfo(list);
	if (!there)
		printf("Nobody at any of them\n");
	return there ? 0 : 1;
}
