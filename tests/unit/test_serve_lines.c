/* A server of lines when the machine has no room for one client more: it waits and goes on. The
 * failures of accept() are made here: this accept4() stands before the C library's. */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/lines.h"

static const int failures[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM, ECONNABORTED, EPROTO, EINTR};
static size_t n_failed;

/* The type of an address as the C library declares it. */
int accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict len, int flags)
{
	if (n_failed < sizeof failures / sizeof *failures) {
		errno = failures[n_failed++];
		return -1;
	}
	return (int)syscall(SYS_accept4, fd, address.__sockaddr__, len, flags);
}

static void greet(struct lines *lines, void *context)
{
	(void)lines_say(lines, "%s", (const char *)context); /* the test sees whether it came */
}

/* A port that nobody has just now. */
static const char *free_port(char text[static 8])
{
	struct sockaddr_in end = {.sin_family = AF_INET};
	socklen_t len = sizeof end;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&end, sizeof end), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&end, &len), 0);
	(void)close(fd);
	(void)snprintf(text, 8, "%u", (unsigned)ntohs(end.sin_port));
	return text;
}

static int call(struct place place)
{
	int fd = -1;
	for (int i = 0; i < 500 && fd < 0; i++) { /* until it listens */
		pause_ms(10);
		fd = connect_to(place, SOCK_STREAM, 0);
	}
	assert_true(fd >= 0);
	return fd;
}

static void whatever_accept_says_of_a_moment_the_server_goes_on(void **state)
{
	char port[8], word[4] = "";
	static char hello[] = "hi";
	struct place place = {.host = "127.0.0.1", .port = free_port(port)};
	pid_t server = fork();
	(void)state;
	if (server == 0)
		lines_serve(place, greet, hello, "full");
	int fd = call(place);
	assert_int_equal(receive_exactly(fd, word, sizeof word, 5000), sizeof word);
	assert_memory_equal(word, "hi\r\n", sizeof word);
	(void)close(fd);
	assert_int_equal(kill(server, SIGTERM), 0);
	int status = 0;
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(whatever_accept_says_of_a_moment_the_server_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
