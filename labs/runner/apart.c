/* apart.c: see apart.h. Process 1 of the namespace does nothing but be there: it executes no
 * program, holds no descriptor and no privilege. It must not know what the programs are. */
#include "runner/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/io.h"
#include "runner/descriptors.h"
#include "runner/privilege.h"
#include "runner/reasons.h"

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
	descriptors_close_but(NULL, 0);
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
		reasons_add_errno(reasons, "they see the tracer's process");
		return 0;
	}
	pid_t init = fork(); /* the first child in the namespace is its process 1 */
	if (init == 0)
		be_first(own_proc, answer[1]);
	if (init < 0 || !read_answer(answer, &error)) {
		reasons_add_errno(reasons, "their process 1 did not start");
		return init < 0 ? 0 : init;
	}
	errno = error;
	if (error != 0)
		reasons_add_errno(reasons, "their /proc");
	return init;
}

void apart_end(pid_t init)
{
	if (init > 0)
		(void)kill(init, SIGKILL); /* the kernel kills all others with it */
}
