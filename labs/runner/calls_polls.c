/* calls_polls.c: see calls_polls.h; man 2 poll, select, epoll_wait. */
#include "runner/calls_polls.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "runner/calls_memory.h"
#include "runner/calls_names.h"

#define N(names) (sizeof(names) / sizeof *(names))

enum { SAID_MAX = 8, EPOLL_INFO_BYTES = 4096 };

/* POLLIN and the like have the same values as EPOLLIN. */
static const struct call_name poll_names[] = {
        {POLLIN, "POLLIN"},   {POLLPRI, "POLLPRI"},   {POLLOUT, "POLLOUT"},    {POLLERR, "POLLERR"},
        {POLLHUP, "POLLHUP"}, {POLLNVAL, "POLLNVAL"}, {POLLRDHUP, "POLLRDHUP"}};
static const struct call_name epoll_names[] = {{EPOLLIN, "EPOLLIN"},
                                               {EPOLLPRI, "EPOLLPRI"},
                                               {EPOLLOUT, "EPOLLOUT"},
                                               {EPOLLERR, "EPOLLERR"},
                                               {EPOLLHUP, "EPOLLHUP"},
                                               {EPOLLRDHUP, "EPOLLRDHUP"},
                                               {EPOLLEXCLUSIVE, "EPOLLEXCLUSIVE"},
                                               {EPOLLONESHOT, "EPOLLONESHOT"},
                                               {EPOLLET, "EPOLLET"}};

/* ---- time limits ---- */

static void begin_item(struct text *t, const char *between)
{
	text_add(t, t->len > 0 ? between : "");
}

static void say_timeout_ms(struct text *t, int64_t ms)
{
	begin_item(t, ", ");
	if (ms < 0)
		text_add(t, "no timeout");
	else
		text_addf(t, "timeout %lld ms", (long long)ms);
}

/* A time limit behind a pointer: none if it is null. */
static void say_timespec(struct text *t, const struct call_view *view, int argument)
{
	struct timespec limit;
	if (view->args[argument] == 0)
		say_timeout_ms(t, -1);
	else if (calls_memory_read(view->tid, view->args[argument], &limit, sizeof limit))
		say_timeout_ms(t, (int64_t)limit.tv_sec * 1000 + limit.tv_nsec / NS_PER_MS);
}

/* ---- poll ---- */

static int read_polled(const struct call_view *view, struct pollfd *list)
{
	uint64_t n = view->args[1] & 0xffffffffU;
	if (n > CALL_POLLED_MAX)
		n = CALL_POLLED_MAX;
	return n > 0 && calls_memory_read(view->tid, view->args[0], list, n * sizeof *list) ? (int)n
	                                                                                    : 0;
}

int polled_by_poll(const struct call_view *view, int proc_fd, int *fds)
{
	struct pollfd list[CALL_POLLED_MAX];
	int n = read_polled(view, list);
	(void)proc_fd; /* the list is in the arguments */
	for (int i = 0; i < n; i++)
		fds[i] = list[i].fd;
	return n;
}

/* What it waits for; when it has returned, what has happened. */
static void say_polled(struct text *t, const struct call_view *view)
{
	struct pollfd list[CALL_POLLED_MAX];
	int n = read_polled(view, list), said = 0;
	for (int i = 0; i < n; i++) {
		short events = view->returned ? list[i].revents : list[i].events;
		if (view->returned && events == 0)
			continue;
		if (said++ == SAID_MAX) {
			text_add(t, " and others");
			return;
		}
		begin_item(t, ", ");
		text_addf(t, "fd %d ", list[i].fd);
		names_say_flags(t, (unsigned short)events, poll_names, N(poll_names), "|");
	}
}

void say_poll(struct text *t, const struct call_view *view)
{
	say_polled(t, view);
	if (!view->returned)
		say_timeout_ms(t, (int32_t)view->args[2]);
}

void say_ppoll(struct text *t, const struct call_view *view)
{
	say_polled(t, view);
	if (!view->returned)
		say_timespec(t, view, 2);
}

/* ---- select ---- */

/* One of the three sets, as far as its nfds bits go. False if there is none. */
static bool read_set(const struct call_view *view, int argument, fd_set *set)
{
	size_t n = view->args[0] & 0xffffffffU;
	FD_ZERO(set);
	if (n > FD_SETSIZE)
		n = FD_SETSIZE;
	size_t words = (n + NFDBITS - 1) / NFDBITS; /* the kernel reads whole words too */
	return n > 0 &&
	       calls_memory_read(view->tid, view->args[argument], set, words * sizeof(fd_mask));
}

