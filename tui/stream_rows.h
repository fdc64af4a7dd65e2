/* stream_rows.h: how bytes that a program received are set in rows: as text, or as hexadecimal
 * numbers. Pure. */
#ifndef WIRELAB_TUI_STREAM_ROWS_H
#define WIRELAB_TUI_STREAM_ROWS_H

#include "assembly.h"
#include "event/event.h"

enum { STREAM_HEX_WIDE = 16, STREAM_HEX_NARROW = 8 };

enum stream_row_kind {
	ROW_TEXT,
	ROW_HEX,
	ROW_ABSENT, /* received, but the stream of events does not carry it */
	ROW_UNSEEN, /* received, but not captured */
};

/* One row of a chunk: bytes [begin, begin + n) of what is carried of it. */
struct stream_row {
	uint16_t begin, n;
	uint8_t kind; /* enum stream_row_kind */
};

enum { STREAM_ROWS_MAX = EVENT_BYTES_MAX + 2 };

/* What is known of a chunk's bytes. */
struct chunk_bytes {
	uint32_t n;      /* carried by the stream of events */
	uint32_t absent; /* of the chunk, behind them */
	bool is_unseen;  /* none of it was captured: `absent` bytes */
	uint8_t bytes[EVENT_BYTES_MAX];
};

/* Reads the chunk's bytes from the event of its segment. */
void chunk_read(struct chunk_bytes *bytes, const struct chunk *chunk, const struct event *event);

/* Sets the chunk in rows of at most so many columns (at least 8); the number of rows, at least 1.
 */
unsigned stream_rows(struct stream_row rows[STREAM_ROWS_MAX], const struct chunk_bytes *bytes,
                     bool hex, int columns);

/* Bytes in a row of hexadecimal numbers on so many columns. */
unsigned stream_hex_bytes(int columns);

/* "47 45 54 …  GET": n <= wide bytes. */
void stream_add_hex(struct text *t, const uint8_t *bytes, unsigned n, unsigned wide);

#endif
