/* place.c: finds the kit's folders from /proc/self/exe. It must not know what a lab is. */
#include "runner/place.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { LEVELS_UP = 4 }; /* build/asan/bin is three folders below the clone */

/* Writes "folder/rest" and returns 0, or -1 when it does not fit. */
static int join(char *path, size_t size, const char *folder, const char *rest)
{
	int n = snprintf(path, size, "%s/%s", folder, rest);
	return n > 0 && (size_t)n < size ? 0 : -1;
}

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The folder of the running program, absolute, into folder[size]. 0, or -1 with a message. */
static int find_self(char *folder, size_t size, struct err *err)
{
	ssize_t n = readlink("/proc/self/exe", folder, size - 1);
	if (n < 0)
		return err_errno(err,
		                 _("cannot find out where this program lies (/proc/self/exe)"));
	folder[n] = '\0';
	char *slash = strrchr(folder, '/');
	if (slash == NULL)
		return err_set(err, _("this program has no path: %s"), folder);
	*slash = '\0';
	return 0;
}

int place_program(char *path, size_t size, const char *name, struct err *err)
{
	char self[PATH_MAX];
	if (find_self(self, sizeof self, err) < 0)
		return -1;
	if (join(path, size, self, name) < 0)
		return err_set(err, _("the path of %s is too long"), name);
	if (access(path, X_OK) < 0)
		return err_errno(err, _("cannot run %s (run `make` to build it)"), path);
	return 0;
}

/* Where labs/ was looked for. */
struct search {
	char found[PATH_MAX];     /* its resolved path, if it is there */
	char forbidden[PATH_MAX]; /* one that is there and may not be read, or "" */
};

/* True if `folder` holds the labs. */
static bool holds_labs(const char *folder, struct search *search)
{
	char page[PATH_MAX];
	if (join(page, sizeof page, folder, "README.md") < 0)
		return false;
	if (access(page, R_OK) == 0 && access(folder, R_OK) == 0)
		return realpath(folder, search->found) != NULL;
	if (errno == EACCES)
		(void)snprintf(search->forbidden, sizeof search->forbidden, "%s", folder);
	return false;
}

/* Looks for labs/ one, two … folders above `self`. */
static bool labs_above(const char *self, struct search *search)
{
	char up[PATH_MAX], labs[PATH_MAX];
	if (snprintf(up, sizeof up, "%s", self) >= (int)sizeof up)
		return false;
	for (int level = 0; level < LEVELS_UP; level++) {
		char *slash = strrchr(up, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
		if (join(labs, sizeof labs, up, "labs") == 0 && holds_labs(labs, search))
			return true;
	}
	return false;
}

static bool labs_installed(const char *self, struct search *search)
{
	char labs[PATH_MAX];
	return (join(labs, sizeof labs, self, "../share/wirelab/labs") == 0 &&
	        holds_labs(labs, search)) ||
	       holds_labs(WIRELAB_PREFIX "/share/wirelab/labs", search);
}

static int not_found(const char *self, const struct search *search, struct err *err)
{
	if (search->forbidden[0])
		return err_set(err, _("the labs in %s may not be read (chmod -R u+rX %s)"),
		               search->forbidden, search->forbidden);
	return err_set(err,
	               _("the labs are not there: neither above %s, nor in "
	                 "WIRELAB_LABS, nor in %s (set WIRELAB_LABS to the "
	                 "folder labs/ of a clone)"),
	               self, WIRELAB_PREFIX "/share/wirelab/labs");
}

int place_labs(char *folder, size_t size, struct err *err)
{
	char self[PATH_MAX];
	struct search search = {.found = "", .forbidden = ""};
	if (find_self(self, sizeof self, err) < 0)
		return -1;
	const char *given = getenv("WIRELAB_LABS");
	if (!labs_above(self, &search) && !(given != NULL && holds_labs(given, &search)) &&
	    !labs_installed(self, &search))
		return not_found(self, &search, err);
	if (snprintf(folder, size, "%s", search.found) >= (int)size)
		return err_set(err, _("the path of the labs is too long: %s"), search.found);
	return 0;
}

int place_lab_programs(char *folder, size_t size, const char *id, struct err *err)
{
	static const char *const roots[] = {"../labs", "../lib/wirelab/labs"};
	char self[PATH_MAX], path[PATH_MAX], found[PATH_MAX] = "";
	if (find_self(self, sizeof self, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof roots / sizeof *roots && found[0] == '\0'; i++) {
		int n = snprintf(path, sizeof path, "%s/%s/%s", self, roots[i], id);
		if (n < 0 || n >= (int)sizeof path)
			return err_set(err, _("the path of lab %s is too long"), id);
		if (!is_folder(path) || realpath(path, found) == NULL)
			found[0] = '\0';
	}
	/* Not built yet: the path that `make` will fill, for messages. */
	int n = found[0] != '\0' ? snprintf(folder, size, "%s", found)
	                         : snprintf(folder, size, "%s/../labs/%s", self, id);
	return n > 0 && (size_t)n < size ? 0
	                                 : err_set(err, _("the path of lab %s is too long"), id);
}
