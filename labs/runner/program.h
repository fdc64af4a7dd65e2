/* program.h: a lab program, client or server: starts it with its own standard input, reads what it
 * prints line by line, and remembers how it ended. */
#ifndef WIRELAB_RUNNER_PROGRAM_H
#define WIRELAB_RUNNER_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/vocab.h"
#include "event/event.h"
#include "runner/calls.h"
#include "runner/report.h"
#include "runner/words.h"

enum { LINE_BYTES = EVENT_TEXT_MAX - 1 };

/* What a program has printed to one of its two outputs and not yet ended with a newline. */
struct lines {
	int fd; /* the pipe's end to read from, -1: at its end */
	bool is_stderr;
	size_t len;
	char bytes[LINE_BYTES];
};

struct program {
	enum side side;
	pid_t pid;        /* 0: was never started */
	pid_t own_id;     /* what its getpid() says; told in the events */
	int64_t start_ns; /* when it was started, on the clock of the events */
	bool ended;
	int wait_status;        /* as waitpid() gave it */
	int asked;              /* the last signal that we sent it, 0: none */
	int expected;           /* the exit status that it should end with, or -1: any */
	struct lines output[2]; /* standard output and error */
	char command[EVENT_TEXT_MAX];
};

struct program_options {
	const struct words *words;
	const char *folder; /* looked at first for the program; NULL: only PATH */
	const char *input;  /* its standard input, "" for /dev/null */
	const char *host, *port;
	int expected;        /* exit status, or -1: any */
	int network_fd;      /* the network namespace that it runs in; -1: ours */
	bool private_tmp;    /* /tmp is the run's own: caches and temporary files belong there */
	bool confined;       /* as limits.h says */
	int keylog_fd;       /* it is asked to write its TLS secrets there; -1: it is not */
	struct calls *calls; /* follows its calls, if it is on */
};

void program_init(struct program *program, enum side side);

/* Starts it (an event). 0, or -1 with a message that names the file and the mend. */
int program_start(struct program *program, const struct program_options *options,
                  struct report *report, struct err *err);

/* Reads what it has printed, as far as the report has room, and not for ever: one event a line. A
 * line longer than LINE_BYTES becomes several. */
void program_read(struct program *program, int output, struct report *report);

/* It has ended: reads the rest of what it printed and tells how it ended (events). */
void program_ended(struct program *program, int wait_status, struct report *report);

/* Sends it and its process group a signal (an event); nothing when it does not run. */
void program_signal(struct program *program, int signal, struct report *report);

/* Kills what it has left behind in its process group after its own end. */
void program_kill_rest(const struct program *program);

/* True from its start until its end. */
bool program_runs(const struct program *program);

/* Its exit status as a shell has it: 128 + signal for one that a signal ended. */
int program_status(const struct program *program);

/* True if that /proc numbers processes as we do; that of another PID namespace does not. */
bool program_proc_is_ours(int proc_fd);

/* True if it waits in the kernel for something to happen; also when that cannot be found out.
 * proc_fd: /proc as this process had it (program ids differ in others). */
bool program_sleeps(const struct program *program, int proc_fd);

/* How long it, with all its threads, has had a processor, ns; 0 when that is not known. */
int64_t program_busy_ns(const struct program *program);

/* True while something may still come through one of its outputs. */
bool program_is_open(const struct program *program);

/* Closes its outputs. The process is not touched. */
void program_release(struct program *program);

#endif
