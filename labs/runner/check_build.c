/* check_build.c: from a C file to a program, in a temporary folder. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/check.h"
#include "runner/check_uses.h"

enum { COMPILE_S = 60, NO_COMPILER = 127, MAX_ARGUMENTS = 32 };

int check_make_folder(struct check *check, struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(check->folder, sizeof check->folder, "%s/wirelab-check.XXXXXX",
	                 tmp && tmp[0] == '/' ? tmp : "/tmp");
	if (n < 0 || (size_t)n >= sizeof check->folder - sizeof "/program")
		return err_set(err, _("TMPDIR is too long"));
	if (!mkdtemp(check->folder)) {
		int result = err_errno(err, _("cannot make the folder %s"), check->folder);
		check->folder[0] = '\0';
		return result;
	}
	(void)snprintf(check->binary, sizeof check->binary, "%.*s/%s", PATH_MAX - 16, check->folder,
	               side_name(check->side)); /* fits: looked at above */
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	(void)remove(path); /* what stays lies in the folder for temporary files */
	return 0;
}

void check_remove_folder(const struct check *check)
{
	enum { DESCRIPTORS = 16 };
	if (check->folder[0] != '\0') /* our programs may have left something there */
		(void)nftw(check->folder, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

/* The paths of what is compiled with it, behind the n words that are there; the new n. */
static int add_uses(const struct check_uses *uses, const char *lib, char path[][PATH_MAX + 128],
                    const char **argv, int n)
{
	for (int i = 0; i < uses->n; i++) {
		(void)snprintf(path[i], sizeof path[i], "%s/%s.c", lib, uses->names[i]); /* fits */
		argv[n++] = path[i];
	}
	if (uses->tls) {
		argv[n++] = "-lssl";
		argv[n++] = "-lcrypto";
	}
	return n;
}

static _Noreturn void become_compiler(const struct check *check, const struct words *cc, int said)
{
	static const char *const options[] = {"-std=gnu17", "-D_GNU_SOURCE=", "-Wall", "-Wextra",
	                                      "-g",         "-pthread"};
	const char *argv[WORDS_MAX + MAX_ARGUMENTS + CHECK_USES_MAX];
	char include[PATH_MAX + 16], lib[PATH_MAX + 16], paths[CHECK_USES_MAX][PATH_MAX + 128];
	int n = 0, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const char *labs = check->lab->folder;
	struct check_uses uses;
	(void)snprintf(include, sizeof include, "-I%s/..",
	               labs); /* fit: both are that much longer */
	(void)snprintf(lib, sizeof lib, "%s/../lib", labs);
	check_find_uses(&uses, check->source, lib);
	for (int i = 0; i < cc->n; i++)
		argv[n++] = cc->argv[i];
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		argv[n++] = options[i];
	argv[n++] = include;
	argv[n++] = "-o";
	argv[n++] = check->binary;
	argv[n++] = check->source;
	n = add_uses(&uses, lib, paths, argv, n);
	argv[n] = NULL;
	(void)alarm(COMPILE_S); /* stays over the exec */
	if (null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(said, STDOUT_FILENO) == STDOUT_FILENO &&
	    dup2(said, STDERR_FILENO) == STDERR_FILENO)
		(void)execvp(argv[0],
		             (char *const *)(const void *)argv); /* comes back on failure */
	_exit(NO_COMPILER);
}

static int run_compiler(const struct check *check, const struct words *cc, int said, int *status)
{
	(void)fflush(NULL); /* or the child would have a copy of what waits */
	pid_t child = fork();
	if (child == 0)
		become_compiler(check, cc, said);
	while (child > 0 && waitpid(child, status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return child > 0 ? 0 : -1;
}

int check_compile(struct check *check, struct err *err)
{
	struct words cc;
	int status;
	const char *wish = getenv("CC");
	if (words_split(&cc, wish && wish[0] ? wish : "cc", "", "", err) < 0)
		return -1;
	int said = memfd_create("wirelab compiler", MFD_CLOEXEC);
	if (said < 0 || run_compiler(check, &cc, said, &status) < 0)
		return err_errno(err, _("cannot run the compiler"));
	ssize_t n = pread(said, check->compiler_said, sizeof check->compiler_said - 1, 0);
	check->compiler_said[n > 0 ? n : 0] = '\0';
	(void)close(said); /* has been read */
	if (WIFSIGNALED(status))
		return err_set(err, _("the compiler %s was ended by signal %d"), cc.argv[0],
		               WTERMSIG(status));
	if (WEXITSTATUS(status) == NO_COMPILER)
		return err_set(err,
		               _("cannot run the compiler '%s': install gcc or clang, or set CC"),
		               cc.argv[0]);
	return WEXITSTATUS(status) == 0 ? 0 : 1;
}
