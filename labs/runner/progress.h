/* progress.h: what the learner has done in each lab, kept between commands: one small text file a
 * lab in $XDG_STATE_HOME/wirelab (~/.local/state/wirelab), a line for each kind of mark. A file is
 * replaced as a whole, so that a full disk or a crash costs nothing; a damaged one is kept under
 * another name before it is written anew. Nothing here is needed to use a lab: where progress
 * cannot be kept, the commands say so once and go on. */
#ifndef WIRELAB_RUNNER_PROGRESS_H
#define WIRELAB_RUNNER_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum progress_kind {
	PROGRESS_SEEN,         /* the page was shown */
	PROGRESS_RUN,          /* the lab was run */
	PROGRESS_PREDICTED,    /* questions were answered, and then the lab was run */
	PROGRESS_HINT,         /* a hint was opened; the count is the highest level opened */
	PROGRESS_PASSED,       /* `check` passed the learner's program */
	PROGRESS_FAILED,       /* `check` failed it; detail: the expectation that did not hold */
	PROGRESS_INCONCLUSIVE, /* `check` could not tell */
	PROGRESS_SOLUTION,     /* the solution was shown */
	N_PROGRESS_KINDS
};

enum { PROGRESS_TEXT = 256, PROGRESS_PREDICTIONS = 8 };

/* How often, and when first and last: seconds since the epoch. */
struct progress_mark {
	int count;
	int64_t first_s, last_s;
};

/* One question of `predict`, what the learner said last and what the run said. */
struct progress_prediction {
	char name[PROGRESS_TEXT];
	bool right;
	char answer[PROGRESS_TEXT];
	char reality[PROGRESS_TEXT];
};

struct progress {
	struct progress_mark marks[N_PROGRESS_KINDS];
	char failure[PROGRESS_TEXT]; /* what the last failed check missed, or "" */
	struct progress_prediction predictions[PROGRESS_PREDICTIONS];
	int n_predictions;
	bool damaged; /* the file held lines that mean nothing; they were passed over */
};

/* Reads the progress in lab `lab_id` ("01-hello"); no file is no progress. 0, or -1 with a message
 * when there is a file that cannot be read, wholly or in part: *progress then has what could be. */
int progress_load(struct progress *progress, const char *lab_id, struct err *err);

/* Adds one mark, now, and keeps it. `detail` (may be NULL) goes with the kinds that have one. 0, or
 * -1 with a message: nothing was changed then. */
int progress_record(const char *lab_id, enum progress_kind kind, const char *detail,
                    struct err *err);

/* The same for commands that have something better to do than fail: says on stderr, in one line,
 * why the mark could not be kept. */
void progress_note(const char *lab_id, enum progress_kind kind, const char *detail);

/* Notes that hint `level` (1 to 3) was opened. 0, or -1 with a message. */
int progress_record_hint(const char *lab_id, int level, struct err *err);

/* Notes the answers to n questions, in place of those with the same names, and one
 * PROGRESS_PREDICTED. 0, or -1 with a message. */
int progress_record_predictions(const char *lab_id, const struct progress_prediction *predictions,
                                int n, struct err *err);

/* How far the learner is in a lab. */
enum progress_state { PROGRESS_UNTOUCHED, PROGRESS_TRIED, PROGRESS_DONE };

/* Done: the exercise has passed, or where there is none, the lab was run (has_exercise false). */
enum progress_state progress_state(const struct progress *progress, bool has_exercise);

#endif
