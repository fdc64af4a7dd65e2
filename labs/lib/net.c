/* net.c: see net.h. */
#include "lib/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { MAX_OPTIONS = 8, STACK_BYTES = 64 * 1024 };

_Noreturn void die(const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, strerror(errno));
	exit(1);
}

/* ---- the command line ---- */

_Noreturn void end_with_usage(const char *usage, bool asked)
{
	fprintf(asked ? stdout : stderr, "usage: %s\n", usage);
	exit(asked ? 0 : 2);
}

struct place rest_of_line(int argc, char **argv, const char *port, const char *usage)
{
	if (argc - optind > 2)
		end_with_usage(usage, false);
	(void)setvbuf(stdout, NULL, _IOLBF, 0); /* if it cannot: later, but the same lines */
	return (struct place){
	        .host = optind < argc ? argv[optind] : "127.0.0.1",
	        .port = optind + 1 < argc ? argv[optind + 1] : port,
	};
}

/* What getopt() wants to be told: "hn:m:". */
static void spell_options(const struct number_option *options, char *letters)
{
	*letters++ = 'h';
	for (int i = 0; i < MAX_OPTIONS && options && options[i].letter; i++) {
		*letters++ = options[i].letter;
		*letters++ = ':';
	}
	*letters = '\0';
}

static int set_option(const struct number_option *options, int letter, const char *word)
{
	for (; options && options->letter; options++) {
		char *end;
		if (options->letter != letter)
			continue;
		errno = 0;
		long value = strtol(word, &end, 10);
		if (errno != 0 || end == word || *end || value < options->min ||
		    value > options->max)
			return -1;
		*options->value = (int)value;
		return 0;
	}
	return -1;
}

struct place begin(int argc, char **argv, const struct number_option *options, const char *usage)
{
	char letters[2 * MAX_OPTIONS + 2];
	int letter;
	spell_options(options, letters);
	while ((letter = getopt(argc, argv, letters)) != -1) {
		if (letter == 'h')
			end_with_usage(usage, true);
		if (letter == '?' || set_option(options, letter, optarg) < 0)
			end_with_usage(usage, false);
	}
	return rest_of_line(argc, argv, "8080", usage);
}

/* _exit() may be called in a handler, exit() and printf() may not (man 7 signal-safety). */
static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

void stop_on_signals(void)
{
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0 || sigaction(SIGINT, &on_stop, NULL) < 0)
		die("sigaction");
}

/* ---- sockets ---- */

static struct addrinfo *look_up(struct place place, int type, int flags)
{
	struct addrinfo hints = {.ai_flags = flags, .ai_socktype = type};
	struct addrinfo *list;
	int error = getaddrinfo(place.host, place.port, &hints, &list);
	if (error == 0)
		return list;
	fprintf(stderr, "%s: %s port %s: %s\n", program_invocation_short_name, place.host,
	        place.port, gai_strerror(error));
	exit(1);
}

int listen_on(struct place place, int type, int backlog)
{
	int on = 1;
	struct addrinfo *list = look_up(place, type, AI_PASSIVE);
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		    bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
		    (type != SOCK_STREAM || listen(fd, backlog) == 0)) {
			freeaddrinfo(list);
			return fd;
		}
		if (fd >= 0)
			(void)close(fd); /* errno is that of the call that failed */
	}
	die("cannot listen");
}

int connect_to(struct place place, int type, int limit_ms)
{
	struct timeval limit = {.tv_sec = limit_ms / 1000, .tv_usec = limit_ms % 1000 * 1000};
	struct addrinfo *list = look_up(place, type, 0);
	int error = EADDRNOTAVAIL;
	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
		if (fd >= 0 &&
		    (limit_ms == 0 ||
		     setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0) &&
		    connect(fd, a->ai_addr, a->ai_addrlen) == 0) {
			freeaddrinfo(list);
			return fd;
		}
		error = errno;
		if (fd >= 0)
			(void)close(fd);
	}
	freeaddrinfo(list);
	errno = error;
	return -1;
}

bool accept_has_no_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

int send_all(int fd, const void *bytes, size_t n)
{
	const char *next = bytes;
	while (n > 0) {
		ssize_t sent = send(fd, next, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		next += sent;
		n -= (size_t)sent;
	}
	return 0;
}

size_t receive_exactly(int fd, void *buffer, size_t n, int limit_ms)
{
	size_t got = 0;
	struct pollfd wanted = {.fd = fd, .events = POLLIN};
	while (got < n) {
		int ready = limit_ms < 0 ? 1 : poll(&wanted, 1, limit_ms);
		errno = ready == 0 ? ETIMEDOUT : errno;
		if (ready == 0)
			return got;
		ssize_t piece = ready < 0 ? -1 : recv(fd, (char *)buffer + got, n - got, 0);
		if (piece < 0 && errno == EINTR)
			continue;
		if (piece < 0)
			return got;
		if (piece == 0)
			break;
		got += (size_t)piece;
	}
	errno = 0;
	return got;
}

int set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* ---- threads, time ---- */

int start_detached(void *(*function)(void *), void *arg)
{
	pthread_t thread;
	pthread_attr_t small;
	int error = pthread_attr_init(&small);
	if (error != 0)
		return error;
	error = pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
	if (error == 0)
		error = pthread_attr_setstacksize(&small, STACK_BYTES);
	if (error == 0)
		error = pthread_create(&thread, &small, function, arg);
	(void)pthread_attr_destroy(&small); /* it cannot fail (man page) */
	return error;
}

void pause_ms(int ms)
{
	struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		; /* `left` has what is left of it */
}

int64_t now_us(void)
{
	struct timespec now;
	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		die("clock_gettime");
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}
