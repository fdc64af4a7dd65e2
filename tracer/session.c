/* session.c: signals, the clock, and the file's loop. */
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

int session_signals(struct err *err)
{
	sigset_t set;
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	(void)sigemptyset(&set); /* cannot fail */
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || sigaction(SIGPIPE, &ignore, NULL) < 0)
		return err_errno(err, "%s", _("cannot set up signals"));
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? err_errno(err, "signalfd") : fd;
}

int64_t session_now(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now); /* this clock always exists */
	return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

enum session_signal session_signal(int signal_fd)
{
	struct signalfd_siginfo info;
	if (read(signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
		return SIGNAL_NONE; /* EAGAIN: there is none */
	return info.ssi_signo == SIGUSR1 ? SIGNAL_TELL : SIGNAL_STOP;
}

static void capture_event(struct pipeline *p, const struct options *o, enum capture_action action)
{
	struct event e = {.kind = EVENT_CAPTURE, .time_ns = p->time_ns, .linktype = -1};
	struct text source = text_of(e.capture.source, sizeof e.capture.source);
	struct text filter = text_of(e.capture.filter, sizeof e.capture.filter);
	e.capture.action = action;
	e.capture.linktype = -1;
	e.capture.captured = p->n_passed;
	text_add(&source, o->file);
	text_add(&filter, o->filter);
	pipeline_event(p, &e);
}

/* How far the file has been read, for SIGUSR1. */
static bool must_stop(struct pipeline *p, const struct options *o, int signal_fd)
{
	enum session_signal signal = session_signal(signal_fd);
	if (signal == SIGNAL_TELL) {
		capture_event(p, o, CAPTURE_STATISTICS);
		outputs_flush(&p->out);
	}
	return signal == SIGNAL_STOP;
}

/* Waits until the file has bytes or a signal comes: only when the reader has none left. */
static void wait_for_more(int file_fd, int signal_fd)
{
	struct pollfd fds[2] = {{.fd = file_fd, .events = POLLIN},
	                        {.fd = signal_fd, .events = POLLIN}};
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
}

int session_file(struct pipeline *p, struct reader *reader, const struct options *o, int signal_fd,
                 struct err *err)
{
	enum { FRAMES_BETWEEN_LOOKS = 1024 };
	struct record record;
	int got = 1;
	bool started = false;

	for (uint64_t n = 1;; n++) {
		got = reader_next(reader, &record, err);
		if (got == READER_AGAIN) {
			outputs_flush(&p->out);
			wait_for_more(reader_fd(reader), signal_fd);
			if (must_stop(p, o, signal_fd))
				break;
			continue;
		}
		if (!started) {
			pipeline_session(p, o->lab, got == 1 ? record.time_ns : 0);
			capture_event(p, o, CAPTURE_STARTED);
			started = true;
		}
		if (got != 1 || !pipeline_frame(p, &record))
			break;
		if (n % FRAMES_BETWEEN_LOOKS == 0 && must_stop(p, o, signal_fd))
			break;
	}
	pipeline_end(p);
	capture_event(p, o, CAPTURE_ENDED);
	return got < 0 ? -1 : 0;
}
