/* none.c: the sink that writes nothing: for -w alone, and to measure everything before the sinks.
 */
#include "base/i18n.h"
#include "sink/sinks.h"

static void none_event(struct sink *sink, const struct event *event)
{
	(void)sink; /* nothing is written, that is the point */
	(void)event;
}

const struct sink_type sink_none = {
        .name = "none",
        .help = N_("nothing"),
        .sums_up = true,
        .event = none_event,
};
