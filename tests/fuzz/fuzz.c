/* fuzz.c: the claims. They must not know which target makes them. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"

_Noreturn void fuzz_broken(const char *claim, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, claim); /* we abort */
	abort();
}

int fuzz_linktype(unsigned byte)
{
	static const int linktypes[] = {1,   0,   101, 12,  14,  108, 113, 276, 228,
	                                229, 9,   50,  51,  104, 166, 220, 231, 127,
	                                105, 147, 204, 245, 253, 192, 10,  -1,  65535};
	return linktypes[byte % (sizeof linktypes / sizeof linktypes[0])];
}

int fuzz_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	CLAIM(fd >= 0);
	CLAIM(io_write_all(fd, data, size) == 0);
	CLAIM(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

void fuzz_claim_packet(const struct packet *p)
{
	CLAIM(p->n_layers <= PACKET_MAX_LAYERS);
	for (unsigned i = 0; i < p->n_layers; i++) {
		CLAIM(p->layers[i].protocol != NULL);
		CLAIM(p->layers[i].offset <= p->caplen);
		CLAIM(p->layers[i].len <= p->caplen - p->layers[i].offset);
	}
	CLAIM(p->payload_at <= p->caplen);
	CLAIM(p->payload_len <= p->caplen - p->payload_at);
	CLAIM(p->payload_wirelen >= p->payload_len);
	CLAIM(p->payload_wirelen <= p->wirelen - p->payload_at);
	CLAIM((p->status == PACKET_OK) == (p->reason == NULL));
	if (p->kind == KIND_TCP) {
		CLAIM(p->tcp.header_len >= 20 && p->tcp.header_len <= 60);
		CLAIM(p->tcp.options.n_sack <= TCP_MAX_SACK);
		CLAIM(p->tcp.options.n_other <= TCP_MAX_OTHER);
		CLAIM(p->tcp.options.cookie_len <= TCP_MAX_COOKIE);
	}
}

void fuzz_claim_printable(const char *bytes, size_t n, const char *also)
{
	const char *end = bytes + n;
	while (bytes < end) {
		uint32_t code;
		size_t len = utf8_read(bytes, (size_t)(end - bytes), &code);
		CLAIM(len > 0);
		CLAIM(!utf8_is_control(code) || (code < 128 && strchr(also, (int)code)));
		bytes += len;
	}
}

static void claim_part(const struct text *part)
{
	CLAIM(strlen(part->bytes) == part->len);
	fuzz_claim_printable(part->bytes, part->len, "");
}

void fuzz_claim_event(const struct event *event)
{
	static char line[EVENT_LINE_MAX], again[EVENT_LINE_MAX]; /* too large for the stack */
	static struct event back;
	char why[256];
	struct explanation explanation;
	explain_event(&explanation, event);
	claim_part(&explanation.title);
	claim_part(&explanation.what);
	claim_part(&explanation.change);
	claim_part(&explanation.next);
	claim_part(&explanation.rfc);

	struct text first = text_of(line, sizeof line), second = text_of(again, sizeof again);
	event_write(&first, event, explanation.what.bytes);
	CLAIM(!first.cut && first.len > 0 && line[first.len - 1] == '\n');
	fuzz_claim_printable(line, first.len - 1, "");
	CLAIM(event_read(&back, line, first.len - 1, why, sizeof why) == 0);
	event_write(&second, &back, explanation.what.bytes);
	if (first.len != second.len || memcmp(line, again, first.len) != 0)
		(void)fprintf(stderr, "written: %sread back: %s", line, again); /* we abort */
	CLAIM(first.len == second.len && memcmp(line, again, first.len) == 0);
}

static void on_event(struct sink *sink, const struct event *event)
{
	(void)sink;
	fuzz_claim_event(event);
}

const struct sink_type fuzz_sink = {.name = "claims", .help = "", .event = on_event};

void fuzz_open_sink(struct sink *sink, unsigned byte, int fd)
{
	struct err err;
	unsigned n = 0;
	struct sink_options options = {
	        .fd = fd,
	        .width = (int[]){80, 40, 120, 61}[byte >> 5 & 3],
	        .color = byte & 16,
	        .unicode = byte & 32,
	        .explain = !(byte & 128),
	};
	while (sink_types[n])
		n++;
	CLAIM(n > 0);
	CLAIM(sink_open(sink, sink_types[byte % 16 % n], &options, &err) == 0);
}

/* Colours: ESC [ digits and semicolons m. Returns the bytes of one that begins here, or 0. */
static size_t color_at(const char *bytes, const char *end)
{
	const char *at = bytes;
	if (end - at < 3 || at[0] != '\x1b' || at[1] != '[')
		return 0;
	at += 2;
	while (at < end && strchr("0123456789;", *at))
		at++;
	return at < end && *at == 'm' ? (size_t)(at + 1 - bytes) : 0;
}

/* A carriage return ends a line of CSV (RFC 4180) or stands nowhere: it would let a line be written
 * over. */
static void claim_returns(const char *at, const char *end)
{
	for (; (at = memchr(at, '\r', (size_t)(end - at))) != NULL; at++)
		CLAIM(end - at > 1 && at[1] == '\n');
}

static void claim_text(const char *at, const char *end)
{
	claim_returns(at, end);
	while (at < end) {
		const char *escape = memchr(at, '\x1b', (size_t)(end - at));
		const char *stop = escape ? escape : end;
		fuzz_claim_printable(at, (size_t)(stop - at), "\n\r\t");
		at = stop;
		if (at == end)
			break;
		size_t color = color_at(at, end);
		CLAIM(color > 0);
		at += color;
	}
}

void fuzz_claim_output(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	CLAIM(size >= 0);
	if (size > 0) {
		char *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
		CLAIM(bytes != MAP_FAILED);
		claim_text(bytes, bytes + size);
		CLAIM(munmap(bytes, (size_t)size) == 0);
	}
	CLAIM(ftruncate(fd, 0) == 0);
	CLAIM(lseek(fd, 0, SEEK_SET) == 0);
}
