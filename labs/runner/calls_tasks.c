/* calls_tasks.c: see calls_tasks.h. A hash table with chains. It must not know what a stop is. */
#include "runner/calls_tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"

enum { STATUS_BYTES = 2048 };

static size_t bucket_of(pid_t tid)
{
	return (size_t)tid % CALL_TASK_BUCKETS;
}

struct call_task *calls_task(const struct call_tasks *tasks, pid_t tid)
{
	struct call_task *task = tasks->buckets[bucket_of(tid)];
	while (task && task->tid != tid)
		task = task->next;
	return task;
}

/* ---- what /proc says ---- */

/* /proc/TID/status (man 5 proc); "" when it cannot be read. */
static void read_status(const struct call_tasks *tasks, pid_t tid, char *status, size_t size)
{
	char path[32];
	(void)snprintf(path, sizeof path, "%d/status", (int)tid); /* always fits */
	int fd = openat(tasks->proc_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : io_read_full(fd, status, size - 1);
	if (fd >= 0)
		(void)close(fd); /* was only read */
	status[n > 0 ? n : 0] = '\0';
}

/* Where the line of that name has its value ("\nPPid:\t"); NULL: there is no such line. */
static const char *value_of(const char *status, const char *name)
{
	const char *at = strstr(status, name);
	return at ? at + strlen(name) : NULL;
}

static pid_t number_of(const char *status, const char *name)
{
	const char *value = value_of(status, name);
	return value ? (pid_t)strtol(value, NULL, 10) : 0;
}

/* The last number of a line that has one for each PID namespace, from ours down to its own. */
static int32_t innermost_of(const char *status, const char *name, pid_t otherwise)
{
	const char *value = value_of(status, name);
	size_t len = value ? strcspn(value, "\n") : 0;
	while (len > 0 && value[len - 1] != '\t')
		len--;
	return value ? (int32_t)strtol(value + len, NULL, 10) : otherwise;
}

static void describe(struct call_task *task, const char *status)
{
	const char *name = value_of(status, "Name:\t");
	struct text t = text_of(task->name, sizeof task->name);
	text_add_bytes(&t, name ? name : "", name ? strcspn(name, "\n") : 0);
	task->tgid = number_of(status, "\nTgid:\t");
	if (task->tgid == 0)
		task->tgid = task->tid; /* nothing could be read */
	task->own_tid = innermost_of(status, "\nNSpid:\t", task->tid);
	task->own_pid = innermost_of(status, "\nNStgid:\t", task->tgid);
}

/* The process, the parent, the leader of the session: a program is the leader of its own. */
static enum side find_side(const struct call_tasks *tasks, const struct call_task *task,
                           const char *status, enum side otherwise)
{
	const pid_t relatives[] = {task->tgid, number_of(status, "\nPPid:\t"), getsid(task->tid)};
	for (size_t i = 0; i < sizeof relatives / sizeof *relatives; i++) {
		const struct call_task *relative = calls_task(tasks, relatives[i]);
		if (relative)
			return relative->side;
	}
	return otherwise;
}

/* ---- the table ---- */

struct call_task *calls_task_add(struct call_tasks *tasks, pid_t tid, enum side side)
{
	char status[STATUS_BYTES];
	struct call_task *task = tasks->n < CALL_TASKS_MAX ? calloc(1, sizeof *task) : NULL;
	if (!task)
		return NULL;
	read_status(tasks, tid, status, sizeof status);
	task->tid = tid;
	describe(task, status);
	task->side = find_side(tasks, task, status, side);
	task->next = tasks->buckets[bucket_of(tid)];
	tasks->buckets[bucket_of(tid)] = task;
	tasks->n++;
	return task;
}

void calls_task_remove(struct call_tasks *tasks, pid_t tid)
{
	struct call_task **link = &tasks->buckets[bucket_of(tid)];
	while (*link && (*link)->tid != tid)
		link = &(*link)->next;
	struct call_task *task = *link;
	if (!task)
		return;
	*link = task->next;
	tasks->n--;
	free(task);
}

static void remove_others(struct call_tasks *tasks, const struct call_task *survivor)
{
	for (size_t i = 0; i < CALL_TASK_BUCKETS; i++) {
		struct call_task *task = tasks->buckets[i], *next;
		for (; task; task = next) {
			next = task->next;
			if (task->tgid == survivor->tgid && task != survivor)
				calls_task_remove(tasks, task->tid);
		}
	}
}

void calls_task_executed(struct call_tasks *tasks, struct call_task *task)
{
	char status[STATUS_BYTES];
	read_status(tasks, task->tid, status, sizeof status);
	describe(task, status);
	task->inside = false;
	task->kind = NULL;
	task->held_status = 0; /* its first thread was held, and is gone */
	remove_others(tasks, task);
}

void calls_tasks_held(const struct call_tasks *tasks,
                      void (*visit)(void *data, struct call_task *task), void *data)
{
	for (size_t i = 0; i < CALL_TASK_BUCKETS; i++) {
		for (struct call_task *task = tasks->buckets[i]; task; task = task->next) {
			if (task->held_status != 0)
				visit(data, task);
		}
	}
}

void calls_tasks_release(struct call_tasks *tasks)
{
	for (size_t i = 0; i < CALL_TASK_BUCKETS; i++) {
		while (tasks->buckets[i])
			calls_task_remove(tasks, tasks->buckets[i]->tid);
	}
}
