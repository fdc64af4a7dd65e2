/* 28 pipeline, the server: readers put messages of 64 bytes into a queue, workers take them out,
 * work, and send them back. The queue has an end: when it is full the readers wait and read no
 * more, so the kernel's buffers fill, and TCP tells the clients to wait. Nobody's memory grows.
 * Ends, with status 0, on SIGTERM or Ctrl-C. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/net.h"

enum { BACKLOG = 4096, MESSAGE = 64, MAX_ROOM = 100000 };
enum { RECEIVE_BUFFER = 8192 }; /* small, so that the window is soon closed */

struct job {
	struct connection *from;
	size_t n;
	char bytes[MESSAGE];
};

/* A ring of jobs. Everything in it, and n_jobs of all connections, only under the lock. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full, job_done;
	struct job *jobs;
	int room, n, first, longest; /* longest: the most that there have been */
	int work_ms, late_ms; /* what a worker takes for one job; and for its first one, on top */
};

/* A client: its reader closes it when none of its jobs is under way any more. */
struct connection {
	struct queue *queue;
	int fd, n_jobs;
	pthread_mutex_t sending; /* one message at a time */
};

/* Waits while the queue is full: the reader that waits here does not read. */
static void put(struct queue *q, const struct job *job)
{
	pthread_mutex_lock(&q->lock);
	while (q->n == q->room)
		pthread_cond_wait(&q->not_full, &q->lock);
	q->jobs[(q->first + q->n++) % q->room] = *job;
	q->longest = q->n > q->longest ? q->n : q->longest;
	job->from->n_jobs++;
	pthread_cond_signal(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}

/* Waits while the queue is empty. */
static struct job take(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	while (q->n == 0)
		pthread_cond_wait(&q->not_empty, &q->lock);
	struct job job = q->jobs[q->first];
	q->first = (q->first + 1) % q->room;
	q->n--;
	pthread_cond_signal(&q->not_full);
	pthread_mutex_unlock(&q->lock);
	return job;
}

static void *work(void *arg)
{
	struct queue *q = arg;
	for (int late_ms = q->late_ms;; late_ms = 0) {
		struct job job = take(q);
		if (q->work_ms + late_ms > 0)
			pause_ms(q->work_ms + late_ms); /* here it would compute something */
		pthread_mutex_lock(&job.from->sending);
		(void)send_all(job.from->fd, job.bytes, job.n); /* who has gone misses it */
		pthread_mutex_unlock(&job.from->sending);

		pthread_mutex_lock(&q->lock);
		job.from->n_jobs--;
		pthread_cond_broadcast(&q->job_done); /* its reader may be one of several */
		pthread_mutex_unlock(&q->lock);
	}
	return NULL;
}

/* Puts message after message into the queue, until the client's FIN. */
static void *read_messages(void *arg)
{
	struct connection *c = arg;
	struct job job = {.from = c};
	do {
		job.n = receive_exactly(c->fd, job.bytes, sizeof job.bytes, -1);
		if (job.n > 0)
			put(c->queue, &job);
	} while (job.n == sizeof job.bytes);

	pthread_mutex_lock(&c->queue->lock);
	while (c->n_jobs > 0)
		pthread_cond_wait(&c->queue->job_done, &c->queue->lock);
	printf("A client has gone; the queue held %d jobs at most\n", c->queue->longest);
	pthread_mutex_unlock(&c->queue->lock);
	close(c->fd);
	free(c);
	return NULL;
}

static void take_client(struct queue *q, int fd)
{
	struct connection *c = calloc(1, sizeof *c);
	if (c)
		*c = (struct connection){
		        .queue = q, .fd = fd, .sending = PTHREAD_MUTEX_INITIALIZER};
	int error = c ? start_detached(read_messages, c) : ENOMEM;
	if (error == 0)
		return;
	fprintf(stderr, "server: no reader: %s\n", strerror(error)); /* this client must go */
	close(fd);
	free(c);
}

int main(int argc, char **argv)
{
	int workers = 2, small = RECEIVE_BUFFER, on = 1;
	struct queue q = {
	        .lock = PTHREAD_MUTEX_INITIALIZER,
	        .not_empty = PTHREAD_COND_INITIALIZER,
	        .not_full = PTHREAD_COND_INITIALIZER,
	        .job_done = PTHREAD_COND_INITIALIZER,
	        .room = 4,
	        .work_ms = 2,
	        .late_ms = 500,
	};
	const struct number_option options[] = {{'q', &q.room, 1, MAX_ROOM},
	                                        {'k', &workers, 1, 64},
	                                        {'w', &q.work_ms, 0, 10000},
	                                        {'l', &q.late_ms, 0, 10000},
	                                        {0}};
	struct place place =
	        begin(argc, argv, options,
	              "server [-h] [-q ROOM] [-k WORKERS] [-w WORK_MS] [-l LATE_MS] [host [port]]"
	              "    (4, 2, 2, 500, 127.0.0.1 8080)");
	stop_on_signals();
	q.jobs = calloc((size_t)q.room, sizeof *q.jobs);
	if (!q.jobs)
		die("no room for a queue");
	for (int i = 0; i < workers; i++)
		if ((errno = start_detached(work, &q)) != 0)
			die("no worker");

	int listener = listen_on(place, SOCK_STREAM, BACKLOG);
	/* Its connections inherit both. NODELAY: an answer waits for no ACK (lab 09). */
	if (setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) < 0 ||
	    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)
		die("setsockopt");
	printf("Listening on %s port %s; %d workers, room for %d\n", place.host, place.port,
	       workers, q.room);
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0)
			take_client(&q, fd);
		else if (errno == EMFILE)
			pause_ms(10); /* until one has gone; lab 26 waits for that */
		else if (errno != EINTR && errno != ECONNABORTED)
			die("accept");
	}
}
