/* wire_meets.c: see wire_meets.h. It must not know what a fault does. */
#include "runner/wire_meets.h"

/* The same for the n-th frame of an end in every run, however the two ends' frames interleave
 * (splitmix64, a counter that is mixed). */
static bool has_bad_luck(const struct wire_fault *fault, enum side from, uint64_t n)
{
	uint64_t x = fault->seed * UINT64_C(0x9e3779b97f4a7c15);
	x += (n << 8 | (uint64_t)fault->effect << 1 | from) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	x ^= x >> 31;
	return (x >> 32) * 1000000 >> 32 < fault->millionths;
}

/* Once its frame has been sent, or its time has come: for ever, and for both ends. */
static bool is_cut(const struct wire_fault *fault, const struct wire_counts *sent)
{
	if (!fault->has_side)
		return sent->age_ns >= fault->span_ns;
	uint64_t n = sent->n[fault->from][fault->kind];
	return n > 0 && n >= fault->first;
}

bool wire_meets(const struct wire_fault *fault, enum side from, const struct wire_frame *frame,
                const struct wire_counts *sent)
{
	const uint64_t *counts = sent->n[from];
	if (fault->effect == EFFECT_CUT)
		return is_cut(fault, sent);
	if (fault->has_side && fault->from != from)
		return false;
	if (fault->by_chance)
		return wire_is_kind(frame, WIRE_KIND_ANY) &&
		       has_bad_luck(fault, from, counts[WIRE_KIND_ANY]);
	if (!fault->has_side || !wire_is_kind(frame, fault->kind))
		return false; /* of the wire as a whole; another frame */
	uint64_t n = counts[fault->kind];
	if (fault->effect == EFFECT_REORDER)
		return n >= fault->first && n < fault->second;
	return fault->first == 0 || n == fault->first;
}

bool wire_ends_waiting(const struct wire_fault *fault, enum side from,
                       const struct wire_frame *frame, const struct wire_counts *sent)
{
	if (fault->by_chance)
		return wire_is_kind(frame, WIRE_KIND_ANY);
	return fault->from == from && wire_is_kind(frame, fault->kind) &&
	       sent->n[from][fault->kind] >= fault->second;
}
