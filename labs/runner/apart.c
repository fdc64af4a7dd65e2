/* apart.c: see apart.h. Process 1 of the namespace does nothing but be there: it executes no
 * program, holds no descriptor and no privilege. It must not know what the programs are. */
#include "runner/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"
#include "runner/privilege.h"

enum { MANY_DESCRIPTORS = 4096 };

static void add_reason(struct text *reasons, const char *what)
{
	char storage[128];
	const char *why = strerror_r(errno, storage, sizeof storage);
	text_addf(reasons, "%s%s (%s)", reasons->len ? "; " : "", what, why);
}

/* An open end of a pipe here would keep its reader from seeing the end of file. */
static void close_all(void)
{
	struct rlimit limit;
#ifdef SYS_close_range
	if (syscall(SYS_close_range, 0U, ~0U, 0U) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > MANY_DESCRIPTORS)
		limit.rlim_cur = MANY_DESCRIPTORS; /* the supervisor has some ten */
	for (int fd = 0; fd < (int)limit.rlim_cur; fd++)
		(void)close(fd); /* most are not open */
}

/* Orphans fall to us; whoever ignores SIGCHLD has no zombies. Signals from inside do not reach a
 * process 1 that has no handler for them. */
static _Noreturn void be_first(bool own_proc, int answer_fd)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	int error = 0;
	if (own_proc && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		error = errno;
	if (sigaction(SIGCHLD, &ignore, NULL) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
	    privilege_none() < 0)
		_exit(1);                                    /* without an answer */
	(void)io_write_all(answer_fd, &error, sizeof error); /* if not: the same */
	close_all();
	for (;;)
		(void)pause();
}

/* True when it is there and has done its part; `error` is why it could not mount. */
static bool read_answer(const int *answer, int *error)
{
	(void)close(answer[1]); /* a pipe: nothing to lose */
	bool there = io_read_full(answer[0], error, sizeof *error) == (ssize_t)sizeof *error;
	(void)close(answer[0]);
	return there;
}

pid_t apart_begin(bool own_proc, struct text *reasons)
{
	int answer[2], error;
	if (pipe2(answer, O_CLOEXEC) < 0 || unshare(CLONE_NEWPID) < 0) {
		add_reason(reasons, "they see the tracer's process");
		return 0;
	}
	pid_t init = fork(); /* the first child in the namespace is its process 1 */
	if (init == 0)
		be_first(own_proc, answer[1]);
	if (init < 0 || !read_answer(answer, &error)) {
		add_reason(reasons, "their process 1 did not start");
		return init < 0 ? 0 : init;
	}
	errno = error;
	if (error != 0)
		add_reason(reasons, "their /proc");
	return init;
}

void apart_end(pid_t init)
{
	if (init > 0)
		(void)kill(init, SIGKILL); /* the kernel kills all others with it */
}
