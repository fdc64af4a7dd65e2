/* wire_cable.h: one end's cable, as the wire has it: what the end sends comes out here, what goes
 * in arrives there. An AF_PACKET socket with a ring that the kernel fills (man 7 packet,
 * TPACKET_V2): a ring, because the buffer of an ordinary socket is too small for a window of TCP.
 */
#ifndef WIRELAB_RUNNER_WIRE_CABLE_H
#define WIRELAB_RUNNER_WIRE_CABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/err.h"
#include "runner/wire_plan.h"

enum { CABLE_BATCH = 64 };

struct cable {
	int fd;
	uint8_t *ring; /* mapped */
	unsigned at;   /* the next place of it to look at */
	/* what waits to be sent */
	unsigned n;
	struct mmsghdr messages[CABLE_BATCH];
	struct iovec pieces[CABLE_BATCH];
	uint8_t bytes[CABLE_BATCH][WIRE_FRAME_MAX];
};

/* A socket on that interface, with its ring. -1 with errno and a message. */
int cable_open_socket(const char *interface, struct err *err);

/* Maps the ring of such a socket. 0, or -1 with errno. */
int cable_init(struct cable *cable, int fd);

/* The next frame that the end has sent, until cable_done(): its bytes, its whole length (`len` of
 * them are there), and when, ns since the epoch. False: there is none now. */
bool cable_next(struct cable *cable, const uint8_t **bytes, uint32_t *len, int64_t *time_ns);
void cable_done(struct cable *cable);

/* To the end. The frame may wait until CABLE_BATCH of them are there, or cable_flush(). A frame
 * that the kernel refuses is lost, as on any cable. */
void cable_send(struct cable *cable, const uint8_t *bytes, uint32_t len);
void cable_flush(struct cable *cable);

/* Frames that found no room in the ring, since it was last asked. */
uint64_t cable_lost(const struct cable *cable);

#endif
