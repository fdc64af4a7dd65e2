/* save.h: what -w does: frames go to a capture file, to one file after the other (-C, -G, -W), or
 * to memory until they are asked for (--ring). Knows no clock: times come with the frames. */
#ifndef WIRELAB_TRACER_SAVE_H
#define WIRELAB_TRACER_SAVE_H

#include "capture/opener.h"
#include "capture/writer.h"
#include "options.h"

struct save {
	struct writer *writer; /* NULL: nothing is saved as a capture */
	bool comments;         /* the frames carry explanations */
	struct rotate rotate;
	struct opener *opener; /* NULL: there is one file */
	bool ring;
	bool written; /* the ring has been written to the file at hand */
	bool ended;   /* -W files of -G are full: the trace ends */
};

/* Starts the helper that opens files, if there will be more than one; before anything else is
 * opened. 0, or -1 with a message. */
int save_prepare(struct save *save, const struct options *options, struct err *err);

/* Opens the (first) file. `fd` is its descriptor if it is open already, else -1; `now_ns` is part
 * of its name with -G (0: the first frame's time will be). 0, or -1 with a message. */
int save_open(struct save *save, const struct options *options, int fd, int64_t now_ns,
              struct err *err);

/* One frame; `comment` may be NULL. Sets `ended` instead when it is one too many. 0, or -1 with a
 * message. */
int save_frame(struct save *save, const struct record *record, const char *comment,
               struct err *err);

/* Writes what --ring holds: to the file, next time to one with a number. 0, or -1 with a message.
 */
int save_ring(struct save *save, struct err *err);

/* Ends the file, with --ring after writing it. 0, or -1 with a message. */
int save_close(struct save *save, struct err *err);

#endif
