/* wire_queue.c: a binary heap in an array; see wire_queue.h. It must not know what a fault is. */
#include "runner/wire_queue.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int wire_queue_init(struct wire_queue *queue)
{
	*queue = (struct wire_queue){
	        .places = calloc(WIRE_MAX_FLYING, sizeof *queue->places),
	        .unused = calloc(WIRE_MAX_FLYING, sizeof(struct flight *)),
	        .heap = calloc(WIRE_MAX_FLYING, sizeof(struct flight *)),
	};
	if (!queue->places || !queue->unused || !queue->heap)
		return -1;
	for (int i = WIRE_MAX_FLYING - 1; i >= 0; i--)
		queue->unused[queue->n_unused++] = &queue->places[i];
	return 0;
}

void wire_queue_release(struct wire_queue *queue)
{
	free(queue->places);
	free(queue->unused);
	free(queue->heap);
	*queue = (struct wire_queue){0};
}

struct flight *wire_queue_take(struct wire_queue *queue)
{
	if (queue->n_unused == 0)
		return NULL;
	struct flight *flight = queue->unused[--queue->n_unused];
	memset(flight, 0, offsetof(struct flight, bytes)); /* not the bytes, for speed */
	flight->state = FLIGHT_UNDER_WAY;
	return flight;
}

void wire_queue_give(struct wire_queue *queue, struct flight *flight)
{
	flight->state = FLIGHT_FREE;
	queue->unused[queue->n_unused++] = flight;
}

static bool is_before(const struct flight *a, const struct flight *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->turn < b->turn;
}

static void exchange(struct flight **heap, int a, int b)
{
	struct flight *flight = heap[a];
	heap[a] = heap[b];
	heap[b] = flight;
}

static void sift_up(struct flight **heap, int i)
{
	for (int parent = (i - 1) / 2; i > 0 && is_before(heap[i], heap[parent]);
	     parent = (i - 1) / 2) {
		exchange(heap, i, parent);
		i = parent;
	}
}

static void sift_down(struct flight **heap, int n, int i)
{
	for (;;) {
		int first = i, left = 2 * i + 1, right = left + 1;
		if (left < n && is_before(heap[left], heap[first]))
			first = left;
		if (right < n && is_before(heap[right], heap[first]))
			first = right;
		if (first == i)
			return;
		exchange(heap, i, first);
		i = first;
	}
}

void wire_queue_push(struct wire_queue *queue, struct flight *flight)
{
	flight->turn = ++queue->turn;
	queue->heap[queue->n_heap] = flight;
	sift_up(queue->heap, queue->n_heap++);
}

struct flight *wire_queue_first(const struct wire_queue *queue)
{
	return queue->n_heap > 0 ? queue->heap[0] : NULL;
}

static void remove_at(struct wire_queue *queue, int i)
{
	queue->heap[i] = queue->heap[--queue->n_heap];
	if (i == queue->n_heap)
		return;
	sift_up(queue->heap, i);
	sift_down(queue->heap, queue->n_heap, i);
}

struct flight *wire_queue_pop(struct wire_queue *queue)
{
	struct flight *first = wire_queue_first(queue);
	if (first)
		remove_at(queue, 0);
	return first;
}

void wire_queue_remove(struct wire_queue *queue, const struct flight *flight)
{
	for (int i = 0; i < queue->n_heap; i++) {
		if (queue->heap[i] != flight)
			continue;
		remove_at(queue, i);
		return;
	}
}
