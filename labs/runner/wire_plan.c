/* wire_plan.c: see wire_plan.h. A frame that is sent meets the faults at once; then it is under
 * way, to be lost or to arrive, held, or waits for another one; at its time its flight ends. */
#include "runner/wire_plan.h"

#include <stdlib.h>
#include <string.h>

#include "runner/wire_fragment.h"
#include "runner/wire_icmp.h"
#include "runner/wire_meets.h"
#include "runner/wire_state.h"

/* How long a frame waits at most for the one that is to go before it. */
#define SWAP_WAIT_NS   (1 * NS_PER_SECOND)
#define CHANCE_WAIT_NS (100 * NS_PER_MS)

/* Departures and arrivals are told on a slow wire, where a person can follow them, so many at once
 * and a hundred a second; a frame more is not worth a line. */
#define SLOW_NS       (5 * NS_PER_MS)
#define TELL_PRICE_NS (10 * NS_PER_MS) /* for one frame, earned by the passing of time */
enum { TELL_AT_ONCE = 200 };

static const char FULL[] = "the wire is full";
static const char CORRUPTION = 0x20; /* the bit that makes a letter large or small */

struct wire *wire_new(const struct wire_faults *faults, const struct wire_output *output, bool hold)
{
	struct wire *wire = calloc(1, sizeof *wire);
	if (!wire || wire_queue_init(&wire->queue) < 0) {
		wire_free(wire);
		return NULL;
	}
	const struct wire_fault *delay = wire_faults_find(faults, EFFECT_DELAY);
	const struct wire_fault *rate = wire_faults_find(faults, EFFECT_RATE);
	const struct wire_fault *queue = wire_faults_find(faults, EFFECT_QUEUE);
	wire->faults = faults;
	wire->output = *output;
	wire->hold = hold;
	wire->mtu = wire_faults_find(faults, EFFECT_MTU);
	wire->may_tell_ns = TELL_AT_ONCE * TELL_PRICE_NS;
	wire->delay_ns = delay ? delay->span_ns : WIRE_DELAY_NS;
	for (int side = 0; side < N_SIDES; side++)
		wire_line_init(&wire->lines[side], rate, queue);
	return wire;
}

void wire_free(struct wire *wire)
{
	if (!wire)
		return;
	wire_queue_release(&wire->queue);
	free(wire);
}

/* ---- telling ---- */

void wire_tell(const struct wire *wire, enum wire_action action, const struct flight *flight,
               const char *fault, int64_t now_ns)
{
	wire->output.tell(wire->output.data, action, flight, fault, now_ns);
}

static bool may_tell(struct wire *wire, int64_t now_ns)
{
	if (wire->hold)
		return true;
	if (wire->delay_ns < SLOW_NS)
		return false;
	wire->may_tell_ns += now_ns - wire->earned_ns;
	wire->earned_ns = now_ns;
	if (wire->may_tell_ns > TELL_AT_ONCE * TELL_PRICE_NS)
		wire->may_tell_ns = TELL_AT_ONCE * TELL_PRICE_NS;
	if (wire->may_tell_ns < TELL_PRICE_NS)
		return false;
	wire->may_tell_ns -= TELL_PRICE_NS;
	return true;
}

/* ---- single flights ---- */

static void add_by(struct flight *flight, const char *what)
{
	for (int i = 0; i < WIRE_MAX_BY; i++) {
		if (flight->by[i])
			continue;
		flight->by[i] = what;
		return;
	}
}

void wire_lose(struct flight *flight, const char *what)
{
	flight->lost = true;
	add_by(flight, what);
}

/* The checksum stays as it is: the receiver finds out. */
void wire_corrupt(const struct wire *wire, struct flight *flight, const char *what, int64_t now_ns)
{
	struct wire_frame frame;
	wire_frame_read(&frame, flight->bytes, flight->len);
	if (frame.corrupt_at == 0 || flight->corrupted)
		return;
	flight->bytes[frame.corrupt_at] ^= (uint8_t)CORRUPTION;
	flight->corrupted = true;
	add_by(flight, what);
	wire_tell(wire, WIRE_CORRUPTED, flight, what, now_ns);
}

/* A second one of it, which goes right behind it. */
void wire_duplicate(struct wire *wire, const struct flight *flight, const char *what,
                    int64_t now_ns)
{
	struct flight *copy = wire_queue_take(&wire->queue);
	if (!copy)
		return; /* the wire is full: there are enough frames on it */
	*copy = *flight;
	copy->id = ++wire->id;
	copy->of = flight->of ? flight->of : flight->id;
	copy->told = false;
	add_by(copy, what);
	wire_tell(wire, WIRE_DUPLICATED, copy, what, now_ns);
	if (copy->state == FLIGHT_UNDER_WAY)
		wire_queue_push(&wire->queue, copy);
	wire->n_awaiting += copy->awaits != NULL;
}

/* A copy, and what the wire itself sends, has no place in the order of its end's frames. */
static bool is_overtaken(struct wire *wire, const struct flight *flight)
{
	uint64_t *arrived = &wire->arrived[flight->from];
	if (flight->of != 0 || flight->rank == 0)
		return false;
	bool overtaken = flight->rank < *arrived;
	if (!overtaken)
		*arrived = flight->rank;
	return overtaken;
}

