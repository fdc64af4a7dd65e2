/* wire_plan.h: the emulated wire, without its cables: frames go in with the time, and what becomes
 * of each comes out, when its time has come. Pure: no clock, no file, no socket; the same frames at
 * the same times and the same faults give the same. Times are ns of any one clock. */
#ifndef WIRELAB_RUNNER_WIRE_PLAN_H
#define WIRELAB_RUNNER_WIRE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"
#include "runner/wire_fault.h"
#include "runner/wire_frame.h"

enum { WIRE_FRAME_MAX = 1536, WIRE_MAX_FLYING = 8192, WIRE_MAX_BY = 3 };

/* 20 ms each way, unless a fault says another. */
#define WIRE_DELAY_NS (20 * NS_PER_MS)

enum flight_state {
	FLIGHT_FREE,
	FLIGHT_UNDER_WAY, /* arrives, or is lost, at due_ns */
	FLIGHT_HELD,      /* waits for the learner */
};

/* A frame on the wire. */
struct flight {
	enum flight_state state;
	enum side from;
	uint64_t id, of; /* of: the frame that this is a copy of, 0: none */
	uint64_t rank;   /* order in which its end sent it; a copy has the original's */
	uint64_t turn;   /* order among those that are due at the same time */
	int64_t sent_ns, due_ns;
	bool lost; /* at due_ns; else it arrives then */
	bool corrupted, overtaken;
	bool told; /* its sending was told, so its arrival is too */
	const struct wire_fault
	        *awaits; /* waits for another frame to go first, at most until due_ns */
	const struct wire_fault *too_large; /* the MTU that it does not fit, answered when lost */
	const char *by[WIRE_MAX_BY]; /* the faults that did something to it; NULL behind the last */
	uint32_t len;
	uint8_t bytes[WIRE_FRAME_MAX];
};

/* What the wire calls back. */
struct wire_output {
	/* The frame's fate is known: it arrives at the other end (or, `lost`, does not) now. The
	 * flight is the wire's again when this returns. */
	void (*end)(void *data, const struct flight *flight, int64_t now_ns);
	/* Something was done to it that a person should see; `fault` is "" for the wire itself. */
	void (*tell)(void *data, enum wire_action action, const struct flight *flight,
	             const char *fault, int64_t now_ns);
	void *data;
};

struct wire;

/* A wire with these faults (borrowed); `hold`: each frame waits until it is let go. NULL without
 * memory. */
struct wire *wire_new(const struct wire_faults *faults, const struct wire_output *output,
                      bool hold);
void wire_free(struct wire *wire); /* NULL is fine */

/* An end sends a frame. The frames of an end keep their order, even if a later one has an earlier
 * time: clocks of two CPUs may disagree. One that is longer than WIRE_FRAME_MAX is lost. What an
 * IPv6 host says about groups and neighbours is passed over. */
void wire_send(struct wire *wire, enum side from, const uint8_t *bytes, uint32_t len,
               int64_t now_ns);

/* When something is due next; INT64_MAX: nothing is under way. */
int64_t wire_due(const struct wire *wire);

/* Ends all flights that are due. */
void wire_advance(struct wire *wire, int64_t now_ns);

/* One line of the learner's: "release 7", "hold 7", "drop 7", "duplicate 7", "corrupt 7"; "hold":
 * from now on each frame waits; "flow": all go, and none waits any more. 0; -1: there is no such
 * command, or no such frame on the wire (any more). */
int wire_command(struct wire *wire, const char *line, int64_t now_ns);

/* Whatever is still on the wire is lost now, because `why`. */
void wire_cut(struct wire *wire, const char *why, int64_t now_ns);

/* Frames on the wire, those held included. */
int wire_count(const struct wire *wire);

#endif
