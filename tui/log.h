/* log.h: everything that has happened, append-only. A record of fixed size for each event stays in
 * memory; its line lies in an unlinked temporary file and is read back only for what is shown.
 * Knows no screen and no clock. */
#ifndef WIRELAB_TUI_LOG_H
#define WIRELAB_TUI_LOG_H

#include <sys/types.h>

#include "base/err.h"
#include "event/event.h"

#define NO_RECORD UINT32_MAX /* no such record: the log never grows that long */
#define NO_STREAM UINT32_MAX

enum record_bit {
	RECORD_HAS_SIDE = 1 << 0,     /* `side` means something */
	RECORD_GUESSED = 1 << 1,      /* who is the client is a guess */
	RECORD_SACK = 1 << 2,         /* it reports blocks by SACK */
	RECORD_SWAPPED = 1 << 3,      /* client and server are not as its line has them */
	RECORD_CLIENT_CALLS = 1 << 4, /* the client's program was in a call just before */
	RECORD_SERVER_CALLS = 1 << 5,
};

/* One event, as much of it as lists, graphs and state panes need. Records are numbered from 0 in
 * the order of the stream. */
struct record {
	int64_t time_ns;
	uint64_t line_at;  /* where its line begins in the spool */
	uint32_t line_len; /* without newline */
	uint32_t frame;    /* number in the capture, 0: none */
	uint32_t stream;   /* NO_STREAM: belongs to no connection */
	uint32_t seq, ack; /* relative */
	uint32_t len;      /* payload bytes */
	uint32_t window;   /* scaled */
	uint32_t analysis; /* enum analysis_flag */
	uint16_t flags;    /* enum tcp_flag */
	uint8_t kind;      /* enum event_kind */
	uint8_t side;      /* enum side: sender or host */
	uint8_t bits;      /* enum record_bit */
	uint8_t action;    /* capture, connection, program: the event's action */
	uint8_t phase;     /* enum phase */
	uint8_t before[N_SIDES], after[N_SIDES]; /* enum tcp_state */
};

_Static_assert(sizeof(struct record) <= 64, "a million segments must stay small");

enum { LOG_BLOCK = 1 << 14, LOG_WAITING = 1 << 16 };

struct log {
	struct record **blocks; /* of LOG_BLOCK records each: records never move */
	uint32_t n_blocks, room_blocks;
	uint32_t n;
	int fd;           /* the spool, -1: not open */
	uint64_t written; /* bytes in the file */
	size_t n_waiting; /* bytes behind them, in waiting[] */
	char waiting[LOG_WAITING];
};

/* Makes the unlinked spool file in $TMPDIR (or /tmp). 0, or -1 with a message. */
int log_init(struct log *log, struct err *err);
void log_release(struct log *log);

/* Appends an event and its line (without newline). 0, or -1 with a message: no memory, or the disk
 * is full. */
int log_append(struct log *log, const struct event *event, const char *line, size_t n,
               struct err *err);

/* Says who sent what the last record is about, where its event alone does not tell. */
void log_set_side(struct log *log, enum side side);

/* Which programs were in a call just before the last record: enum record_bit. */
void log_set_calls(struct log *log, unsigned bits);

/* The last record was made from an event whose roles had been exchanged before. */
void log_mark_swapped(struct log *log);

/* Exchanges client and server of record i: here, and in what log_event() gives. */
void log_swap_roles(struct log *log, uint32_t i);

/* Record i; i < log->n. Stays where it is until log_release(). */
const struct record *log_record(const struct log *log, uint32_t i);

/* The line of record i into line[size], terminated. Its length, or -1: could not be read (errno).
 */
ssize_t log_line(const struct log *log, uint32_t i, char *line, size_t size);

/* The whole event of record i, from its line. 0, or -1; *event is then valid and empty. */
int log_event(const struct log *log, uint32_t i, struct event *event);

/* Was it on the wire: a segment, a datagram or another frame? */
static inline bool record_is_on_wire(const struct record *record)
{
	return record->kind == EVENT_SEGMENT || record->kind == EVENT_DATAGRAM ||
	       record->kind == EVENT_FRAME;
}

/* Bytes of memory that the log holds. */
size_t log_resident(const struct log *log);

/* The record made from an event (line_at and line_len 0), for tests and filters. */
struct record record_of(const struct event *event);

#endif
