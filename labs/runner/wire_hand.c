/* wire_hand.c: what the learner does to frames by hand: the commands of wire_command(), and the end
 * of the wire. It must not know who sends the commands. */
#include <stdlib.h>
#include <string.h>

#include "runner/wire_state.h"

static const char BY_HAND[] = "by hand";

static struct flight *find(const struct wire *wire, uint64_t id)
{
	for (int i = 0; id > 0 && i < WIRE_MAX_FLYING; i++) {
		struct flight *flight = &wire->queue.places[i];
		if (flight->state != FLIGHT_FREE && flight->id == id && !flight->lost)
			return flight;
	}
	return NULL;
}

static int release(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	if (flight->state != FLIGHT_HELD)
		return -1;
	flight->state = FLIGHT_UNDER_WAY;
	flight->due_ns = now_ns + wire->delay_ns;
	wire_queue_push(&wire->queue, flight);
	wire_tell(wire, WIRE_RELEASED, flight, "", now_ns);
	return 0;
}

static int hold_one(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	if (flight->state == FLIGHT_HELD)
		return -1;
	wire_queue_remove(&wire->queue, flight);
	wire_stop_waiting(wire, flight);
	flight->state = FLIGHT_HELD;
	wire_tell(wire, WIRE_HELD, flight, "", now_ns);
	return 0;
}

static int drop_one(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	if (flight->state == FLIGHT_UNDER_WAY)
		wire_queue_remove(&wire->queue, flight);
	wire_stop_waiting(wire, flight);
	memset(flight->by, 0, sizeof flight->by); /* this is what matters now */
	wire_lose(flight, BY_HAND);
	wire_end(wire, flight, now_ns);
	return 0;
}

static int duplicate_one(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	wire_duplicate(wire, flight, BY_HAND, now_ns);
	return 0;
}

static int corrupt_one(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	wire_corrupt(wire, flight, BY_HAND, now_ns);
	return 0;
}

/* The frame that has been held longest, NULL: none is. */
static struct flight *first_held(const struct wire *wire)
{
	struct flight *first = NULL;
	for (int i = 0; i < WIRE_MAX_FLYING; i++) {
		struct flight *flight = &wire->queue.places[i];
		if (flight->state == FLIGHT_HELD && (!first || flight->id < first->id))
			first = flight;
	}
	return first;
}

static int command_all(struct wire *wire, const char *line, int64_t now_ns)
{
	wire->hold = strcmp(line, "hold") == 0;
	if (wire->hold)
		return 0;
	if (strcmp(line, "flow") != 0)
		return -1;
	for (struct flight *held = first_held(wire); held; held = first_held(wire))
		(void)release(wire, held, now_ns); /* it is held, so it can be */
	return 0;
}

int wire_command(struct wire *wire, const char *line, int64_t now_ns)
{
	static const struct {
		const char *word;
		int (*act)(struct wire *wire, struct flight *flight, int64_t now_ns);
	} commands[] = {
	        {"release ", release},         {"hold ", hold_one},       {"drop ", drop_one},
	        {"duplicate ", duplicate_one}, {"corrupt ", corrupt_one},
	};
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		size_t len = strlen(commands[i].word);
		if (strncmp(line, commands[i].word, len) != 0)
			continue;
		char *rest;
		struct flight *flight = find(wire, strtoull(line + len, &rest, 10));
		return flight && *rest == '\0' ? commands[i].act(wire, flight, now_ns) : -1;
	}
	return command_all(wire, line, now_ns);
}

void wire_cut(struct wire *wire, const char *why, int64_t now_ns)
{
	struct flight *flight;
	wire->mtu = NULL;
	while ((flight = first_held(wire)) != NULL) {
		flight->state = FLIGHT_UNDER_WAY;
		flight->due_ns = now_ns;
		wire_queue_push(&wire->queue, flight);
	}
	while ((flight = wire_queue_pop(&wire->queue)) != NULL) {
		wire_stop_waiting(wire, flight);
		if (!flight->lost)
			wire_lose(flight, why);
		flight->too_large = NULL; /* nobody is left to be answered */
		wire_end(wire, flight, now_ns);
	}
}
