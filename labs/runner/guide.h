/* guide.h: what the commands around a run share: the lab that was named, and how they speak. */
#ifndef WIRELAB_RUNNER_GUIDE_H
#define WIRELAB_RUNNER_GUIDE_H

#include <sys/types.h>

#include "base/err.h"
#include "runner/buffer.h"
#include "runner/lab.h"
#include "runner/page.h"

enum { GUIDE_FINE = 0, GUIDE_FAILED = 1, GUIDE_ENVIRONMENT = 2 }; /* exit statuses */

/* ---- the lab ---- */

struct guide {
	struct catalogue *catalogue; /* owned; NULL after a failure */
	const struct lab *lab;
};

/* Finds the lab that the person names. 0, or -1 with a message. */
int guide_open(struct guide *guide, const char *name, struct err *err);
void guide_close(struct guide *guide);

/* ---- the command line: words, and --help ---- */

/* A command about one lab that knows no option but --help: its words are the lab and up to
 * `most` - 1 others (NULL behind the last). `run` gets them, and returns an exit status, or -1 with
 * a message. The exit status. */
int guide_lab_command(int argc, char **argv, int most, const char *usage,
                      int (*run)(const struct lab *lab, char **words, struct err *err));

/* True if the command line has no words and no option; else *status is what to exit with, after
 * --help or a usage. */
bool guide_no_words(int argc, char **argv, const char *usage, int *status);

/* The number, from 1 to `most`, that an option of that name was given. 0, or -1 with a message. */
int guide_number(const char *name, const char *word, long most, long *number, struct err *err);

/* Prints a usage where it belongs; the exit status. */
int guide_usage(const char *usage, bool asked);

/* ---- speaking ---- */

/* One line on stderr; returns GUIDE_ENVIRONMENT. */
int guide_complain(const struct err *err);

/* The columns and the colours of standard output. */
struct page_options guide_form(void);

/* Appends text of a lab.conf or of a run, folded to the width, each line indented; control bytes
 * never get through. The first line stands behind `first`. */
void guide_add_folded(struct buffer *out, const char *first, size_t indent, const char *text,
                      size_t width);

/* Writes the text to standard output, through $PAGER or less if that is a terminal. The exit
 * status. */
int guide_show(const struct buffer *text);

/* The same without a pager. */
int guide_print(const struct buffer *text);

/* ---- the other commands ---- */

enum { GUIDE_WORDS = 8 };

/* Starts this program again with these words (its name included, at most GUIDE_WORDS, NULL behind
 * the last), and with stdout_fd as its standard output. Its process, or -1 with a message. */
pid_t guide_start(const char *const *words, int stdout_fd, struct err *err);

#endif
