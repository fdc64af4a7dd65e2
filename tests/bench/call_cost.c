/* call_cost.c: what one call costs a program, in microseconds: a client for tests/bench/calls.
 * call_cost HOST PORT: sends single bytes over TCP (a call that is told: two stops), reads of
 * /dev/zero (a call that is looked at and let go: one stop), and calls that are not stopped at. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CALLS = 20000 };

static int fds[2];

static long do_send(void)
{
	return send(fds[0], "", 1, 0);
}

static long do_read(void)
{
	char byte;
	return read(fds[1], &byte, 1);
}

static long do_other(void)
{
	return getppid() >= 0;
}

static double cost_us(long (*call)(void))
{
	struct timespec from, to;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < CALLS; i++) {
		if (call() != 1)
			exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
	       CALLS / 1e3;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	if (argc != 3 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	to.sin_port = htons((uint16_t)strtol(argv[2], NULL, 10));
	fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	fds[1] = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (fds[0] < 0 || fds[1] < 0 || connect(fds[0], (struct sockaddr *)&to, sizeof to) < 0)
		return 1;
	double told = cost_us(do_send), passed = cost_us(do_read), other = cost_us(do_other);
	printf("send %.1f us, read of a file %.1f us, getppid %.2f us\n", told, passed, other);
	return 0;
}
