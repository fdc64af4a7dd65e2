/* source.c: see source.h. */
#include "source.h"

/* The frames whose bytes have come through the pipe. */
static int read_wire(struct source *source, int most, live_take_fn *take, void *arg,
                     struct err *err)
{
	struct record record;
	int n = 0, got = 1;
	while (n < most && (got = reader_next(source->wire, &record, err)) == 1) {
		n++;
		if (!take(arg, &record))
			break;
	}
	source->ended = got == 0;
	return got < 0 ? -1 : n;
}

int source_read(struct source *source, int most, live_take_fn *take, void *arg, struct err *err)
{
	if (source->live)
		return live_read(source->live, most, take, arg, err);
	return source->ended ? 0 : read_wire(source, most, take, arg, err);
}

int source_fd(const struct source *source)
{
	if (source->live)
		return live_fd(source->live);
	return source->ended ? -1 : reader_fd(source->wire);
}

int source_linktype(const struct source *source)
{
	return source->live ? live_linktype(source->live) : reader_linktype(source->wire);
}

struct live_statistics source_statistics(const struct source *source)
{
	struct live_statistics statistics = {0};
	if (source->live)
		return live_statistics(source->live);
	reader_statistics(source->wire, &statistics.received, &statistics.dropped);
	return statistics;
}
