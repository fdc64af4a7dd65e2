/* check.h: `wirelab check`: the learner's program is compiled, run some times against the reference
 * program at the other end, and judged by what was on the wire. Shared by check*.c. */
#ifndef WIRELAB_RUNNER_CHECK_H
#define WIRELAB_RUNNER_CHECK_H

#include "runner/buffer.h"
#include "runner/exercise.h"
#include "runner/expect.h"
#include "runner/plan.h"
#include "runner/quiet_run.h"

/* Exit statuses. */
enum check_verdict { CHECK_PASS, CHECK_FAIL, CHECK_ENVIRONMENT, CHECK_INCONCLUSIVE };

enum check_whose { CHECK_COPY, CHECK_SOLUTION, CHECK_SKELETON, CHECK_COMMAND };

enum { CHECK_RUNS = 3, CHECK_SAID = 8192 };

/* What is to be checked, and how. */
struct check {
	const struct lab *lab;
	enum check_whose whose;
	enum side side;           /* which end the program is */
	int runs;                 /* how many, unless one fails */
	struct exercise exercise; /* not with a command of the learner's, where there is none */
	struct expectations expected;
	struct lab_variant variant; /* the run: the lab's, as the exercise changes it */
	struct run_plan plan;
	char command[WORDS_BYTES]; /* of CHECK_COMMAND */
	char source[PATH_MAX];     /* the C file, "" for a command */
	char folder[PATH_MAX];     /* a temporary one of ours, "" not made */
	char binary[PATH_MAX];     /* in there */
	char compiler_said[CHECK_SAID];
};

/* What came out. */
struct check_outcome {
	enum check_verdict verdict;
	bool compiled;
	int run; /* the one that is told, from 1 */
	struct run_record record;
	struct run_frames frames;
	struct quiet_end end;
	struct expect_verdict lines[EXPECT_MAX];
	int first_failed; /* index of the line, -1: none */
	int n_failed;
	bool only_times; /* nothing is wrong but how long things took */
	bool run_failed; /* the run itself was not as planned: end.said says how */
	bool busy; /* the machine had more to do than it could: what it is slow at says nothing */
	char why[1024]; /* with CHECK_INCONCLUSIVE */
};

/* ---- check_build.c ---- */

/* Makes the temporary folder. 0, or -1 with a message. */
int check_make_folder(struct check *check, struct err *err);

enum { CHECK_MISTAKES = 1, CHECK_INTERRUPTED };

/* Compiles check->source into check->binary. 0; CHECK_MISTAKES: it has some; CHECK_INTERRUPTED: a
 * person has ended it; -1 with a message. What the compiler said is in check->compiler_said. */
int check_compile(struct check *check, struct err *err);

/* Removes the temporary folder. */
void check_remove_folder(const struct check *check);

/* ---- check_plan.c ---- */

/* Decides the run: both programs, how they should end, the wire, what is hidden. 0, or -1 with a
 * message. */
int check_make_plan(struct check *check, int timeout_s, const char *labs, struct err *err);

/* ---- check_judge.c ---- */

/* Judges outcome->record by all lines; outcome->busy and ->end are known. */
void check_judge(const struct check *check, struct check_outcome *outcome);

/* ---- check_cause.c ---- */

enum { CHECK_CAUSES = 3 };

struct check_causes {
	char all[CHECK_CAUSES][EVENT_TEXT_MAX];
	int n;
};

/* What probably went wrong, the nearest cause first. */
void check_find_causes(const struct check *check, const struct check_outcome *outcome,
                       struct check_causes *causes);

/* ---- check_story.c, check_json.c ---- */

/* The outcome for a person; and as one JSON object. */
void check_tell(const struct check *check, const struct check_outcome *outcome, struct buffer *out);
void check_tell_json(const struct check *check, const struct check_outcome *outcome,
                     struct buffer *out);

/* "segment 3, +0.034 ms: client ACK seq=1 ack=1"; absolute: with the numbers on the wire, too. */
void check_say_event(struct text *t, const struct run_record *record, int64_t index, bool absolute);

/* "the client", "your client". */
const char *check_whom(const struct check *check, enum side side);

#endif
