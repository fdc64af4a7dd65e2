/* model_links.c: from a message of an application to the first frame that carried it, from a frame
 * to the message that it carried a part of, and the frame that stands for a message that is no
 * row. */
#include "model_parts.h"

enum { LOOK_FAR = 20000 }; /* records between a frame and its message */

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
	for (uint32_t i = current + 1; i < end && i - current < LOOK_FAR; i++) {
		if (!is_message(model, i, from))
			continue;
		model_reach(model, i);
		return true;
	}
	return false;
}

uint32_t model_carrier(const struct model *model, uint32_t message)
{
	const struct record *of = log_record(&model->log, message);
	if (of->kind != EVENT_MESSAGE || of->frame == 0)
		return NO_RECORD;
	for (uint32_t i = 1; i <= message && i < LOOK_FAR; i++) {
		const struct record *r = log_record(&model->log, message - i);
		if (r->frame == of->frame && record_is_on_wire(r))
			return message - i;
	}
	return NO_RECORD;
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
