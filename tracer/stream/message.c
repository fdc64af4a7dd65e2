/* message.c: fields and words of a message, bounded. */
#include "stream/message.h"

#include "base/utf8.h"

static void copy(char *to, size_t size, const char *from)
{
	struct text t = text_of(to, size);
	text_add(&t, from);
}

void message_begin(struct message *m, const char *protocol, const char *kind)
{
	*m = (struct message){.stream = -1, .latency_ns = -1};
	message_name(m, protocol, kind);
}

void message_name(struct message *m, const char *protocol, const char *kind)
{
	copy(m->protocol, sizeof m->protocol, protocol);
	copy(m->kind, sizeof m->kind, kind);
}

/* Bytes from outside as UTF-8: NUL, which ends the strings here, and each byte that is none become
 * U+FFFD, as they would in the stream. */
static void add_utf8(struct text *t, const char *bytes, size_t n)
{
	for (size_t at = 0; at < n && !t->cut;) {
		uint32_t code;
		size_t good = 0, len;
		while ((len = utf8_read(bytes + at + good, n - at - good, &code)) > 0 && code != 0)
			good += len;
		text_add_bytes(t, bytes + at, good);
		at += good;
		if (at++ < n)
			text_add(t, "\xef\xbf\xbd");
	}
}

void message_add(struct message *m, const char *name, const char *value, size_t n)
{
	TEXT(kept, MESSAGE_VALUE);
	add_utf8(&kept, value, n);
	size_t name_size = strlen(name) + 1;
	if (name_size + kept.len + 1 > sizeof m->fields - m->fields_len)
		return;
	memcpy(m->fields + m->fields_len, name, name_size);
	memcpy(m->fields + m->fields_len + name_size, kept.bytes, kept.len + 1);
	m->fields_len = (uint16_t)(m->fields_len + name_size + kept.len + 1);
}

void message_add_text(struct message *m, const char *name, const char *value)
{
	message_add(m, name, value, strlen(value));
}

void message_add_uint(struct message *m, const char *name, uint64_t value)
{
	TEXT(number, 32);
	text_add_uint(&number, value);
	message_add(m, name, number.bytes, number.len);
}

void carriers_add(struct carriers *c, uint64_t frame)
{
	unsigned at = c->n_named;
	while (at > 0 && c->frames[at - 1] > frame)
		at--;
	if (frame == 0 || frame == c->last || (at > 0 && c->frames[at - 1] == frame))
		return;
	c->n++;
	if (c->last < frame)
		c->last = frame;
	if (c->n_named == MESSAGE_FRAMES)
		return;
	memmove(&c->frames[at + 1], &c->frames[at], (c->n_named - at) * sizeof c->frames[0]);
	c->frames[at] = frame;
	c->n_named++;
}

void carriers_join(struct carriers *c, const struct carriers *more)
{
	for (unsigned i = 0; i < more->n_named; i++)
		carriers_add(c, more->frames[i]);
	c->missing += more->missing;
	if (more->n == more->n_named)
		return;
	c->n += more->n - more->n_named - 1;
	carriers_add(c, more->last);
}

void message_carried(struct message *m, const struct carriers *c)
{
	memcpy(m->frames, c->frames, sizeof m->frames);
	m->n_frames_named = c->n_named;
	m->n_frames = c->n;
	m->last_frame = c->last;
	m->missing = c->missing;
}

void message_trouble(struct message *m, const char *sentence)
{
	if (m->trouble[0] == '\0')
		copy(m->trouble, sizeof m->trouble, sentence);
}

void message_say(struct message *m, const char *words, size_t n)
{
	struct text t = {.bytes = m->summary, .len = strlen(m->summary), .size = sizeof m->summary};
	add_utf8(&t, words, n);
}

bool message_next(const struct message *m, size_t *at, const char **name, const char **value)
{
	size_t left = m->fields_len < sizeof m->fields ? m->fields_len : sizeof m->fields;
	if (*at >= left)
		return false;
	*name = m->fields + *at;
	size_t name_len = strnlen(*name, left - *at);
	if (name_len == left - *at)
		return false; /* not terminated: not made by message_add() */
	*value = *name + name_len + 1;
	size_t value_len = strnlen(*value, left - *at - name_len - 1);
	if (value_len == left - *at - name_len - 1)
		return false;
	*at += name_len + value_len + 2;
	return true;
}

const char *message_field(const struct message *m, const char *name)
{
	const char *key, *value;
	for (size_t at = 0; message_next(m, &at, &key, &value);)
		if (strcmp(key, name) == 0)
			return value;
	return NULL;
}
