/* schema.h: the form of an event in the stream. One table for each kind of event names every
 * member once: its key, its type, where it stands in struct event and when it is absent. The writer
 * and the reader both follow the table, so what one writes the other understands. */
#ifndef WIRELAB_EVENT_SCHEMA_H
#define WIRELAB_EVENT_SCHEMA_H

#include "event/event.h"

struct member;

/* How values of one type are written and read; see value_number.c, value_text.c and value_tcp.c.
 * `e` is the struct event as bytes; a member stands at e + m->at. */
struct codec {
	/* Appends the JSON value. */
	void (*write)(struct text *t, const struct member *m, const uint8_t *e);
	/* Stores the value; false when it is of another type or out of range. */
	bool (*read)(const struct json_member *value, const struct member *m, uint8_t *e);
	/* Is there anything to write? NULL: always. */
	bool (*has)(const struct member *m, const uint8_t *e);
	/* Stores what absence means, after all other members are read. NULL: zero. */
	void (*absent)(const struct member *m, uint8_t *e);
};

/* When a member is there at all, besides what its codec says. The field that decides is m->if_at.
 */
enum when {
	WHEN_ALWAYS,
	WHEN_SET,   /* the field is not zero */
	WHEN_BITS,  /* it has these bits; reading the member sets them */
	WHEN_EQUAL, /* it has this value; reading the member stores it */
	WHEN_CODEC, /* the codec itself looks at the field */
};

/* The words of an enum in the stream. */
struct words {
	const char *(*name)(unsigned value);
	unsigned n;
};

struct member {
	const char *key;
	const char *lead; /* ,"key": */
	uint8_t lead_len;
	uint8_t when; /* enum when */
	bool brief;   /* event_read_brief() reads it too */
	uint16_t at, size;
	uint16_t if_at, if_size;
	uint32_t if_value;
	uint16_t other_at, other_size; /* a second field, if the type needs one (a count) */
	const struct codec *type;
	const struct words *words;
};

struct schema {
	const struct member *members; /* in the stream's order, behind "event" */
	size_t n;
	bool has_brief; /* else event_read_brief() reads all members */
};

/* Upper bound of schema.n, for the reader's note of what it has seen. */
enum { SCHEMA_MAX_MEMBERS = 128 };

/* The table of one kind. */
const struct schema *event_schema(enum event_kind kind);
extern const struct schema schema_segment, schema_connection; /* in files of their own */

/* The frame's bytes: the last member of every kind, behind "explain". */
extern const struct member member_bytes;

/* Is the member in this event? */
bool member_present(const struct member *m, const uint8_t *e);

/* ---- fields by offset and size; sizes 1, 2, 4 and 8 ---- */
uint64_t field_load(const uint8_t *e, size_t at, size_t size);
int64_t field_load_signed(const uint8_t *e, size_t at, size_t size);
bool field_store(uint8_t *e, size_t at, size_t size, uint64_t value); /* false: too big */
bool field_store_signed(uint8_t *e, size_t at, size_t size, int64_t value);

/* ---- types; the suffix _if: absent when zero, empty or false ---- */
extern const struct codec type_uint, type_uint_if;
extern const struct codec type_int, type_int_known; /* absent when -1 */
extern const struct codec type_boolean, type_boolean_if;
extern const struct codec type_bit;                    /* true: the bits of the condition are set */
extern const struct codec type_uints;                  /* array of numbers; other: their count */
extern const struct codec type_frames;                 /* array of frame numbers, likewise */
extern const struct codec type_time;                   /* ns as "seconds.nanoseconds" */
extern const struct codec type_seconds;                /* ns as a number of seconds */
extern const struct codec type_seconds_known;          /* absent when negative */
extern const struct codec type_duration, type_average; /* with `other`; written, never read */

extern const struct codec type_text, type_text_if;
extern const struct codec type_word;      /* of m->words */
extern const struct codec type_word_true; /* a bool: word 1 when true, else absent */
extern const struct codec type_ipv4, type_ipv6, type_addr;
extern const struct codec type_errno; /* "ECONNREFUSED", or "errno 200"; absent when 0 */
extern const struct codec type_mac;
extern const struct codec type_hex; /* bytes; other: their count */

