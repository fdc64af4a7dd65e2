/* wire_log.c: see wire_log.h. All numbers are little-endian, whatever the machine. */
#include "runner/wire_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { LOG_BYTES = 16 * 1024 * 1024, BLOCK_MAX = WIRE_FRAME_MAX + 512, COMMENT_BYTES = 320 };
enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, STATISTICS = 5, ENHANCED_PACKET = 6 };
enum { BYTE_ORDER_MAGIC = 0x1a2b3c4d, MAJOR_VERSION = 1, LINKTYPE_ETHERNET = 1, NANOSECONDS = 9 };
enum { OPTION_END = 0, OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_RESOLUTION = 9 };
enum { OPTION_RECEIVED = 4, OPTION_DROPPED = 5 };

static void put_u16(struct wire_log *log, uint32_t value)
{
	log->bytes[log->len++] = (uint8_t)value;
	log->bytes[log->len++] = (uint8_t)(value >> 8);
}

static void put_u32(struct wire_log *log, uint32_t value)
{
	put_u16(log, value & 0xffff);
	put_u16(log, value >> 16);
}

/* Padded to 32 bits. */
static void put_bytes(struct wire_log *log, const void *bytes, size_t n)
{
	size_t padded = (n + 3) & ~(size_t)3;
	memcpy(log->bytes + log->len, bytes, n);
	memset(log->bytes + log->len + n, 0, padded - n);
	log->len += padded;
}

static void put_option(struct wire_log *log, uint32_t code, const void *value, size_t n)
{
	put_u16(log, code);
	put_u16(log, (uint32_t)n);
	put_bytes(log, value, n);
}

static void put_count(struct wire_log *log, uint32_t code, uint64_t value)
{
	put_u16(log, code);
	put_u16(log, 8);
	put_u32(log, (uint32_t)value);
	put_u32(log, (uint32_t)(value >> 32));
}

/* Upper half first. */
static void put_time(struct wire_log *log, int64_t ns)
{
	put_u32(log, (uint32_t)((uint64_t)ns >> 32));
	put_u32(log, (uint32_t)ns);
}

/* Returns where the block begins. */
static size_t begin(struct wire_log *log, uint32_t type)
{
	size_t start = log->len;
	put_u32(log, type);
	put_u32(log, 0); /* its length, when it is known */
	return start;
}

/* The length stands at both ends of a block, so that it can be read backwards. */
static void end(struct wire_log *log, size_t start)
{
	uint32_t length = (uint32_t)(log->len - start + 4);
	put_u32(log, length);
	size_t behind = log->len;
	log->len = start + 4;
	put_u32(log, length);
	log->len = behind;
}

static void put_head(struct wire_log *log)
{
	static const uint8_t resolution[] = {NANOSECONDS};
	size_t start = begin(log, SECTION);
	put_u32(log, BYTE_ORDER_MAGIC);
	put_u16(log, MAJOR_VERSION);
	put_u16(log, 0);
	put_u32(log, UINT32_MAX); /* the section's length is not known: all bits are 1 */
	put_u32(log, UINT32_MAX);
	end(log, start);
	for (int side = 0; side < N_SIDES; side++) {
		const char *name = side_name((enum side)side);
		start = begin(log, INTERFACE);
		put_u16(log, LINKTYPE_ETHERNET);
		put_u16(log, 0);
		put_u32(log, 0); /* no limit to the length of frames */
		put_option(log, OPTION_NAME, name, strlen(name));
		put_option(log, OPTION_RESOLUTION, resolution, sizeof resolution);
		put_u32(log, OPTION_END);
		end(log, start);
	}
}

int wire_log_init(struct wire_log *log, int fd)
{
	*log = (struct wire_log){.fd = fd, .bytes = malloc(LOG_BYTES)};
	if (!log->bytes || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return -1;
	put_head(log);
	wire_log_flush(log);
	return 0;
}

/* Moves what waits to the front when the space behind it is short. False: there is no room. */
static bool make_room(struct wire_log *log)
{
	if (log->fd < 0)
		return false;
	if (LOG_BYTES - log->len >= BLOCK_MAX)
		return true;
	if (log->at < LOG_BYTES / 2 && log->at != log->len)
		return false; /* not worth moving so much for so little */
	memmove(log->bytes, log->bytes + log->at, log->len - log->at);
	log->len -= log->at;
	log->at = 0;
	return true;
}

static const char *fate(const struct flight *flight)
{
	if (flight->lost)
		return "dropped";
	if (flight->corrupted)
		return "corrupted";
	return flight->of ? "duplicate" : "arrived";
}

static void comment_on(struct text *t, const struct flight *flight, int64_t sent_ns)
{
	text_add(t, "wire: sent=");
	text_add_seconds(t, sent_ns);
	text_add(t, " fate=");
	text_add(t, fate(flight));
	text_add(t, flight->overtaken ? ",reordered" : "");
	text_add(t, " id=");
	text_add_uint(t, flight->id);
	for (int i = 0; i < WIRE_MAX_BY && flight->by[i]; i++) {
		text_add(t, i ? ", " : " by=");
		text_add(t, flight->by[i]);
	}
}

void wire_log_frame(struct wire_log *log, const struct flight *flight, int64_t sent_ns,
                    int64_t end_ns)
{
	log->n_frames[flight->from]++;
	if (!make_room(log)) {
		log->n_missed[flight->from]++;
		return;
	}
	TEXT(comment, COMMENT_BYTES);
	comment_on(&comment, flight, sent_ns);
	size_t start = begin(log, ENHANCED_PACKET);
	put_u32(log, (uint32_t)flight->from);
	put_time(log, end_ns);
	put_u32(log, flight->len);
	put_u32(log, flight->len);
	put_bytes(log, flight->bytes, flight->len);
	put_option(log, OPTION_COMMENT, comment.bytes, comment.len);
	put_u32(log, OPTION_END);
	end(log, start);
}

void wire_log_statistics(struct wire_log *log, const uint64_t *lost, int64_t now_ns)
{
	for (int side = 0; side < N_SIDES && make_room(log); side++) {
		size_t start = begin(log, STATISTICS);
		put_u32(log, (uint32_t)side);
		put_time(log, now_ns);
		put_count(log, OPTION_RECEIVED, log->n_frames[side] + lost[side]);
		put_count(log, OPTION_DROPPED, log->n_missed[side] + lost[side]);
		put_u32(log, OPTION_END);
		end(log, start);
	}
}

void wire_log_flush(struct wire_log *log)
{
	while (wire_log_waits(log)) {
		ssize_t n = write(log->fd, log->bytes + log->at, log->len - log->at);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0 && errno != EINTR) { /* EPIPE: the tracer has ended */
			(void)close(log->fd);
			log->fd = -1;
		}
		if (n > 0)
			log->at += (size_t)n;
	}
	log->at = log->len = 0;
}

bool wire_log_waits(const struct wire_log *log)
{
	return log->fd >= 0 && log->at < log->len;
}

void wire_log_release(struct wire_log *log)
{
	if (log->fd >= 0)
		(void)close(log->fd); /* a pipe: its reader decides what it got */
	log->fd = -1;
	free(log->bytes);
	log->bytes = NULL;
}
