/* save.c: see save.h. Names and pieces; what a form writes is in save_forms.c. */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "model_parts.h"

/* ---- names ---- */

/* "~/x" in the home folder. Owned by the caller; NULL without memory. */
static char *expand(const char *path)
{
	const char *home = getenv("HOME");
	char *whole;
	if (path[0] != '~' || path[1] != '/' || !home)
		return strdup(path);
	return asprintf(&whole, "%s%s", home, path + 1) < 0 ? NULL : whole;
}

bool save_exists(const char *path)
{
	char *whole = expand(path);
	struct stat st;
	bool exists = whole && lstat(whole, &st) == 0;
	free(whole);
	return exists;
}

int save_check(const char *path, struct err *err)
{
	TEXT(suffixes, 160);
	if (save_form_of(path))
		return 0;
	save_add_suffixes(&suffixes);
	return err_set(err, _("%s: the name's end must say the form: %s"), path, suffixes.bytes);
}

static int open_part(struct save *save, struct err *err)
{
	mode_t mask = umask(0);
	(void)umask(mask); /* as it was; there is no other way to ask */
	save->fd = mkostemp(save->part, O_CLOEXEC);
	if (save->fd < 0)
		return err_errno(err, _("cannot write %s"), save->path);
	if (fchmod(save->fd, 0666 & ~mask) < 0)
		return err_errno(err, _("cannot write %s"), save->path);
	return 0;
}

/* Gives the whole file its name. Without permission, never over another file. */
static int give_name(const struct save *save)
{
	if (save->options.replace)
		return rename(save->part, save->path);
	if (renameat2(AT_FDCWD, save->part, AT_FDCWD, save->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL)
		return -1;
	if (link(save->part, save->path) < 0) /* this file system cannot do the former */
		return -1;
	return unlink(save->part);
}

/* ---- the work ---- */

static void release(struct save *save)
{
	if (save->fd >= 0)
		(void)close(save->fd); /* what counts was checked before */
	free(save->path);
	free(save->part);
	free(save);
}

static int start(struct save *save, const char *path, struct err *err)
{
	if (save_check(path, err) < 0)
		return -1;
	save->form = save_form_of(path);
	save->path = expand(path);
	if (!save->path || asprintf(&save->part, "%s.XXXXXX", save->path) < 0) {
		save->part = NULL;
		return err_errno(err, _("cannot write %s"), path);
	}
	if (!save->options.replace && save_exists(path))
		return err_set(err, _("%s exists already"), path);
	if (open_part(save, err) < 0)
		return -1;
	if (save->form->begin(save, err) == 0)
		return 0;
	(void)unlink(save->part); /* the first fault is the one to tell */
	return -1;
}

struct save *save_begin(const struct model *model, const char *path,
                        const struct save_options *options, struct err *err)
{
	struct save *save = calloc(1, sizeof *save);
	if (!save) {
		(void)err_errno(err, _("cannot write %s"), path); /* is always -1 */
		return NULL;
	}
	save->model = model;
	save->options = *options;
	save->fd = -1;
	save->end = model->log.n;
	save->only_stream = model->only_stream;
	save->hide_messages = model->hide_messages;
	memcpy(save->expression, model->expression, sizeof save->expression);
	if (start(save, path, err) == 0)
		return save;
	release(save);
	return NULL;
}

static bool same_filters(const struct save *save)
{
	const struct model *model = save->model;
	return save->only_stream == model->only_stream &&
	       save->hide_messages == model->hide_messages &&
	       strcmp(save->expression, model->expression) == 0;
}

int save_work(struct save *save, uint32_t budget, struct err *err)
{
	if (!same_filters(save))
		return err_set(err, _("the filter has changed meanwhile: %s was not written"),
		               save->path);
	uint32_t known = save->model->is_filtered ? save->model->filtered : save->model->log.n;
	for (; save->next < save->end && budget > 0; budget--, save->next++) {
		if (save->next >= known)
			return 1; /* the filter has not come so far yet */
		if (!model_is_row(save->model, save->next))
			continue;
		if (save->form->row(save, save->next, err) < 0)
			return -1;
	}
	return save->next < save->end;
}

static void add_report(const struct save *save, struct text *t)
{
	bool frames = !save->form->sink && save->n_skipped + save->n_cut > 0;
	unsigned long long written = save->n_written, all = written + save->n_skipped;
	text_addf(t, _("%s: %llu of %llu rows written"), save->path, written, all);
	if (frames && save->n_skipped > 0)
		text_add(t, _(", the others are no frames"));
	if (frames && save->n_cut > 0)
		text_addf(
		        t,
		        ngettext("; %llu frame has only its first %d bytes, all that is kept here",
		                 "; %llu frames have only their first %d bytes, all that is kept "
		                 "here",
		                 save->n_cut),
		        (unsigned long long)save->n_cut, EVENT_BYTES_MAX);
}

int save_finish(struct save *save, struct text *report, struct err *err)
{
	int result = save->form->end(save, err);
	if (result == 0 && give_name(save) < 0)
		result = err_errno(err, _("cannot write %s"), save->path);
	if (result < 0)
		(void)unlink(save->part); /* the fault is told already */
	else
		add_report(save, report);
	release(save);
	return result;
}

void save_cancel(struct save *save)
{
	struct err ignored;
	if (!save)
		return;
	(void)save->form->end(save, &ignored); /* frees; the file is thrown away */
	(void)unlink(save->part);
	release(save);
}
