/* notation.h: events in the short words that tcpdump made familiar, for every sink that prints
 * lines. Words of the stream, never translated; bytes from outside are made safe. */
#ifndef WIRELAB_SINK_NOTATION_H
#define WIRELAB_SINK_NOTATION_H

#include "explain/explain.h"

enum { NOTATION_TITLE = 512 };

/* "S.", "P.", "none": tcpdump's letters. */
void notation_flags(struct text *t, unsigned flags);

/* "mss 1460,sackOK,TS,ws 7"; timestamps only in a SYN, where they are agreed on. Adds nothing when
 * there is nothing to say. */
void notation_options(struct text *t, const struct segment *segment);

/* "duplicate_ack,zero_window"; nothing without labels. */
void notation_labels(struct text *t, const struct analysis *analysis);

/* "rto(2),window_full": the diagnoses, with their count where one matters. */
void notation_diagnoses(struct text *t, const struct segment *segment);

/* "SIGTERM", "signal 40". */
void notation_signal(struct text *t, int32_t signal);

/* "write(fd 3, 14 bytes)", and for one that has returned " = 14 after 23 us". */
void notation_call(struct text *t, const struct event *event);

/* The same of one that has returned, where its beginning stands above: "write(fd 3) = 14 after 23
 * us". */
void notation_return(struct text *t, const struct event *event);

/* "ESTABLISHED, cwnd 10, rtt 40 ms": the state of a socket as its kernel has it, what it lost, and
 * the other state if that differs. */
void notation_kernel(struct text *t, const struct kernel_event *kernel);

/* Its protocol where the state stands in other rows: "http", "ws". */
void notation_protocol(struct text *t, const struct message *message);

/* "GET / HTTP/1.1  (78 bytes, frame 4)": a message in one line. */
void notation_message(struct text *t, const struct message *message);

/* One line for any event but a segment, without time and newline. */
void notation_event(struct text *t, const struct event *event);

/* The same of a datagram or a whole ICMP message whose hosts stand above the lanes: "UDP 39487 >
 * 8080 len 19". */
void notation_arrow(struct text *t, const struct event *event);

/* What one end sent: "client 13 bytes in 5 segments, …". */
void notation_direction(struct text *t, const struct connection *connection, enum side side);

/* "#6 ACK: 13 bytes arrived": the title with the frame's number, by which sentences name frames. */
void notation_title(struct text *t, const struct event *event, const struct explanation *e);

#endif
