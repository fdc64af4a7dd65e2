/* writer.h: writes capture files. The format comes from the name's suffix: .pcap (one link type,
 * nanoseconds) or .pcapng (any mix of link types, comments). */
#ifndef WIRELAB_CAPTURE_WRITER_H
#define WIRELAB_CAPTURE_WRITER_H

#include "base/err.h"
#include "capture/record.h"

enum writer_format { WRITER_PCAP, WRITER_PCAPNG };

/* The format that the name asks for (.pcapng or .ntar: pcapng, else pcap). */
enum writer_format writer_format_of(const char *name);

struct writer;

/* A writer to an open descriptor, which it owns from now on, also on failure. NULL with a
 * message. */
struct writer *writer_open(int fd, const char *name, enum writer_format format, uint32_t snaplen,
                           struct err *err);

/* Writes one frame; `comment` (may be NULL) is kept by pcapng only. 0, or -1 with a message; what
 * was written before stays a valid file. */
int writer_record(struct writer *writer, const struct record *record, const char *comment,
                  struct err *err);

/* Brings everything written so far to the file. 0, or -1 with a message. */
int writer_flush(struct writer *writer, struct err *err);

/* Flushes and closes. 0, or -1 with a message. */
int writer_close(struct writer *writer, struct err *err);

#endif
