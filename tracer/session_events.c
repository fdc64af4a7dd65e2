/* session_events.c: a saved stream of events (.ndjson) instead of frames: each line goes to the
 * sinks as the event that it is. Nothing is decoded or analysed again. */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"

static int take_line(struct pipeline *p, const char *name, uint64_t line, const char *bytes,
                     size_t n, struct err *err)
{
	struct event event;
	char why[256];
	if (event_read(&event, bytes, n, why, sizeof why) < 0)
		return err_set(err, _("%s:%llu: no event: %s"), name, (unsigned long long)line,
		               why);
	pipeline_event(p, &event);
	return 0;
}

int session_events(struct pipeline *p, int fd, const char *name, int signal_fd, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int result = 0;
	FILE *file = fdopen(fd, "r");
	if (file == NULL) {
		(void)close(fd); /* nothing was read */
		return err_errno(err, _("%s cannot be read"), name);
	}
	for (uint64_t number = 1; result == 0 && !p->out.failed; number++) {
		errno = 0;
		n = getline(&line, &size, file);
		if (n <= 0 || session_signal(signal_fd) == SIGNAL_STOP)
			break;
		result = take_line(p, name, number, line, (size_t)n - (line[n - 1] == '\n'), err);
	}
	if (ferror(file))
		result = err_errno(err, _("%s cannot be read"), name);
	free(line);
	(void)fclose(file); /* was only read from */
	return result;
}
