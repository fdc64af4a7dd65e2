/* wire_log.h: what became of each frame, as a pcapng stream to the tracer
 * (draft-ietf-opsawg-pcapng): two interfaces, 0 for what the client sent and 1 for the server, one
 * Enhanced Packet Block a frame when its fate is known, with that time, and a comment:
 *
 *   wire: sent=SECONDS.NNNNNNNNN fate=FATE[,reordered] id=N[ by=FAULT[, FAULT …]]
 *
 * FATE is arrived, dropped, corrupted (it arrived so) or duplicate (an arrived copy). Never blocks:
 * what the pipe does not take waits in a buffer, and when that is full, frames are counted only. */
#ifndef WIRELAB_RUNNER_WIRE_LOG_H
#define WIRELAB_RUNNER_WIRE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "runner/wire_plan.h"

struct wire_log {
	int fd;         /* the pipe, -1: its reader has gone */
	uint8_t *bytes; /* what waits: bytes[at..len) */
	size_t at, len;
	uint64_t n_frames[N_SIDES], n_missed[N_SIDES]; /* missed: for want of room */
};

/* Takes the pipe's writing end and writes the stream's head. 0, or -1 with errno. */
int wire_log_init(struct wire_log *log, int fd);

/* A flight that has ended, and when, and when it began; ns since the epoch. */
void wire_log_frame(struct wire_log *log, const struct flight *flight, int64_t sent_ns,
                    int64_t end_ns);

/* Writes what the pipe takes now. */
void wire_log_flush(struct wire_log *log);
bool wire_log_waits(const struct wire_log *log);

/* The stream's end: how many frames there were, and how many are not in it (`lost`: before they
 * came onto the wire, as the kernel counts). */
void wire_log_statistics(struct wire_log *log, const uint64_t *lost, int64_t now_ns);

void wire_log_release(struct wire_log *log);

#endif
