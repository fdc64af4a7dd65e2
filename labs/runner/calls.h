/* calls.h: follows the socket calls of the lab programs (man 2 ptrace). A program is seized before
 * it executes; a seccomp filter stops it at the calls of calls_table.h, and at nothing else; those
 * that are about a socket of the Internet's families become two events, one when the call begins
 * and one when it returns. Threads and children are followed. What a program does is not changed:
 * signals are handed on, stops by SIGSTOP are stops. */
#ifndef WIRELAB_RUNNER_CALLS_H
#define WIRELAB_RUNNER_CALLS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/vocab.h"
#include "runner/calls_sockets.h"
#include "runner/calls_tasks.h"
#include "runner/report.h"

/* What is told once in a run. */
enum call_note {
	CALL_NOTE_REFUSED,
	CALL_NOTE_NO_FILTER,
	CALL_NOTE_NO_PROC,
	CALL_NOTE_OLD_KERNEL,
	CALL_NOTE_IO_URING,
	CALL_NOTE_OTHER_ARCH,
	CALL_NOTE_TOO_MANY,
	N_CALL_NOTES
};

struct calls {
	bool on;               /* programs that are started from now on are traced */
	struct report *report; /* borrowed */
	struct call_tasks tasks;
	struct call_sockets *sockets; /* NULL while off */
	uint64_t last_id;
	bool dropping; /* without room in the report a call is not told; else the thread waits */
	bool holding;  /* some thread waits */
	uint64_t n_dropped;  /* calls that were not told */
	enum side last_side; /* of the last program started */
	bool noted[N_CALL_NOTES];
};

/* Begins to trace what is started from now on; where that is not possible, a note says why. `pin`:
 * we and all that we start from now on share one CPU, which makes a call several times cheaper.
 * proc_fd must stay open. */
void calls_begin(struct calls *calls, struct report *report, int proc_fd, bool pin);

/* For spawn.h: seizes the child that waits for a byte from go_fd, writes it and waits until the
 * child executes (it is stopped then) or ends (false). */
bool calls_attach(void *calls, pid_t pid, int go_fd);

/* For spawn.h, in the child: what it does when it has been seized. */
int calls_confine_self(void);

/* The program that was attached has been started and told: lets it go. filter_error: why there is
 * no filter, 0: there is one. */
void calls_follow(struct calls *calls, pid_t pid, enum side side, int filter_error);

/* A thread has stopped (a status of waitpid()): tells what there is to tell and lets it go on. */
void calls_stopped(struct calls *calls, pid_t tid, int wait_status);

/* A thread has ended. */
void calls_ended(struct calls *calls, pid_t tid);

/* Lets the threads go on that waited for room in the report, while there is some. */
void calls_release_held(struct calls *calls);

/* From now on no thread waits for room: the programs are to end. */
void calls_hold_no_more(struct calls *calls);

/* Says what was left out, and frees all. A thread that still stops goes on untold. */
void calls_end(struct calls *calls);

/* ---- between calls.c and calls_start.c ---- */

/* Tells the note, the first time; `error`, unless 0, is added to it. */
void calls_note(struct calls *calls, enum call_note note, int error);

#endif
