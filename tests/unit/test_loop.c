/* test_loop.c: the loop of the labs' servers, in a process of its own, and clients that are kind
 * and unkind to it. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/loop.h"

enum { BIG = 300 * 1000, PATIENCE_S = 20 };

/* The server under test: where it listens, who it is. */
struct server {
	pid_t pid;
	int n_places;
	struct sockaddr_storage places[LOOP_LISTENERS];
	socklen_t place_len[LOOP_LISTENERS];
};

/* ---- services ---- */

static void echo(struct conn *c)
{
	size_t n = c->in.n < conn_room(c) ? c->in.n : conn_room(c);
	if (n > 0 && conn_say(c, c->in.start, n))
		conn_take(c, n);
	if (c->late)
		(void)conn_say(c, "late\n", 5);
	if (c->loop->stopping)
		(void)conn_say(c, "bye\n", 4);
	if (c->loop->stopping || (c->ended && c->in.n == 0))
		conn_finish(c);
}

/* Answers the first byte with much, and never looks at the rest. */
struct big_answer {
	size_t said;
};

static void answer_at_once(struct conn *c)
{
	static const char piece[1000];
	struct big_answer *answer = c->state;
	while (c->in.n > 0 && answer->said < BIG && conn_say(c, piece, sizeof piece))
		answer->said += sizeof piece;
	if (answer->said == BIG)
		conn_finish(c);
}

static void drop(struct conn *c)
{
	if (c->in.n > 0)
		conn_drop(c);
}

static void push_when_woken(struct conn *c)
{
	int *n = c->state;
	if (c->wake_ms == 0 && (*n)++ < 3) {
		(void)conn_say(c, "tick\n", 5);
		conn_wake(c, 20);
	} else if (*n > 3) {
		conn_finish(c);
	}
}

static void speak_for_others(struct conn *c)
{
	for (struct conn *other = c->loop->conns; c->in.n > 0 && other; other = other->next)
		(void)conn_say(other, c->in.start, c->in.n);
	conn_take(c, c->in.n);
	if (c->ended)
		conn_finish(c);
}

/* A layer that turns each byte's bits over, holds what it has read, and gives three at a time. */
struct held {
	unsigned char bytes[256];
	size_t n, given;
};

static int held_open(struct conn *c)
{
	c->layer = calloc(1, sizeof(struct held));
	return c->layer ? 0 : -1;
}

static ssize_t held_read(struct conn *c, void *buffer, size_t n)
{
	struct held *held = c->layer;
	unsigned char *to = buffer;
	size_t k = 0;
	if (held->given == held->n) {
		ssize_t got = recv(c->fd, held->bytes, sizeof held->bytes, 0);
		if (got <= 0)
			return got;
		held->n = (size_t)got;
		held->given = 0;
	}
	for (; k < 3 && k < n && held->given < held->n; k++)
		to[k] = (unsigned char)~held->bytes[held->given++];
	return (ssize_t)k;
}

static ssize_t held_write(struct conn *c, const void *bytes, size_t n)
{
	unsigned char byte = (unsigned char)~*(const unsigned char *)bytes;
	return n > 0 ? send(c->fd, &byte, 1, 0) : 0;
}

static bool held_pending(const struct conn *c)
{
	const struct held *held = c->layer;
	return held->given < held->n;
}

static int held_finish(struct conn *c)
{
	return shutdown(c->fd, SHUT_WR);
}

static void held_close(struct conn *c)
{
	free(c->layer);
}

static const struct layer turned = {held_open,    held_read,   held_write,
                                    held_pending, held_finish, held_close};
static const struct service echoes = {.serve = echo};
static const struct service answers = {.serve = answer_at_once,
                                       .state_size = sizeof(struct big_answer)};
static const struct service drops = {.serve = drop};
static const struct service pushes = {
        .serve = push_when_woken, .opened = push_when_woken, .state_size = sizeof(int)};
static const struct service speaks = {.serve = speak_for_others};
static const struct service echoes_turned = {.serve = echo, .layer = &turned};

/* ---- the server's process ---- */

