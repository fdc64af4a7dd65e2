/* plain.c: see plain.h. */
#include "plain.h"

#include <errno.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "sink/sink.h"

static int print_line(struct sink *sink, const char *line, size_t n, struct err *err)
{
	struct event event;
	char fault[128];
	if (n == 0 || event_read(&event, line, n, fault, sizeof fault) < 0)
		return 0; /* no event: nothing to print */
	if (sink_event(sink, &event) == 0)
		return 0;
	errno = sink->out.error;
	return err_errno(err, _("cannot write"));
}

static int print_all(struct source *source, struct sink *sink, struct err *err)
{
	for (;;) {
		size_t n;
		const char *line = source_line(source, &n);
		if (line && print_line(sink, line, n, err) < 0)
			return sink->out.error == EPIPE ? 0 : -1; /* the reader has had enough */
		if (!line && source->fd < 0)
			return 0;
		if (!line && io_wait_readable(source->fd, -1) < 0)
			return err_errno(err, _("cannot wait for events"));
	}
}

int plain_run(struct source *source, const char *form, bool ascii, struct err *err)
{
	enum { WIDTH = 80 };
	const struct sink_options options = {
	        .fd = STDOUT_FILENO,
	        .width = WIDTH,
	        .unicode = !ascii,
	        .explain = true,
	        .line_buffered = true,
	};
	struct sink sink;
	if (sink_open(&sink, sink_find(form), &options, err) < 0)
		return -1;
	int status = print_all(source, &sink, err);
	if (sink_close(&sink) < 0 && status == 0 && sink.out.error != EPIPE) {
		errno = sink.out.error;
		status = err_errno(err, _("cannot write"));
	}
	return status;
}
