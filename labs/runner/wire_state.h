/* wire_state.h: the inside of the emulated wire, shared by wire_plan.c (what happens by itself) and
 * wire_hand.c (what the learner does). Private to them. */
#ifndef WIRELAB_RUNNER_WIRE_STATE_H
#define WIRELAB_RUNNER_WIRE_STATE_H

#include "runner/wire_line.h"
#include "runner/wire_plan.h"
#include "runner/wire_queue.h"

struct wire {
	const struct wire_faults *faults;
	struct wire_output output;
	struct wire_queue queue;
	struct wire_line lines[N_SIDES]; /* what each end sends on, one frame after the other */
	struct wire_counts counts;
	const struct wire_fault *mtu;
	int64_t delay_ns;
	uint64_t id;               /* of the last frame */
	int64_t first_ns;          /* when the first was sent */
	uint64_t sent[N_SIDES];    /* rank of the last that was sent */
	int64_t last_ns[N_SIDES];  /* when it was sent */
	uint64_t arrived[N_SIDES]; /* highest rank that has arrived */
	int n_awaiting;            /* frames that wait for another */
	bool hold;
	int64_t may_tell_ns; /* what the telling has in store, as the time that it took to earn */
	int64_t earned_ns;   /* until when that was counted */
	struct flight spare; /* for a frame that finds no place */
};

/* Calls the output back. */
void wire_tell(const struct wire *wire, enum wire_action action, const struct flight *flight,
               const char *fault, int64_t now_ns);

/* It will not arrive, because of that. */
void wire_lose(struct flight *flight, const char *what);

/* Changes a byte, if there is one to change, once. The checksum stays as it is: the receiver finds
 * out. */
void wire_corrupt(const struct wire *wire, struct flight *flight, const char *what, int64_t now_ns);

/* Makes a second one of it, which goes right behind it, or is held like it. */
void wire_duplicate(struct wire *wire, const struct flight *flight, const char *what,
                    int64_t now_ns);

/* It waits for no other frame any more. */
void wire_stop_waiting(struct wire *wire, struct flight *flight);

/* Its fate is known: out with it. It must not be in the heap. */
void wire_end(struct wire *wire, struct flight *flight, int64_t now_ns);

#endif
