/* session_live.c: the live loop. Frames come from the kernel's ring or the emulated wire, event
 * lines from the runner; with both, items wait in the merge until none can come before them. On a
 * signal the ring and the lines are read to their end, then everything is shown. */
#include <poll.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"
#include "lines.h"
#include "merge.h"
#include "session.h"

enum {
	TICK_MS = 10,    /* looks at the merge this often while something waits in it */
	QUIET_MS = 30,   /* a ring that is silent for so long after a signal is drained */
	DRAIN_MS = 1000, /* and the drain takes no longer */
	BURST = 4096,    /* frames between two looks at the other sources */
};

struct live_session {
	struct pipeline *p;
	struct source *source;
	const struct options *o;
	struct merge *merge; /* NULL: no event lines, frames go straight on */
	struct lines lines;
	int signal_fd;
	bool going;
	struct err *err;
	int result;
};

static void say_capture(struct live_session *s, enum capture_action action)
{
	struct event e = {.kind = EVENT_CAPTURE, .time_ns = session_now(), .linktype = -1};
	struct live_statistics stats = source_statistics(s->source);
	struct text source = text_of(e.capture.source, sizeof e.capture.source);
	struct text filter = text_of(e.capture.filter, sizeof e.capture.filter);
	text_add(&source, s->o->interface ? s->o->interface : "wire");
	text_add(&filter, s->o->filter);
	e.capture.action = action;
	e.capture.live = true;
	e.capture.linktype = source_linktype(s->source);
	e.capture.snaplen = (uint32_t)s->o->snaplen;
	e.capture.buffer_bytes = (uint64_t)s->o->buffer_kib * 1024;
	e.capture.captured = s->p->n_passed;
	e.capture.received = stats.received;
	e.capture.dropped = stats.dropped;
	e.capture.dropped_by_interface = stats.dropped_by_interface;
	pipeline_event(s->p, &e);
}

/* ---- taking items out of the merge ---- */

static void release_event(struct live_session *s, const struct event *event)
{
	pipeline_rest(s->p, event->time_ns);
	if (event->kind != EVENT_KERNEL) {
		pipeline_event(s->p, event);
		return;
	}
	bool later = merge_has_frame(s->merge, compare_is_of, &event->kernel);
	pipeline_sample(s->p, event, later);
}

static void release_until(struct live_session *s, int64_t until_ns)
{
	struct record record;
	const struct event *event = NULL;
	for (;;) {
		switch (merge_take(s->merge, until_ns, &record, &event)) {
		case MERGE_NONE:
			if (until_ns < INT64_MAX)
				pipeline_rest(s->p, until_ns);
			return;
		case MERGE_FRAME:
			pipeline_rest(s->p, record.time_ns);
			s->going = pipeline_frame(s->p, &record) && s->going;
			break;
		case MERGE_EVENT:
			release_event(s, event);
			break;
		}
	}
}

/* ---- the sources ---- */

static void hold_frame(struct live_session *s, const struct record *record)
{
	if (merge_add_frame(s->merge, record))
		return;
	release_until(s, INT64_MAX);             /* too much waits: order yields to memory */
	(void)merge_add_frame(s->merge, record); /* fits an empty queue */
}

/* One frame, in place in the kernel's ring. */
static bool take_frame(void *arg, const struct record *record)
{
	struct live_session *s = arg;
	if (s->merge)
		hold_frame(s, record);
	else
		s->going = pipeline_frame(s->p, record);
	return s->going;
}

/* Reads the frames that are there. False when there were none. */
static bool read_frames(struct live_session *s)
{
	int n = source_read(s->source, BURST, take_frame, s, s->err);
	if (n < 0) {
		s->result = -1;
		s->going = false;
	}
	return n > 0;
}

static void take_line(struct live_session *s, const char *line, size_t n)
{
	struct event event;
	char why[128];
	if (event_read(&event, line, n, why, sizeof why) < 0) {
		event = (struct event){
		        .kind = EVENT_NOTE, .time_ns = session_now(), .linktype = -1};
		struct text note = text_of(event.note.text, sizeof event.note.text);
		text_addf(&note, _("an event line was not understood: %s"), why);
	}
	if (merge_add_event(s->merge, &event))
		return;
	release_until(s, INT64_MAX);
	(void)merge_add_event(s->merge, &event);
}

