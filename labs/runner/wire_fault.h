/* wire_fault.h: what can be done to frames on the emulated wire, as a person writes it: "drop
 * client data 2", "loss 5% seed 7", "mtu 576 silent". Faults name segments, not times, so that
 * every machine replays them alike. */
#ifndef WIRELAB_RUNNER_WIRE_FAULT_H
#define WIRELAB_RUNNER_WIRE_FAULT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/vocab.h"
#include "event/event.h"
#include "runner/wire_frame.h"

enum { WIRE_MAX_FAULTS = 32, WIRE_MTU_MIN = 576, WIRE_MTU_MAX = 1500, WIRE_IPV6_MTU_MIN = 1280 };

enum wire_effect {
	/* on single frames, which are named or met by chance */
	EFFECT_DROP,
	EFFECT_CUT,       /* from this frame on, none of either end arrives */
	EFFECT_HOLD_BACK, /* it arrives later by `span_ns` */
	EFFECT_DUPLICATE,
	EFFECT_CORRUPT,
	EFFECT_REORDER, /* frames from `first` on wait until `second` has gone (by chance: the next)
	                 */
	/* on the wire as a whole */
	EFFECT_RATE,
	EFFECT_QUEUE,
	EFFECT_DELAY,
	EFFECT_MTU,
};

struct wire_fault {
	enum wire_effect effect;
	char text[EVENT_NAME_MAX]; /* as it was written, blanks made single */
	bool by_chance;            /* frames are met with that probability, not named */
	bool has_side;             /* only frames that `from` sent; a named frame always has one */
	enum side from;
	enum wire_kind kind;    /* of the named frame */
	uint64_t first, second; /* which transmission of that kind by that end, from 1; 0: each */
	uint32_t millionths;    /* of all frames, by chance */
	uint64_t seed;
	int64_t span_ns; /* of the delay; of a cut at a time, since the first frame */
	uint64_t rate;   /* bits a second */
	uint32_t size;   /* frames in the queue; bytes of an IP packet (MTU) */
	bool silent;     /* what is too large vanishes without an ICMP message */
};

struct wire_faults {
	struct wire_fault all[WIRE_MAX_FAULTS];
	int n;
};

/* Reads one fault. 0, or -1 with a message that says which word is wrong and shows the nearest
 * form. */
int wire_fault_parse(struct wire_fault *fault, const char *words, struct err *err);

/* Reads one fault and adds it. 0, or -1 with a message. */
int wire_faults_add(struct wire_faults *faults, const char *words, struct err *err);

/* The same for a name of `folder`/faults/, a file of one fault a line (# begins a comment);
 * anything that is no such name is a fault. 0, or -1 with a message that names file and line, or
 * the names that there are. */
int wire_faults_add_named(struct wire_faults *faults, const char *words, const char *folder,
                          struct err *err);

/* Do they fit together, and the version of IP? 0, or -1 with a message. */
int wire_faults_check(const struct wire_faults *faults, bool ipv6, struct err *err);

/* The last fault with an effect on the wire as a whole, NULL: there is none. */
const struct wire_fault *wire_faults_find(const struct wire_faults *faults,
                                          enum wire_effect effect);

#endif