static _Noreturn void be_server(const struct service *service, const struct limits *limits,
                                int files, int report)
{
	struct loop loop;
	struct server self = {0};
	struct rlimit few = {.rlim_cur = (rlim_t)files, .rlim_max = (rlim_t)files};
	loop_open(&loop, (struct place){NULL, "0"}, service, limits);
	for (; self.n_places < loop.n_listeners; self.n_places++) {
		int i = self.n_places;
		self.place_len[i] = sizeof self.places[i];
		if (getsockname(loop.listeners[i], (struct sockaddr *)&self.places[i],
		                &self.place_len[i]) < 0)
			die("getsockname");
	}
	if ((files > 0 && setrlimit(RLIMIT_NOFILE, &few) < 0) ||
	    write(report, &self, sizeof self) != sizeof self)
		die("test");
	(void)close(report);
	loop_run(&loop);
	loop_close(&loop);
	exit(0); /* and the sanitizer says what was not freed */
}

static struct server start(const struct service *service, const struct limits *limits, int files)
{
	int pipe_fds[2];
	struct server server;
	assert_int_equal(pipe(pipe_fds), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)close(pipe_fds[0]);
		be_server(service, limits, files, pipe_fds[1]);
	}
	(void)close(pipe_fds[1]);
	assert_int_equal(read(pipe_fds[0], &server, sizeof server), sizeof server);
	(void)close(pipe_fds[0]);
	server.pid = pid;
	return server;
}

/* Waits for it, whatever it was told. Its processor time in ms. */
static long ended(struct server *server)
{
	int status;
	struct rusage used;
	assert_int_equal(wait4(server->pid, &status, 0, &used), server->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return used.ru_utime.tv_sec * 1000 + used.ru_utime.tv_usec / 1000 +
	       used.ru_stime.tv_sec * 1000 + used.ru_stime.tv_usec / 1000;
}

static long end(struct server *server)
{
	assert_int_equal(kill(server->pid, SIGTERM), 0);
	return ended(server);
}

/* ---- clients ---- */

static int client_at(const struct server *server, int place)
{
	struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd = socket(server->places[place].ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&server->places[place],
	                         server->place_len[place]),
	                 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send_all(fd, text, strlen(text)), 0);
}

/* Reads to the end of the stream, or until there is room no more. */
static size_t hear_all(int fd, char *buffer, size_t max)
{
	size_t n = receive_exactly(fd, buffer, max, PATIENCE_S * 1000);
	assert_int_equal(errno, 0);
	return n;
}

static void hears(int fd, const char *text)
{
	char buffer[256] = "";
	assert_int_equal(receive_exactly(fd, buffer, strlen(text), PATIENCE_S * 1000),
	                 strlen(text));
	assert_string_equal(buffer, text);
}

static void hears_end(int fd)
{
	char byte;
	assert_int_equal(recv(fd, &byte, 1, 0), 0);
}

static int64_t ms_since(int64_t began_us)
{
	return (now_us() - began_us) / 1000;
}

/* ---- tests ---- */

static void fifty_clients_are_served_at_once(void **state)
{
	(void)state;
	int fds[50];
	struct server server = start(&echoes, NULL, 0);
	for (int i = 0; i < 50; i++)
		fds[i] = client_at(&server, 0);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 50; i++)
			say(fds[i], "one line\n");
		for (int i = 49; i >= 0; i--)
			hears(fds[i], "one line\n");
	}
	for (int i = 0; i < 50; i++)
		(void)close(fds[i]);
	(void)end(&server);
}

static void both_families_are_listened_at(void **state)
{
	(void)state;
	struct server server = start(&echoes, NULL, 0);
	bool v4 = false;
	for (int i = 0; i < server.n_places; i++) {
		int fd = client_at(&server, i);
		v4 |= server.places[i].ss_family == AF_INET;
		say(fd, "who?");
		hears(fd, "who?");
		(void)close(fd);
	}
	assert_true(v4);
	(void)end(&server);
}

static void a_closed_direction_is_no_closed_connection(void **state)
{
	(void)state;
	struct server server = start(&echoes, NULL, 0);
	int fd = client_at(&server, 0);
	say(fd, "all I have to say");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	hears(fd, "all I have to say");
	hears_end(fd);
	(void)close(fd);
	(void)end(&server);
}

