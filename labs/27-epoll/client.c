/* 27 epoll, the clients: those of lab 26, and one that speaks UDP to the same port (-u 1). Those
 * that are never served abort their connection if asked to (-a 1). `diff ../26-threads/client.c
 * client.c`.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MAX_CLIENTS = 200, LINE_MAX = 64, LAST_LIMIT_MS = 500 };

struct client {
	int fd;
	size_t said, heard; /* bytes */
};

static void say(struct client *client, int number, int round)
{
	char line[LINE_MAX];
	int n = snprintf(line, sizeof line, "client %d, line %d\n", number, round);
	if (send_all(client->fd, line, (size_t)n) < 0)
		die("send");
	client->said += (size_t)n;
}

/* Reads what is still to come of the echo; false if it does not come in time. */
static bool hear(struct client *client, int limit_ms)
{
	char echo[LINE_MAX * 16];
	size_t missing = client->said - client->heard;
	client->heard += receive_exactly(client->fd, echo, missing, limit_ms);
	return client->heard == client->said;
}

/* Hears all that are there within `patience_ms`, together. Returns how many were heard. */
static int hear_all(struct client *clients, int n, int patience_ms)
{
	int n_heard = 0;
	int64_t end_us = now_us() + patience_ms * 1000;
	for (int i = 0; i < n; i++) {
		int64_t left_ms = (end_us - now_us()) / 1000;
		n_heard += hear(&clients[i], left_ms > 0 ? (int)left_ms : 0);
	}
	return n_heard;
}

/* From now on close() sends a RST: lab 10. */
static void make_close_abort(int fd)
{
	struct linger now = {.l_onoff = 1, .l_linger = 0};
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now) < 0)
		die("setsockopt");
}

/* Closes those that were served, and then, one after another, hears and closes the others. Returns
 * how many were never served. */
static int leave(struct client *clients, int n, int aborts)
{
	int unserved = 0;
	for (int late = 0; late <= 1; late++) {
		for (int i = 0; i < n; i++) {
			if (clients[i].fd < 0 || (!late && clients[i].heard < clients[i].said))
				continue;
			bool served = !late || hear(&clients[i], LAST_LIMIT_MS);
			unserved += !served;
			if (!served && aborts)
				make_close_abort(clients[i].fd);
			if (close(clients[i].fd) < 0)
				die("close");
			clients[i].fd = -1;
		}
	}
	return unserved;
}

/* One datagram there and back. Returns 0 if it came back. */
static int talk_udp(struct place place)
{
	static const char word[] = "and one datagram";
	char echo[LINE_MAX];
	int fd = connect_to(place, SOCK_DGRAM, 0); /* no packet: it only sets the peer */
	if (fd < 0 || send_all(fd, word, strlen(word)) < 0)
		die("UDP");
	size_t n = receive_exactly(fd, echo, strlen(word), LAST_LIMIT_MS);
	printf("UDP: %zu of %zu bytes have come back\n", n, strlen(word));
	if (close(fd) < 0)
		die("close");
	return n != strlen(word) || memcmp(echo, word, n) != 0;
}

int main(int argc, char **argv)
{
	int n = 5, rounds = 2, patience_ms = 500, udp = 0, aborts = 0, failed = 0;
	struct client clients[MAX_CLIENTS] = {{0}};
	const struct number_option options[] = {
	        {'n', &n, 1, MAX_CLIENTS}, {'r', &rounds, 1, 10}, {'w', &patience_ms, 0, 10000},
	        {'u', &udp, 0, 1},         {'a', &aborts, 0, 1},  {0}};
	struct place place = begin(
	        argc, argv, options,
	        "client [-h] [-n CLIENTS] [-r ROUNDS] [-w PATIENCE_MS] [-u 0|1] [-a 0|1] [host "
	        "[port]]    (5, 2, 500, 0, 0, 127.0.0.1 8080)");
	for (int i = 0; i < n; i++) {
		clients[i].fd = connect_to(place, SOCK_STREAM, 0);
		if (clients[i].fd < 0)
			die("connect");
	}
	printf("%d clients are connected\n", n);
	for (int round = 1; round <= rounds; round++) {
		for (int i = 0; i < n; i++)
			say(&clients[i], i + 1, round);
		int n_heard = hear_all(clients, n, patience_ms);
		printf("Round %d: %d of %d have been answered\n", round, n_heard, n);
	}
	if (udp)
		failed = talk_udp(place);
	int unserved = leave(clients, n, aborts);
	printf("In the end %d of %d have been answered\n", n - unserved, n);
	return failed || unserved > 0;
}
