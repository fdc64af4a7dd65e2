/* outputs.c: see outputs.h. */
#include "outputs.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"

static bool is_open(const struct outputs *o, int i)
{
	return o->sink_open[i] && !o->sink_failed[i];
}

static bool any_left(const struct outputs *o)
{
	if (o->save->writer)
		return true;
	for (int i = 0; i < OUTPUT_SINKS; i++)
		if (is_open(o, i))
			return true;
	return false;
}

bool outputs_want_frames(const struct outputs *o)
{
	if (o->save->comments)
		return true;
	for (int i = 0; i < OUTPUT_SINKS; i++)
		if (o->sink_open[i] && !o->sinks[i].type->sums_up)
			return true;
	return false;
}

bool outputs_want_messages(const struct outputs *o)
{
	if (o->save->comments)
		return true;
	for (int i = 0; i < OUTPUT_SINKS; i++)
		if (o->sink_open[i] && !o->sinks[i].type->sums_up && !o->sinks[i].type->no_messages)
			return true;
	return false;
}

/* An output that fails ends the trace only if no other is left. A reader that has gone (EPIPE) is
 * no fault then. */
static void sink_broke(struct outputs *o, int i)
{
	int cause = o->sinks[i].out.error;
	o->sink_failed[i] = true;
	o->failed = !any_left(o);
	if (cause == EPIPE && o->reader_may_leave) {
		o->left = true;
		return;
	}
	if (o->broken || (cause == EPIPE && !o->failed))
		return;
	o->broken = true;
	errno = cause;
	if (cause == EPIPE)
		(void)err_set(&o->err, "%s",
		              _("standard output was closed by its reader: the trace ends early; "
		                "-c N limits it, -w FILE saves it"));
	else
		(void)err_errno(&o->err, _("%s cannot be written to its end"),
		                o->sink_name[i] ? o->sink_name[i] : _("standard output"));
}

/* In English, as everything in a file: "http: GET / HTTP/1.1". */
static void note_message(struct outputs *o, const struct message *m)
{
	struct text t = {.bytes = o->said, .len = strlen(o->said), .size = sizeof o->said};
	const char *words = m->summary[0] ? m->summary : m->kind;
	text_addf(&t, "%s%s%s: ", t.len > 0 ? "\n" : "", m->protocol,
	          m->decrypted ? ", decrypted" : "");
	text_add_safe(&t, words, strlen(words));
}

static void note_for_comment(struct outputs *o, const struct event *event)
{
	if (event->kind == EVENT_MESSAGE) {
		if (event->frame == o->frame)
			note_message(o, &event->message);
	} else if (event->frame) {
		o->frame = event->frame;
		o->said[0] = '\0';
	}
}

void outputs_event(struct outputs *o, const struct event *event)
{
	if (o->save->comments)
		note_for_comment(o, event);
	for (int i = 0; i < OUTPUT_SINKS; i++)
		if (is_open(o, i) && sink_event(&o->sinks[i], event) < 0)
			sink_broke(o, i);
}

void outputs_frame(struct outputs *o, const struct record *record, const char *comment,
                   struct keylog *keylog)
{
	if (!o->save->writer)
		return;
	outputs_secrets(o, keylog);
	TEXT(words, OUTPUT_COMMENT_MAX);
	if (o->save->comments) {
		text_add(&words, comment);
		text_add(&words, words.len > 0 && o->said[0] ? "\n" : "");
		text_add(&words, o->said);
	}
	if (!o->failed &&
	    save_frame(o->save, record, words.len > 0 ? words.bytes : NULL, &o->err) < 0)
		o->failed = true;
}

void outputs_secrets(struct outputs *o, struct keylog *keylog)
{
	if (keylog && o->save->writer && keylog_save(keylog, o->save->writer, &o->err) < 0)
		o->failed = true;
}

bool outputs_meta(struct outputs *o, const struct meta *meta)
{
	if (!o->save->writer)
		return true;
	int copied = o->failed ? 1 : writer_meta(o->save->writer, meta, &o->err);
	if (copied < 0)
		o->failed = true;
	return copied != 0;
}

void outputs_ring(struct outputs *o)
{
	if (o->save->ring && save_ring(o->save, &o->err) < 0)
		o->failed = true;
}

void outputs_flush(struct outputs *o)
{
	for (int i = 0; i < OUTPUT_SINKS; i++)
		if (is_open(o, i) && out_flush(&o->sinks[i].out) < 0)
			sink_broke(o, i);
	if (o->save->writer && !o->failed && writer_flush(o->save->writer, &o->err) < 0)
		o->failed = true;
}

void outputs_complain(struct outputs *o, const struct err *err)
{
	if (o->broken)
		return;
	o->broken = true;
	o->err = *err;
}

int outputs_close(struct outputs *o)
{
	for (int i = 0; i < OUTPUT_SINKS; i++) {
		if (o->sink_open[i] && sink_close(&o->sinks[i]) < 0 && !o->sink_failed[i])
			sink_broke(o, i);
		o->sink_open[i] = false;
	}
	struct err err;
	if (save_close(o->save, &err) < 0 && !o->failed && !o->broken) {
		o->err = err;
		o->failed = true;
	}
	return (o->failed && !o->left) || o->broken ? -1 : 0;
}
