/* flights.c: see flights.h. Of a flood the wire does not tell everything: a frame's own event takes
 * it out too. */
#include "flights.h"

#include <string.h>

static int find(const struct flights *flights, uint64_t id)
{
	for (int i = 0; i < flights->n; i++)
		if (flights->list[i].id == id)
			return i;
	return -1;
}

static void take_out(struct flights *flights, uint64_t id)
{
	int i = find(flights, id);
	if (i < 0)
		return;
	flights->n--;
	memmove(&flights->list[i], &flights->list[i + 1],
	        (size_t)(flights->n - i) * sizeof flights->list[0]);
	if (flights->chosen == id)
		flights->chosen = 0;
}

static struct flight *put_in(struct flights *flights, const struct wire_event *wire)
{
	int i = find(flights, wire->id);
	if (i >= 0)
		return &flights->list[i];
	if (flights->n == FLIGHTS_MAX)
		return NULL;
	struct flight *flight = &flights->list[flights->n++];
	*flight = (struct flight){.id = wire->id, .from = wire->from};
	memcpy(flight->what, wire->what, sizeof flight->what);
	return flight;
}

static void take_wire(struct flights *flights, const struct wire_event *wire)
{
	struct flight *flight;
	switch (wire->action) {
	case WIRE_ARRIVED:
	case WIRE_DROPPED:
	case WIRE_REORDERED: /* told when it arrives */
		take_out(flights, wire->id);
		break;
	case WIRE_SENT:
	case WIRE_HELD:
	case WIRE_RELEASED:
	case WIRE_DUPLICATED:
		flight = put_in(flights, wire);
		if (flight && wire->action != WIRE_DUPLICATED)
			flight->held = wire->action == WIRE_HELD;
		break;
	case WIRE_CORRUPTED:
	case N_WIRE_ACTIONS:
		break;
	}
}

void flights_take(struct flights *flights, const struct event *event)
{
	if (event->kind == EVENT_WIRE)
		take_wire(flights, &event->wire);
	else if (event->passage.id)
		take_out(flights, event->passage.id);
}

const struct flight *flights_chosen(const struct flights *flights)
{
	int i = find(flights, flights->chosen);
	if (i >= 0)
		return &flights->list[i];
	for (i = 0; i < flights->n; i++)
		if (flights->list[i].held)
			return &flights->list[i];
	return flights->n > 0 ? &flights->list[0] : NULL;
}

void flights_choose_next(struct flights *flights)
{
	const struct flight *chosen = flights_chosen(flights);
	if (!chosen)
		return;
	int next = (int)(chosen - flights->list + 1) % flights->n;
	flights->chosen = flights->list[next].id;
}

int flights_held(const struct flights *flights)
{
	int n = 0;
	for (int i = 0; i < flights->n; i++)
		n += flights->list[i].held;
	return n;
}
