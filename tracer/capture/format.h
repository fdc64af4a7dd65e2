/* format.h: what the two file formats share behind reader.h: the reader itself, the limits, and
 * the sentences about damage. Private to reader*.c. */
#ifndef WIRELAB_CAPTURE_FORMAT_H
#define WIRELAB_CAPTURE_FORMAT_H

#include "capture/input.h"
#include "capture/order.h"
#include "capture/reader.h"

/* A file in pcap format: one file header for all records. */
struct pcap_file {
	enum order order;
	size_t header_len; /* of each record: 16, in Kuznetzov's variant 24 */
	int64_t unit_ns;   /* of the fraction of a second: 1000 or 1 */
	uint16_t minor;    /* version 2.minor */
	int linktype;
	uint32_t max_caplen;
};

struct interface; /* of a pcapng section */

/* A file in pcapng format: the section that is being read. */
struct pcapng_file {
	enum order order;
	struct interface *interfaces; /* owned, grown on demand */
	uint32_t n_interfaces, interfaces_size;
};

/* Reads the next packet of its format, as reader_next() does. */
typedef int reader_next_fn(struct reader *reader, struct record *record, struct err *err);

struct reader {
	struct input input;
	char *name;            /* owned */
	reader_next_fn *next;  /* of the format; at first the function that finds it out */
	int linktype;          /* of the first interface, -1: none yet */
	uint64_t n_frames;     /* records handed out */
	uint64_t total;        /* bytes of the file, 0: not known */
	struct pcap_file pcap; /* of these two, the one that belongs to the format */
	struct pcapng_file pcapng;
	reader_meta_fn *on_meta; /* NULL: blocks without frames are not wanted */
	void *meta_arg;
};

/* The largest frame that can be true for this link type: 262144 bytes, as in libpcap
 * (MAXIMUM_SNAPLEN) and Wireshark; 16 MiB for USB, D-Bus and such, which are not packets. */
uint32_t reader_max_caplen(int linktype);

/* The first bytes of a file: 1 when they are this format's and reader->next is set, 0 when they
 * are not, else as reader_next(). Needs 4 bytes fetched. */
int reader_pcap_start(struct reader *reader, struct err *err);
int reader_pcapng_start(struct reader *reader, struct err *err);
void reader_pcapng_release(struct reader *reader);

/* A time of a pcapng file in ns: ticks of the interface's resolution (a byte of if_tsresol) since
 * its offset. What is out of range becomes the end of the range. */
int64_t pcapng_time_ns(uint8_t resolution, int64_t offset_s, uint64_t ticks);

/* Fetches n bytes: 1, 0 at the end between two records, READER_AGAIN, or -1 with a message. */
int reader_want(struct reader *reader, size_t n, struct err *err);

/* Returns -1 with the message that the file is damaged here, how, and how many frames were read. */
int reader_damaged(const struct reader *reader, struct err *err, const char *how, ...)
        __attribute__((format(printf, 3, 4)));

#endif
