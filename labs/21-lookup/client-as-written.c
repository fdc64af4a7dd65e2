/* 21 lookup, a client as document 3 has it (section 3.3): the function "finds the IPv4 address of a
 * name", one, and "returns an empty string" when it fails. Its Go program would print a list of
 * both families. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The IPv4 address of a name, or "" and an error. */
static int look_up(const char *name, char address[INET_ADDRSTRLEN])
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	int error = getaddrinfo(name, NULL, &hints, &list);
	address[0] = '\0';
	if (error != 0)
		return error;
	struct sockaddr_in first;
	memcpy(&first, list->ai_addr, sizeof first);
	freeaddrinfo(list);
	(void)inet_ntop(AF_INET, &first.sin_addr, address, INET_ADDRSTRLEN); /* it has the size */
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "www.wirelab.test";
	if (argc > 2 || name[0] == '-') {
		bool asked = strcmp(name, "-h") == 0;
		fprintf(asked ? stdout : stderr,
		        "usage: client-as-written [-h] [name]    (www.wirelab.test)\n");
		return asked ? 0 : 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0); /* each line goes out at once, to a pipe too */

	char address[INET_ADDRSTRLEN];
	int error = look_up(name, address);
	printf("%s\n", error != 0 ? gai_strerror(error) : address);
	return error != 0 ? 1 : 0;
}
