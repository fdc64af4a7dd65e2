/* prepare.c: see prepare.h. What the preparation prints goes to our stderr: it is no end of the
 * run, its calls are not followed, and it does not get to the trace. */
#include "runner/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/apart.h"
#include "runner/mounts.h"
#include "runner/privilege.h"
#include "runner/spawn.h"
#include "runner/stages.h"

enum { ENVIRONMENT = 2 }; /* exit status */

/* ---- the view, behind the tracer's back ---- */

static void add_visible(struct view *view, const char *path)
{
	if (view->n_visible < VIEW_MAX)
		view->visible[view->n_visible++] = path;
}

/* Whether it lies in a folder that the preparation's own words name. */
static bool is_prepared(const struct words *preparation, const char *path)
{
	for (int i = 0; i < preparation->n; i++) {
		const char *made = preparation->argv[i];
		size_t n = strlen(made);
		if (made[0] == '/' && strncmp(path, made, n) == 0 &&
		    (path[n] == '/' || path[n] == '\0'))
			return true;
	}
	return false;
}

/* What a command names by its whole path is to be seen, "python3 /tmp/my/client.py"; but for what
 * the preparation makes: of that an older one may lie around, outside. */
static void add_words(struct view *view, const struct words *words, const struct words *preparation)
{
	for (int i = 0; i < words->n; i++)
		if (words->argv[i][0] == '/' && !is_prepared(preparation, words->argv[i]))
			add_visible(view, words->argv[i]);
}

static void lock_down(struct supervisor *s, const struct words *preparation)
{
	struct view view = {.directory = s->plan->directory, .resolver = s->plan->address};
	if (s->plan->save_path[0])
		view.kept = s->plan->save_path;
	add_visible(&view, s->plan->lab->programs);
	if (!s->plan->confined) /* the solution is in there */
		add_visible(&view, s->plan->lab->folder);
	for (int i = 0; i < s->plan->n_hidden; i++)
		view.hidden[view.n_hidden++] = s->plan->hidden[i];
	for (int side = 0; side < N_SIDES; side++)
		add_words(&view, &s->plan->words[side], preparation);
	TEXT(reasons, 400);
	bool locked = mounts_lock_down(&view, &reasons);
	if (s->proc_fd >= 0)
		(void)close(s->proc_fd);                              /* was only a path */
	s->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC); /* ours, before theirs */
	s->apart = apart_begin(locked, &reasons);
	if (reasons.len > 0)
		report_note(&s->report, "not locked down for the lab programs: %s", reasons.bytes);
}

/* ---- the lab's own preparation ---- */

/* Its process id, or -1 with errno. */
static pid_t spawn_with_null(const char *path, char *const *argv)
{
	int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct spawn spawn = {.path = path,
	                      .argv = argv,
	                      .in = input,
	                      .out = STDERR_FILENO,
	                      .err = SPAWN_KEEP,
	                      .prepare = privilege_none};
	pid_t pid = input < 0 ? -1 : spawn_start(&spawn, NULL);
	int error = errno;
	if (input >= 0)
		(void)close(input); /* was only to be read */
	errno = error;
	return pid;
}

/* It is trusted as the lab's programs are. */
static int start(struct supervisor *s, const struct words *words)
{
	struct err err;
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", s->plan->lab->programs, words->argv[0]);
	pid_t pid = -1;
	errno = ENAMETOOLONG;
	if (n > 0 && (size_t)n < sizeof path)
		pid = spawn_with_null(path, words->argv);
	if (pid > 0) {
		s->preparation = pid;
		return 0;
	}
	(void)err_errno(&err, _("cannot run %s, which prepares the lab; build it with `make`"),
	                path);
	return supervisor_fail(s, ENVIRONMENT, "%s", err.message);
}

int prepare_begin(struct supervisor *s)
{
	const struct run_plan *plan = s->plan;
	const char *command = plan->lab->prepare;
	struct words words = {.n = 0};
	struct err err;
	if (command[0] && words_split(&words, command, plan->address, plan->port_text, &err) < 0)
		return supervisor_fail(s, ENVIRONMENT, "prepare: %s", err.message);
	if (!plan->host)
		lock_down(s, &words);
	return words.n > 0 ? start(s, &words) : 0;
}

bool prepare_is_over(struct supervisor *s)
{
	return s->preparation == 0;
}

void prepare_ended(struct supervisor *s, int wait_status)
{
	s->preparation = 0;
	if (wait_status == 0 || !stages_running(s))
		return;
	(void)supervisor_fail(
	        s, ENVIRONMENT, _("`%s`, which prepares the lab, failed: %s %d"),
	        s->plan->lab->prepare, WIFSIGNALED(wait_status) ? _("signal") : _("exit status"),
	        WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status));
	stages_stop(s);
}
