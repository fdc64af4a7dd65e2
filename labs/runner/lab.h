/* lab.h: the catalogue. A lab is a folder labs/NN-name with a lab.conf (INI); nothing else lists
 * labs. The folder labs/ is looked for above the running program (a clone: build/bin/../../labs),
 * then in WIRELAB_LABS, then where `make install` puts it. The form of lab.conf is described in
 * labs/README.md. */
#ifndef WIRELAB_RUNNER_LAB_H
#define WIRELAB_RUNNER_LAB_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/vocab.h"

enum { LAB_MAX = 64, LAB_TEXT = 256, LAB_MAX_VARIANTS = 8 };
enum { LAB_ANY_STATUS = -1 };

/* When the runner takes a server as ready (design: "Ready without sleeps"). */
enum lab_ready { READY_LISTEN, READY_BIND, READY_NO_SERVER };

/* One way to run a lab: what the two ends are, and how they should end. */
struct lab_variant {
	char name[LAB_TEXT];             /* "" for the plain run */
	char title[LAB_TEXT];            /* one line for `list`; "" for the plain run */
	char command[N_SIDES][LAB_TEXT]; /* words; the first names a program of this lab; {host} and
	                                    {port} are replaced; "" = no such program */
	char input[N_SIDES][LAB_TEXT];   /* its stdin, escapes already replaced; "" = /dev/null */
	int status[N_SIDES];             /* exit status that `ends =` expects, or LAB_ANY_STATUS */
	enum lab_ready ready;
};

struct lab {
	int number;              /* 1 */
	char id[LAB_TEXT];       /* "01-hello" */
	char folder[PATH_MAX];   /* its source folder, absolute */
	char programs[PATH_MAX]; /* where its built programs lie, absolute; need not exist */
	char title[LAB_TEXT];
	char needs[LAB_TEXT];    /* numbers of labs that come before, "01, 04", or "" */
	char document[LAB_TEXT]; /* which document and section it comes from, or "" */
	int minutes;
	int port;                                      /* 8080 where lab.conf does not say */
	struct lab_variant variants[LAB_MAX_VARIANTS]; /* [0] is the plain run */
	int n_variants;
};

/* A folder that should be a lab, and why it cannot be used; the others can. */
struct bad_lab {
	char id[LAB_TEXT];
	struct err err;
};

struct catalogue {
	struct lab labs[LAB_MAX];
	int n_labs;
	struct bad_lab bad[LAB_MAX];
	int n_bad;
	char folder[PATH_MAX]; /* labs/ */
};

/* Reads all labs, in order of their numbers; those that cannot be read go to `bad`. 0, or -1 with a
 * message when the folder itself cannot be read. The catalogue is large: keep it on the heap. */
int catalogue_load(struct catalogue *catalogue, struct err *err);

/* A catalogue on the heap, loaded; the caller frees it with free(). NULL with a message. */
struct catalogue *catalogue_new(struct err *err);

/* The lab that the learner names: "1", "01", "01-hello", "hello". NULL with a message: why it is
 * bad, or the names that are nearest. */
const struct lab *catalogue_find(const struct catalogue *catalogue, const char *name,
                                 struct err *err);

/* The variant of that name ("" or NULL: the plain run), or NULL with a message that lists them. */
const struct lab_variant *lab_variant(const struct lab *lab, const char *name, struct err *err);

/* True when the program that this side's command names has been built. A side without a program
 * needs none. */
bool lab_is_built(const struct lab *lab, const struct lab_variant *variant, enum side side);

/* Reads one lab.conf into *lab, all of it but `folder` and `programs`; id and number come from the
 * name of the folder that holds the file. 0, or -1 with a message that names file and line. */
int lab_read(struct lab *lab, const char *conf_path, struct err *err);

#endif
