/* record.h: one captured frame, from a file or live, before anything has looked at its bytes. */
#ifndef WIRELAB_CAPTURE_RECORD_H
#define WIRELAB_CAPTURE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

struct record {
	int64_t time_ns;    /* since the epoch; 0 where a file has none (Simple Packet Block) */
	int linktype;       /* LINKTYPE_ value */
	uint32_t interface; /* index within the section of a pcapng file; 0 otherwise */
	uint32_t caplen;
	uint32_t wirelen;    /* at least caplen */
	const uint8_t *data; /* borrowed until the next record is read */

	/* Options of its pcapng block, as they stand in the file (comments, flags, …), for a copy
	 * of it. Borrowed likewise; they fit in the block, and that is all that was looked at. */
	const uint8_t *options;
	uint32_t options_len; /* 0: none */
	bool options_big;     /* numbers in them are big-endian */
};

#endif
