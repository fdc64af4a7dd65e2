/* session.h: the ways to feed the pipeline: a live capture (with the runner's event lines), a file
 * of frames, and one of events. Here are the clock and the signals; nothing inside the pipeline
 * knows them. */
#ifndef WIRELAB_TRACER_SESSION_H
#define WIRELAB_TRACER_SESSION_H

#include "capture/reader.h"
#include "options.h"
#include "pipeline.h"
#include "source.h"

/* Blocks SIGINT, SIGTERM and SIGUSR1 and gives a descriptor that becomes readable when one comes;
 * ignores SIGPIPE. -1 with a message. */
int session_signals(struct err *err);

enum session_signal { SIGNAL_NONE, SIGNAL_STOP, SIGNAL_TELL /* SIGUSR1 */ };

/* Takes the next signal that has come. */
enum session_signal session_signal(int signal_fd);

/* Traces until a signal, the end of the interface or the count. 0, or -1 with a message: the
 * capture broke (what was captured has been shown). */
int session_live(struct pipeline *p, struct source *source, const struct options *o, int signal_fd,
                 struct err *err);

/* The same for a file. A signal ends it between two frames. */
int session_file(struct pipeline *p, struct reader *reader, const struct options *o, int signal_fd,
                 struct err *err);

/* The same for saved events, one a line; `name` is for messages. Takes the descriptor. */
int session_events(struct pipeline *p, int fd, const char *name, int signal_fd, struct err *err);

/* Wall-clock time, ns since the epoch. */
int64_t session_now(void);

#endif
