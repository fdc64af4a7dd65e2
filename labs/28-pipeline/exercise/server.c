/* 28 pipeline, your server: a reader, a worker, and a queue with room for four between them. When
 * it is full, messages get lost; when it is empty, the worker asks again and again. Both should
 * wait. `wirelab check 28` tells what is wrong. */
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE = 64, ROOM = 4, WORK_MS = 1, LATE_MS = 500, SMALL_BUFFER = 8192 };

struct job {
	int fd;
	size_t n; /* 0: the client has no more */
	char bytes[MESSAGE];
};

/* A ring: the oldest is jobs[first]. Only under the lock. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty;
	struct job jobs[ROOM];
	int first, n;
};

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
	int on = 1, small = SMALL_BUFFER;
	if (getaddrinfo(host, port, &hints, &a) != 0)
		die("no such host or port");
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) < 0 ||
	    bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, 16) < 0)
		die("cannot listen");
	freeaddrinfo(a);
	return fd;
}

/* TODO 1: wait while the queue is full. man 3 pthread_cond_wait */
static void put(struct queue *q, const struct job *job)
{
	pthread_mutex_lock(&q->lock);
	if (q->n < ROOM || job->n == 0) { /* full: this message is lost. The end must not be */
		q->n -= q->n == ROOM;
		q->jobs[(q->first + q->n) % ROOM] = *job;
		q->n++;
	}
	pthread_mutex_unlock(&q->lock);
}

/* TODO 2: wait while the queue is empty. TODO 3: and who tells the one who waits? */
static struct job take(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->n == 0) { /* not like this: it never sleeps */
		pthread_mutex_unlock(&q->lock);
		(void)sched_yield();
		pthread_mutex_lock(&q->lock);
	}
	struct job job = q->jobs[q->first];
	q->first = (q->first + 1) % ROOM;
	q->n--;
	pthread_mutex_unlock(&q->lock);
	return job;
}

/* The worker: takes a while for each message, the longest for the first, and sends it back. */
static void *work(void *arg)
{
	struct timespec while_working = {.tv_nsec = LATE_MS * 1000 * 1000};
	for (;; while_working.tv_nsec = WORK_MS * 1000 * 1000) {
		struct job job = take(arg);
		if (job.n == 0) {
			close(job.fd); /* behind its last answer */
			continue;
		}
		(void)nanosleep(&while_working, NULL); /* a little less is no harm */
		if (send(job.fd, job.bytes, job.n, MSG_NOSIGNAL) < 0)
			perror("server: send");
	}
	return NULL;
}

/* The reader: one message after another goes into the queue, and the end too. */
static void read_messages(struct queue *q, int fd)
{
	struct job job = {.fd = fd};
	do {
		ssize_t n = recv(fd, job.bytes, sizeof job.bytes, MSG_WAITALL);
		job.n = n > 0 ? (size_t)n : 0;
		put(q, &job);
	} while (job.n > 0);
}

int main(int argc, char **argv)
{
	pthread_t worker;
	struct queue queue = {.lock = PTHREAD_MUTEX_INITIALIZER,
	                      .not_full = PTHREAD_COND_INITIALIZER,
	                      .not_empty = PTHREAD_COND_INITIALIZER};
	struct sigaction on_stop = {.sa_handler = stop};
	if (sigaction(SIGTERM, &on_stop, NULL) < 0)
		die("sigaction");
	if ((errno = pthread_create(&worker, NULL, work, &queue)) != 0)
		die("pthread_create");
	int listener = listen_on(argc > 1 ? argv[1] : "127.0.0.1", argc > 2 ? argv[2] : "8080");
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			read_messages(&queue, fd);
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}