/* Says as much as goes without reading. */
static size_t flood(int fd, size_t most)
{
	static const char piece[10000];
	size_t said = 0;
	struct pollfd writable = {.fd = fd, .events = POLLOUT};
	while (said < most && poll(&writable, 1, 300) > 0) {
		ssize_t n = send(fd, piece, sizeof piece, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			break;
		said += n > 0 ? (size_t)n : 0;
	}
	return said;
}

static void who_does_not_read_is_not_read_from(void **state)
{
	(void)state;
	enum { MUCH = 100 * 1000 * 1000 };
	char buffer[10000];
	size_t heard = 0, n;
	struct server server = start(&echoes, NULL, 0);
	int fd = client_at(&server, 0), other = client_at(&server, 0);
	size_t said = flood(fd, MUCH);
	assert_true(said > 64 * 1024 && said < MUCH); /* the kernels' buffers, and ours */
	say(other, "and I?");
	hears(other, "and I?");
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	while ((n = hear_all(fd, buffer, sizeof buffer)) > 0)
		heard += n;
	assert_int_equal(heard, said);
	(void)close(fd);
	(void)close(other);
	assert_true(end(&server) < 5000); /* it did not spin meanwhile */
}

static void an_idle_client_is_told_and_closed(void **state)
{
	(void)state;
	const struct limits limits = {.idle_ms = 200};
	struct server server = start(&echoes, &limits, 0);
	int64_t began = now_us();
	int fd = client_at(&server, 0);
	hears(fd, "late\n");
	hears_end(fd);
	assert_true(ms_since(began) >= 200 && ms_since(began) < 5000);
	(void)close(fd);
	(void)end(&server);
}

static void a_trickle_does_not_outlive_the_total_limit(void **state)
{
	(void)state;
	const struct limits limits = {.idle_ms = 500, .total_ms = 400};
	char buffer[100];
	size_t n = 0;
	struct server server = start(&echoes, &limits, 0);
	int fd = client_at(&server, 0);
	for (int i = 0; i < 100 && n == 0; i++) {
		struct pollfd told = {.fd = fd, .events = POLLIN};
		(void)send(fd, ".", 1, MSG_NOSIGNAL);
		pause_ms(20);
		if (poll(&told, 1, 0) == 1) {
			ssize_t got = recv(fd, buffer, sizeof buffer, 0);
			n = got >= 5 && memcmp(buffer + got - 5, "late\n", 5) == 0;
		}
	}
	assert_true(n > 0);
	(void)close(fd);
	(void)end(&server);
}

static void an_answer_arrives_whole_though_much_was_not_read(void **state)
{
	(void)state;
	static char answer[BIG + 1];
	struct server server = start(&answers, NULL, 0);
	int fd = client_at(&server, 0);
	(void)flood(fd, 3 * 1000 * 1000);
	assert_int_equal(hear_all(fd, answer, sizeof answer), BIG);
	(void)close(fd);
	(void)end(&server);
}

static void a_dropped_client_meets_a_reset(void **state)
{
	(void)state;
	char byte;
	struct server server = start(&drops, NULL, 0);
	int fd = client_at(&server, 0);
	(void)flood(fd, 1000 * 1000); /* more than it reads in one go */
	ssize_t n = recv(fd, &byte, 1, 0);
	assert_int_equal(n, -1);
	assert_int_equal(errno, ECONNRESET);
	(void)close(fd);
	(void)end(&server);
}

static void a_wake_up_comes_in_time(void **state)
{
	(void)state;
	struct server server = start(&pushes, NULL, 0);
	int64_t began = now_us();
	int fd = client_at(&server, 0);
	hears(fd, "tick\ntick\ntick\n");
	hears_end(fd);
	assert_true(ms_since(began) >= 60);
	(void)close(fd);
	(void)end(&server);
}

static void one_client_can_be_heard_by_others(void **state)
{
	(void)state;
	struct server server = start(&speaks, NULL, 0);
	int a = client_at(&server, 0), b = client_at(&server, 0);
	say(a, "a is here");
	hears(a, "a is here"); /* so b is known by then, or it is not: */
	say(b, "b too");
	pause_ms(50);
	say(a, "hello, all");
	hears(a, "b toohello, all");
	(void)close(a);
	(void)close(b);
	(void)end(&server);
}

static void a_layer_stands_between(void **state)
{
	(void)state;
	enum { N = 200 };
	char said[N], heard[N + 1];
	struct server server = start(&echoes_turned, NULL, 0);
	int fd = client_at(&server, 0);
	for (int i = 0; i < N; i++)
		said[i] = (char)i;
	assert_int_equal(send_all(fd, said, N), 0);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_int_equal(hear_all(fd, heard, sizeof heard), N);
	assert_memory_equal(said, heard, N); /* turned twice */
	(void)close(fd);
	(void)end(&server);
}

static void more_clients_than_allowed_wait_for_their_turn(void **state)
{
	(void)state;
	const struct limits limits = {.clients = 2};
	int fds[5];
	struct server server = start(&echoes, &limits, 0);
	for (int i = 0; i < 5; i++) {
		fds[i] = client_at(&server, 0);
		say(fds[i], "me");
	}
	for (int i = 0; i < 5; i++) {
		hears(fds[i], "me");
		(void)close(fds[i]);
	}
	assert_true(end(&server) < 1000);
}

static void without_descriptors_clients_wait_and_nothing_spins(void **state)
{
	(void)state;
	enum { FILES = 12, N = 30 };
	int fds[N];
	struct server server = start(&echoes, NULL, FILES);
	for (int i = 0; i < N; i++) {
		fds[i] = client_at(&server, 0);
		say(fds[i], "me");
	}
	pause_ms(500);
	for (int i = 0; i < N; i++) {
		hears(fds[i], "me");
		(void)close(fds[i]);
	}
	assert_true(end(&server) < 1000);
}

static void on_sigterm_everybody_gets_a_last_word(void **state)
{
	(void)state;
	struct server server = start(&echoes, NULL, 0);
	int a = client_at(&server, 0), b = client_at(&server, 0);
	say(a, "x");
	hears(a, "x");
	say(b, "x");
	hears(b, "x");
	assert_int_equal(kill(server.pid, SIGTERM), 0);
	hears(a, "bye\n");
	hears_end(a);
	(void)close(a);
	hears(b, "bye\n");
	hears_end(b);
	(void)close(b);
	(void)ended(&server);
}

static void on_sigterm_nobody_holds_it_up(void **state)
{
	(void)state;
	const struct limits limits = {.stop_ms = 300, .linger_ms = 60000};
	struct server server = start(&echoes, &limits, 0);
	int fd = client_at(&server, 0); /* and never closes */
	say(fd, "x");
	hears(fd, "x");
	int64_t began = now_us();
	(void)end(&server);
	assert_true(ms_since(began) >= 250 && ms_since(began) < 5000);
	(void)close(fd);
}

static void a_second_sigterm_ends_it_at_once(void **state)
{
	(void)state;
	const struct limits limits = {.stop_ms = 60000, .linger_ms = 60000};
	struct server server = start(&echoes, &limits, 0);
	int fd = client_at(&server, 0);
	say(fd, "x");
	hears(fd, "x");
	assert_int_equal(kill(server.pid, SIGTERM), 0);
	hears(fd, "bye\n");
	(void)end(&server);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(fifty_clients_are_served_at_once),
	        cmocka_unit_test(both_families_are_listened_at),
	        cmocka_unit_test(a_closed_direction_is_no_closed_connection),
	        cmocka_unit_test(who_does_not_read_is_not_read_from),
	        cmocka_unit_test(an_idle_client_is_told_and_closed),
	        cmocka_unit_test(a_trickle_does_not_outlive_the_total_limit),
	        cmocka_unit_test(an_answer_arrives_whole_though_much_was_not_read),
	        cmocka_unit_test(a_dropped_client_meets_a_reset),
	        cmocka_unit_test(a_wake_up_comes_in_time),
	        cmocka_unit_test(one_client_can_be_heard_by_others),
	        cmocka_unit_test(a_layer_stands_between),
	        cmocka_unit_test(more_clients_than_allowed_wait_for_their_turn),
	        cmocka_unit_test(without_descriptors_clients_wait_and_nothing_spins),
	        cmocka_unit_test(on_sigterm_everybody_gets_a_last_word),
	        cmocka_unit_test(on_sigterm_nobody_holds_it_up),
	        cmocka_unit_test(a_second_sigterm_ends_it_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
