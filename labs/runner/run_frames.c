/* run_frames.c: the frames of a run, whole: events carry only their first bytes. The file is the
 * one that wirelab-trace -w writes: a file header of 24 bytes, then a header of 16 bytes before
 * each frame, of which the third number is the length (draft-ietf-opsawg-pcap). */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "runner/expect.h"

enum { FILE_HEADER = 24, FRAME_HEADER = 16, LEN_AT = 8, FIRST_ROOM = 256 };

static int add_start(struct run_frames *frames, size_t start)
{
	if (frames->n == frames->room) {
		size_t room = frames->room ? frames->room * 2 : FIRST_ROOM;
		size_t *starts = realloc(frames->starts, room * sizeof *starts);
		if (!starts)
			return -1;
		frames->starts = starts;
		frames->room = room;
	}
	frames->starts[frames->n++] = start;
	return 0;
}

/* The length in the header before the frame that begins there. */
static uint32_t len_before(const struct run_frames *frames, size_t start)
{
	uint32_t len;
	memcpy(&len, frames->file + start - FRAME_HEADER + LEN_AT, sizeof len);
	return len;
}

int run_frames_open(struct run_frames *frames, int fd)
{
	struct stat status;
	*frames = (struct run_frames){.file = NULL};
	if (fstat(fd, &status) < 0)
		return -1;
	if (status.st_size < FILE_HEADER)
		return 0; /* nothing was written */
	frames->len = (size_t)status.st_size;
	void *file = mmap(NULL, frames->len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED)
		return -1;
	frames->file = file;
	size_t at = FILE_HEADER;
	while (frames->len - at >= FRAME_HEADER) {
		at += FRAME_HEADER;
		uint32_t len = len_before(frames, at);
		if (len > frames->len - at)
			break; /* the tracer was ended in the middle of it */
		if (add_start(frames, at) < 0)
			return -1;
		at += len;
	}
	return 0;
}

void run_frames_release(struct run_frames *frames)
{
	free(frames->starts);
	if (frames->file)
		(void)munmap(frames->file, frames->len); /* was mapped by us */
	*frames = (struct run_frames){.file = NULL};
}

const uint8_t *run_frames_find(const struct run_frames *frames, uint64_t number, uint32_t *len)
{
	if (number == 0 || number > frames->n)
		return NULL;
	*len = len_before(frames, frames->starts[number - 1]);
	return frames->file + frames->starts[number - 1];
}
