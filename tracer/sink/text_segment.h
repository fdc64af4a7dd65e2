/* text_segment.h: what the text output says of a segment, behind its time. */
#ifndef WIRELAB_SINK_TEXT_SEGMENT_H
#define WIRELAB_SINK_TEXT_SEGMENT_H

#include "event/event.h"
#include "sink/items.h"

/* "127.0.0.1:40000 > 127.0.0.1:8080 [S] seq 0 win 64240 …  client SYN-SENT, server SYN-RCVD" */
void text_segment(struct items *items, const struct event *event);

#endif
