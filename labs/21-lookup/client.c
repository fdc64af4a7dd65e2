/* 21 lookup, the client: asks for the addresses of a name and prints all of them; given a port, it
 * connects to one after the other until one answers. A name is not an address: it has any number of
 * them, of both families, and whoever looks it up has to be ready for each. */
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_SIZE = 1024 };

static double now_s(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The address as text. NI_NUMERICHOST: without it, getnameinfo() would ask for the name of it. */
static const char *text_of(const struct addrinfo *a, char *text)
{
	if (getnameinfo(a->ai_addr, a->ai_addrlen, text, TEXT_SIZE, NULL, 0, NI_NUMERICHOST) != 0)
		return "?";
	return text;
}

/* Says what failed, in words that help: "there is none" is an answer, "nobody answers" is not. */
static int complain(const char *name, int error, double since)
{
	if (error == EAI_NONAME || error == EAI_NODATA)
		printf("%s: no such name, or no address (%s)\n", name, gai_strerror(error));
	else if (error == EAI_AGAIN)
		printf("%s: not known now, perhaps later (%s) after %.1f s\n", name,
		       gai_strerror(error), now_s() - since);
	else
		printf("%s: %s\n", name, gai_strerror(error));
	return 1;
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
	const char *port = argc > 2 ? argv[2] : NULL;
	if (argc > 3 || name[0] == '-') {
		bool asked = strcmp(name, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client [-h] [name [port]]    (www.wirelab.test)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	/* Of either family. One entry for each address, not one for each kind of socket too. */
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	char text[TEXT_SIZE];
	double since = now_s();
	int error = getaddrinfo(name, port, &hints, &list);
	if (error != 0)
		return complain(name, error, since);
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		printf("%s has %s\n", name, text_of(a, text));

	bool there = port == NULL; /* then nobody is to be visited */
	for (const struct addrinfo *a = list; a != NULL && !there; a = a->ai_next)
		there = visit(a);
	freeaddrinfo(list);
	if (!there)
		printf("Nobody at any of them\n");
	return there ? 0 : 1;
}
