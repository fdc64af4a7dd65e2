/* seeds.c: turns captures into first inputs for the fuzz targets:
 *
 *   seeds FOLDER CAPTURE...
 *
 * Each frame becomes an input of its own, each capture a conversation (play.h) and a file. Inputs
 * too large to be changed well are left out. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "capture/reader.h"
#include "decode/packet.h"
#include "play.h"

enum { MOST_FRAMES = 40, MOST_RECORDS = 8, MOST_FRAME = 400, MOST_FILE = 64 * 1024 };
enum { MOST_SAID = 16 * 1024 };

struct seeds {
	const char *folder;
	unsigned n; /* of the capture, for the names */
	uint8_t conversation[MOST_FRAMES * (PLAY_SIZE + MOST_FRAME) + 2];
	size_t len;
	uint8_t records[1 + MOST_RECORDS * (16 + 255)]; /* for the writer */
	size_t records_len;
	uint8_t said[MOST_SAID]; /* for the streams */
	size_t said_len;
	uint8_t file[MOST_FILE + 1];
};

_Noreturn static void fail(const char *what)
{
	perror(what);
	exit(2);
}

/* As fuzz_linktype() counts them. */
static int linktype_code(int linktype)
{
	static const int linktypes[] = {1, 0, 101, 12, 14, 108, 113, 276, 228, 229, 9, 50, 51};
	for (size_t i = 0; i < sizeof linktypes / sizeof linktypes[0]; i++)
		if (linktypes[i] == linktype)
			return (int)i;
	return -1;
}

static void save(const struct seeds *seeds, const char *target, unsigned part, const void *bytes,
                 size_t n)
{
	char path[512];
	(void)snprintf(path, sizeof path, "%s/%s", seeds->folder, target); /* short names */
	(void)mkdir(path, 0777); /* mostly there already; open() says what is wrong */
	(void)snprintf(path, sizeof path, "%s/%s/seed-%u-%u", seeds->folder, target, seeds->n,
	               part);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0 || io_write_all(fd, bytes, n) < 0 || close(fd) < 0)
		fail(path);
}

/* A record as fuzz_writer.c reads it. */
static void take_record(struct seeds *seeds, const struct record *record, int code)
{
	uint8_t *at = seeds->records + seeds->records_len;
	uint8_t n = (uint8_t)(record->caplen < 255 ? record->caplen : 255);
	memset(at, 0, 16);
	for (unsigned i = 0; i < 8; i++)
		at[i] = (uint8_t)((uint64_t)record->time_ns << 2 >> (56 - 8 * i));
	at[8] = (uint8_t)(code * 2);
	at[9] = n;
	memcpy(at + 16, record->data, n);
	seeds->records_len += 16 + (size_t)n;
}

static void take_frame(struct seeds *seeds, const struct record *record, unsigned i)
{
	uint8_t frame[2 + MOST_FRAME];
	uint32_t n = record->caplen < MOST_FRAME ? record->caplen : MOST_FRAME;
	int code = linktype_code(record->linktype);
	if (code < 0 || n == 0)
		return;
	uint8_t head[PLAY_SIZE] = {PLAY_RAW << 4,         (uint8_t)n, (uint8_t)(n >> 8),
	                           (uint8_t)code,         0,          0,
	                           (uint8_t)(10 + i % 9), 0};
	memcpy(seeds->conversation + seeds->len, head, PLAY_SIZE);
	memcpy(seeds->conversation + seeds->len + PLAY_SIZE, record->data, n);
	seeds->len += PLAY_SIZE + n;
	frame[0] = (uint8_t)code;
	frame[1] = record->wirelen > n ? 138 : 0;
	memcpy(frame + 2, record->data, n);
	if (i < MOST_RECORDS)
		take_record(seeds, record, code);
	if (i % 4 == 0) {
		save(seeds, "decode", i, frame, n + 2);
		save(seeds, "filter", i, frame, n + 2);
	}
}

/* Its payload in steps of fuzz_stream.c; the server is who has the lower port. */
static void take_payload(struct seeds *seeds, const struct record *record)
{
	enum { SAY = 0x00, DATAGRAM = 0xd0, MOST = 255 };
	struct packet packet;
	packet_decode(&packet, record->linktype, record->data, record->caplen, record->wirelen);
	bool udp = packet.kind == KIND_UDP;
	if (packet.kind != KIND_TCP && !udp)
		return;
	uint8_t side = udp ? packet.udp.src_port < packet.udp.dst_port
	                   : packet.tcp.src_port < packet.tcp.dst_port;
	for (uint32_t at = 0; at < packet.payload_len; at += MOST) {
		uint32_t left = packet.payload_len - at, n = left < MOST ? left : MOST;
		if (seeds->said_len + 2 + n > MOST_SAID)
			return;
		uint8_t *step = seeds->said + seeds->said_len;
		step[0] = (uint8_t)((udp ? DATAGRAM : SAY) | side);
		step[1] = (uint8_t)n;
		memcpy(step + 2, packet.data + packet.payload_at + at, n);
		seeds->said_len += 2 + n;
	}
}

