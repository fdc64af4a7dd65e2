/* watch.c: `wirelab watch NN`: `wirelab check NN` at each save of the learner's file. inotify(7)
 * wakes us, but only the file's own status says that it has changed: so editors that rename a new
 * file over the old one are as good as those that write into it, and where inotify says nothing
 * (network and Windows folders) a look each second does. Enter checks by hand. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <poll.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/clock.h"
#include "runner/commands.h"
#include "runner/exercise.h"
#include "runner/guide.h"

enum {
	LOOK_MS = 1000, /* how often we look without being woken */
	QUIET_MS = 200, /* an editor writes in pieces: so long must the file have been the same */
};

/* Of all that can change when a file is written: enough to tell one save from the next. */
struct version {
	bool there;
	ino_t inode;
	off_t size;
	struct timespec changed;
};

struct watch {
	const struct exercise *exercise;
	char lab[8];            /* "01" */
	struct version checked; /* what the last check saw */
	struct version seen;    /* at the last look */
	int64_t seen_ms;        /* since when it has been like that */
	bool by_hand;           /* Enter was pressed */
	bool ends;
	pid_t check; /* 0: none runs */
	int signals_fd, notify_fd;
	int keys_fd; /* -1: nobody types */
	bool is_terminal;
	struct termios usual; /* its mode before */
};

static struct version look(const char *path)
{
	struct stat status;
	if (stat(path, &status) < 0)
		return (struct version){.there = false};
	return (struct version){.there = true,
	                        .inode = status.st_ino,
	                        .size = status.st_size,
	                        .changed = status.st_mtim};
}

static bool is_same(const struct version *a, const struct version *b)
{
	return a->there == b->there && a->inode == b->inode && a->size == b->size &&
	       a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* ---- the terminal: single keys, without Enter; Ctrl-C stays a signal ---- */

static void take_keys(struct watch *w)
{
	struct termios keys = w->usual;
	keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	keys.c_cc[VMIN] = 1;
	keys.c_cc[VTIME] = 0;
	if (w->is_terminal)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &keys); /* else q needs Enter */
}

static void give_back_keys(const struct watch *w)
{
	if (w->is_terminal)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &w->usual); /* nothing better to do */
}

/* ---- what happens ---- */

static void start_check(struct watch *w)
{
	struct err err;
	const char *const words[] = {"wirelab", "check", w->lab, NULL};
	w->checked = w->seen;
	w->by_hand = false;
	w->check = guide_start(words, STDOUT_FILENO, &err);
	if (w->check > 0)
		return;
	(void)guide_complain(&err);
	w->check = 0;
	w->ends = true;
}

static void say_waiting(const struct watch *w)
{
	printf(_("\n-- watching %s: save it to check again; Enter checks, q ends --\n"),
	       w->exercise->copy);
	(void)fflush(stdout); /* the next check tells of a terminal that has gone */
}

static void on_key(struct watch *w)
{
	char key;
	ssize_t n = read(w->keys_fd, &key, 1);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0)
		w->keys_fd = -1; /* the end of input: saves and signals still count */
	if (n <= 0 && w->is_terminal)
		w->ends = true; /* the terminal is gone */
	if (n == 1 && (key == '\n' || key == '\r'))
		w->by_hand = true;
	if (n == 1 && (key == 'q' || key == 'Q'))
		w->ends = true;
}

static void on_child(struct watch *w)
{
	int status;
	if (w->check == 0 || waitpid(w->check, &status, WNOHANG) != w->check)
		return;
	w->check = 0;
	w->by_hand = false; /* pressed while it ran: it has just been done */
	if (!w->ends)
		say_waiting(w);
}

static void on_signal(struct watch *w)
{
	struct signalfd_siginfo info;
	if (read(w->signals_fd, &info, sizeof info) != (ssize_t)sizeof info)
		return; /* cannot happen: poll() said that there is one */
	if (info.ssi_signo == SIGCHLD)
		on_child(w);
	else if (info.ssi_signo == SIGCONT)
		take_keys(w); /* the shell had the terminal */
	else
		w->ends = true;
}

