/* causes.h: which call of a program a segment goes out for: the last one before it, on the same
 * socket, that can have this effect. A few recent calls of each host are remembered. Pure. */
#ifndef WIRELAB_TRACER_CAUSES_H
#define WIRELAB_TRACER_CAUSES_H

#include "event/event.h"

enum { CAUSES_RECENT = 32 };

/* What kind of segment a call can bring about. */
enum effect { EFFECT_NONE, EFFECT_SYN, EFFECT_DATA, EFFECT_FIN, EFFECT_WINDOW };

struct recent_call {
	uint64_t id; /* 0: none */
	int64_t enter_ns;
	enum effect effect;
	struct endpoint local, remote;
	char name[CAUSE_NAME_MAX];
};

struct causes {
	struct recent_call recent[N_SIDES][CAUSES_RECENT]; /* a ring each */
	uint32_t n[N_SIDES];                               /* calls that were put in */
};

/* Takes a call that begins; other events are passed over. */
void causes_take(struct causes *causes, const struct event *event);

/* Sets event->cause of a segment that was sent at that time; call 0 if none is known, or none is
 * needed: the kernel sends ACKs and resends by itself. */
void causes_find(const struct causes *causes, struct event *event, int64_t sent_ns);

#endif
