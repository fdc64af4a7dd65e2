/* notation_message.c: the line of an application's message. */
#include <string.h>

#include "base/i18n.h"
#include "sink/notation_lines.h"

/* "frame 4", "frames 4, 6", "12 frames from 4": which ones carried it. */
static void add_frames(struct text *t, const struct message *m)
{
	enum { LISTED = 4 };
	unsigned n = m->n_frames_named < MESSAGE_FRAMES ? m->n_frames_named : MESSAGE_FRAMES;
	if (n == 0)
		return;
	if (m->n_frames > LISTED) {
		text_add(t, ", ");
		text_add_uint(t, m->n_frames);
		text_add(t, " frames from ");
		text_add_uint(t, m->frames[0]);
		return;
	}
	text_add(t, n == 1 ? ", frame " : ", frames ");
	for (unsigned i = 0; i < n; i++) {
		text_add(t, i > 0 ? ", " : "");
		text_add_uint(t, m->frames[i]);
	}
}

void notation_protocol(struct text *t, const struct message *m)
{
	notation_outside(t, strcmp(m->protocol, "websocket") == 0 ? "ws" : m->protocol);
}

void notation_message(struct text *t, const struct message *m)
{
	notation_outside(t, m->summary);
	text_add(t, "  (");
	text_add_uint(t, m->length);
	text_add(t, m->length == 1 ? " byte" : " bytes");
	add_frames(t, m);
	if (m->latency_ns >= 0) {
		text_add(t, ", after ");
		text_add_span(t, m->latency_ns);
	}
	text_add(t, m->decrypted ? ", decrypted" : "");
	text_add(t, m->incomplete ? ", incomplete)" : ")");
	if (m->trouble[0] == '\0')
		return;
	text_add(t, " !");
	notation_outside(t, _(m->trouble));
}

void notation_message_line(struct text *t, const struct event *e)
{
	const struct message *m = &e->message;
	notation_outside(t, m->protocol);
	text_add_char(t, ' ');
	text_add(t, side_name(m->from));
	if (m->stream >= 0) {
		text_add(t, " #");
		text_add_uint(t, (uint64_t)m->stream);
	} else {
		text_add_char(t, ' ');
		text_add_endpoint(t, &m->src);
		text_add(t, " > ");
		text_add_endpoint(t, &m->dst);
	}
	text_add_char(t, ' ');
	notation_outside(t, m->kind);
	text_add(t, ": ");
	notation_message(t, m);
}
