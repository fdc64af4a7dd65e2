/* merge.c: two queues of items in bytes, one for each source; the earlier head goes first. */
#include "merge.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LOOKED_AT = 1024 };
enum { MOST_WAITING = 64 << 20, FIRST_SIZE = 64 << 10, ALIGN = 16 };

/* Items back to back; each is its length, then its bytes. */
struct queue {
	uint8_t *bytes;
	size_t at, end, size;
};

struct merge {
	struct queue frames, events;
};

struct merge *merge_new(void)
{
	return calloc(1, sizeof(struct merge));
}

void merge_free(struct merge *m)
{
	if (!m)
		return;
	free(m->frames.bytes);
	free(m->events.bytes);
	free(m);
}

/* Makes room behind q->end: moves what waits to the front, and doubles the buffer if that is more
 * than half of it, so that an item is not moved again and again. */
static bool make_room(struct queue *q, size_t n)
{
	if (n <= q->size - q->end)
		return true;
	if (q->at > 0) {
		memmove(q->bytes, q->bytes + q->at, q->end - q->at);
		q->end -= q->at;
		q->at = 0;
	}
	size_t size = q->size ? q->size : FIRST_SIZE;
	if (q->end > size / 2 && size <= MOST_WAITING / 2)
		size *= 2;
	while (n > size - q->end && size <= MOST_WAITING)
		size *= 2;
	if (size == q->size)
		return true;
	uint8_t *bytes = size <= MOST_WAITING ? realloc(q->bytes, size) : NULL;
	if (!bytes)
		return false;
	q->bytes = bytes;
	q->size = size;
	return true;
}

static size_t padded(size_t n)
{
	return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* A piece of an item; pieces stand one behind the other, each padded. */
struct piece {
	const void *bytes;
	size_t len;
};

static bool push(struct queue *q, const struct piece *pieces, int n)
{
	size_t whole = padded(sizeof(size_t));
	for (int i = 0; i < n; i++)
		whole += padded(pieces[i].len);
	if (!make_room(q, whole))
		return false;
	uint8_t *at = q->bytes + q->end;
	memcpy(at, &whole, sizeof whole);
	at += padded(sizeof(size_t));
	for (int i = 0; i < n; i++) {
		if (pieces[i].len)
			memcpy(at, pieces[i].bytes, pieces[i].len);
		at += padded(pieces[i].len);
	}
	q->end += whole;
	return true;
}

/* The bytes of the first item, or NULL. */
static const uint8_t *front(const struct queue *q)
{
	return q->at < q->end ? q->bytes + q->at + padded(sizeof(size_t)) : NULL;
}

static void pop(struct queue *q)
{
	size_t whole;
	memcpy(&whole, q->bytes + q->at, sizeof whole);
	q->at += whole;
	if (q->at == q->end)
		q->at = q->end = 0;
}

bool merge_add_frame(struct merge *m, const struct record *record)
{
	const struct piece pieces[] = {
	        {record, sizeof *record},
	        {record->data, record->caplen},
	        {record->options, record->options_len},
	};
	return push(&m->frames, pieces, 3);
}

bool merge_add_event(struct merge *m, const struct event *event)
{
	const struct piece piece = {event, sizeof *event};
	return push(&m->events, &piece, 1);
}

/* The frame that an item is; it points into the item. */
static void read_frame(struct record *record, const uint8_t *bytes)
{
	memcpy(record, bytes, sizeof *record);
	record->data = bytes + padded(sizeof *record);
	record->options = record->data + padded(record->caplen);
}

static enum merge_item take_frame(struct merge *m, struct record *record)
{
	read_frame(record, front(&m->frames));
	pop(&m->frames);
	return MERGE_FRAME;
}

static enum merge_item take_event(struct merge *m, const struct event **event)
{
	*event = (const struct event *)(const void *)front(&m->events);
	pop(&m->events);
	return MERGE_EVENT;
}

enum merge_item merge_take(struct merge *m, int64_t until_ns, struct record *record,
                           const struct event **event)
{
	const struct record *frame = (const struct record *)(const void *)front(&m->frames);
	const struct event *line = (const struct event *)(const void *)front(&m->events);
	bool frame_due = frame && frame->time_ns <= until_ns;
	bool line_due = line && line->time_ns <= until_ns;
	if (frame_due && (!line || frame->time_ns <= line->time_ns))
		return take_frame(m, record);
	if (line_due && (!frame || line->time_ns < frame->time_ns))
		return take_event(m, event);
	return MERGE_NONE;
}

bool merge_has_frame(const struct merge *m,
                     bool (*is_it)(const struct record *frame, const void *data), const void *data)
{
	const struct queue *q = &m->frames;
	size_t whole;
	int n = 0;
	for (size_t at = q->at; at < q->end; at += whole) {
		struct record record;
		memcpy(&whole, q->bytes + at, sizeof whole);
		read_frame(&record, q->bytes + at + padded(sizeof whole));
		if (is_it(&record, data) || ++n == MOST_LOOKED_AT)
			return true;
	}
	return false;
}

bool merge_is_empty(const struct merge *m)
{
	return !front(&m->frames) && !front(&m->events);
}
