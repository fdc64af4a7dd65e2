/* exercise.c: see exercise.h. It must not know how an exercise is checked. */
#include "runner/exercise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/files.h"

enum { MOST_KEPT = 9999 };

static const char *const names[N_SIDES] = {"client.c", "server.c"};

/* Joins up to three parts with slashes. 0, or -1 when they do not fit. */
static int join(char path[static PATH_MAX], const char *a, const char *b, const char *c)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s%s", a, b, c[0] != '\0' ? "/" : "", c);
	return n > 0 && n < PATH_MAX ? 0 : -1;
}

/* The file of that side in a folder of the lab, or "" if there is none. True: it is there. */
static bool find_file(char path[static PATH_MAX], const struct lab *lab, const char *folder,
                      enum side side)
{
	if (join(path, lab->folder, folder, names[side]) == 0 && access(path, F_OK) == 0)
		return true;
	path[0] = '\0';
	return false;
}

/* True, with the side, if the lab has a skeleton. */
static bool find_skeleton(char path[static PATH_MAX], enum side *side, const struct lab *lab)
{
	for (int i = 0; i < N_SIDES; i++) {
		*side = (enum side)i;
		if (find_file(path, lab, "exercise", *side))
			return true;
	}
	return false;
}

bool exercise_has(const struct lab *lab)
{
	char path[PATH_MAX];
	enum side side;
	return find_skeleton(path, &side, lab);
}

/* Where the learner's copies lie: a folder for each lab in it. */
static int find_folder(char folder[static PATH_MAX], const char *id, struct err *err)
{
	const char *given = getenv("WIRELAB_EXERCISES"), *home = getenv("HOME");
	int result;
	if (given != NULL && given[0] != '\0')
		result = join(folder, given, id, "");
	else if (home != NULL && home[0] == '/')
		result = join(folder, home, "wirelab", id);
	else
		return err_set(err, _("HOME is not set, so there is no ~/wirelab for your copy of "
		                      "the exercise: set HOME, or WIRELAB_EXERCISES to a folder"));
	return result == 0 ? 0 : err_set(err, _("the path of your exercises is too long"));
}

int exercise_find(struct exercise *exercise, const struct lab *lab, struct err *err)
{
	memset(exercise, 0, sizeof *exercise);
	if (!find_skeleton(exercise->skeleton, &exercise->side, lab))
		return err_set(err, _("lab %s has no exercise"), lab->id);
	(void)snprintf(exercise->file, sizeof exercise->file, "%s", names[exercise->side]);
	(void)find_file(exercise->solution, lab, "solution", exercise->side);
	if (find_folder(exercise->folder, lab->id, err) < 0)
		return -1;
	if (join(exercise->copy, exercise->folder, exercise->file, "") < 0)
		return err_set(err, _("the path of your exercises is too long"));
	return 0;
}

/* Puts the skeleton at `copy`. 0, or -1 with a message and errno. */
static int copy_skeleton(const struct exercise *exercise, struct err *err)
{
	struct buffer text = {.bytes = NULL};
	int result = files_read(&text, exercise->skeleton, err);
	if (result == 0 && files_make_folder(exercise->folder, 0777) < 0)
		result = err_errno(err, _("cannot make the folder %s"), exercise->folder);
	else if (result == 0 && files_create(exercise->copy, text.bytes, text.len) < 0) {
		result = errno == EEXIST ? 1 : -1;
		(void)err_errno(err, _("cannot write %s"), exercise->copy);
	}
	buffer_release(&text);
	return result;
}

int exercise_prepare(const struct exercise *exercise, struct err *err)
{
	if (access(exercise->copy, F_OK) == 0)
		return 0;
	int result = copy_skeleton(exercise, err);
	return result == 0 ? 1 : result == 1 ? 0 : -1; /* somebody else was faster: it is there */
}

/* Renames, but never over a file that is there (then errno is EEXIST). */
static int rename_apart(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS) /* some file systems cannot do it in one step */
		return -1;
	if (access(to, F_OK) < 0)
		return rename(from, to);
	errno = EEXIST;
	return -1;
}

/* Gives the learner's file the first name FILE.1, FILE.2 … that is free. 0, or -1 with a message.
 */
static int keep_old(const struct exercise *exercise, char *kept, size_t size, struct err *err)
{
	for (int i = 1; i <= MOST_KEPT; i++) {
		int n = snprintf(kept, size, "%s.%d", exercise->copy, i);
		if (n < 0 || (size_t)n >= size)
			return err_set(err, _("the path of your exercises is too long"));
		if (rename_apart(exercise->copy, kept) == 0)
			return 0;
		if (errno != EEXIST)
			return err_errno(err, _("cannot rename %s to %s"), exercise->copy, kept);
	}
	return err_set(err, _("%s: there are too many old copies beside it"), exercise->copy);
}

int exercise_reset(const struct exercise *exercise, char *kept, size_t size, struct err *err)
{
	kept[0] = '\0';
	if (access(exercise->skeleton, R_OK) < 0)
		return err_errno(err, _("cannot read %s"), exercise->skeleton);
	if (access(exercise->copy, F_OK) == 0 && keep_old(exercise, kept, size, err) < 0)
		return -1;
	if (copy_skeleton(exercise, err) == 0)
		return 0;
	if (kept[0] != '\0' && rename(kept, exercise->copy) == 0)
		kept[0] = '\0'; /* as it was */
	return -1;
}
