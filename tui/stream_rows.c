/* stream_rows.c: see stream_rows.h. */
#include "stream_rows.h"

#include <string.h>

#include "base/utf8.h"
#include "decode/packet.h"
#include "sink/columns.h"

/* ---- the bytes ---- */

void chunk_read(struct chunk_bytes *bytes, const struct chunk *chunk, const struct event *event)
{
	struct packet packet;
	*bytes = (struct chunk_bytes){.absent = chunk->len,
	                              .is_unseen = chunk->kind == CHUNK_UNSEEN};
	if (bytes->is_unseen || event->kind != EVENT_SEGMENT || event->n_bytes == 0)
		return;
	packet_decode(&packet, event->linktype, event->bytes, event->n_bytes, event->wirelen);
	if (packet.kind != KIND_TCP || packet.payload_len <= chunk->skip)
		return; /* a datagram put together from fragments is in none of its frames */
	uint32_t n = packet.payload_len - chunk->skip;
	bytes->n = n < chunk->len ? n : chunk->len;
	bytes->absent = chunk->len - bytes->n;
	memcpy(bytes->bytes, packet.data + packet.payload_at + chunk->skip, bytes->n);
}

/* ---- text ---- */

/* Bytes of the next character, and its columns once it is made safe. */
static size_t next_character(const uint8_t *bytes, size_t n, size_t *columns)
{
	TEXT(safe, 32);
	char character[4] = {0};
	uint32_t code;
	memcpy(character, bytes, n < 4 ? n : 4);
	size_t used = utf8_read(character, n < 4 ? n : 4, &code);
	used += used == 0; /* a broken byte */
	text_add_safe(&safe, character, used);
	*columns = columns_of(safe.bytes, safe.len);
	return used;
}

/* A row of text ends behind a newline, or where there is no room. */
static size_t text_row(const uint8_t *bytes, size_t n, size_t columns)
{
	size_t at = 0, used = 0;
	while (at < n) {
		size_t width;
		size_t size = next_character(bytes + at, n - at, &width);
		if (used + width > columns && at > 0)
			break;
		used += width;
		at += size;
		if (bytes[at - 1] == '\n')
			break;
	}
	return at;
}

/* ---- rows ---- */

unsigned stream_hex_bytes(int columns)
{
	enum { HEX_COLUMNS = 4 * STREAM_HEX_WIDE + 2 };
	return columns >= HEX_COLUMNS ? STREAM_HEX_WIDE : STREAM_HEX_NARROW;
}

unsigned stream_rows(struct stream_row rows[STREAM_ROWS_MAX], const struct chunk_bytes *bytes,
                     bool hex, int columns)
{
	unsigned n_rows = 0;
	uint32_t at = 0;
	size_t width = columns < 8 ? 8 : (size_t)columns;
	while (at < bytes->n) {
		size_t n = bytes->n - at, most = stream_hex_bytes(columns);
		if (hex)
			n = n < most ? n : most;
		else
			n = text_row(bytes->bytes + at, n, width);
		rows[n_rows++] = (struct stream_row){
		        .begin = (uint16_t)at, .n = (uint16_t)n, .kind = hex ? ROW_HEX : ROW_TEXT};
		at += (uint32_t)n;
	}
	if (bytes->absent > 0 || n_rows == 0)
		rows[n_rows++] = (struct stream_row){
		        .begin = (uint16_t)at, .kind = bytes->is_unseen ? ROW_UNSEEN : ROW_ABSENT};
	return n_rows;
}

void stream_add_hex(struct text *t, const uint8_t *bytes, unsigned n, unsigned wide)
{
	for (unsigned i = 0; i < wide; i++) {
		if (i < n)
			text_add_hex(t, bytes[i], 2);
		else
			text_add(t, "  ");
		text_add_char(t, ' ');
	}
	text_add_char(t, ' ');
	for (unsigned i = 0; i < n; i++)
		text_add_char(t, bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.');
}
