/* source.h: where the frames of a live session come from: an interface of this machine, or the
 * emulated wire, which streams pcapng through a pipe. One of the two. */
#ifndef WIRELAB_TRACER_SOURCE_H
#define WIRELAB_TRACER_SOURCE_H

#include "capture/live.h"
#include "capture/reader.h"

struct source {
	struct live *live;   /* or NULL */
	struct reader *wire; /* or NULL; its descriptor does not block */
	bool ended;          /* the wire has closed its pipe */
};

/* Hands at most `most` frames that are already there to `take`, as live_read(). */
int source_read(struct source *source, int most, live_take_fn *take, void *arg, struct err *err);

/* A descriptor to poll for reading; -1: nothing comes any more. */
int source_fd(const struct source *source);

int source_linktype(const struct source *source);
struct live_statistics source_statistics(const struct source *source);

#endif
