/* predict.c: `wirelab predict NN`: asks the lab's questions, runs the lab, and shows what was said
 * beside what happened. The answers come from the events of that run; nothing here knows them. */
#include "runner/predict.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/guide.h"
#include "runner/progress.h"
#include "runner/recording.h"

struct wish {
	bool json, replay, help;
	const char *lab;
};

static const char *usage(void)
{
	return _("usage: wirelab predict NN [--replay] [--json]\n"
	         "Asks what you expect of a lab, runs it, and shows what you said beside what "
	         "happened. Answers\n"
	         "are read line by line; an empty one skips a question, the end of input skips the "
	         "rest.\n\n"
	         "  --replay     compare with the recorded run: for machines that cannot make one\n"
	         "  --json       the comparison as JSON, one object a question; questions go to "
	         "stderr\n"
	         "  -h, --help   this text\n");
}

/* True if that was a command line. */
static bool parse(struct wish *wish, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
	                                        {"replay", no_argument, NULL, 'r'},
	                                        {"help", no_argument, NULL, 'h'},
	                                        {0}};
	int option;
	*wish = (struct wish){.lab = NULL};
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		wish->json |= option == 'j';
		wish->replay |= option == 'r';
		wish->help |= option == 'h';
		if (option == '?')
			return false;
	}
	wish->lab = argv[optind];
	return wish->help || argc - optind == 1;
}

/* Makes questions of what lab.conf has. 0, or -1 with a message. */
static int read_questions(struct predictions *predictions, struct err *err)
{
	const struct lab *lab = predictions->lab;
	if (lab->n_predictions == 0)
		return err_set(err,
		               _("lab %s has no questions to ask; wirelab show %02d is its page"),
		               lab->id, lab->number);
	for (; predictions->n < lab->n_predictions; predictions->n++)
		if (question_read(&predictions->all[predictions->n].question,
		                  &lab->predictions[predictions->n], err) < 0)
			return -1;
	return 0;
}

static void ask(struct predictions *predictions, const struct wish *wish)
{
	struct asking asking = {.in = stdin,
	                        .out = wish->json ? stderr : stdout,
	                        .is_terminal = isatty(STDIN_FILENO) != 0,
	                        .width = guide_form().width};
	predict_ask(&asking, predictions);
	(void)fprintf(asking.out, "\n%s\n",
	              wish->replay ? _("Now the recorded run …") : _("Now the run …"));
	(void)fflush(asking.out); /* what could not be written is told at the end */
}

static bool same_run(const struct lab_prediction *a, const struct lab_prediction *b)
{
	return strcmp(a->variant, b->variant) == 0 && strcmp(a->fault, b->fault) == 0;
}

/* The answers of this run, to the questions that are about it. */
static void compare(struct predictions *predictions, const struct lab_prediction *about,
                    const struct run_record *record)
{
	struct expect_run run = {
	        .events = record->events, .n = record->n, .port = (uint16_t)predictions->lab->port};
	for (int i = 0; i < predictions->n; i++) {
		struct prediction *p = &predictions->all[i];
		if (!same_run(p->question.lab, about))
			continue;
		question_reality(&p->question, &run, &p->reality);
		question_raw(&p->question, &run, &p->raw);
		p->compared = true;
	}
}

/* Makes the run that a question is about, or takes the recorded one, and compares. 0, or -1 with a
 * message. */
static int run_one(struct predictions *predictions, const struct lab_prediction *about, bool replay,
                   struct err *err)
{
	struct run_record record = {.events = NULL};
	int made = (replay ? recording_load : recording_make)(&record, predictions->lab,
	                                                      about->variant, about->fault, err);
	if (made == 0)
		compare(predictions, about, &record);
	if (made == 0 && (record.n_left_out > 0 || record.n_dropped > 0))
		(void)fprintf(stderr, "wirelab: %s\n",
		              _("not all of this run was seen: its numbers may be too small"));
	run_record_release(&record);
	return made;
}

/* Each run that is asked about, once. Not every run is recorded: one is enough to go on. 0, or -1
 * with a message. */
static int run_all(struct predictions *predictions, bool replay, struct err *err)
{
	int n_compared = 0;
	for (int i = 0; i < predictions->n; i++) {
		if (!predictions->all[i].compared &&
		    run_one(predictions, predictions->all[i].question.lab, replay, err) < 0 &&
		    !replay)
			return -1;
		n_compared += predictions->all[i].compared;
	}
	return n_compared > 0 ? 0 : -1;
}

/* What was answered; skipped questions leave what was there before. */
static void keep(const struct predictions *predictions)
{
	struct progress_prediction answered[LAB_MAX_PREDICTIONS];
	struct err err;
	int n = 0;
	for (int i = 0; i < predictions->n; i++) {
		const struct prediction *p = &predictions->all[i];
		enum question_match match =
		        question_compare_all(&p->question, &p->answer, &p->reality);
		if (!p->compared || match == QUESTION_SKIPPED)
			continue;
		struct progress_prediction *to = &answered[n++];
		struct text said = text_of(to->answer, sizeof to->answer);
		struct text was = text_of(to->reality, sizeof to->reality);
		(void)snprintf(to->name, sizeof to->name, "%s", p->question.lab->name);
		to->right = match == QUESTION_RIGHT;
		question_add_answer(&p->question, &p->answer, &said);
		question_add_answer(&p->question, &p->reality, &was);
	}
	if (n > 0 && progress_record_predictions(predictions->lab->id, answered, n, &err) < 0)
		(void)guide_complain(&err); /* the comparison was shown all the same */
}

static int show(const struct predictions *predictions, const struct wish *wish)
{
	struct buffer out = {.bytes = NULL};
	if (wish->json)
		predict_add_json(&out, predictions);
	else
		predict_add_comparison(&out, predictions, guide_form().width);
	int status = guide_print(&out);
	buffer_release(&out);
	return status;
}

/* The run could not be made: is there a recorded one? */
static void offer_replay(const struct lab *lab, bool replay)
{
	char path[PATH_MAX];
	if (!replay && recording_path(path, lab, "", ""))
		(void)fprintf(
		        stderr,
		        _("wirelab: `wirelab predict %02d --replay` compares with a recorded run "
		          "instead\n"),
		        lab->number);
}

/* The exit status, or -1 with a message. */
static int predict(const struct lab *lab, const struct wish *wish, struct err *err)
{
	struct predictions *predictions = calloc(1, sizeof *predictions);
	int status = -1;
	if (predictions == NULL)
		return err_errno(err, "%s", _("no memory"));
	predictions->lab = lab;
	if (read_questions(predictions, err) == 0) {
		ask(predictions, wish);
		if (run_all(predictions, wish->replay, err) == 0) {
			status = show(predictions, wish);
			keep(predictions);
		} else {
			status = guide_complain(err);
			offer_replay(lab, wish->replay);
		}
	}
	free(predictions);
	return status;
}

int command_predict(int argc, char **argv)
{
	struct wish wish;
	struct guide guide;
	struct err err;
	bool understood = parse(&wish, argc, argv);
	if (!understood || wish.help)
		return guide_usage(usage(), understood);
	if (guide_open(&guide, wish.lab, &err) < 0)
		return guide_complain(&err);
	int status = predict(guide.lab, &wish, &err);
	guide_close(&guide);
	return status < 0 ? guide_complain(&err) : status;
}
