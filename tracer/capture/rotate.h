/* rotate.h: when to go on in another file and how that is called, as tcpdump's -C, -G and -W. Pure:
 * times come with the frames. */
#ifndef WIRELAB_CAPTURE_ROTATE_H
#define WIRELAB_CAPTURE_ROTATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct rotate_config {
	const char *name; /* -w; with -G a pattern of strftime(3) */
	uint64_t bytes; /* -C: a file that is longer than this is the last but one; 0: any length */
	int64_t seconds; /* -G; 0: any time */
	uint32_t files;  /* -W; 0: any number */
	bool numbered;   /* file names get numbers: with -C, or when each is made by hand */
};

struct rotate {
	struct rotate_config config;
	bool started;
	int64_t since_s;  /* when this file, or the first of its numbers, began */
	uint32_t n_times; /* files that -G has ended */
	uint32_t number;  /* of this file, from 0 */
};

enum rotate_step {
	ROTATE_STAY, /* the frame goes to this file */
	ROTATE_NEXT, /* to the next: rotate->since_s and number tell its name */
	ROTATE_END,  /* -W files of -G have been written: the trace ends before this frame */
};

/* Asked before each frame, with the bytes that the file has now. The first frame, or
 * rotate_start(), starts the clock. */
void rotate_start(struct rotate *rotate, int64_t time_ns);
enum rotate_step rotate_step(struct rotate *rotate, int64_t time_ns, uint64_t file_bytes);

/* Goes to the next number, and after the last one of -W to 0 again. */
void rotate_number(struct rotate *rotate);

/* Appends the name of a file: the pattern in local time, and its number if they are numbered: none
 * for the first, but with -W all are of one width, so that they sort. False if it is too long. */
bool rotate_name(const struct rotate_config *config, int64_t since_s, uint32_t number,
                 struct text *name);

#endif
