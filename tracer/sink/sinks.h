/* sinks.h: the sinks, one line for each; sink.c puts them into its table. */
#ifndef WIRELAB_SINK_SINKS_H
#define WIRELAB_SINK_SINKS_H

#include "sink/sink.h"

extern const struct sink_type sink_text;    /* text.c */
extern const struct sink_type sink_ladder;  /* ladder.c */
extern const struct sink_type sink_json;    /* json.c */
extern const struct sink_type sink_svg;     /* svg.c */
extern const struct sink_type sink_mermaid; /* mermaid.c */
extern const struct sink_type sink_csv;     /* csv.c */
extern const struct sink_type sink_stats;   /* stats.c */
extern const struct sink_type sink_none;    /* none.c */

#endif
