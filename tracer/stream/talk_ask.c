/* talk_ask.c: what protocols ask of their conversation and tell it, and which frames carried what
 * is not told yet. */
#include <stdlib.h>

#include "base/i18n.h"
#include "stream/talk.h"

/* ---- the frames of a message ---- */

void talk_note_beginning(struct talk *talk, struct speech *s)
{
	if (!s->emitted && s->carriers.n > 0)
		return;
	s->emitted = false;
	s->carriers = (struct carriers){0};
	s->began_ns = talk->time_ns;
}

void talk_note_frame(struct talk *talk, struct speech *s)
{
	talk_note_beginning(talk, s);
	if (talk->lent)
		carriers_join(&s->carriers, talk->lent);
	else
		carriers_add(&s->carriers, talk->frame);
}

void talk_emit_carried(struct talk *talk, enum side from, struct message *m,
                       const struct carriers *carriers)
{
	m->from = from;
	m->stream = talk->number;
	m->src = talk->ends[from];
	m->dst = talk->ends[side_other(from)];
	message_carried(m, carriers);
	if (talk->depth > 0)
		m->decrypted = true;
	if (m->missing > 0)
		message_trouble(m, N_("the capture has missed bytes of it"));
	talk->on_message(talk->arg, m);
}

void talk_told(struct talk *talk, enum side from)
{
	talk->speech[from].emitted = true;
}

void talk_emit(struct talk *talk, enum side from, struct message *m)
{
	talk_told(talk, from);
	talk_emit_carried(talk, from, m, &talk->speech[from].carriers);
}

const struct carriers *talk_carriers(const struct talk *talk, enum side from)
{
	return &talk->speech[from].carriers;
}

void talk_tell_rest(struct talk *talk, enum side from, const char *kind, const char *trouble,
                    const struct cursor *bytes)
{
	enum { SHOWN = 60 };
	struct message m;
	size_t n = bytes ? cursor_left(bytes) : 0;
	message_begin(&m, talk->protocol->name, kind);
	m.length = n;
	m.incomplete = true;
	message_trouble(&m, trouble);
	if (n > 0)
		message_say(&m, (const char *)bytes->start + bytes->at, n < SHOWN ? n : SHOWN);
	talk_emit(talk, from, &m);
}

/* ---- what protocols ask ---- */

void *talk_state(struct talk *talk)
{
	return talk->state;
}

const struct endpoint *talk_ends(const struct talk *talk)
{
	return talk->ends;
}

int64_t talk_time_ns(const struct talk *talk)
{
	return talk->time_ns;
}

uint64_t talk_frame(const struct talk *talk)
{
	return talk->frame;
}

bool talk_from_start(const struct talk *talk)
{
	return talk->from_start;
}

bool talk_is_over(const struct talk *talk, enum side from)
{
	return talk->speech[from].over;
}

struct secrets *talk_secrets(const struct talk *talk)
{
	return talk->secrets;
}

void *talk_memory(struct talk *talk, void *old, size_t old_size, size_t size)
{
	struct budget *b = talk->budget;
	if (size > old_size && (b->used > b->limit || size - old_size > b->limit - b->used))
		return NULL;
	void *memory = NULL;
	if (size == 0)
		free(old);
	else
		memory = realloc(old, size);
	if (memory || size == 0)
		b->used = b->used - old_size + size;
	return memory;
}

int64_t talk_began_ns(const struct talk *talk, enum side from)
{
	return talk->speech[from].began_ns;
}

struct cursor talk_kept(const struct talk *talk, enum side from)
{
	static const uint8_t nothing[1];
	const struct speech *s = &talk->speech[from];
	return cursor_of(s->buffer ? s->buffer : nothing, s->n);
}

void talk_skip(struct talk *talk, enum side from, uint64_t n)
{
	talk->speech[from].skip = n;
}

uint64_t talk_skipping(const struct talk *talk, enum side from)
{
	return talk->speech[from].skip;
}

void talk_wake(struct talk *talk)
{
	talk->woken = true;
}

const char *talk_hint(const struct talk *talk)
{
	return talk->hint;
}

const struct app_protocol *talk_protocol_named(const char *name)
{
	for (size_t i = 0; app_protocols[i]; i++)
		if (strcmp(app_protocols[i]->name, name) == 0)
			return app_protocols[i];
	return NULL;
}

void talk_switch(struct talk *talk, const char *name, const char *hint)
{
	struct text t = text_of(talk->hint, sizeof talk->hint);
	text_add(&t, hint ? hint : "");
	talk->switches = talk->woken = true;
	talk->next_protocol = name ? talk_protocol_named(name) : NULL;
	talk->deaf = name && !talk->next_protocol;
}
