/* options.h: the command line of wirelab-trace as plain data. */
#ifndef WIRELAB_TRACER_OPTIONS_H
#define WIRELAB_TRACER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "stream/messages.h"

enum action { ACTION_TRACE, ACTION_HELP, ACTION_VERSION, ACTION_LIST_INTERFACES };

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct options {
	enum action action;
	const char *interface; /* -i */
	const char *file;      /* -r, "-" is standard input */
	bool reads_events;     /* it has saved events, not frames */
	const char *save;      /* -w, "-" is standard output */
	const char *format;    /* -o; NULL: text, or none with -w */
	const char *lab;       /* --session: the lab that is being run, or NULL */
	char filter[4096];     /* the words of the BPF expression, joined; empty: none */
	int64_t count;         /* -c; 0: no limit */
	int64_t stream;        /* --stream; -1: all */
	int max_connections;
	int64_t rotate_megabytes; /* -C, in millions of bytes; 0: files of any length */
	int64_t rotate_seconds;   /* -G; 0: of any time */
	int rotate_files;         /* -W; 0: any number */
	int ring_mib;             /* --ring; 0: frames go to the file at once */
	int snaplen;              /* -s; bytes kept of a frame */
	int buffer_kib;           /* -B */
	int width;                /* --width; 0: the terminal's */
	int wire_fd;              /* --wire; -1: none */
	int events_fd;            /* --events; -1: none */
	int ready_fd;             /* --ready; -1: none */
	int save_fd;              /* --write-fd: already open, named by -w; -1: none */
	enum when color;
	const char *keylog; /* --keylog: TLS secrets, or NULL */
	int keylog_fd;      /* --keylog-fd: already open; -1: not */
	bool stats;         /* --stats */
	enum messages_when messages;
	bool screen;  /* --screen */
	bool explain; /* not -q */
	bool ascii;
	bool immediate;
	bool promiscuous;
	int argc; /* the command line itself, for the description of what is saved */
	char **argv;
};

/* Reads the command line. 0, or -1 with a message. Strings point into argv. */
int options_parse(struct options *options, int argc, char **argv, struct err *err);

/* A whole decimal number in these bounds. 0, or -1 with a message. */
int options_number(const char *text, uint64_t least, uint64_t most, uint64_t *value,
                   struct err *err);

/* Prints the help to standard output. */
void options_help(void);

#endif
