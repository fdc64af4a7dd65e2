/* 26 threads, your server. It serves one client after another, as that of lab 23 does. Give each
 * connection a thread of its own, but never have more than three. `wirelab check 26` looks. */
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_THREADS = 3 };

/* How many threads serve. All threads know it, so it is read and written under the lock only. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_is_free = PTHREAD_COND_INITIALIZER;
static int taken;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

static int listen_on(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *a;
	int on = 1;
	if (getaddrinfo(host, port, &hints, &a) != 0)
		die("no such host or port");
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, 16) < 0)
		die("cannot listen");
	freeaddrinfo(a);
	return fd;
}

/* Echoes until the client's FIN, or until something fails. */
static void serve(int fd)
{
	char buffer[1024];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || send(fd, buffer, (size_t)n, MSG_NOSIGNAL) != n)
			return;
	}
}

static void take_place(void)
{
	/* TODO 2: wait while all places are taken, then take one. man 3 pthread_cond_wait */
	pthread_mutex_lock(&lock);
	taken++;
	pthread_mutex_unlock(&lock);
}

static void leave_place(void)
{
	/* TODO 3: give the place back, and wake whoever waits for one. */
	(void)pthread_cond_signal(&one_is_free); /* is that enough? */
}

/* What a thread does. The descriptor comes in the place of a pointer: it fits. */
static void *live(void *arg)
{
	int fd = (int)(intptr_t)arg;
	serve(fd);
	close(fd);
	leave_place();
	return NULL;
}

int main(int argc, char **argv)
{
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0)
		die("sigaction");
	int listener = listen_on(argc > 1 ? argv[1] : "127.0.0.1", argc > 2 ? argv[2] : "8080");
	for (;;) {
		take_place();
		int fd;
		while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
			if (errno != EINTR && errno != ECONNABORTED)
				die("accept");
		/* TODO 1: a detached thread does this. man 3 pthread_create */
		(void)live((void *)(intptr_t)fd);
	}
}
