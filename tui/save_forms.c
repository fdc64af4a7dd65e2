/* save_forms.c: the forms in which rows can be written, one line each in the table below: through
 * the tracer's sinks, as the stream's own lines, or as a capture file of the bytes that the stream
 * carries. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/out.h"
#include "explain/explain.h"
#include "save.h"
#include "save_capture.h"
#include "sink/sink.h"

static int write_failed(const struct save *save, int error, struct err *err)
{
	errno = error;
	return err_errno(err, _("cannot write %s"), save->path);
}

/* ---- sinks ---- */

static int sink_begin(struct save *save, struct err *err)
{
	struct sink *sink = calloc(1, sizeof *sink);
	const struct sink_options options = {
	        .fd = save->fd,
	        .width = save->options.width,
	        .unicode = save->options.unicode,
	        .explain = strcmp(save->form->sink, "text") == 0,
	};
	if (!sink)
		return write_failed(save, errno, err);
	if (sink_open(sink, sink_find(save->form->sink), &options, err) < 0) {
		free(sink);
		return -1;
	}
	save->state = sink;
	return 0;
}

static int sink_row(struct save *save, uint32_t i, struct err *err)
{
	struct sink *sink = save->state;
	struct event event;
	if (!model_event(save->model, i, &event))
		return write_failed(save, errno, err);
	if (sink_event(sink, &event) < 0)
		return write_failed(save, sink->out.error, err);
	save->n_written++;
	return 0;
}

static int sink_end(struct save *save, struct err *err)
{
	struct sink *sink = save->state;
	int result = sink_close(sink), error = sink->out.error;
	free(sink);
	return result < 0 ? write_failed(save, error, err) : 0;
}

/* ---- the stream's lines ---- */

enum { OUT_SIZE = 2 * EVENT_LINE_MAX };

static int lines_add(struct save *save, uint32_t i, struct err *err)
{
	struct out *out = save->state;
	char line[EVENT_LINE_MAX];
	ssize_t n = log_line(&save->model->log, i, line, sizeof line);
	if (n < 0)
		return write_failed(save, errno, err);
	out_bytes(out, line, (size_t)n);
	out_bytes(out, "\n", 1);
	return out->error ? write_failed(save, out->error, err) : 0;
}

/* Each stream begins with the session event, which says its format, whatever the filter. */
static int lines_begin(struct save *save, struct err *err)
{
	struct out *out = calloc(1, sizeof *out);
	if (!out || out_init(out, save->fd, OUT_SIZE) < 0) {
		free(out);
		return write_failed(save, errno, err);
	}
	save->state = out;
	if (save->model->log.n == 0 || log_record(&save->model->log, 0)->kind != EVENT_SESSION)
		return 0;
	if (lines_add(save, 0, err) == 0)
		return 0;
	(void)out_release(out); /* the first fault is the one to tell */
	free(out);
	return -1;
}

static int lines_row(struct save *save, uint32_t i, struct err *err)
{
	save->n_written++;
	if (i == 0 && log_record(&save->model->log, 0)->kind == EVENT_SESSION)
		return 0; /* is there */
	return lines_add(save, i, err);
}

static int lines_end(struct save *save, struct err *err)
{
	struct out *out = save->state;
	int result = out_release(out), error = out->error;
	free(out);
	return result < 0 ? write_failed(save, error, err) : 0;
}

/* ---- capture files ---- */

static int frames_begin(struct save *save, struct err *err)
{
	int fd = save->fd;
	save->fd = -1; /* the writer's, whatever happens */
	save->state = save_capture_open(fd, save->path, err);
	return save->state ? 0 : -1;
}

/* What the segment is, and how much of it is here. */
static void add_comment(const struct event *event, struct text *t)
{
	struct explanation explanation;
	explain_event(&explanation, event);
	text_add(t, explanation.title.bytes);
	if (event->n_bytes < event->caplen)
		text_addf(t, _(" (only the first %u of %u captured bytes were kept)"),
		          event->n_bytes, event->caplen);
}

static int frames_row(struct save *save, uint32_t i, struct err *err)
{
	struct event event;
	TEXT(comment, 1024);
	if (!model_event(save->model, i, &event))
		return write_failed(save, errno, err);
	bool is_frame = event.kind == EVENT_SEGMENT || event.kind == EVENT_DATAGRAM ||
	                event.kind == EVENT_FRAME;
	if (!is_frame || event.n_bytes == 0) {
		save->n_skipped++;
		return 0;
	}
	add_comment(&event, &comment);
	if (save_capture_add(save->state, &event, comment.bytes, err) < 0)
		return -1;
	save->n_written++;
	save->n_cut += event.n_bytes < event.caplen;
	return 0;
}

static int frames_end(struct save *save, struct err *err)
{
	return save_capture_close(save->state, err);
}

/* ---- the table ---- */

#define SINK(name) .sink = (name), .begin = sink_begin, .row = sink_row, .end = sink_end
#define LINES      .begin = lines_begin, .row = lines_row, .end = lines_end
#define FRAMES     .begin = frames_begin, .row = frames_row, .end = frames_end

/* The two text forms: the ladder, and tcpdump's lines with the sentences. A sink that this build
 * does not have takes its row out. */
static const struct save_form forms[] = {
        {".txt", ".ladder", SINK("ladder")}, {".log", ".text", SINK("text")},
        {".svg", NULL, SINK("svg")},         {".ndjson", ".json", LINES},
        {".pcapng", ".ntar", FRAMES},        {".pcap", NULL, FRAMES},
        {".csv", NULL, SINK("csv")},         {".mmd", ".mermaid", SINK("mermaid")},
};

enum { N_FORMS = sizeof forms / sizeof forms[0] };

static bool is_there(const struct save_form *form)
{
	return !form->sink || sink_find(form->sink);
}

static bool ends_with(const char *path, const char *suffix)
{
	const char *dot = strrchr(path, '.');
	return suffix && dot && strcmp(dot, suffix) == 0;
}

const struct save_form *save_form_of(const char *path)
{
	for (size_t i = 0; i < N_FORMS; i++)
		if ((ends_with(path, forms[i].suffix) || ends_with(path, forms[i].other)) &&
		    is_there(&forms[i]))
			return &forms[i];
	return NULL;
}

void save_add_suffixes(struct text *t)
{
	const char *separator = "";
	for (size_t i = 0; i < N_FORMS; i++) {
		if (!is_there(&forms[i]))
			continue;
		text_add(t, separator);
		text_add(t, forms[i].suffix);
		separator = " ";
	}
}