static void take_frames(struct seeds *seeds, int fd, const char *name)
{
	struct err err;
	struct record record;
	struct reader *reader = reader_open(fd, name, &err);
	if (!reader)
		fail(name);
	seeds->conversation[0] = (uint8_t)(seeds->n * 37);
	seeds->conversation[1] = 7 | (seeds->n % 4 ? 0 : 16);
	seeds->len = 2;
	seeds->records[0] = (uint8_t)seeds->n;
	seeds->records_len = 1;
	seeds->said[0] = (uint8_t)seeds->n;
	seeds->said[1] = 0;
	seeds->said_len = 2;
	for (unsigned i = 0; i < MOST_FRAMES && reader_next(reader, &record, &err) == 1; i++) {
		take_frame(seeds, &record, i);
		take_payload(seeds, &record);
	}
	if (seeds->said_len > 2)
		save(seeds, "stream", 0, seeds->said, seeds->said_len);
	if (seeds->len > 2)
		save(seeds, "flow", 0, seeds->conversation, seeds->len);
	if (seeds->records_len > 1)
		save(seeds, "writer", 0, seeds->records, seeds->records_len);
	reader_close(reader);
}

static void take_capture(struct seeds *seeds, const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(name);
	ssize_t n = io_read_full(fd, seeds->file + 1, MOST_FILE);
	if (n < 0 || lseek(fd, 0, SEEK_SET) < 0)
		fail(name);
	seeds->file[0] = (uint8_t)seeds->n;
	if (n < MOST_FILE)
		save(seeds, "reader", 0, seeds->file, (size_t)n + 1);
	else
		save(seeds, "reader", 0, seeds->file, 4096); /* its beginning */
	if (n < MOST_FILE / 4)
		save(seeds, "copy", 0, seeds->file, (size_t)n + 1);
	take_frames(seeds, fd, name);
}

/* Handshake, data both ways, a loss with duplicate ACKs and SACK, a zero window, the close: in
 * play.h's bytes, since no capture has steps that can be changed. */
static void take_story(struct seeds *seeds, unsigned wrap)
{
	uint8_t story[][PLAY_SIZE] = {
	        {0, 0x02, 0, 0, 0, 0x20, 10, 0}, /* SYN */
	        {8, 0x12, 0, 0, 0, 0x20, 10, 0}, /* SYN,ACK */
	        {0, 0x10, 0, 0, 0, 0x90, 10, 0},
	        {0, 0x18, 0, 0, 4, 0x90, 12, 0},   /* request */
	        {8, 0x10, 0, 0, 8, 0x90, 12, 0},   /* answer, of which … */
	        {8, 0x10, 1, 0, 0x28, 0x90, 9, 0}, /* … one segment is lost */
	        {0, 0x10, 0, 0xfe, 0x80, 0xa0, 9, 0},
	        {8, 0x10, 0, 0, 8, 0x90, 9, 0},
	        {0, 0x10, 0, 0xfd, 0x80, 0xb0, 9, 0},
	        {0, 0x10, 0, 0xfd, 0x80, 0xb0, 9, 0},
	        {0, 0x10, 0, 0xfd, 0x80, 0xb0, 9, 0},
	        {8, 0x10, 0xfd, 0, 0x28, 0x90, 9, 0}, /* sent again */
	        {8, 0x10, 0xfd, 0, 0x28, 0x90, 18, 0},
	        {0, 0x10, 0, 0, 0, 0xc0, 9, 0},
	        {0, 0x10, 0, 0, 0, 0x91, 9, 0},     /* zero window */
	        {8, 0x10, 0xff, 0, 1, 0x90, 18, 0}, /* a probe */
	        {0, 0x10, 0, 0, 0, 0x90, 9, 0},
	        {8, 0x10, 0, 0, 6, 0x90, 9, 3},  /* in fragments */
	        {8, 0x11, 0, 0, 0, 0x90, 10, 0}, /* FIN */
	        {0, 0x11, 0, 0, 0, 0x90, 10, 0},
	        {8, 0x10, 0, 0, 0, 0x90, 10, 0},
	        {0, 0x04, 0, 0, 0, 0x90, 10, 0},
	        {0, 0x02, 100, 0, 0x10, 0x20, 10, 0}, /* the ports again */
	};
	uint8_t seed[2 + sizeof story] = {(uint8_t)(wrap * 29),
	                                  (uint8_t)(wrap % 8 | (wrap % 4 ? 0 : 16))};
	for (size_t i = 0; i < sizeof story / sizeof story[0]; i++)
		story[i][0] |= (uint8_t)(wrap << 4);
	memcpy(seed + 2, story, sizeof story);
	save(seeds, "flow", wrap, seed, sizeof seed);
}

int main(int argc, char **argv)
{
	static struct seeds seeds; /* large */
	if (argc < 2) {
		(void)fputs("usage: seeds FOLDER CAPTURE...\n", stderr); /* nowhere else to tell */
		return 2;
	}
	seeds.folder = argv[1];
	for (unsigned wrap = 0; wrap < PLAY_RAW; wrap++)
		take_story(&seeds, wrap);
	for (int i = 2; i < argc; i++) {
		seeds.n = (unsigned)i;
		take_capture(&seeds, argv[i]);
	}
	return 0;
}
