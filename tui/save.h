/* save.h: writes what is shown to a file: all rows that pass the filters, whatever their time. The
 * suffix of the name says in which form. Done in pieces, so that keys are answered meanwhile. The
 * file appears under its name when it is whole: what was there before is not harmed by a failure.
 */
#ifndef WIRELAB_TUI_SAVE_H
#define WIRELAB_TUI_SAVE_H

#include <sys/types.h>

#include "model.h"

struct save;

struct save_options {
	bool replace; /* a file of that name may be replaced */
	bool unicode; /* box drawing in texts */
	int width;    /* columns of texts */
};

/* Is the name's form known? 0, or -1 with a message that names the suffixes. */
int save_check(const char *path, struct err *err);

/* True when there is a file of that name already. */
bool save_exists(const char *path);

/* Begins. The model is borrowed until the end. NULL with a message. */
struct save *save_begin(const struct model *model, const char *path,
                        const struct save_options *options, struct err *err);

/* Writes at most `budget` rows. 1: there are more; 0: all are written; -1 with a message. */
int save_work(struct save *save, uint32_t budget, struct err *err);

/* Completes the file after save_work() has returned 0, and frees. `report` gets a sentence: how
 * many, where, and what is missing in it. 0, or -1 with a message. */
int save_finish(struct save *save, struct text *report, struct err *err);

/* Gives it up: nothing is left of it. NULL is fine. */
void save_cancel(struct save *save);

/* ".txt .log .ndjson …" into t. */
void save_add_suffixes(struct text *t);

/* ---- save_forms.c ---- */

/* What one form does with the file; `state` is its own, freed by end(). */
struct save_form {
	const char *suffix, *other;                       /* ".pcapng"; a second one or NULL */
	const char *sink;                                 /* the sink that writes it, or NULL */
	int (*begin)(struct save *save, struct err *err); /* owns nothing when it fails */
	/* Row of record i. */
	int (*row)(struct save *save, uint32_t i, struct err *err);
	int (*end)(struct save *save, struct err *err);
};

struct save {
	const struct model *model;
	struct save_options options;
	const struct save_form *form;
	char *path, *part;               /* owned: its name, and the name until it is whole */
	int fd;                          /* of that; -1: handed to the form's writer */
	void *state;                     /* of the form */
	uint32_t next, end;              /* records */
	char expression[EXPRESSION_MAX]; /* the filters, which must not change meanwhile */
	uint32_t only_stream;
	bool hide_messages;
	uint64_t n_written, n_skipped; /* rows; rows that are no frames */
	uint64_t n_cut;                /* frames of which the stream has not all bytes */
};

/* The form of that name, or NULL. */
const struct save_form *save_form_of(const char *path);

#endif
