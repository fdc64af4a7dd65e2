/* 26 threads, the server: a thread for each connection, and not more of them than it has room for:
 * when all places are taken nobody is accepted, and those who come wait in the kernel's queue.
 * Running out of descriptors (EMFILE) is the same case: wait until one is free. Ends, with status
 * 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096 };

/* How many threads there are: several write it, so only under the lock. */
struct places {
	pthread_mutex_t lock;
	pthread_cond_t one_is_free;
	int taken;
};

/* What a thread is given, and frees. */
struct visit {
	struct places *places;
	int fd;
};

/* Echoes until the client's FIN. */
static void serve(int fd)
{
	char buffer[4096];
	for (;;) {
		ssize_t n = recv(fd, buffer, sizeof buffer, 0);
		if (n < 0 && errno == EINTR)
			continue; /* a signal came first: ask again */
		if (n < 0)
			perror("server: recv");
		if (n <= 0)
			return;
		if (send_all(fd, buffer, (size_t)n) < 0) {
			perror("server: send");
			return;
		}
	}
}

/* Waits until there is a place: at most `limit` - 1 are taken. Returns how many are. */
static int wait_for_place(struct places *places, int limit)
{
	pthread_mutex_lock(&places->lock);
	while (places->taken >= limit)
		pthread_cond_wait(&places->one_is_free, &places->lock);
	int taken = places->taken;
	pthread_mutex_unlock(&places->lock);
	return taken;
}

static void add_places(struct places *places, int n)
{
	pthread_mutex_lock(&places->lock);
	places->taken += n;
	pthread_cond_signal(&places->one_is_free);
	pthread_mutex_unlock(&places->lock);
}

static void *live(void *arg)
{
	struct visit visit = *(struct visit *)arg;
	free(arg);
	serve(visit.fd);
	close(visit.fd); /* before the place is free: a descriptor is what may be scarce */
	add_places(visit.places, -1);
	return NULL;
}

static void start_thread(struct places *places, int fd)
{
	struct visit *visit = malloc(sizeof *visit);
	if (visit)
		*visit = (struct visit){places, fd};
	add_places(places, 1);
	int error = visit ? start_detached(live, visit) : ENOMEM; /* pthread_create() */
	if (error == 0)
		return;
	fprintf(stderr, "server: no thread: %s\n", strerror(error)); /* this client must go */
	close(fd);
	free(visit);
	add_places(places, -1);
}

static void limit_descriptors(int n)
{
	struct rlimit limit = {.rlim_cur = (rlim_t)n, .rlim_max = (rlim_t)n};
	if (n > 0 && setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("setrlimit");
}

int main(int argc, char **argv)
{
	int max = 64, descriptors = 0;
	struct places places = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
	const struct number_option options[] = {
	        {'m', &max, 1, 30000}, {'f', &descriptors, 5, 100000}, {0}};
	struct place place = begin(argc, argv, options,
	                           "server [-h] [-m THREADS] [-f DESCRIPTORS] [host [port]]"
	                           "    (64, as the shell has it, 127.0.0.1 8080)");
	stop_on_signals();
	limit_descriptors(descriptors);

	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	printf("Listening on %s port %s\n", place.host, place.port);
	for (;;) {
		int threads = wait_for_place(&places, max);
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno == EMFILE && threads > 0) {
			printf("%s: waiting until a thread has ended\n", strerror(errno));
			(void)wait_for_place(&places, threads);
			continue;
		}
		if (fd < 0)
			die("accept");
		start_thread(&places, fd);
		printf("A thread serves descriptor %d; before it there were %d\n", fd, threads);
	}
}
