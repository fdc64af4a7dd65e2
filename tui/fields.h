/* fields.h: a frame taken apart: each header, each field of it, each option, the payload, with what
 * its value is, what it means and which bits of the frame hold it. Made from the protocols' own
 * tables; pure, knows no screen. */
#ifndef WIRELAB_TUI_FIELDS_H
#define WIRELAB_TUI_FIELDS_H

#include "base/text.h"
#include "decode/protocol.h"

/* The five layers of the textbooks. The TCP/IP model has four: it counts the last two as one, the
 * link layer, and calls the network layer the internet layer. */
enum level {
	LEVEL_APPLICATION,
	LEVEL_TRANSPORT,
	LEVEL_NETWORK,
	LEVEL_LINK,
	LEVEL_PHYSICAL, /* never seen in a capture: there it is bits on a cable */
	N_LEVELS
};

/* Marked English: "Application", "Network" in the model of five, "Internet" in that of four, and
 * what a unit of it is called, "segment". */
const char *level_name5(enum level level);
const char *level_name4(enum level level);
const char *level_unit(enum level level);

/* Where a protocol stands. */
enum level level_of(const struct protocol *protocol);

enum part_kind {
	PART_LAYER,   /* a whole header */
	PART_FIELD,   /* of the header before it */
	PART_OPTION,  /* of TCP or IPv4 */
	PART_DETAIL,  /* a field of the option before it */
	PART_PAYLOAD, /* what the innermost header carries */
	PART_PADDING, /* bytes behind the payload: fill up a short Ethernet frame */
};

enum { PART_VALUE_MAX = 80, FIELDS_MAX = 320 };

struct part {
	enum part_kind kind;
	enum level level;
	const struct protocol *protocol; /* NULL for payload and padding */
	const struct field *field;       /* the protocol's own row, or NULL */
	const char *name;                /* Wireshark's name, "" when there is none */
	const char *label;               /* marked English */
	const char *help;                /* marked English, never NULL */
	uint32_t bit_at;                 /* from the frame's first bit */
	uint32_t bit_len;                /* as far as captured */
	bool cut;                        /* not all of it was captured */
	char value[PART_VALUE_MAX];      /* safe for a terminal */
};

struct fields {
	struct part parts[FIELDS_MAX];
	unsigned n;
	bool more; /* there was no room for all: hostile stacks of headers and options only */
};

/* Takes the decoded frame apart, outermost first: each header is followed by its fields. */
void fields_of(struct fields *fields, const struct packet *packet);

/* The innermost part that holds this byte of the frame (of parts that share it, the first one), or
 * fields->n. */
unsigned fields_at_byte(const struct fields *fields, uint32_t byte);

/* The layer to which part i belongs: its index. */
unsigned fields_layer(const struct fields *fields, unsigned i);

/* How deep a part stands: 0 a layer, 1 a field, 2 inside an option. */
unsigned part_depth(const struct part *part);

/* First byte and number of bytes that hold at least a bit of the part. */
uint32_t part_byte_at(const struct part *part);
uint32_t part_byte_len(const struct part *part);

/* ---- for fields_options.c ---- */

/* Adds a part without value; NULL when there is no room. */
struct part *fields_add(struct fields *fields, enum part_kind kind, const struct protocol *protocol,
                        uint32_t byte_at, uint32_t byte_len);

/* Writes the value of a field whose header starts at byte `at`; what the capture does not have is
 * said to be missing. */
void fields_value(struct part *part, const struct packet *packet, const struct field *field,
                  uint32_t at, uint32_t end);

/* Adds the options between two bytes of the frame, one by one. `end` is where they end by the
 * header, `have` as far as captured. */
void fields_add_options(struct fields *fields, const struct packet *packet,
                        const struct protocol *protocol, uint32_t at, uint32_t have, uint32_t end);

#endif
