/* progress.c: see progress.h. Where the files lie, who may write them, and what to say when that
 * fails; their form is progress_file.c's. */
#include "runner/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/files.h"
#include "runner/progress_file.h"

/* The folder of all progress. The XDG base directory specification: a relative path is ignored. */
static int find_folder(char folder[static PATH_MAX], struct err *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n;
	if (state != NULL && state[0] == '/')
		n = snprintf(folder, PATH_MAX, "%s/wirelab", state);
	else if (home != NULL && home[0] == '/')
		n = snprintf(folder, PATH_MAX, "%s/.local/state/wirelab", home);
	else
		return err_set(err, _("your progress is not kept: HOME is not set (set it, or "
		                      "XDG_STATE_HOME)"));
	return n > 0 && n < PATH_MAX ? 0
	                             : err_set(err, _("your progress is not kept: the path of "
	                                              "HOME is too long"));
}

static int find_file(char path[static PATH_MAX], const char *folder, const char *lab_id,
                     struct err *err)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", folder, lab_id);
	return n > 0 && n < PATH_MAX ? 0
	                             : err_set(err, _("your progress is not kept: the path of "
	                                              "HOME is too long"));
}

/* Reads the file into *progress. 0, or -1 with a message; errno 0 if it was only damaged. */
static int load_file(struct progress *progress, const char *path, struct err *err)
{
	struct buffer text = {.bytes = NULL};
	memset(progress, 0, sizeof *progress);
	int result = files_read(&text, path, err);
	int error = errno;
	if (result == 0)
		progress_parse(progress, text.bytes == NULL ? "" : text.bytes, text.len);
	buffer_release(&text);
	errno = result < 0 ? error : 0;
	if (result < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	return progress->damaged
	               ? err_set(err, _("%s is damaged: what can be read of it counts"), path)
	               : 0;
}

int progress_load(struct progress *progress, const char *lab_id, struct err *err)
{
	char folder[PATH_MAX], path[PATH_MAX];
	memset(progress, 0, sizeof *progress);
	if (find_folder(folder, err) < 0 || find_file(path, folder, lab_id, err) < 0)
		return -1;
	return load_file(progress, path, err);
}

/* ---- changing: the folder is locked from reading to renaming ---- */

/* A change to the progress in memory, and what it needs to know. */
struct change {
	enum progress_kind kind;
	const char *detail;
	int level;
	const struct progress_prediction *predictions;
	int n_predictions;
};

static void apply(struct progress *progress, const struct change *change, int64_t now_s)
{
	struct progress_mark *mark = &progress->marks[change->kind];
	if (mark->count == 0)
		mark->first_s = now_s;
	mark->last_s = now_s;
	if (change->level == 0)
		mark->count++;
	else if (change->level > mark->count)
		mark->count = change->level;
	if (change->kind == PROGRESS_PASSED)
		progress->failure[0] = '\0';
	if (change->kind == PROGRESS_FAILED)
		(void)snprintf(progress->failure, sizeof progress->failure, "%s",
		               change->detail == NULL ? "" : change->detail); /* may be cut */
	for (int i = 0; i < change->n_predictions; i++)
		progress_put_prediction(progress, &change->predictions[i]);
}

/* Gives a damaged file another name, so that nothing of it is lost. */
static int put_aside(const char *path, struct err *err)
{
	char aside[PATH_MAX];
	int n = snprintf(aside, sizeof aside, "%s.damaged", path);
	if (n < 0 || n >= (int)sizeof aside || rename(path, aside) < 0)
		return err_errno(err, _("%s is damaged, and cannot be renamed"), path);
	return 0;
}

static int save(const struct progress *progress, const char *path, struct err *err)
{
	struct buffer text = {.bytes = NULL};
	progress_format(progress, &text);
	int result = text.failed ? err_set(err, _("no memory"))
	                         : files_replace(path, text.bytes, text.len, err);
	buffer_release(&text);
	return result;
}

static int change_file(const char *path, const struct change *change, struct err *err)
{
	struct progress progress;
	if (load_file(&progress, path, err) < 0 && !progress.damaged)
		return -1;
	if (progress.damaged && put_aside(path, err) < 0)
		return -1;
	apply(&progress, change, (int64_t)time(NULL));
	return save(&progress, path, err);
}

static int record(const char *lab_id, const struct change *change, struct err *err)
{
	char folder[PATH_MAX], path[PATH_MAX];
	if (find_folder(folder, err) < 0 || find_file(path, folder, lab_id, err) < 0)
		return -1;
	int lock = -1;
	if (files_make_folder(folder, 0700) == 0)
		lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock < 0)
		return err_errno(err, _("your progress is not kept: the folder %s"), folder);
	(void)flock(lock, LOCK_EX); /* where there are no locks: two commands at once are rare */
	struct err why;
	int result = change_file(path, change, &why);
	(void)close(lock); /* and unlocks */
	return result == 0 ? 0 : err_set(err, _("your progress is not kept: %s"), why.message);
}

int progress_record(const char *lab_id, enum progress_kind kind, const char *detail,
                    struct err *err)
{
	return record(lab_id, &(struct change){.kind = kind, .detail = detail}, err);
}

void progress_note(const char *lab_id, enum progress_kind kind, const char *detail)
{
	struct err err;
	if (progress_record(lab_id, kind, detail, &err) < 0)
		(void)fprintf(stderr, "wirelab: %s\n", err.message);
}

int progress_record_hint(const char *lab_id, int level, struct err *err)
{
	return record(lab_id, &(struct change){.kind = PROGRESS_HINT, .level = level}, err);
}

int progress_record_predictions(const char *lab_id, const struct progress_prediction *predictions,
                                int n, struct err *err)
{
	return record(lab_id,
	              &(struct change){.kind = PROGRESS_PREDICTED,
	                               .predictions = predictions,
	                               .n_predictions = n},
	              err);
}

enum progress_state progress_state(const struct progress *progress, bool has_exercise)
{
	enum progress_kind done = has_exercise ? PROGRESS_PASSED : PROGRESS_RUN;
	if (progress->marks[done].count > 0)
		return PROGRESS_DONE;
	for (int kind = 0; kind < N_PROGRESS_KINDS; kind++)
		if (progress->marks[kind].count > 0)
			return PROGRESS_TRIED;
	return PROGRESS_UNTOUCHED;
}
