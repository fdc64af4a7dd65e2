/* fragments.h: puts IP datagrams together from their fragments (RFC 791 section 3.2, RFC 8200
 * section 4.5), before TCP looks at them. Knows no TCP and no clock: time comes with packets.
 * Memory is fixed: so many datagrams, so many bytes; when either runs out the oldest datagram goes.
 * A fragment costs time by its length, whatever the offsets say. */
#ifndef WIRELAB_FLOW_FRAGMENTS_H
#define WIRELAB_FLOW_FRAGMENTS_H

#include "decode/packet.h"

enum {
	FRAGMENTS_DATAGRAMS = 1024,        /* unfinished at one time */
	FRAGMENTS_BYTES = 4 * 1024 * 1024, /* of payload in them, together */
	FRAGMENTS_FRAMES = 16, /* frame numbers kept of one datagram; more are counted */
};

/* Linux gives an unfinished datagram up after this long; RFC 8200 says 60 s. */
#define FRAGMENTS_WAIT_NS (30 * NS_PER_SECOND)

/* What became of one fragment. */
enum fragment_fate {
	FRAGMENT_KEPT,        /* some of its bytes were missing; more are */
	FRAGMENT_COMPLETES,   /* with it the datagram is whole */
	FRAGMENT_REPEATS,     /* all its bytes were there already, the same */
	FRAGMENT_CUT,         /* the capture or the frame does not hold all of it */
	FRAGMENT_EMPTY,       /* it carries nothing */
	FRAGMENT_UNEVEN,      /* not the last, and no multiple of 8 bytes (IPv6: to be dropped) */
	FRAGMENT_TOO_FAR,     /* it would make a datagram of more than 65535 bytes */
	FRAGMENT_END_DIFFERS, /* it contradicts where an earlier last fragment ends */
	FRAGMENT_OVERLAPS,    /* IPv6: it overlaps another, so the whole datagram is dropped */
	FRAGMENT_NO_ROOM,     /* no memory for it */
	N_FRAGMENT_FATES
};

struct fragment_news {
	enum fragment_fate fate;
	bool conflicts;       /* IPv4: bytes that were there already differ; the first ones stay */
	uint32_t at, len;     /* the fragment: its place in the datagram */
	uint32_t have, total; /* bytes of the datagram that are there; of so many, 0: not known */
	uint64_t frames[FRAGMENTS_FRAMES]; /* the first of those that brought it */
	uint32_t n_frames;                 /* how many there were */

	/* with FRAGMENT_COMPLETES, until the next call: */
	struct ip_header first; /* the header of the fragment at offset 0 */
	const uint8_t *data;    /* `total` bytes */
};

enum fragment_loss_reason { LOSS_TIMEOUT, LOSS_NO_ROOM, LOSS_TRACE_ENDED };

/* A datagram that was given up. */
struct fragment_loss {
	enum fragment_loss_reason reason;
	struct addr src, dst;
	uint32_t id;
	uint32_t have, total;
	uint64_t frame; /* the first that brought a piece */
	uint32_t n_frames;
	uint64_t count; /* how many have been given up for that reason, this one included */
};

struct fragments;

/* NULL without memory. on_loss may be NULL. `seed` keeps senders from choosing hash collisions. */
struct fragments *fragments_new(uint64_t seed,
                                void (*on_loss)(void *arg, const struct fragment_loss *loss),
                                void *arg);
void fragments_free(struct fragments *fragments);

/* Takes a packet of KIND_FRAGMENT. First gives up what has waited too long. */
void fragments_add(struct fragments *fragments, const struct packet *packet, int64_t time_ns,
                   uint64_t frame, struct fragment_news *news);

/* The end of the trace: reports what is unfinished. */
void fragments_end(struct fragments *fragments);

#endif