void wire_end(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	const char *by = flight->by[0] ? flight->by[0] : "";
	if (!flight->lost)
		flight->overtaken = is_overtaken(wire, flight);
	wire->output.end(wire->output.data, flight, now_ns);
	if (flight->lost)
		wire_tell(wire, WIRE_DROPPED, flight, by, now_ns);
	else if (flight->overtaken)
		wire_tell(wire, WIRE_REORDERED, flight, by, now_ns);
	if (flight->told && !flight->lost)
		wire_tell(wire, WIRE_ARRIVED, flight, "", now_ns);
	if (flight != &wire->spare)
		wire_queue_give(&wire->queue, flight);
}

/* ---- which faults a frame meets ---- */

static void meet(struct wire *wire, const struct wire_fault *fault, struct flight *flight,
                 int64_t now_ns)
{
	switch (fault->effect) {
	case EFFECT_DROP:
	case EFFECT_CUT:
		wire_lose(flight, fault->text);
		break;
	case EFFECT_HOLD_BACK:
		flight->due_ns += fault->span_ns;
		add_by(flight, fault->text);
		break;
	case EFFECT_CORRUPT:
		wire_corrupt(wire, flight, fault->text, now_ns);
		break;
	case EFFECT_REORDER:
		if (flight->awaits || wire->hold)
			break; /* the learner decides on the order */
		flight->awaits = fault;
		add_by(flight, fault->text);
		break;
	case EFFECT_DUPLICATE: /* when all else is known: meet_all() */
	case EFFECT_RATE:
	case EFFECT_QUEUE:
	case EFFECT_DELAY:
	case EFFECT_MTU:
		break;
	}
}

/* The fault that makes a copy of it, or NULL. */
static const struct wire_fault *meet_all(struct wire *wire, struct flight *flight,
                                         const struct wire_frame *frame, int64_t now_ns)
{
	const struct wire_fault *copies = NULL;
	for (int i = 0; i < wire->faults->n && !flight->lost; i++) {
		const struct wire_fault *fault = &wire->faults->all[i];
		if (!wire_meets(fault, flight->from, frame, &wire->counts))
			continue;
		meet(wire, fault, flight, now_ns);
		if (fault->effect == EFFECT_DUPLICATE)
			copies = fault;
	}
	return flight->lost ? NULL : copies;
}

/* ---- frames that wait for another ---- */

/* Of those that the frame lets go, the first sent one but `not`; NULL: none. */
static struct flight *first_waiting(const struct wire *wire, const struct flight *gone,
                                    const struct wire_frame *frame, const struct flight * not )
{
	struct flight *first = NULL;
	for (int i = 0; i < wire->queue.n_heap; i++) {
		struct flight *flight = wire->queue.heap[i];
		if (flight->awaits && flight != not &&flight->from == gone->from &&
		    flight->id < gone->id &&
		    wire_ends_waiting(flight->awaits, gone->from, frame, &wire->counts) &&
		    (!first || flight->rank < first->rank))
			first = flight;
	}
	return first;
}

static void go_behind(struct wire *wire, struct flight *flight, const struct flight *gone)
{
	wire_queue_remove(&wire->queue, flight);
	flight->awaits = NULL;
	flight->due_ns = gone->due_ns;
	wire->n_awaiting--;
	wire_queue_push(&wire->queue, flight);
}

/* Swapped: the last first, those between as they were, the first last. */
static void end_waiting(struct wire *wire, const struct flight *gone,
                        const struct wire_frame *frame)
{
	if (wire->n_awaiting == 0 || gone->awaits)
		return;
	struct flight *last = first_waiting(wire, gone, frame, NULL), *next;
	if (!last)
		return;
	while ((next = first_waiting(wire, gone, frame, last)) != NULL)
		go_behind(wire, next, gone);
	go_behind(wire, last, gone);
}

/* ---- sending ---- */

static struct flight *enter(struct wire *wire, enum side from, const uint8_t *bytes, uint32_t len,
                            int64_t now_ns)
{
	struct flight *flight = len <= WIRE_FRAME_MAX ? wire_queue_take(&wire->queue) : NULL;
	if (!flight) {
		flight = &wire->spare;
		memset(flight, 0, sizeof *flight);
		wire_lose(flight, FULL);
		len = len <= WIRE_FRAME_MAX ? len : WIRE_FRAME_MAX;
	}
	flight->from = from;
	flight->id = ++wire->id;
	flight->rank = ++wire->sent[from];
	flight->sent_ns = now_ns;
	flight->due_ns = now_ns;
	flight->len = len;
	memcpy(flight->bytes, bytes, len);
	return flight;
}

/* Does it come onto the wire? It fits, and the queue before it has room. */
static void depart(struct wire *wire, struct flight *flight, const struct wire_frame *frame)
{
	if (wire->mtu && frame->ip_len > wire->mtu->size) {
		wire_lose(flight, wire->mtu->text);
		flight->too_large = wire->mtu;
		return; /* as far as the router, in the middle */
	}
	const char *full = wire_line_send(&wire->lines[flight->from], flight->len, &flight->due_ns);
	if (full)
		wire_lose(flight, full);
}

