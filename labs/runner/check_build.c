/* check_build.c: from a C file to a program, in a temporary folder. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/check.h"
#include "runner/check_uses.h"

/* What each process of the compiler may take of the processor, however busy the machine is, and how
 * long it may wait for what it includes (a pipe that nobody writes to). */
enum { COMPILE_CPU_S = 60, COMPILE_WAIT_S = 600 };
enum { NO_COMPILER = 127, MAX_ARGUMENTS = 32 };

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

/* Both stay over the exec; the first holds for what it starts, too. */
static int limit_compiler(void)
{
	const struct rlimit cpu = {COMPILE_CPU_S, COMPILE_CPU_S};
	(void)alarm(COMPILE_WAIT_S);
	return setrlimit(RLIMIT_CPU, &cpu);
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
	if (limit_compiler() == 0 && null >= 0 && dup2(null, STDIN_FILENO) == STDIN_FILENO &&
	    dup2(said, STDOUT_FILENO) == STDOUT_FILENO &&
	    dup2(said, STDERR_FILENO) == STDERR_FILENO)
		(void)execvp(argv[0],
		             (char *const *)(const void *)argv); /* comes back on failure */
	_exit(NO_COMPILER);
}

/* What wait_for() waits for: the compiler's end, or a person's wish. */
static int hold_signals(sigset_t *held, sigset_t *before)
{
	struct sigaction as_usual = {.sa_handler =
	                                     SIG_DFL}; /* ignored, no child could be waited for */
	if (sigemptyset(held) < 0 || sigaddset(held, SIGCHLD) < 0 || sigaddset(held, SIGINT) < 0 ||
	    sigaddset(held, SIGTERM) < 0 || sigaddset(held, SIGHUP) < 0 ||
	    sigaction(SIGCHLD, &as_usual, NULL) < 0)
		return -1;
	return sigprocmask(SIG_BLOCK, held, before);
}

/* True if a person has ended it meanwhile, and the compiler with it. */
static bool wait_for(pid_t compiler, int *status, const sigset_t *held)
{
	bool interrupted = false;
	while (waitpid(compiler, status, WNOHANG) == 0) {
		int signal = sigwaitinfo(held, NULL);
		if (signal < 0 || signal == SIGCHLD)
			continue;
		interrupted = true;
		(void)kill(compiler, SIGTERM); /* not reaped yet: the id is still its own */
	}
	return interrupted;
}

/* As check_compile(), but for the compiler's own answer, which is in *status. */
static int run_compiler(const struct check *check, const struct words *cc, int said, int *status)
{
	sigset_t held, before;
	if (hold_signals(&held, &before) < 0)
		return -1;
	(void)fflush(NULL); /* or the child would have a copy of what waits */
	pid_t child = fork();
	if (child == 0) {
		(void)sigprocmask(SIG_SETMASK, &before, NULL); /* valid: it was ours */
		become_compiler(check, cc, said);
	}
	bool interrupted = child > 0 && wait_for(child, status, &held);
	(void)sigprocmask(SIG_SETMASK, &before, NULL); /* as above */
	return child < 0 ? -1 : interrupted ? CHECK_INTERRUPTED : 0;
}

int check_compile(struct check *check, struct err *err)
{
	struct words cc;
	int status = 0;
	const char *wish = getenv("CC");
	if (words_split(&cc, wish && wish[0] ? wish : "cc", "", "", err) < 0)
		return -1;
	int said = memfd_create("wirelab compiler", MFD_CLOEXEC);
	int ran = said < 0 ? -1 : run_compiler(check, &cc, said, &status);
	if (ran < 0)
		return err_errno(err, _("cannot run the compiler"));
	ssize_t n = pread(said, check->compiler_said, sizeof check->compiler_said - 1, 0);
	check->compiler_said[n > 0 ? n : 0] = '\0';
	(void)close(said); /* has been read */
	if (ran == CHECK_INTERRUPTED)
		return ran;
	if (WIFSIGNALED(status))
		return err_set(err, _("the compiler %s was ended by signal %d"), cc.argv[0],
		               WTERMSIG(status));
	if (WEXITSTATUS(status) == NO_COMPILER)
		return err_set(err,
		               _("cannot run the compiler '%s': install gcc or clang, or set CC"),
		               cc.argv[0]);
	return WEXITSTATUS(status) == 0 ? 0 : CHECK_MISTAKES;
}
