/* wire.h: the emulated wire as the runner sees it: a process that carries frames between the two
 * cables, does to them what the faults say, streams what became of each to the tracer and tells us
 * what a person should see. It ends when it is told to stop, with the last frame. */
#ifndef WIRELAB_RUNNER_WIRE_H
#define WIRELAB_RUNNER_WIRE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "event/event.h"
#include "runner/network.h"
#include "runner/plan.h"

struct wire_process {
	pid_t pid;   /* 0: was never started */
	int told_fd; /* it tells what it does; our half of it asks it to stop; -1: closed */
	int log_fd;  /* the pcapng stream for the tracer, which takes it; -1: closed */
	bool ended;
};

/* What it tells: one message each. */
struct wire_told {
	int64_t time_ns; /* since the epoch */
	uint64_t missed; /* so many before this one found no room */
	struct wire_event event;
};

void wire_process_init(struct wire_process *process);

/* Starts it between the network's cables, which are its own then. 0, or -1 with a message. */
int wire_process_start(struct wire_process *process, const struct run_plan *plan,
                       struct network *network, struct err *err);

/* The next thing that it has told. False: nothing now, or (told_fd is -1 then) never more. */
bool wire_process_read(struct wire_process *process, struct wire_told *told);

/* Asks it to let all go and to end when the last frame has arrived. */
void wire_process_stop(const struct wire_process *process);

/* Closes our ends. */
void wire_process_release(struct wire_process *process);

#endif
