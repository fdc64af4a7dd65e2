/* calls_tasks.h: the threads that are traced, found by their id; bounded. */
#ifndef WIRELAB_RUNNER_CALLS_TASKS_H
#define WIRELAB_RUNNER_CALLS_TASKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/vocab.h"
#include "runner/calls_table.h"

enum { CALL_TASKS_MAX = 4096, CALL_TASK_BUCKETS = 256, CALL_TASK_NAME = 32 };

struct call_task {
	struct call_task *next;   /* in its bucket */
	pid_t tid, tgid;          /* as we see them */
	int32_t own_tid, own_pid; /* as the program itself does */
	enum side side;
	char name[CALL_TASK_NAME]; /* of its program */
	int held_status;           /* the stop that waits for room in the report; 0: none */
	/* Its call, while `inside`; afterwards the last one. */
	bool inside;
	const struct call_kind *kind;
	uint64_t id;
	int64_t enter_ns;
	uint64_t args[CALL_ARGUMENTS];
	int fd;         /* -1: none, or several */
	uint64_t inode; /* of its socket; 0: none, or several */
	struct endpoint local, remote;
};

struct call_tasks {
	int proc_fd; /* /proc that numbers processes as we do */
	int n;
	struct call_task *buckets[CALL_TASK_BUCKETS];
};

/* The thread of that id, or NULL. */
struct call_task *calls_task(const struct call_tasks *tasks, pid_t tid);

/* Makes one for a thread that has stopped for the first time, with what /proc says of it; it
 * belongs to the side of its process, its parent or its session, in that order, or else to `side`.
 * NULL: there are too many, or no memory. */
struct call_task *calls_task_add(struct call_tasks *tasks, pid_t tid, enum side side);

/* It has executed another program: all other threads of its process are gone. */
void calls_task_executed(struct call_tasks *tasks, struct call_task *task);

/* It has ended. Nothing for an id that is not known. */
void calls_task_remove(struct call_tasks *tasks, pid_t tid);

/* Calls `visit` for each that is held. `visit` may not add or remove any. */
void calls_tasks_held(const struct call_tasks *tasks,
                      void (*visit)(void *data, struct call_task *task), void *data);

void calls_tasks_release(struct call_tasks *tasks);

#endif
