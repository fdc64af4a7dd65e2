/* question.h: a question about a run that has not been yet: what is asked, what a person may
 * answer, what the run then says, and whether that is the same. One question is asked as one or
 * more items, a line each. Pure: it reads and prints nothing. */
#ifndef WIRELAB_RUNNER_QUESTION_H
#define WIRELAB_RUNNER_QUESTION_H

#include "runner/expect.h"
#include "runner/lab.h"

enum { QUESTION_PARTS = 16, QUESTION_TEXT = 64 };

/* A choice, a happening that is to be put in order, or a blank. */
struct question_part {
	char label[LAB_LONG];           /* the choice's text, the happening in words */
	struct expectation expectation; /* of a choice */
	struct expect_event event;      /* to be put in order */
	struct expect_value value;      /* of a blank */
	bool has_raw;                   /* that number is counted from the ISN; on the wire it is */
	struct expect_value raw;        /* this */
	int row;                        /* of a blank: which segment, from 0 */
	char field[EVENT_NAME_MAX];     /* of a blank: "tcp.seq" */
};

struct question {
	const struct lab_prediction *lab; /* borrowed */
	struct expect_value value;        /* of a number */
	struct question_part parts[QUESTION_PARTS];
	int n_parts;
	int n_items; /* how many answers it takes: one for each blank, else one */
};

/* An answer for each item, in the form that question_accept() gives it; "": none. */
struct question_answer {
	char items[QUESTION_PARTS][QUESTION_TEXT];
};

enum question_match { QUESTION_SKIPPED, QUESTION_RIGHT, QUESTION_WRONG };

/* Reads the expressions of the question. 0, or -1 with a message that names it. Large: on the heap.
 */
int question_read(struct question *question, const struct lab_prediction *lab, struct err *err);

/* What a person typed for an item, brought to the form in which answers are compared ("B" is "b",
 * "3 1,2" is "c a b"). NULL if that can be an answer, else what is expected. */
const char *question_accept(const struct question *question, const char *typed,
                            char item[static QUESTION_TEXT]);

/* What the run says; "" for what did not happen in it. */
void question_reality(const struct question *question, const struct expect_run *run,
                      struct question_answer *reality);

/* What stands on the wire in place of a number that is counted from the ISN; "" for all others. */
void question_raw(const struct question *question, const struct expect_run *run,
                  struct question_answer *raw);

/* Is the answer to that item the run's? Times need only be near. */
enum question_match question_compare(const struct question *question, int item,
                                     const struct question_answer *answer,
                                     const struct question_answer *reality);

/* The same for all items: right only if all are. */
enum question_match question_compare_all(const struct question *question,
                                         const struct question_answer *answer,
                                         const struct question_answer *reality);

/* Appends all items, for a record: "10", "b c a", "0, 1, -". */
void question_add_answer(const struct question *question, const struct question_answer *answer,
                         struct text *out);

#endif
