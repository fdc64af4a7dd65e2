/* plan.h: a run, decided: what `wirelab run` was asked for, with everything looked up. Written by
 * run.c, read by all others. */
#ifndef WIRELAB_RUNNER_PLAN_H
#define WIRELAB_RUNNER_PLAN_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/vocab.h"
#include "runner/lab.h"
#include "runner/wire_fault.h"
#include "runner/words.h"

enum { PORT_TEXT = 8, PLAN_HIDDEN = 4 };

struct run_plan {
	const struct lab *lab;
	const struct lab_variant *variant;
	struct words words[N_SIDES]; /* n 0: this run has no such program */
	bool own[N_SIDES];           /* the learner's own program, by --client or --server */
	int expected[N_SIDES];       /* its exit status, or LAB_ANY_STATUS */
	uint16_t port;
	char port_text[PORT_TEXT];
	int timeout_s;
	const char *address; /* where the server listens */
	bool wire;           /* two hosts with a wire between them */
	bool ipv6;
	bool step;           /* each frame waits on the wire until it is let go */
	int wire_control_fd; /* commands to the wire (wire_plan.h), -1: none */
	struct wire_faults faults;
	bool host;                /* no namespaces: the machine's own loopback */
	bool keep;                /* leave the server running until it is stopped */
	bool quiet;               /* no explanations */
	bool no_calls;            /* the programs are not traced */
	bool no_pin;              /* and if they are, not kept on one CPU */
	bool no_kernel;           /* the kernel's sockets are not looked at */
	bool screen;              /* shown by wirelab-tui, which has the terminal */
	char *pace;               /* its --pace, or NULL */
	const char *format;       /* the tracer's -o */
	const char *save;         /* file name of --save, or NULL */
	int save_fd;              /* that file, -1 while not open */
	char save_path[PATH_MAX]; /* its absolute path; "" if it is no ordinary file */
	char tracer[PATH_MAX];    /* the program wirelab-trace */
	char tui[PATH_MAX];       /* the program wirelab-tui, if screen */
	char directory[PATH_MAX]; /* where we were called */
	/* The learner's program is not trusted: limits.h, and these folders are not to be seen. */
	bool confined;
	char hidden[PLAN_HIDDEN][PATH_MAX];
	int n_hidden;
};

/* Where the server listens. */
const char *plan_address(bool wire, bool ipv6);

#endif
