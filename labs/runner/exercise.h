/* exercise.h: the exercise of a lab: the skeleton in exercise/, our solution in solution/, and the
 * learner's own copy in ~/wirelab/NN-name/ (WIRELAB_EXERCISES takes the place of ~/wirelab), which
 * alone is written to. The name of the file says which end the learner writes. */
#ifndef WIRELAB_RUNNER_EXERCISE_H
#define WIRELAB_RUNNER_EXERCISE_H

#include <limits.h>

#include "base/err.h"
#include "base/vocab.h"
#include "runner/lab.h"

struct exercise {
	enum side side;          /* the end that the learner's program is */
	char file[16];           /* "client.c" or "server.c" */
	char skeleton[PATH_MAX]; /* labs/NN-name/exercise/client.c */
	char solution[PATH_MAX]; /* labs/NN-name/solution/client.c; "" where it was left out */
	char folder[PATH_MAX];   /* the learner's: ~/wirelab/NN-name; need not exist */
	char copy[PATH_MAX];     /* ~/wirelab/NN-name/client.c; need not exist */
};

/* True if the lab has an exercise. */
bool exercise_has(const struct lab *lab);

/* Finds the exercise of the lab. 0, or -1 with a message: it has none, or there is no HOME. */
int exercise_find(struct exercise *exercise, const struct lab *lab, struct err *err);

/* Makes the learner's copy where there is none yet; never writes over one. 1: made; 0: it was
 * there; -1 with a message. */
int exercise_prepare(const struct exercise *exercise, struct err *err);

/* The skeleton again. The learner's file is kept as FILE.1, FILE.2 … (the first that is free), its
 * path into kept[size], "" if there was none. 0, or -1 with a message: the file is as it was. */
int exercise_reset(const struct exercise *exercise, char *kept, size_t size, struct err *err);

#endif
