/* writer.h: writes capture files. The format comes from the name's suffix: .pcap (one link type,
 * nanoseconds) or .pcapng (any mix of link types, comments). Sources: draft-ietf-opsawg-pcap,
 * draft-ietf-opsawg-pcapng. */
#ifndef WIRELAB_CAPTURE_WRITER_H
#define WIRELAB_CAPTURE_WRITER_H

#include "base/err.h"
#include "capture/meta.h"
#include "capture/record.h"

enum writer_format { WRITER_PCAP, WRITER_PCAPNG };

/* The format that the name asks for (.pcapng or .ntar: pcapng, else pcap). */
enum writer_format writer_format_of(const char *name);

struct writer;

/* A writer to an open descriptor, which it owns from now on, also on failure. Frames are cut to
 * `snaplen` bytes (0: never). NULL with a message. */
struct writer *writer_open(int fd, const char *name, enum writer_format format, uint32_t snaplen,
                           struct err *err);

/* What the file says of itself, in its section's comment (pcapng only). Before the first frame. */
void writer_describe(struct writer *writer, const char *comment);

/* Describes the interface that frames of this link type come from, before the first of them. `name`
 * and `filter` (each may be NULL) are kept by pcapng only. 0, or -1 with a message. */
int writer_interface(struct writer *writer, int linktype, const char *name, const char *filter,
                     struct err *err);

/* Copies a block of the file that is read (pcapng only): sections and interfaces are as there,
 * names and secrets go with the frames. 1; 0: it contradicts itself and is left out; -1 with a
 * message. */
int writer_meta(struct writer *writer, const struct meta *meta, struct err *err);

/* Writes secrets of TLS (lines of a key log) before the frames that need them (pcapng only): who
 * reads the file can decrypt it. Copies of the file are made with them, too. 0, or -1 with a
 * message. */
int writer_secrets(struct writer *writer, const char *lines, size_t n, struct err *err);

/* From now on only the last `size` bytes of frames are kept, in memory, until writer_write_ring()
 * writes them to the file. Before the first frame. 0, or -1 with a message. */
int writer_keep_last(struct writer *writer, size_t size, struct err *err);
int writer_write_ring(struct writer *writer, struct err *err);

/* Bytes of the file at hand so far, and to go on in another file (the descriptor is the writer's
 * from now on), which starts with all that the first one says before its frames. 0, or -1 with a
 * message. */
uint64_t writer_file_bytes(const struct writer *writer);
int writer_next_file(struct writer *writer, int fd, const char *name, struct err *err);

/* Writes one frame; `comment` (may be NULL) is kept by pcapng only, its first 65535 bytes, in front
 * of those that the frame already has in the file it comes from. Times
 * that the format cannot hold (before 1970; in pcap after 2106) become the nearest that it can.
 * 0, or -1 with a message; what was written before stays a valid file of whole frames (a regular
 * file is cut back to its last whole frame). After a failed write each call fails alike; a frame
 * of a second link type in a pcap file is refused alone, and so is one larger than the ring. */
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
