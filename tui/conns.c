/* conns.c: see conns.h. A connection is found by its number through a small hash table, since a
 * stream that was cut or made by somebody else can start at any number. */
#include "conns.h"

#include <stdlib.h>

enum { MAX_CONNECTIONS = 1 << 24, FIRST_SLOTS = 64 };

void conns_release(struct conns *conns)
{
	free(conns->entries);
	free(conns->slots);
	*conns = (struct conns){0};
}

/* The slot of that stream, or the free one where it belongs. There always is a free one. */
static uint32_t *slot_of(const struct conns *conns, uint32_t stream)
{
	uint32_t mask = conns->n_slots - 1;
	uint32_t at = (stream * UINT32_C(2654435769)) & mask;
	while (conns->slots[at] && conns->entries[conns->slots[at] - 1].stream != stream)
		at = (at + 1) & mask;
	return &conns->slots[at];
}

const struct conn_entry *conns_find(const struct conns *conns, uint32_t stream)
{
	if (conns->n_slots == 0 || stream == NO_STREAM)
		return NULL;
	uint32_t slot = *slot_of(conns, stream);
	return slot ? &conns->entries[slot - 1] : NULL;
}

static int grow_slots(struct conns *conns)
{
	uint32_t n = conns->n_slots ? 2 * conns->n_slots : FIRST_SLOTS;
	uint32_t *slots = calloc(n, sizeof *slots);
	if (!slots)
		return -1;
	free(conns->slots);
	conns->slots = slots;
	conns->n_slots = n;
	for (uint32_t i = 0; i < conns->n; i++)
		*slot_of(conns, conns->entries[i].stream) = i + 1;
	return 0;
}

static int grow_entries(struct conns *conns)
{
	uint32_t room = conns->room ? 2 * conns->room : FIRST_SLOTS / 2;
	struct conn_entry *entries = reallocarray(conns->entries, room, sizeof *entries);
	if (!entries)
		return -1;
	conns->entries = entries;
	conns->room = room;
	return 0;
}

static struct conn_entry *add_entry(struct conns *conns, uint32_t stream)
{
	if (conns->n == MAX_CONNECTIONS || (conns->n == conns->room && grow_entries(conns) < 0) ||
	    (2 * conns->n >= conns->n_slots && grow_slots(conns) < 0))
		return NULL;
	struct conn_entry *entry = &conns->entries[conns->n];
	*entry = (struct conn_entry){
	        .stream = stream,
	        .key = ++conns->last_key,
	        .opened = NO_RECORD,
	        .closed = NO_RECORD,
	        .syn = {NO_RECORD, NO_RECORD},
	        .first = NO_RECORD,
	        .last = NO_RECORD,
	};
	*slot_of(conns, stream) = ++conns->n;
	conns->n_open++;
	return entry;
}

static void take_segment(struct conn_entry *entry, uint32_t i, const struct record *record,
                         const struct segment *s)
{
	if (entry->first == NO_RECORD) {
		entry->first = i;
		entry->first_ns = record->time_ns;
		entry->ends[s->from] = s->src;
		entry->ends[side_other(s->from)] = s->dst;
	}
	entry->last = i;
	entry->last_ns = record->time_ns;
	entry->n_segments[s->from]++;
	entry->n_bytes[s->from] += s->len;
	entry->n_alerts += (s->analysis.flags & CONN_ALERTS) != 0;
	entry->roles_guessed = s->roles_guessed;
	if ((s->flags & TCP_SYN) && entry->syn[s->from] == NO_RECORD)
		entry->syn[s->from] = i;
	for (int side = 0; side < N_SIDES; side++)
		entry->states[side] = record->after[side];
}

static void take_connection(struct conns *conns, struct conn_entry *entry, uint32_t i,
                            const struct connection *c)
{
	entry->roles_guessed = c->roles_guessed;
	for (int side = 0; side < N_SIDES; side++) {
		entry->ends[side] = c->ends[side];
		entry->states[side] = (uint8_t)c->states[side];
	}
	if (c->action == CONNECTION_OPENED) {
		entry->opened = i;
		return;
	}
	entry->closed = i;
	entry->close = (uint8_t)c->close;
	conns->n_open -= !entry->is_closed;
	entry->is_closed = true;
}

int conns_add(struct conns *conns, uint32_t i, const struct record *record,
              const struct event *event)
{
	if (record->stream == NO_STREAM)
		return 0;
	uint32_t slot = conns->n_slots ? *slot_of(conns, record->stream) : 0;
	struct conn_entry *entry =
	        slot ? &conns->entries[slot - 1] : add_entry(conns, record->stream);
	if (!entry)
		return -1;
	if (event->kind == EVENT_SEGMENT)
		take_segment(entry, i, record, &event->segment);
	else if (event->kind == EVENT_CONNECTION)
		take_connection(conns, entry, i, &event->connection);
	return 0;
}

void conns_swap_roles(struct conns *conns, uint32_t stream)
{
	struct conn_entry *entry = &conns->entries[*slot_of(conns, stream) - 1];
	struct conn_entry was = *entry;
	for (enum side side = CLIENT; side < N_SIDES; side++) {
		enum side other = side_other(side);
		entry->syn[side] = was.syn[other];
		entry->n_segments[side] = was.n_segments[other];
		entry->n_bytes[side] = was.n_bytes[other];
		entry->ends[side] = was.ends[other];
		entry->states[side] = was.states[other];
	}
	entry->roles_swapped = !was.roles_swapped;
	entry->key = ++conns->last_key;
}
