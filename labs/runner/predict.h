/* predict.h: the parts of `wirelab predict`: asking (predict_ask.c), showing (predict_show.c), and
 * what both know. */
#ifndef WIRELAB_RUNNER_PREDICT_H
#define WIRELAB_RUNNER_PREDICT_H

#include <stdio.h>

#include "runner/buffer.h"
#include "runner/question.h"

/* A question, what the learner said and what the run did. */
struct prediction {
	struct question question;
	struct question_answer answer, reality;
	struct question_answer raw; /* the numbers on the wire, where reality counts from the ISN */
	bool compared;              /* the run is there: reality is set */
};

struct predictions {
	const struct lab *lab;
	struct prediction all[LAB_MAX_PREDICTIONS];
	int n;
};

/* Where questions go and answers come from. */
struct asking {
	FILE *in, *out;
	bool is_terminal; /* a person types, and can be asked again */
	size_t width;
	bool ended; /* there is no more input */
};

/* Asks all questions. What is not answered is skipped. */
void predict_ask(struct asking *asking, struct predictions *predictions);

/* Appends the segments that a question leaves blanks in, as a ladder; `numbers` has what to write
 * into the blanks, NULL: [1], [2] and so on. */
void predict_add_ladder(struct buffer *out, const struct question *question,
                        const struct question_answer *numbers);

/* Appends what was said beside what happened. */
void predict_add_comparison(struct buffer *out, const struct predictions *predictions,
                            size_t width);

/* The same, one JSON object a question. */
void predict_add_json(struct buffer *out, const struct predictions *predictions);

#endif