extern const struct codec type_flags;      /* "0x012" */
extern const struct codec type_flag_names; /* "SYN,ACK"; written, never read */
extern const struct codec type_sacks;      /* array of edges, relative; other: their count */
extern const struct codec type_scale;      /* shift as a factor, -1 unknown, -2 not used */
extern const struct codec type_scale_if;   /* the same, absent for WINDOW_OF_SYN */
extern const struct codec type_labels;     /* tcp.analysis */
extern const struct codec type_diagnoses;  /* array of objects; other: their count */
extern const struct codec type_fields;     /* of a message: array of pairs; other: bytes used */
extern const struct codec type_step;       /* "handshake 2/3" */
extern const struct codec type_before;     /* of a TCB; absent when the segment left it as it was */

extern const struct words words_side, words_phase, words_state, words_capture_action,
        words_program_action, words_call_action, words_kernel_timer, words_kernel_news,
        words_wire_action, words_fate, words_connection_action, words_open, words_close,
        words_packet_kind, words_packet_status, words_output, words_runner, words_guessed,
        words_conn_state, words_diagnosis, words_transport;

/* The value of a segment's "diagnosis"; why[i] (may be NULL) is the sentence of the i-th. */
void diagnoses_write(struct text *t, const struct segment *segment,
                     const char *const why[DIAGNOSES_MAX]);

/* The value that has this name, or -1. */
int words_find(const struct words *words, const char *name);

/* ---- how a table's rows are made ---- */
#define FIELD_AT(field)   (uint16_t) offsetof(struct event, field)
#define FIELD_SIZE(field) (uint16_t)sizeof(((const struct event *)0)->field)

#define MEMBER(name, codec, field)                                                                 \
	.key = (name), .lead = ",\"" name "\":", .lead_len = sizeof ",\"" name "\":" - 1,          \
	.type = &type_##codec, .at = FIELD_AT(field), .size = FIELD_SIZE(field)
#define CONDITION(kind, field, value)                                                              \
	.when = (kind), .if_at = FIELD_AT(field), .if_size = FIELD_SIZE(field), .if_value = (value)
#define IF_SET(field)          CONDITION(WHEN_SET, field, 0)
#define IF_BITS(field, bits)   CONDITION(WHEN_BITS, field, bits)
#define IF_EQUAL(field, value) CONDITION(WHEN_EQUAL, field, value)
/* NOLINTNEXTLINE(bugprone-macro-parentheses): part of an initializer, not an expression */
#define WORDS(name)  .words = &words_##name
#define BRIEF        .brief = true
#define OTHER(field) .other_at = FIELD_AT(field), .other_size = FIELD_SIZE(field)

#define MEMBERS_HEAD                                                                               \
	{MEMBER("number", uint, number), BRIEF},                                                   \
	{                                                                                          \
		MEMBER("time", time, time_ns), BRIEF                                               \
	}
#define MEMBERS_FRAME_NUMBER                                                                       \
	{                                                                                          \
		MEMBER("frame", uint_if, frame), BRIEF                                             \
	}
#define MEMBERS_FRAGMENTS                                                                          \
	{MEMBER("fragments", frames, fragment_frames), OTHER(n_fragment_frames)},                  \
	{                                                                                          \
		MEMBER("fragments.count", uint_if, n_fragments)                                    \
	}
#define MEMBERS_PASSAGE                                                                            \
	{MEMBER("wire.id", uint_if, passage.id), BRIEF},                                           \
	        {MEMBER("sent", time, passage.sent_ns), IF_SET(passage.id)},                       \
	        {MEMBER("arrived", time, passage.arrived_ns), IF_SET(passage.arrived_ns)},         \
	        {MEMBER("fate", word, passage.fate), WORDS(fate), IF_SET(passage.id)},             \
	        {MEMBER("reordered", boolean_if, passage.reordered)},                              \
	{                                                                                          \
		MEMBER("by", text_if, passage.by)                                                  \
	}
#define MEMBERS_FRAME_SIZE                                                                         \
	{MEMBER("frame.len", uint, wirelen), IF_SET(frame)},                                       \
	        {MEMBER("frame.cap_len", uint, caplen), IF_SET(frame)},                            \
	{                                                                                          \
		MEMBER("frame.linktype", int, linktype), IF_SET(frame)                             \
	}

#define SCHEMA_OF(table)                                                                           \
	{                                                                                          \
		.members = (table), .n = sizeof(table) / sizeof(table)[0]                          \
	}

#endif