static void read_lines(struct live_session *s)
{
	const char *line;
	size_t n;
	if (s->lines.fd < 0 || s->lines.ended)
		return;
	(void)lines_fill(&s->lines); /* the end shows in lines.ended */
	while ((line = lines_take(&s->lines, &n)) != NULL)
		take_line(s, line, n);
}

/* ---- signals ---- */

/* SIGUSR1: where the trace stands, and what --ring holds is written. */
static void tell(struct live_session *s)
{
	outputs_ring(&s->p->out);
	say_capture(s, CAPTURE_STATISTICS);
	outputs_flush(&s->p->out);
}

static void take_signals(struct live_session *s)
{
	enum session_signal signal;
	while ((signal = session_signal(s->signal_fd)) != SIGNAL_NONE) {
		if (signal == SIGNAL_STOP)
			s->going = false;
		else
			tell(s);
	}
}

/* ---- the loop ---- */

static int wait_time(const struct live_session *s)
{
	bool waits = s->merge && (!merge_is_empty(s->merge) || s->p->compare.waits);
	return waits ? TICK_MS : -1;
}

static void wait_for_something(struct live_session *s)
{
	struct pollfd fds[3] = {
	        {.fd = source_fd(s->source), .events = POLLIN},
	        {.fd = s->signal_fd, .events = POLLIN},
	        {.fd = s->lines.ended ? -1 : s->lines.fd, .events = POLLIN},
	};
	if (poll(fds, 3, wait_time(s)) < 0)
		return; /* EINTR: the next round looks again */
	if (fds[2].revents)
		read_lines(s);
}

static void run(struct live_session *s)
{
	while (s->going) {
		bool more = read_frames(s);
		if (s->merge)
			release_until(s, session_now() - MERGE_HOLD_NS);
		take_signals(s); /* also when frames never end */
		if (more || !s->going)
			continue;
		outputs_flush(&s->p->out);
		if (s->p->out.failed)
			return;
		wait_for_something(s);
	}
}

/* After a signal: what the kernel still holds, and what the runner has still to say. */
static void drain(struct live_session *s)
{
	int64_t stop = session_now(), deadline = stop + DRAIN_MS * NS_PER_MS;
	s->going = true;
	while (s->going && session_now() < deadline) {
		bool more = read_frames(s);
		if (!more &&
		    (s->source->ended || io_wait_readable(source_fd(s->source), QUIET_MS) != 1))
			break;
	}
	while (s->merge && !s->lines.ended && session_now() < deadline)
		if (io_wait_readable(s->lines.fd, QUIET_MS) == 1)
			read_lines(s);
	if (s->merge)
		release_until(s, INT64_MAX);
}

static void say_ready(const struct options *o)
{
	static const char word[] = "ready\n";
	if (o->ready_fd >= 0)
		(void)io_write_all(o->ready_fd, word, sizeof word - 1); /* else it sees us die */
}

int session_live(struct pipeline *p, struct source *source, const struct options *o, int signal_fd,
                 struct err *err)
{
	struct live_session s = {
	        .p = p,
	        .source = source,
	        .o = o,
	        .lines = {.fd = o->events_fd},
	        .signal_fd = signal_fd,
	        .going = true,
	        .err = err,
	};
	if (o->events_fd >= 0 && !(s.merge = merge_new()))
		return err_set(err, "%s", _("not enough memory"));
	pipeline_session(p, o->lab, session_now());
	say_capture(&s, CAPTURE_STARTED);
	outputs_flush(&p->out);
	say_ready(o);
	run(&s);
	bool counted_out = (p->count && p->n_passed >= p->count) || p->out.save->ended;
	if (!p->out.failed && !counted_out && s.result == 0)
		drain(&s);
	if (s.merge)
		release_until(&s, INT64_MAX);
	p->time_ns = session_now();
	pipeline_end(p);
	say_capture(&s, CAPTURE_ENDED); /* with the figures to the end */
	merge_free(s.merge);
	return s.result;
}
