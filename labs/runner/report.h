/* report.h: what the runner has to say about the run, as event lines to the tracer, which merges
 * them by time with the frames. Never blocks: what the pipe does not take waits in a buffer. */
#ifndef WIRELAB_RUNNER_REPORT_H
#define WIRELAB_RUNNER_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vocab.h"
#include "event/event.h"

/* The largest line of output is this long in JSON: each byte can become \u00XX. */
enum { REPORT_LINE_MAX = 6 * EVENT_TEXT_MAX + 1024, REPORT_BYTES = 512 * 1024 };

struct program;

struct report {
	int fd;         /* the pipe to the tracer, -1: closed, lines are thrown away */
	size_t at, len; /* what waits: bytes[at..len) */
	uint64_t
	        n_returned; /* calls whose return was told: the kernel's sockets may have changed */
	char *bytes;        /* REPORT_BYTES of them; NULL: lines are thrown away */
};

/* Takes the pipe's writing end (non-blocking from now on). 0, or -1 without memory. */
int report_init(struct report *report, int fd);

/* The time of events and frames, ns since the epoch. */
int64_t report_now(void);

/* A program's start, readiness, signal or end. */
void report_program(struct report *report, enum program_action action,
                    const struct program *program);

/* One line that a program printed, raw, at most EVENT_TEXT_MAX - 1 bytes. */
void report_output(struct report *report, enum side side, bool is_stderr, const char *bytes,
                   size_t n);

/* Something done to a frame on the wire, at that time. */
void report_wire(struct report *report, const struct wire_event *wire, int64_t time_ns);

/* A program's call that began or returned, at that time. */
void report_call(struct report *report, const struct call_event *call, int64_t time_ns);

/* A sample of a socket, at that time. */
void report_kernel(struct report *report, const struct kernel_event *sample, int64_t time_ns);

/* Anything else a person should know. English: the stream is never translated. */
void report_note(struct report *report, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* True if what one read() from a program can become fits; if not, the program has to wait. */
bool report_has_room(const struct report *report);

/* True if something waits for the pipe. */
bool report_waits(const struct report *report);

/* Writes what the pipe takes now. When the tracer is gone, throws away what waits. */
void report_flush(struct report *report);

/* Closes the pipe: the tracer sees the end of the events. */
void report_close(struct report *report);

#endif
