/* solution.c: `wirelab solution NN`: our program for the exercise, and how the learner's differs.
 * Only after a pass: before it, the ways there. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "runner/commands.h"
#include "runner/exercise.h"
#include "runner/files.h"
#include "runner/guide.h"
#include "runner/output.h"
#include "runner/progress.h"

/* Before a pass: what the learner can do. */
static int point_the_ways(const struct lab *lab, const struct progress *progress)
{
	int n = lab->number, left = 0;
	for (int i = progress->marks[PROGRESS_HINT].count; i < LAB_HINTS; i++)
		left += lab->hints[i][0] != '\0';
	printf(_("Lab %02d has not passed its check yet; its solution is shown once it has.\n"
	         "There are four ways to get there:\n"
	         "  wirelab check %02d           what is missing, and the segment that shows it\n"
	         "  wirelab hint %02d            hints not opened yet: %d\n"
	         "  wirelab run %02d --ladder    how our own two programs look on the wire\n"
	         "  wirelab show %02d            the page again, its section 6\n"),
	       n, n, n, left, n, n);
	if (progress->failure[0] != '\0') {
		TEXT(safe, 4 * PROGRESS_TEXT);
		text_add_terminal(&safe, progress->failure, strlen(progress->failure));
		printf(_("Your last check missed: %s\n"), safe.bytes);
	}
	return output_status() == 0 ? GUIDE_FAILED : GUIDE_ENVIRONMENT;
}

/* In the child: diff, from wherever the person has it. */
static _Noreturn void become_diff(const struct exercise *exercise, int out)
{
	if (dup2(out, STDOUT_FILENO) == STDOUT_FILENO)
		(void)execlp("diff", "diff", "-u", "--label", "yours", "--label", "solution",
		             exercise->copy, exercise->solution, (char *)NULL);
	_exit(GUIDE_ENVIRONMENT); /* there is no diff */
}

/* Appends what comes out of the pipe. */
static void read_pipe(struct buffer *out, int fd)
{
	char piece[4096];
	ssize_t n;
	while ((n = io_read_full(fd, piece, sizeof piece)) > 0)
		buffer_add(out, piece, (size_t)n);
}

/* Appends the difference. The exit status of diff: 0 none, 1 some, 2 it could not tell. */
static int add_diff(struct buffer *out, const struct exercise *exercise)
{
	int ends[2], status = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return GUIDE_ENVIRONMENT;
	pid_t child = fork();
	if (child == 0)
		become_diff(exercise, ends[1]);
	(void)close(ends[1]); /* so that the end of diff is the end of the pipe */
	if (child > 0)
		read_pipe(out, ends[0]);
	(void)close(ends[0]); /* was only read from */
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		return GUIDE_ENVIRONMENT;
	return WEXITSTATUS(status);
}

static void add_comparison(struct buffer *out, const struct exercise *exercise)
{
	if (access(exercise->copy, R_OK) < 0)
		return; /* it passed with a program of another name or language */
	int differ = add_diff(out, exercise);
	if (differ == 0)
		buffer_add_string(out, _("Yours is the same as the solution.\n"));
	if (differ > 1)
		buffer_add_string(out, _("(There is no diff(1) here to compare it with yours.)\n"));
	buffer_add_string(out, "\n");
}

static int show(const struct exercise *exercise, struct err *err)
{
	struct buffer out = {.bytes = NULL};
	int status = -1;
	add_comparison(&out, exercise);
	buffer_add_string(&out, exercise->solution);
	buffer_add_string(&out, ":\n\n");
	if (files_read(&out, exercise->solution, err) == 0)
		status = guide_show(&out);
	buffer_release(&out);
	return status;
}

static int solution(const struct lab *lab, char **words, struct err *err)
{
	struct exercise exercise;
	struct progress progress;
	(void)words; /* only the lab */
	if (exercise_find(&exercise, lab, err) < 0)
		return -1;
	int loaded = progress_load(&progress, lab->id, err);
	if (progress.marks[PROGRESS_PASSED].count == 0) {
		if (loaded < 0)
			(void)guide_complain(err);
		return point_the_ways(lab, &progress);
	}
	if (exercise.solution[0] == '\0')
		return err_set(err,
		               _("the solution of lab %s was left out of this copy of the kit"),
		               lab->id);
	int status = show(&exercise, err);
	if (status == GUIDE_FINE)
		progress_note(lab->id, PROGRESS_SOLUTION, NULL);
	return status;
}

int command_solution(int argc, char **argv)
{
	const char *usage = _("usage: wirelab solution NN\n"
	                      "Shows our program for the exercise of a lab, and how yours differs, "
	                      "once yours has passed\n"
	                      "its check. Exit status 1: it has not yet.\n");
	return guide_lab_command(argc, argv, 1, usage, solution);
}
