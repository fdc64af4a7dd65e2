/* place.c: finds the kit's folders from /proc/self/exe. It must not know what a lab is. */
#include "runner/place.h"

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

int place_self(char *folder, size_t size, struct err *err)
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
	if (place_self(self, sizeof self, err) < 0)
		return -1;
	if (join(path, size, self, name) < 0)
		return err_set(err, _("the path of %s is too long"), name);
	if (access(path, X_OK) < 0)
		return err_errno(err, _("cannot run %s (run `make` to build it)"), path);
	return 0;
}

/* True if `folder` holds the labs; its resolved path goes to found[PATH_MAX]. */
static bool holds_labs(const char *folder, char *found)
{
	char page[PATH_MAX];
	return join(page, sizeof page, folder, "README.md") == 0 && access(page, R_OK) == 0 &&
	       realpath(folder, found) != NULL;
}

/* Looks for labs/ one, two … folders above `self`. */
static bool labs_above(const char *self, char *found)
{
	char up[PATH_MAX], labs[PATH_MAX];
	if (snprintf(up, sizeof up, "%s", self) >= (int)sizeof up)
		return false;
	for (int level = 0; level < LEVELS_UP; level++) {
		char *slash = strrchr(up, '/');
		if (slash == NULL)
			return false;
		*slash = '\0';
		if (join(labs, sizeof labs, up, "labs") == 0 && holds_labs(labs, found))
			return true;
	}
	return false;
}

static bool labs_installed(const char *self, char *found)
{
	char labs[PATH_MAX];
	return (join(labs, sizeof labs, self, "../share/wirelab/labs") == 0 &&
	        holds_labs(labs, found)) ||
	       holds_labs(WIRELAB_PREFIX "/share/wirelab/labs", found);
}

int place_labs(char *folder, size_t size, struct err *err)
{
	char self[PATH_MAX], found[PATH_MAX];
	if (place_self(self, sizeof self, err) < 0)
		return -1;
	const char *given = getenv("WIRELAB_LABS");
	if (!labs_above(self, found) && !(given != NULL && holds_labs(given, found)) &&
	    !labs_installed(self, found))
		return err_set(err,
		               _("the labs are not there: neither above %s, nor in "
		                 "WIRELAB_LABS, nor in %s (set WIRELAB_LABS to the "
		                 "folder labs/ of a clone)"),
		               self, WIRELAB_PREFIX "/share/wirelab/labs");
	if (snprintf(folder, size, "%s", found) >= (int)size)
		return err_set(err, _("the path of the labs is too long: %s"), found);
	return 0;
}

int place_lab_programs(char *folder, size_t size, const char *id, struct err *err)
{
	static const char *const roots[] = {"../labs", "../lib/wirelab/labs"};
	char self[PATH_MAX], path[PATH_MAX], found[PATH_MAX] = "";
	if (place_self(self, sizeof self, err) < 0)
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
