/* save_capture.c: see save_capture.h. */
#include "save_capture.h"

#include "capture/writer.h"

struct writer *save_capture_open(int fd, const char *name, struct err *err)
{
	struct writer *writer = writer_open(fd, name, writer_format_of(name), 0, err);
	if (writer)
		writer_describe(writer, "written by wirelab-tui from a stream of events, which "
		                        "carries the first bytes of each frame");
	return writer;
}

int save_capture_add(struct writer *writer, const struct event *event, const char *comment,
                     struct err *err)
{
	const struct record record = {
	        .time_ns = event->time_ns,
	        .linktype = event->linktype,
	        .caplen = event->n_bytes,
	        .wirelen = event->wirelen > event->n_bytes ? event->wirelen : event->n_bytes,
	        .data = event->bytes,
	};
	return writer_record(writer, &record, comment, err);
}

int save_capture_close(struct writer *writer, struct err *err)
{
	return writer_close(writer, err);
}
