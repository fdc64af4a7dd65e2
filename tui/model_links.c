/* model_links.c: from a message of an application to the first frame that carried it, and from a
 * frame to the message that it carried a part of. */
#include "model_parts.h"

enum { LOOK_AHEAD = 20000 }; /* records behind a segment in which its message is looked for */

/* Is the frame one of those that carried it? Of many only the first are named. */
static bool carried_by(const struct event *event, uint32_t frame)
{
	const struct message *m = &event->message;
	unsigned n = m->n_frames_named < MESSAGE_FRAMES ? m->n_frames_named : MESSAGE_FRAMES;
	for (unsigned i = 0; i < n; i++)
		if (m->frames[i] == frame)
			return true;
	return m->n_frames > n && n > 0 && frame > m->frames[n - 1] && frame <= event->frame;
}

static bool is_message(const struct model *model, uint32_t i, const struct record *from)
{
	const struct record *r = log_record(&model->log, i);
	struct event event;
	if (r->kind != EVENT_MESSAGE || !model_is_row(model, i) || r->stream != from->stream)
		return false;
	bool other_side = r->stream != NO_STREAM && r->side != from->side;
	return !other_side && model_event(model, i, &event) && carried_by(&event, from->frame);
}

/* A message comes behind the last of its frames. */
static bool to_message(struct model *model, uint32_t current)
{
	const struct record *from = log_record(&model->log, current);
	uint32_t end = model->is_filtered ? model->filtered : model->log.n;
	if (from->frame == 0)
		return false;
	for (uint32_t i = current + 1; i < end && i - current < LOOK_AHEAD; i++) {
		if (!is_message(model, i, from))
			continue;
		model_reach(model, i);
		return true;
	}
	return false;
}

bool model_follow_link(struct model *model)
{
	struct event event;
	uint32_t current = model_current(model);
	if (current == NO_RECORD)
		return false;
	if (log_record(&model->log, current)->kind != EVENT_MESSAGE)
		return to_message(model, current);
	return model_event(model, current, &event) && event.message.n_frames_named > 0 &&
	       model_goto_frame(model, event.message.frames[0]);
}
