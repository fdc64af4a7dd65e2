/* writer.h: writes capture files. The format comes from the name's suffix: .pcap (one link type,
 * nanoseconds) or .pcapng (any mix of link types, comments). Sources: draft-ietf-opsawg-pcap,
 * draft-ietf-opsawg-pcapng. */
#ifndef WIRELAB_CAPTURE_WRITER_H
#define WIRELAB_CAPTURE_WRITER_H

#include "base/err.h"
#include "capture/record.h"

enum writer_format { WRITER_PCAP, WRITER_PCAPNG };

/* The format that the name asks for (.pcapng or .ntar: pcapng, else pcap). */
enum writer_format writer_format_of(const char *name);

struct writer;

/* A writer to an open descriptor, which it owns from now on, also on failure. Frames are cut to
 * `snaplen` bytes (0: never). NULL with a message. */
struct writer *writer_open(int fd, const char *name, enum writer_format format, uint32_t snaplen,
                           struct err *err);

/* Writes one frame; `comment` (may be NULL) is kept by pcapng only, its first 65535 bytes. Times
 * that the format cannot hold (before 1970; in pcap after 2106) become the nearest that it can.
 * 0, or -1 with a message; what was written before stays a valid file of whole frames (a regular
 * file is cut back to its last whole frame). After a failed write each call fails alike; a frame
 * of a second link type in a pcap file is refused alone. */
int writer_record(struct writer *writer, const struct record *record, const char *comment,
                  struct err *err);

/* Brings everything written so far to the file. 0, or -1 with a message. */
int writer_flush(struct writer *writer, struct err *err);

/* Frames in the file, or waiting in the buffer as long as nothing failed. */
uint64_t writer_count(const struct writer *writer);

/* Errno of the write that failed, 0: none. EPIPE: the reader of a pipe has gone, no fault. */
int writer_error(const struct writer *writer);

/* Flushes and closes; a file without frames gets its headers. 0, or -1 with a message. */
int writer_close(struct writer *writer, struct err *err);

#endif
