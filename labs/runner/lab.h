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

enum { LAB_MAX = 64, LAB_TEXT = 256, LAB_LONG = 1024, LAB_MAX_VARIANTS = 12 };
enum { LAB_CONGESTION = 16 }; /* as the kernel's TCP_CA_NAME_MAX */
enum { LAB_HINTS = 3, LAB_CHOICES = 4, LAB_MAX_PREDICTIONS = 6 };
enum { LAB_ANY_STATUS = -1, LAB_SAME_STATUS = -2 };

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
	bool wire;            /* on two hosts with a wire between them */
	char fault[LAB_TEXT]; /* what is done to the frames on it, unless --fault says; "" nothing
	                       */
	char congestion[LAB_CONGESTION]; /* congestion control on both hosts; "" the kernel's own */
};

/* The two programs of a check. Which end the learner's is, says the name of its file. */
enum exercise_role { EXERCISE_OWN, EXERCISE_PEER, N_EXERCISE_ROLES };

/* What the learner has to write, and how it is checked: [exercise]. What is not said is as in the
 * plain run of the lab, for the role that the program has. */
struct lab_exercise {
	bool given;                               /* there is such a section */
	char task[LAB_LONG];                      /* one line */
	char command[N_EXERCISE_ROLES][LAB_TEXT]; /* "": as the lab's */
	struct lab_input {
		bool given; /* else as the lab's */
		char text[LAB_TEXT];
	} input[N_EXERCISE_ROLES];
	int status[N_EXERCISE_ROLES]; /* as of a variant, or LAB_SAME_STATUS */
	bool wire;                    /* on two hosts with a wire between them */
	char fault[LAB_TEXT];         /* what is done to the frames, "" nothing */
	char fails[LAB_LONG];         /* the expectation that the untouched skeleton misses first */
};

enum prediction_kind {
	PREDICT_NUMBER, /* expression[0]: a VALUE of the expectation language */
	PREDICT_BLANKS, /* "tcp.seq tcp.ack of EVENT | EVENT": the numbers of these segments */
	PREDICT_ORDER,  /* "EVENT | EVENT | EVENT": which came first */
	PREDICT_CHOICE, /* each expression: "TEXT | EXPECTATION"; "" where there are fewer */
	N_PREDICTION_KINDS
};

/* A question about a run: [predict NAME]. The answer comes from the run, never from here. */
struct lab_prediction {
	char name[LAB_TEXT];
	char variant[LAB_TEXT], fault[LAB_TEXT]; /* of the run that it is about; "": plain */
	char ask[LAB_LONG], why[LAB_LONG];
	enum prediction_kind kind;
	char expression[LAB_CHOICES][LAB_LONG];
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
	int port;               /* 8080 where lab.conf does not say */
	char prepare[LAB_TEXT]; /* words like a command's: a program of this lab that runs to its
	                           end before the others start; "" none */
	bool resolver; /* names are looked up at the lab's server: in a network of the run's own */
	bool keylog;   /* the programs write down their TLS secrets, for the tracer */
	struct lab_variant variants[LAB_MAX_VARIANTS]; /* [0] is the plain run */
	int n_variants;
	struct lab_exercise exercise;
	char hints[LAB_HINTS][LAB_LONG]; /* "" for those that there are none of */
	struct lab_prediction predictions[LAB_MAX_PREDICTIONS];
	int n_predictions;
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

/* All labs, in order of their numbers; those that cannot be read are in `bad`. The caller frees it
 * with free(). NULL with a message when the folder itself cannot be read. */
struct catalogue *catalogue_new(struct err *err);

/* The lab that the learner names: "1", "01", "01-hello", "hello". NULL with a message: why it is
 * bad, or the names that are nearest. */
const struct lab *catalogue_find(const struct catalogue *catalogue, const char *name,
                                 struct err *err);

/* The variant of that name ("" or NULL: the plain run), or NULL with a message that lists them. */
const struct lab_variant *lab_variant(const struct lab *lab, const char *name, struct err *err);

/* True when the program that this side's command names has been built, and the lab's preparation if
 * it has one. A side without a program needs none. */
bool lab_is_built(const struct lab *lab, const struct lab_variant *variant, enum side side);

/* Reads one lab.conf into *lab, all of it but `folder` and `programs`; id and number come from the
 * name of the folder that holds the file. 0, or -1 with a message that names file and line. */
int lab_read(struct lab *lab, const char *conf_path, struct err *err);

#endif