/* What was too large comes back as an ICMP message, from the middle of the wire. */
static void answer(struct wire *wire, const struct flight *flight)
{
	struct flight *icmp = wire_queue_take(&wire->queue);
	if (!icmp)
		return;
	icmp->len = wire_icmp_answer(icmp->bytes, sizeof icmp->bytes, flight->bytes, flight->len,
	                             flight->too_large->size);
	if (icmp->len == 0) {
		wire_queue_give(&wire->queue, icmp);
		return;
	}
	icmp->id = ++wire->id;
	icmp->from = side_other(flight->from); /* it travels as that end's frames do */
	icmp->sent_ns = flight->sent_ns + wire->delay_ns / 2;
	icmp->due_ns = icmp->sent_ns + wire->delay_ns / 2;
	add_by(icmp, flight->too_large->text);
	wire_queue_push(&wire->queue, icmp);
}

static void fly(struct wire *wire, struct flight *flight, int64_t now_ns)
{
	/* what is lost is told when it would have arrived: the frames of an end keep their order */
	flight->due_ns += wire->delay_ns;
	if (flight->awaits) {
		flight->due_ns += flight->awaits->by_chance ? CHANCE_WAIT_NS : SWAP_WAIT_NS;
		wire->n_awaiting++;
	}
	if (!wire->hold || flight->lost) {
		wire_queue_push(&wire->queue, flight);
		if (flight->too_large && !flight->too_large->silent)
			answer(wire, flight);
		return;
	}
	flight->state = FLIGHT_HELD;
	wire_tell(wire, WIRE_HELD, flight, "", now_ns);
}

/* `by`: the fault that made it, or NULL. */
static void send_whole(struct wire *wire, enum side from, const uint8_t *bytes, uint32_t len,
                       const struct wire_frame *frame, const char *by, int64_t now_ns)
{
	struct flight *flight = enter(wire, from, bytes, len, now_ns);
	if (by)
		add_by(flight, by);
	if (flight->id == 1)
		wire->first_ns = now_ns;
	wire->counts.age_ns = now_ns - wire->first_ns;
	wire_counts_add(&wire->counts, from, frame);
	flight->told = wire_is_kind(frame, WIRE_KIND_ANY) && may_tell(wire, now_ns);
	if (flight->told)
		wire_tell(wire, WIRE_SENT, flight, "", now_ns);
	if (flight == &wire->spare) {
		wire_end(wire, flight, now_ns);
		return;
	}
	depart(wire, flight, frame);
	const struct wire_fault *copies = meet_all(wire, flight, frame, now_ns);
	fly(wire, flight, now_ns);
	if (copies)
		wire_duplicate(wire, flight, copies->text, now_ns);
	end_waiting(wire, flight, frame);
}

/* Each piece is a frame of its own from here on. */
static void send_pieces(struct wire *wire, enum side from, const uint8_t *bytes, uint32_t len,
                        int64_t now_ns)
{
	uint8_t piece[WIRE_FRAME_MAX];
	uint32_t at = 0, n;
	struct wire_frame frame;
	while ((n = wire_fragment_cut(piece, bytes, len, wire->mtu->size, &at)) > 0) {
		wire_frame_read(&frame, piece, n);
		send_whole(wire, from, piece, n, &frame, wire->mtu->text, now_ns);
	}
}

void wire_send(struct wire *wire, enum side from, const uint8_t *bytes, uint32_t len,
               int64_t now_ns)
{
	struct wire_frame frame;
	wire_frame_read(&frame, bytes, len);
	if (frame.is_host_talk)
		return; /* neighbours are known, nobody joins a group: it would only be noise */
	if (now_ns < wire->last_ns[from])
		now_ns = wire->last_ns[from]; /* they come in order, whatever their times say */
	wire->last_ns[from] = now_ns;
	if (wire->mtu && !wire->mtu->silent && len <= WIRE_FRAME_MAX &&
	    wire_fragment_may_cut(&frame, bytes, len, wire->mtu->size))
		send_pieces(wire, from, bytes, len, now_ns);
	else
		send_whole(wire, from, bytes, len, &frame, NULL, now_ns);
}

int64_t wire_due(const struct wire *wire)
{
	const struct flight *first = wire_queue_first(&wire->queue);
	return first ? first->due_ns : INT64_MAX;
}

void wire_stop_waiting(struct wire *wire, struct flight *flight)
{
	wire->n_awaiting -= flight->awaits != NULL;
	flight->awaits = NULL;
}

void wire_advance(struct wire *wire, int64_t now_ns)
{
	while (wire_due(wire) <= now_ns) {
		struct flight *flight = wire_queue_pop(&wire->queue);
		wire_stop_waiting(wire, flight);
		wire_end(wire, flight, now_ns);
	}
}

int wire_count(const struct wire *wire)
{
	return WIRE_MAX_FLYING - wire->queue.n_unused;
}
