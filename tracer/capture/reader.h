/* reader.h: reads capture files: pcap (each byte order, micro- and nanoseconds, the modified
 * variant of Kuznetzov too) and pcapng (sections of either byte order, any mix of link types, time
 * resolutions and snap lengths), plain or gzip, from a file or a pipe. Our own, since libpcap
 * refuses files of mixed link types. Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */
#ifndef WIRELAB_CAPTURE_READER_H
#define WIRELAB_CAPTURE_READER_H

#include "base/err.h"
#include "capture/meta.h"
#include "capture/record.h"

struct reader;

/* reader_next(): no whole packet yet. Only when a signal without SA_RESTART came, or the
 * descriptor is O_NONBLOCK and empty: poll reader_fd() and call again; nothing is lost. */
enum { READER_AGAIN = 2 };

/* A reader of an open descriptor, which it owns from now on, also on failure. Reads nothing yet, so
 * that a process can drop its privileges first. `name` is for messages. NULL with a message. */
struct reader *reader_open(int fd, const char *name, struct err *err);

/* The next packet. 1, or 0 at the end, or -1: not a capture, damaged or cut off; the message says
 * where and how many frames were read before it; or READER_AGAIN. After 0 or -1, only
 * reader_close(). From a pipe each packet is handed out as soon as its bytes have come. */
int reader_next(struct reader *reader, struct record *record, struct err *err);

/* From now on reader_next() also calls `on_meta` with each block without frames that a copy of the
 * file needs, before the frames that come behind it. Without this such blocks cost nothing. */
typedef void reader_meta_fn(void *arg, const struct meta *meta);
void reader_on_meta(struct reader *reader, reader_meta_fn *on_meta, void *arg);

/* Link type of the first interface, -1 when none has been read. */
int reader_linktype(const struct reader *reader);

/* What the statistics blocks of a pcapng file say so far: frames that there were on its interfaces,
 * and those of them that the capture missed. Zeros where it has none. */
void reader_statistics(const struct reader *reader, uint64_t *received, uint64_t *dropped);

/* The descriptor, to poll for reading. A packet may already be in the buffer: poll only after
 * READER_AGAIN. */
int reader_fd(const struct reader *reader);

/* Bytes of file consumed so far and in all (0: not known), for progress. */
void reader_progress(const struct reader *reader, uint64_t *done, uint64_t *total);

void reader_close(struct reader *reader);

#endif
