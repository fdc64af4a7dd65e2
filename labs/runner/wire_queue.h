/* wire_queue.h: the frames on the wire: a fixed number of places, and a heap of those under way, by
 * the time that they are due. Allocates once. */
#ifndef WIRELAB_RUNNER_WIRE_QUEUE_H
#define WIRELAB_RUNNER_WIRE_QUEUE_H

#include "runner/wire_plan.h"

struct wire_queue {
	struct flight *places;  /* WIRE_MAX_FLYING of them */
	struct flight **unused; /* a stack: few frames touch few places */
	int n_unused;
	struct flight **heap; /* heap[0] is due first */
	int n_heap;
	uint64_t turn;
};

int wire_queue_init(struct wire_queue *queue); /* -1: no memory */
void wire_queue_release(struct wire_queue *queue);

/* A place, with nothing in it but FLIGHT_UNDER_WAY; NULL: the wire is full. */
struct flight *wire_queue_take(struct wire_queue *queue);

/* The place is unused again. The flight must not be in the heap. */
void wire_queue_give(struct wire_queue *queue, struct flight *flight);

/* Into the heap, by due_ns, behind those that are due at the same time. */
void wire_queue_push(struct wire_queue *queue, struct flight *flight);

/* The one due first, or NULL; and out of the heap with it. */
struct flight *wire_queue_first(const struct wire_queue *queue);
struct flight *wire_queue_pop(struct wire_queue *queue);

/* Out of the heap, wherever it is there. */
void wire_queue_remove(struct wire_queue *queue, const struct flight *flight);

#endif
