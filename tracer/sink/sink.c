/* sink.c: opens, feeds and closes a sink. Knows the table of sinks, not what they write. */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "sink/sinks.h"

enum { OUT_SIZE = 128 * 1024 };

const struct sink_type *const sink_types[] = {
        &sink_text, &sink_ladder, &sink_json, &sink_svg, &sink_mermaid,
        &sink_csv,  &sink_stats,  &sink_none, NULL,
};

const struct sink_type *sink_find(const char *name)
{
	for (size_t i = 0; sink_types[i]; i++)
		if (strcmp(sink_types[i]->name, name) == 0)
			return sink_types[i];
	return NULL;
}

int sink_open(struct sink *sink, const struct sink_type *type, const struct sink_options *options,
              struct err *err)
{
	*sink = (struct sink){.type = type, .options = *options};
	if (type->state_size > 0) {
		sink->state = calloc(1, type->state_size);
		if (!sink->state)
			return err_errno(err, "cannot start the output '%s'", type->name);
	}
	if (out_init(&sink->out, options->fd, OUT_SIZE) < 0) {
		free(sink->state);
		sink->state = NULL;
		return err_errno(err, "cannot start the output '%s'", type->name);
	}
	if (type->start)
		type->start(sink);
	return 0;
}

/* A flood has a line for each of a million connections; notes tell of them all. */
static bool is_summed_up(const struct event *event)
{
	return event->kind == EVENT_CONNECTION && event->connection.action == CONNECTION_EVICTED;
}

int sink_event(struct sink *sink, const struct event *event)
{
	if (sink->type->for_people && is_summed_up(event))
		return 0;
	sink->type->event(sink, event);
	if (sink->options.line_buffered)
		return out_flush(&sink->out);
	return sink->out.error == 0 ? 0 : -1;
}

int sink_close(struct sink *sink)
{
	if (sink->type->finish)
		sink->type->finish(sink);
	int result = out_release(&sink->out);
	free(sink->state);
	sink->state = NULL;
	return result;
}
