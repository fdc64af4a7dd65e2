/* play.h: a conversation from any bytes: each 8 bytes are one segment of one of 8 connections,
 * counted from where that connection stands. So that changed bytes reach deep states: a lost
 * segment is a step in the sequence number, not a lucky guess of 32 bits. */
#ifndef WIRELAB_TESTS_PLAY_H
#define WIRELAB_TESTS_PLAY_H

#include <stddef.h>

#include "capture/record.h"

/* One instruction, as it stands in the input:
 *
 *   0   who: connection (3 bits), from the server (bit 3), what it is wrapped in (high 4 bits)
 *   1   TCP flags, FIN to CWR
 *   2   sequence number: steps (signed) away from the sender's next one
 *   3   acknowledgement number: steps away from the other end's next one
 *   4   length (low 4 bits), size of the steps of both numbers (2 bits each)
 *   5   window (low 4 bits), options (high 4 bits)
 *   6   time since the one before
 *   7   cut into fragments (low 4 bits: how), bytes that the capture kept (high 4 bits)
 *
 * When it is wrapped in PLAY_RAW, bytes 1 and 2 are a length (little-endian), 3 a link type and 6
 * the time; so many bytes of a frame follow. */
enum { PLAY_SIZE = 8, PLAY_RAW = 15 };

typedef void play_frame_fn(void *arg, const struct record *record);

/* Hands the frames of all instructions to `frame`, at most `most` of them. */
void play(const uint8_t *program, size_t size, unsigned most, play_frame_fn *frame, void *arg);

#endif
