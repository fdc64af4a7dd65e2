/* save_capture.h: capture files made from the bytes that events carry. Apart from save.h, because a
 * record of a capture file and a record of the log are not the same. */
#ifndef WIRELAB_TUI_SAVE_CAPTURE_H
#define WIRELAB_TUI_SAVE_CAPTURE_H

#include "base/err.h"
#include "event/event.h"

struct writer;

/* A capture file on `fd`, which it owns from now on, also on failure; the name's suffix says the
 * format. NULL with a message. */
struct writer *save_capture_open(int fd, const char *name, struct err *err);

/* Writes the event's frame, as many bytes of it as there are. 0, or -1 with a message. */
int save_capture_add(struct writer *writer, const struct event *event, const char *comment,
                     struct err *err);

/* 0, or -1 with a message; frees it. */
int save_capture_close(struct writer *writer, struct err *err);

#endif
