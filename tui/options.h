/* options.h: the command line of wirelab-tui, and the tracer's command line made from it. */
#ifndef WIRELAB_TUI_OPTIONS_H
#define WIRELAB_TUI_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct tui_options {
	const char *interface; /* -i, or NULL */
	const char *file;      /* -r, or NULL */
	const char *title;     /* or NULL */
	char *const *filter;   /* the BPF expression's words, ends with NULL */
	int n_filter;
	int events_fd; /* -1: not given */
	int wire_fd;   /* -1: not given */
	bool hold;
	int64_t stream;  /* -1: all */
	int64_t pace_ns; /* 0: not given */
	bool ascii, help, version;
};

/* 0, or -1 with a message. Words are borrowed from argv. */
int tui_options_parse(struct tui_options *options, int argc, char **argv, struct err *err);

void tui_options_help(void);

/* Is the file a saved stream of events, and no capture? */
bool tui_options_is_stream(const char *file);

enum { TRACER_WORDS = 256 };

/* How the tracer is started. */
struct tracer_command {
	char path[PATH_MAX];
	const char *words[TRACER_WORDS + 1];
};

/* The tracer lies beside this program. `form`: what follows -o; `quiet`: without explanations. 0,
 * or -1 with a message. */
int tui_options_tracer(struct tracer_command *command, const struct tui_options *options,
                       const char *form, bool quiet, struct err *err);

#endif
