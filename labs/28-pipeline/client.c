/* 28 pipeline, the client: sends messages of 64 bytes as fast as they go, without waiting for
 * answers, and reads what comes back. It counts how often it had to wait until it could send, and
 * whether the answers come in the order of the questions. Its own send buffer is small. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { MESSAGE = 64, LIMIT_MS = 1500, SEND_BUFFER = 2048 };

struct talk {
	int fd, n;      /* messages that there are to send */
	int said_bytes; /* so much of them has gone */
	int heard_bytes, heard, out_of_order, last;
	char answer[MESSAGE + 1]; /* as far as it has come */
	int64_t stuck_us;         /* the time in which nothing more went */
};

/* Sends what goes now. */
static void say(struct talk *talk)
{
	char message[MESSAGE + 1];
	while (talk->said_bytes < talk->n * MESSAGE) {
		int at = talk->said_bytes % MESSAGE;
		(void)snprintf(message, sizeof message, "%-62d.\n", talk->said_bytes / MESSAGE);
		ssize_t n = send(talk->fd, message + at, (size_t)(MESSAGE - at), MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die("send");
		if (n <= 0)
			return;
		talk->said_bytes += (int)n;
	}
}

/* Reads what is there now. False at the end of the stream. */
static bool hear(struct talk *talk)
{
	int at = talk->heard_bytes % MESSAGE, number;
	ssize_t n = recv(talk->fd, talk->answer + at, (size_t)(MESSAGE - at), 0);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		die("recv");
	talk->heard_bytes += n > 0 ? (int)n : 0;
	if (n > 0 && talk->heard_bytes % MESSAGE == 0 && sscanf(talk->answer, "%d", &number) == 1) {
		talk->out_of_order += number < talk->last;
		talk->last = number;
		talk->heard++;
	}
	return n != 0;
}

/* Both at the same time, until all has come back. */
static void talk_and_listen(struct talk *talk)
{
	bool open = true;
	while (open && talk->heard < talk->n) {
		bool more = talk->said_bytes < talk->n * MESSAGE;
		struct pollfd wanted = {.fd = talk->fd, .events = more ? POLLIN | POLLOUT : POLLIN};
		int64_t begin_us = now_us();
		int ready = poll(&wanted, 1, LIMIT_MS);
		if (ready < 0 && errno != EINTR)
			die("poll");
		if (ready == 0)
			return; /* too long: the caller sees how far we came */
		talk->stuck_us += more ? now_us() - begin_us : 0;
		if (wanted.revents & POLLOUT)
			say(talk);
		if (wanted.revents & ~POLLOUT)
			open = hear(talk);
	}
}

int main(int argc, char **argv)
{
	int small = SEND_BUFFER;
	struct talk talk = {.n = 300};
	const struct number_option options[] = {{'n', &talk.n, 1, 1000000}, {0}};
	struct place place =
	        begin(argc, argv, options,
	              "client [-h] [-n MESSAGES] [host [port]]    (300, 127.0.0.1 8080)");
	talk.fd = connect_to(place, SOCK_STREAM, 0);
	if (talk.fd < 0)
		die("connect");
	if (setsockopt(talk.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small) < 0 ||
	    set_nonblocking(talk.fd) < 0)
		die("setsockopt");
	int64_t begin_us = now_us();
	talk_and_listen(&talk);
	printf("%d of %d answers in %.0f ms, %d out of order\n", talk.heard, talk.n,
	       (double)(now_us() - begin_us) / 1000, talk.out_of_order);
	printf("For %.0f ms of that I could not send\n", (double)talk.stuck_us / 1000);
	if (close(talk.fd) < 0)
		die("close");
	return talk.heard < talk.n;
}
