/* wire_io.c: see wire_io.h. One loop: wait until something comes or is due, take it in, let go what
 * is due. Times are those of the monotonic clock within, since the epoch outside. */
#include "runner/wire_io.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/clock.h"
#include "runner/wire.h"
#include "runner/wire_cable.h"
#include "runner/wire_log.h"
#include "runner/wire_plan.h"

enum { LINE_MAX_BYTES = 64, MANY_FRAMES = 256 };

/* After the run's end, frames that are under way get this long. */
#define DRAIN_NS (600 * NS_PER_MS)

/* A frame was taken from its end at most so long ago; a larger difference is a clock that was set.
 */
#define AGE_MAX_NS (20 * NS_PER_MS)

struct wire_io {
	struct wire *wire;
	struct cable cables[N_SIDES];
	struct wire_log log;
	int told_fd, control_fd; /* -1: closed */
	uint64_t missed;         /* messages that found no room */
	int64_t epoch_ns;        /* what to add to our clock for the time since the epoch */
	bool stopping;
	int64_t stop_ns; /* when to end at the latest, if stopping */
	char line[LINE_MAX_BYTES];
	size_t line_len;
};

/* The monotonic clock; learns what the other one says at the same time. */
static int64_t now(struct wire_io *io)
{
	int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
	io->epoch_ns = clock_ns(CLOCK_REALTIME) - now_ns;
	return now_ns;
}

/* ---- what the wire calls back ---- */

static void on_end(void *data, const struct flight *flight, int64_t now_ns)
{
	struct wire_io *io = data;
	if (!flight->lost)
		cable_send(&io->cables[side_other(flight->from)], flight->bytes, flight->len);
	wire_log_frame(&io->log, flight, flight->sent_ns + io->epoch_ns, now_ns + io->epoch_ns);
}

static void on_tell(void *data, enum wire_action action, const struct flight *flight,
                    const char *fault, int64_t now_ns)
{
	struct wire_io *io = data;
	struct wire_told told;
	memset(&told, 0, sizeof told); /* padding too: it leaves the process */
	told.time_ns = now_ns + io->epoch_ns;
	told.missed = io->missed;
	told.event.action = action;
	told.event.from = flight->from;
	told.event.id = flight->id;
	told.event.of = flight->of;
	struct text text = text_of(told.event.fault, sizeof told.event.fault);
	text_add(&text, fault);
	text = text_of(told.event.what, sizeof told.event.what);
	wire_frame_describe(&text, flight->bytes, flight->len);
	bool taken = write(io->told_fd, &told, sizeof told) == (ssize_t)sizeof told;
	io->missed = taken ? 0 : io->missed + 1;
}

/* ---- in ---- */

/* A burst is not taken in for ever: what is due must go meanwhile. */
static void take_frames(struct wire_io *io, enum side side)
{
	const uint8_t *bytes;
	uint32_t len;
	int64_t sent_ns, now_ns = now(io);
	for (int i = 0; i < MANY_FRAMES; i++) {
		if (!cable_next(&io->cables[side], &bytes, &len, &sent_ns))
			return;
		sent_ns -= io->epoch_ns;
		if (sent_ns > now_ns || now_ns - sent_ns > AGE_MAX_NS)
			sent_ns = now_ns;
		wire_send(io->wire, side, bytes, len, sent_ns);
		cable_done(&io->cables[side]);
	}
}

static void on_client(struct wire_io *io)
{
	take_frames(io, CLIENT);
}

static void on_server(struct wire_io *io)
{
	take_frames(io, SERVER);
}

/* One that is too long, or senseless, or about a frame that has ended meanwhile: nothing happens.
 */
static void end_line(struct wire_io *io)
{
	if (io->line_len < LINE_MAX_BYTES) {
		io->line[io->line_len] = '\0';
		(void)wire_command(io->wire, io->line, now(io));
	}
	io->line_len = 0;
}

static void on_control(struct wire_io *io)
{
	char bytes[512];
	ssize_t n = read(io->control_fd, bytes, sizeof bytes);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			end_line(io);
		else if (io->line_len < LINE_MAX_BYTES)
			io->line[io->line_len++] = bytes[i];
	}
	if (n > 0)
		return;
	(void)close(io->control_fd); /* nobody is left to let frames go */
	io->control_fd = -1;
	(void)wire_command(io->wire, "flow", now(io)); /* is always possible */
}

static void on_stop(struct wire_io *io)
{
	char byte;
	if (read(io->told_fd, &byte, 1) != 0 || io->stopping)
		return;
	io->stopping = true;
	int64_t now_ns = now(io);
	io->stop_ns = now_ns + DRAIN_NS;
	(void)wire_command(io->wire, "flow", now_ns); /* is always possible */
}

