/* ends.c: one end of a connection that opens and closes in a way that has a name, slowly, so that
 * there are quiet moments between the steps: ends ROLE HOST PORT WAY. For tests/e2e/kernel.sh. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 200, MEET_MS = 500, CALLER_PORT = 6001, CALLED_PORT = 6000, LARGE = 4 << 20 };

static struct sockaddr_in server_address;
static int listener = -1;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void rest_ms(long ms)
{
	const struct timespec span = {ms / 1000, ms % 1000 * 1000000};
	while (nanosleep(&span, NULL) < 0 && errno == EINTR)
		;
}

static void rest(void)
{
	rest_ms(STEP_MS);
}

/* Both programs get here within a moment of each other, and leave at the same time. */
static void meet(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	long ms = now.tv_nsec / 1000000;
	rest_ms(2 * MEET_MS - ms % MEET_MS);
}

static int new_socket(void)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0)
		die("socket");
	return fd;
}

static void bind_port(int fd, uint16_t port)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(port)};
	if (bind(fd, (struct sockaddr *)&any, sizeof any) < 0)
		die("bind");
}

static int connect_to(struct sockaddr_in address, uint16_t port, int fd)
{
	address.sin_port = htons(port);
	return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static int connected(void)
{
	int fd = new_socket();
	if (connect_to(server_address, ntohs(server_address.sin_port), fd) < 0)
		die("connect");
	rest();
	return fd;
}

static int accepted(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		die("accept");
	rest();
	return fd;
}

static void say(int fd)
{
	if (write(fd, "hello", 5) != 5)
		die("write");
	rest();
}

/* Reads to the end of the stream, or to a reset. */
static void hear_all(int fd)
{
	char bytes[4096];
	while (read(fd, bytes, sizeof bytes) > 0)
		;
	rest();
}

static void hear_some(int fd)
{
	char bytes[5];
	if (read(fd, bytes, sizeof bytes) < 0)
		die("read");
	rest();
}

static void shut(int fd)
{
	(void)close(fd);
	rest();
}

static void abort_it(int fd)
{
	const struct linger now = {.l_onoff = 1, .l_linger = 0};
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("SO_LINGER");
	shut(fd);
}

/* ---- the ways: what the client does, what the server does ---- */

static void c_closes_first(void)
{
	int fd = connected();
	say(fd);
	shut(fd);
}
static void s_closes_second(void)
{
	int fd = accepted();
	hear_all(fd);
	shut(fd);
}
static void c_closes_second(void)
{
	int fd = connected();
	hear_all(fd);
	shut(fd);
}
static void s_closes_first(void)
{
	int fd = accepted();
	say(fd);
	shut(fd);
}
static void c_closes_together(void)
{
	int fd = connected();
	meet();
	shut(fd);
}
static void s_closes_together(void)
{
	int fd = accepted();
	meet();
	shut(fd);
}
static void c_half_closes(void)
{
	int fd = connected();
	say(fd);
	(void)shutdown(fd, SHUT_WR);
	rest();
	hear_all(fd);
	shut(fd);
}
static void s_answers_a_half(void)
{
	int fd = accepted();
	hear_all(fd);
	say(fd);
	say(fd);
	shut(fd);
}
static void c_aborts(void)
{
	int fd = connected();
	say(fd);
	abort_it(fd);
}
static void s_aborts(void)
{
	int fd = accepted();
	say(fd);
	abort_it(fd);
}
static void c_aborts_a_half(void) /* in FIN-WAIT-2 */
{
	int fd = connected();
	(void)shutdown(fd, SHUT_WR);
	rest();
	abort_it(fd);
}
static void s_hears(void)
{
	int fd = accepted();
	hear_all(fd);
	rest();
	shut(fd);
}
static void s_aborts_in_close_wait(void)
{
	int fd = accepted();
	hear_all(fd);
	abort_it(fd);
}
static void c_half_closes_and_hears(void)
{
	int fd = connected();
	(void)shutdown(fd, SHUT_WR);
	rest();
	hear_all(fd);
	shut(fd);
}
static void s_leaves_unread(void)
{
	int fd = accepted();
	rest();
	shut(fd);
}
static void c_is_refused(void)
{
	int fd = new_socket();
	if (connect_to(server_address, 9, fd) == 0)
		die("connected to the wrong port");
	rest();
	shut(fd);
}
static void s_waits(void)
{
	pause();
}
static void s_accepts_and_waits(void)
{
	(void)accepted();
	pause();
}
static void c_is_killed(void)
{
	int fd = connected();
	say(fd);
	(void)raise(SIGKILL);
}
static void c_is_killed_unread(void)
{
	int fd = connected();
	say(fd);
	rest();
	(void)raise(SIGKILL);
}
static void s_speaks_and_hears(void)
{
	int fd = accepted();
	say(fd);
	hear_all(fd);
	shut(fd);
}
static void s_is_killed(void)
{
	int fd = accepted();
	hear_some(fd);
	(void)raise(SIGKILL);
}
static void c_speaks_and_hears(void)
{
	int fd = connected();
	say(fd);
	hear_all(fd);
	shut(fd);
}
static void s_never_closes(void)
{
	int fd = accepted();
	hear_all(fd);
	rest_ms(1500);
	shut(fd);
}
static void c_goes_away(void) /* FIN-WAIT-2 without a program */
{
	int fd = connected();
	shut(fd);
}
static void s_closes_the_listener(void) /* with a connection that was not accepted */
{
	rest_ms(3 * STEP_MS);
	shut(listener);
	rest_ms(3 * STEP_MS);
}

/* The FIN waits behind data that the other end has no room for. */
static void c_floods(void)
{
	char bytes[4096] = {0};
	int fd = connected(), sent = 0;
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	while (sent < LARGE && write(fd, bytes, sizeof bytes) > 0)
		sent += (int)sizeof bytes;
	rest();
	shut(fd);
	rest_ms(600);
}
static void s_reads_late(void)
{
	int small = 4096;
	(void)setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	int fd = accepted();
	rest_ms(1000);
	hear_all(fd);
	shut(fd);
}

/* More connections than the accept queue takes. */
static void c_fills_the_queue(void)
{
	int fds[4];
	for (int i = 0; i < 4; i++) {
		fds[i] = new_socket();
		(void)fcntl(fds[i], F_SETFL, O_NONBLOCK);
		(void)connect_to(server_address, ntohs(server_address.sin_port), fds[i]);
		rest();
	}
	rest_ms(1200);
	for (int i = 0; i < 4; i++)
		shut(fds[i]);
}
static void s_does_not_accept(void)
{
	(void)listen(listener, 0);
	rest_ms(2500);
	for (int i = 0; i < 4; i++)
		shut(accepted());
}

/* The same two ports again while the server is in TIME-WAIT. */
static void c_comes_again(void)
{
	for (int i = 0; i < 2; i++) {
		int fd = new_socket();
		bind_port(fd, CALLER_PORT);
		if (connect_to(server_address, ntohs(server_address.sin_port), fd) < 0)
			die("connect");
		rest();
		hear_all(fd);
		shut(fd);
		rest_ms(1000); /* its number must be higher than the last one: RFC 6191 */
	}
}
static void s_closes_twice(void)
{
	s_closes_first();
	s_closes_first();
}

/* Gives up before any answer has come. */
static void c_gives_up(void)
{
	int fd = new_socket();
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	(void)connect_to(server_address, ntohs(server_address.sin_port), fd);
	rest();
	shut(fd);
}

/* Two SYNs cross. The host of the other end is known by what the wire gives it. */
static void cross(const char *other, uint16_t own_port, uint16_t other_port)
{
	struct sockaddr_in there = {.sin_family = AF_INET};
	if (inet_pton(AF_INET, other, &there.sin_addr) != 1)
		die("inet_pton");
	for (int tries = 0; tries < 5; tries++) {
		int fd = new_socket();
		bind_port(fd, own_port);
		meet();
		if (connect_to(there, other_port, fd) == 0) {
			rest();
			say(fd);
			hear_some(fd);
			if (own_port == CALLED_PORT)
				hear_all(fd);
			shut(fd);
			return;
		}
		shut(fd);
	}
	die("the two did not meet");
}
static void c_crosses(void)
{
	cross("10.0.0.2", CALLER_PORT, CALLED_PORT);
	rest();
}
static void s_crosses(void)
{
	cross("10.0.0.1", CALLED_PORT, CALLER_PORT);
}

static const struct way {
	const char *name;
	void (*client)(void), (*server)(void);
} ways[] = {
        {"client-first", c_closes_first, s_closes_second},
        {"server-first", c_closes_second, s_closes_first},
        {"together", c_closes_together, s_closes_together},
        {"half-close", c_half_closes, s_answers_a_half},
        {"client-abort", c_aborts, s_hears},
        {"server-abort", c_closes_second, s_aborts},
        {"abort-in-fin-wait-2", c_aborts_a_half, s_never_closes},
        {"abort-in-close-wait", c_half_closes_and_hears, s_aborts_in_close_wait},
        {"unread", c_speaks_and_hears, s_leaves_unread},
        {"refused", c_is_refused, s_waits},
        {"killed-client", c_is_killed, s_hears},
        {"killed-client-unread", c_is_killed_unread, s_speaks_and_hears},
        {"killed-server", c_speaks_and_hears, s_is_killed},
        {"fin-wait-2", c_goes_away, s_never_closes},
        {"leak", c_goes_away, s_accepts_and_waits},
        {"listener-closed", c_closes_second, s_closes_the_listener},
        {"fin-behind-data", c_floods, s_reads_late},
        {"full-queue", c_fills_the_queue, s_does_not_accept},
        {"same-ports", c_comes_again, s_closes_twice},
        {"gives-up", c_gives_up, s_waits},
        {"crossing-open", c_crosses, s_crosses},
};

int main(int argc, char **argv)
{
	const struct way *way = NULL;
	if (argc == 2 && strcmp(argv[1], "ways") == 0) {
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
			(void)puts(ways[i].name);
		return 0;
	}
	for (size_t i = 0; argc == 5 && i < sizeof ways / sizeof *ways; i++)
		if (strcmp(ways[i].name, argv[4]) == 0)
			way = &ways[i];
	if (!way)
		return 2;
	server_address = (struct sockaddr_in){
	        .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(argv[3], NULL, 10))};
	if (inet_pton(AF_INET, argv[2], &server_address.sin_addr) != 1)
		return 2;
	(void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	if (strcmp(argv[1], "client") == 0) {
		way->client();
		return 0;
	}
	listener = new_socket();
	if (bind(listener, (struct sockaddr *)&server_address, sizeof server_address) < 0 ||
	    listen(listener, 8) < 0)
		die("listen");
	way->server();
	return 0;
}