/* Empties the descriptor: that something happened is all we want to know. */
static void on_notice(const struct watch *w)
{
	_Alignas(struct inotify_event) char events[4096];
	while (read(w->notify_fd, events, sizeof events) > 0)
		;
}

static int64_t now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / NS_PER_MS;
}

/* True when the file has changed since the last check, and has been quiet since. */
static bool is_due(struct watch *w)
{
	struct version version = look(w->exercise->copy);
	if (!is_same(&version, &w->seen))
		w->seen_ms = now_ms();
	w->seen = version;
	bool quiet = now_ms() - w->seen_ms >= QUIET_MS;
	return w->by_hand || (quiet && version.there && !is_same(&version, &w->checked));
}

/* Waits for the first of all that can happen. */
static void wait_and_see(struct watch *w)
{
	struct pollfd fds[] = {{.fd = w->signals_fd, .events = POLLIN},
	                       {.fd = w->notify_fd, .events = POLLIN},
	                       {.fd = w->keys_fd, .events = POLLIN}};
	bool settling = w->check == 0 && !is_same(&w->seen, &w->checked);
	if (poll(fds, 3, settling ? QUIET_MS : LOOK_MS) < 0)
		return; /* a signal that is not ours to handle */
	if (fds[0].revents != 0)
		on_signal(w);
	if (fds[1].revents != 0)
		on_notice(w);
	if (fds[2].revents != 0)
		on_key(w);
}

static void watch_on(struct watch *w)
{
	while (!w->ends) {
		if (w->check == 0 && is_due(w))
			start_check(w);
		if (!w->ends)
			wait_and_see(w);
	}
	if (w->check == 0)
		return;
	(void)kill(w->check, SIGTERM); /* it may just have ended */
	while (waitpid(w->check, NULL, 0) < 0 && errno == EINTR)
		;
}

/* ---- beginning ---- */

static int open_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGCONT};
	sigset_t set;
	(void)sigemptyset(&set); /* cannot fail, nor can sigaddset() with these */
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		(void)sigaddset(&set, numbers[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* The folder, not the file: a file that is renamed over takes its watch with it. */
static int open_notices(const char *folder)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (fd >= 0)
		(void)inotify_add_watch(fd, folder, /* without it the clock wakes us */
		                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_MODIFY);
	return fd;
}

static void open_keys(struct watch *w)
{
	w->keys_fd = STDIN_FILENO;
	w->is_terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &w->usual) == 0;
	take_keys(w);
}

static int watch(const struct lab *lab, char **words, struct err *err)
{
	struct exercise exercise;
	struct watch w = {.exercise = &exercise, .by_hand = true};
	(void)words; /* only the lab */
	if (exercise_find(&exercise, lab, err) < 0 || exercise_prepare(&exercise, err) < 0)
		return -1;
	(void)snprintf(w.lab, sizeof w.lab, "%02d", lab->number); /* it fits */
	w.signals_fd = open_signals();
	if (w.signals_fd < 0)
		return err_errno(err, _("cannot wait for signals"));
	w.notify_fd = open_notices(exercise.folder);
	open_keys(&w);
	watch_on(&w);
	give_back_keys(&w);
	(void)close(w.signals_fd);
	if (w.notify_fd >= 0)
		(void)close(w.notify_fd);
	return GUIDE_FINE;
}

int command_watch(int argc, char **argv)
{
	const char *usage =
	        _("usage: wirelab watch NN\n"
	          "Checks your program for the exercise of a lab, now and at each save of "
	          "your file in\n"
	          "~/wirelab/NN-name/ (WIRELAB_EXERCISES takes the place of ~/wirelab). "
	          "Enter checks by\n"
	          "hand, q or Ctrl-C ends.\n");
	return guide_lab_command(argc, argv, 1, usage, watch);
}