static void on_log(struct wire_io *io)
{
	wire_log_flush(&io->log);
}

/* ---- the loop ---- */

enum source { FROM_CLIENT, FROM_SERVER, FROM_CONTROL, STOP, LOG, N_SOURCES };

static void (*const handlers[N_SOURCES])(struct wire_io *) = {
        [FROM_CLIENT] = on_client,
        [FROM_SERVER] = on_server,
        [FROM_CONTROL] = on_control,
        [STOP] = on_stop,
        [LOG] = on_log,
};

static void list_sources(const struct wire_io *io, struct pollfd *sources)
{
	const int fds[N_SOURCES] = {
	        [FROM_CLIENT] = io->cables[CLIENT].fd,
	        [FROM_SERVER] = io->cables[SERVER].fd,
	        [FROM_CONTROL] = io->control_fd,
	        [STOP] = io->stopping ? -1 : io->told_fd,
	        [LOG] = wire_log_waits(&io->log) ? io->log.fd : -1,
	};
	for (int i = 0; i < N_SOURCES; i++)
		sources[i] = (struct pollfd){.fd = fds[i], .events = i == LOG ? POLLOUT : POLLIN};
}

static struct timespec time_left(const struct wire_io *io)
{
	int64_t until_ns = wire_due(io->wire), now_ns = clock_ns(CLOCK_MONOTONIC);
	if (io->stopping && io->stop_ns < until_ns)
		until_ns = io->stop_ns;
	int64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
	return (struct timespec){left_ns / NS_PER_SECOND, left_ns % NS_PER_SECOND};
}

/* An interface that went down leaves an error, which would wake us again and again. */
static void clear_error(int fd)
{
	int error;
	socklen_t len = sizeof error;
	(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len); /* reading it is all */
}

static void wait_for_events(struct wire_io *io)
{
	struct pollfd sources[N_SOURCES];
	struct timespec left = time_left(io);
	list_sources(io, sources);
	if (ppoll(sources, N_SOURCES, &left, NULL) <= 0)
		return; /* something is due */
	for (int i = 0; i < N_SOURCES; i++) {
		if (sources[i].revents & POLLERR && i <= FROM_SERVER)
			clear_error(sources[i].fd);
		if (sources[i].revents)
			handlers[i](io);
	}
}

static bool is_over(const struct wire_io *io)
{
	return io->stopping &&
	       (wire_count(io->wire) == 0 || clock_ns(CLOCK_MONOTONIC) >= io->stop_ns);
}

/* Everything that is due goes, in batches. */
static void let_go(struct wire_io *io)
{
	if (wire_due(io->wire) <= clock_ns(CLOCK_MONOTONIC))
		wire_advance(io->wire, now(io));
	cable_flush(&io->cables[CLIENT]);
	cable_flush(&io->cables[SERVER]);
	wire_log_flush(&io->log);
}

/* The tracer may be slow; whoever started us decides how long that may take. */
static void finish(struct wire_io *io)
{
	int64_t now_ns = now(io);
	const uint64_t lost[N_SIDES] = {cable_lost(&io->cables[CLIENT]),
	                                cable_lost(&io->cables[SERVER])};
	wire_cut(io->wire, "the run's end", now_ns);
	wire_log_statistics(&io->log, lost, now_ns + io->epoch_ns);
	while (wire_log_waits(&io->log)) {
		struct pollfd out = {.fd = io->log.fd, .events = POLLOUT};
		(void)poll(&out, 1, -1); /* the write says what is wrong */
		wire_log_flush(&io->log);
	}
	wire_log_release(&io->log);
}

int wire_io_run(struct wire_io *io)
{
	while (!is_over(io)) {
		wait_for_events(io);
		let_go(io);
	}
	finish(io);
	return 0;
}

struct wire_io *wire_io_new(const struct wire_faults *faults, bool hold,
                            const struct wire_ends *ends, struct err *err)
{
	struct wire_io *io = calloc(1, sizeof *io);
	struct wire_output output = {.end = on_end, .tell = on_tell, .data = io};
	if (io)
		io->wire = wire_new(faults, &output, hold);
	if (!io || !io->wire || wire_log_init(&io->log, ends->log_fd) < 0 ||
	    cable_init(&io->cables[CLIENT], ends->cable_fd[CLIENT]) < 0 ||
	    cable_init(&io->cables[SERVER], ends->cable_fd[SERVER]) < 0) {
		(void)err_errno(err, _("cannot prepare the wire"));
		return NULL; /* the process ends: nothing is left */
	}
	io->told_fd = ends->told_fd;
	io->control_fd = ends->control_fd;
	(void)now(io);
	return io;
}
