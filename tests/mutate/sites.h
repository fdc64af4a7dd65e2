/* sites.h: where in a capture file the fields stand whose lies could mislead a reader: lengths,
 * offsets, types, of the file's format and of the frames' headers. */
#ifndef WIRELAB_TESTS_SITES_H
#define WIRELAB_TESTS_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct site {
	uint32_t offset; /* of the field in the file */
	uint8_t size;    /* 1, 2 or 4 bytes */
	bool little;     /* its byte order */
	const char *what;
};

enum { MOST_SITES = 20000 };

struct sites {
	struct site all[MOST_SITES];
	size_t n;
	size_t end; /* of the last whole record among the first ones that were looked at */
};

/* Finds the fields of the file's head and of its first `most_frames` frames. Stops at the first
 * thing that it does not understand. */
void sites_find(struct sites *sites, const uint8_t *file, size_t size, unsigned most_frames);

#endif