int polled_by_select(const struct call_view *view, int proc_fd, int *fds)
{
	fd_set set;
	int n = 0;
	(void)proc_fd; /* the sets are in the arguments */
	for (int argument = 1; argument <= 3; argument++) {
		if (!read_set(view, argument, &set))
			continue;
		for (int fd = 0; fd < FD_SETSIZE && n < CALL_POLLED_MAX; fd++) {
			if (FD_ISSET(fd, &set))
				fds[n++] = fd;
		}
	}
	return n;
}

static void say_set(struct text *t, const struct call_view *view, int argument, const char *name)
{
	fd_set set;
	const char *before = name;
	int said = 0;
	if (!read_set(view, argument, &set))
		return;
	for (int fd = 0; fd < FD_SETSIZE && said <= SAID_MAX; fd++) {
		if (!FD_ISSET(fd, &set))
			continue;
		if (said++ == SAID_MAX) {
			text_add(t, " and others");
			return;
		}
		if (before == name)
			begin_item(t, ", ");
		text_addf(t, "%s %d", before, fd);
		before = ",";
	}
}

static void say_sets(struct text *t, const struct call_view *view)
{
	if (view->returned && view->error != 0)
		return; /* they are not changed then */
	say_set(t, view, 1, "read fd");
	say_set(t, view, 2, "write fd");
	say_set(t, view, 3, "except fd");
}

void say_select(struct text *t, const struct call_view *view)
{
	struct timeval limit;
	say_sets(t, view);
	if (view->returned)
		return;
	if (view->args[4] == 0)
		say_timeout_ms(t, -1);
	else if (calls_memory_read(view->tid, view->args[4], &limit, sizeof limit))
		say_timeout_ms(t, (int64_t)limit.tv_sec * 1000 + limit.tv_usec / 1000);
}

void say_pselect6(struct text *t, const struct call_view *view)
{
	say_sets(t, view);
	if (!view->returned)
		say_timespec(t, view, 4);
}

/* ---- epoll ---- */

/* The kernel lists what an epoll descriptor waits for in /proc/PID/fdinfo/FD, a line each:
 * "tfd:        5 events: …" (man 5 proc). */
int polled_by_epoll(const struct call_view *view, int proc_fd, int *fds)
{
	char path[64], info[EPOLL_INFO_BYTES];
	int n = 0;
	(void)snprintf(path, sizeof path, "%d/fdinfo/%d", (int)view->tid, (int)view->args[0]);
	int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, info, sizeof info - 1);
	if (fd >= 0)
		(void)close(fd); /* was only read */
	info[len > 0 ? len : 0] = '\0';
	for (const char *at = info; n < CALL_POLLED_MAX && (at = strstr(at, "tfd:")); n++) {
		at += strlen("tfd:");
		fds[n] = (int)strtol(at, NULL, 10);
	}
	return n;
}

void say_epoll_ctl(struct text *t, const struct call_view *view)
{
	static const struct call_name operations[] = {{EPOLL_CTL_ADD, "EPOLL_CTL_ADD"},
	                                              {EPOLL_CTL_MOD, "EPOLL_CTL_MOD"},
	                                              {EPOLL_CTL_DEL, "EPOLL_CTL_DEL"}};
	struct epoll_event event;
	names_say(t, view->args[1], operations, N(operations));
	if (view->args[1] != EPOLL_CTL_DEL &&
	    calls_memory_read(view->tid, view->args[3], &event, sizeof event)) {
		text_add_char(t, ' ');
		names_say_flags(t, event.events, epoll_names, N(epoll_names), "|");
	}
	text_addf(t, ", epoll fd %d", (int)view->args[0]);
}

/* Which socket it is, is in data that only the program understands; what happened is not. */
static void say_epoll_events(struct text *t, const struct call_view *view)
{
	struct epoll_event events[SAID_MAX];
	size_t n = view->result > SAID_MAX ? SAID_MAX : (size_t)view->result;
	if (view->error != 0 || n == 0 ||
	    !calls_memory_read(view->tid, view->args[1], events, n * sizeof *events))
		return;
	for (size_t i = 0; i < n; i++) {
		begin_item(t, ", ");
		names_say_flags(t, events[i].events, epoll_names, N(epoll_names), "|");
	}
	text_add(t, view->result > SAID_MAX ? " and others" : "");
}

static void say_epoll_room(struct text *t, const struct call_view *view)
{
	text_addf(t, "up to %d events", (int)view->args[2]);
}

void say_epoll_wait(struct text *t, const struct call_view *view)
{
	if (view->returned) {
		say_epoll_events(t, view);
		return;
	}
	say_epoll_room(t, view);
	say_timeout_ms(t, (int32_t)view->args[3]);
}

void say_epoll_pwait2(struct text *t, const struct call_view *view)
{
	if (view->returned) {
		say_epoll_events(t, view);
		return;
	}
	say_epoll_room(t, view);
	say_timespec(t, view, 3);
}
