/* dns.h: the messages of DNS (RFC 1035 section 4), written and read by hand: what the servers of
 * labs 21 and 22 share. Knows bytes only: no sockets, and no zones. */
#ifndef LABS_LIB_DNS_H
#define LABS_LIB_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DNS_HEADER = 12,     /* bytes before the first question */
	DNS_NAME = 255,      /* the longest name, as on the wire */
	DNS_TEXT = 1024,     /* and as text, each byte of it written as \123 */
	DNS_UDP = 512,       /* the longest datagram, unless EDNS says more */
	DNS_UDP_EDNS = 1232, /* what we say: fits into a packet everywhere */
	DNS_MESSAGE = 65535, /* the longest message over TCP */
	DNS_SPOTS = 64       /* labels that a later name may point to */
};

/* Bits of the header's second word (RFC 1035 section 4.1.1). */
enum dns_flag {
	DNS_QR = 0x8000, /* an answer */
	DNS_OPCODE = 0x7800,
	DNS_AA = 0x0400, /* from a server that has the zone itself */
	DNS_TC = 0x0200, /* cut: ask again over TCP */
	DNS_RD = 0x0100, /* "ask others for me" */
	DNS_RA = 0x0080, /* "I do" */
	DNS_RCODE = 0x000f
};

enum dns_rcode { DNS_OK, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP, DNS_REFUSED };
enum { DNS_BADVERS = 16 }; /* its upper bits are in the OPT record */

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_OPT = 41,
	DNS_IXFR = 251,
	DNS_AXFR = 252,
	DNS_ANY = 255
};
enum { DNS_IN = 1 };

/* The sections in their order, and the place of their count in the header. */
enum dns_section { DNS_QUESTIONS, DNS_ANSWERS, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SECTIONS };

/* A name as on the wire, without pointers: each label behind its length, and the root's 0. */
struct dns_name {
	uint8_t len; /* 1: the root */
	uint8_t bytes[DNS_NAME];
};

/* ---- names ---- */

/* "www.example.com", with or without the dot at the end. 0, or -1: a label has none or more than
 * 63 bytes, or all is too long. */
int dns_name_of(struct dns_name *name, const char *text);

/* The other way, without the dot at the end; the root is ".". What is no letter, digit, - or _ is
 * written as \. or \123 (RFC 1035 section 5.1). Returns text, of DNS_TEXT bytes. */
char *dns_name_text(const struct dns_name *name, char *text);

/* Names are compared without regard to the case of ASCII letters (RFC 4343). */
bool dns_name_is(const struct dns_name *a, const struct dns_name *b);

/* Is it the zone's own name, or below? */
bool dns_name_within(const struct dns_name *name, const struct dns_name *zone);

/* "AAAA", or "TYPE65" for one that is not known here (RFC 3597). Returns text. */
enum { DNS_TYPE_TEXT = 12 };
char *dns_type_text(uint16_t type, char *text);

/* ---- reading: after the first byte that is missing, everything is 0 and `bad` stays ---- */

struct dns_reader {
	const uint8_t *bytes; /* the message, borrowed */
	size_t len, at;
	bool bad;
};

struct dns_header {
	uint16_t id, flags;
	uint16_t counts[DNS_SECTIONS];
};

struct dns_question {
	struct dns_name name;
	uint16_t type, class;
};

struct dns_record {
	struct dns_name name;
	uint16_t type, class;
	uint32_t ttl;
	size_t data; /* where its data are in the message: a name there may point elsewhere */
	uint16_t data_len;
};

uint8_t dns_read_8(struct dns_reader *r);
uint16_t dns_read_16(struct dns_reader *r);
uint32_t dns_read_32(struct dns_reader *r);

/* Reads a name with its pointers (RFC 1035 section 4.1.4); one that does not point back, and so
 * could lead in a circle, is bad. */
void dns_read_name(struct dns_reader *r, struct dns_name *name);

struct dns_header dns_read_header(struct dns_reader *r);
void dns_read_question(struct dns_reader *r, struct dns_question *question);

/* Reads a record and passes over its data. */
void dns_read_record(struct dns_reader *r, struct dns_record *record);

/* A reader of this record's data, which ends with them. */
struct dns_reader dns_data(const struct dns_reader *r, const struct dns_record *record);

/* ---- writing: what does not fit is left out whole, and `full` stays ---- */

struct dns_writer {
	uint8_t *bytes; /* at least DNS_HEADER of them */
	size_t size, len;
	bool full;
	uint16_t spots[DNS_SPOTS]; /* where labels begin that a pointer can be to */
	int n_spots;
};

/* Begins a message with a header whose counts are 0. */
void dns_begin(struct dns_writer *w, uint16_t id, uint16_t flags);

void dns_write_16(struct dns_writer *w, uint16_t value);
void dns_write_32(struct dns_writer *w, uint32_t value);
void dns_write_bytes(struct dns_writer *w, const void *bytes, size_t n);

/* Writes a name; what of its end is in the message already becomes a pointer. */
void dns_write_name(struct dns_writer *w, const struct dns_name *name);

void dns_write_question(struct dns_writer *w, const struct dns_question *question);

/* Writes a record of another message, with that ttl; names in the data of the types of RFC 1035 are
 * written anew. False: it did not fit, or is broken. */
bool dns_copy_record(struct dns_writer *w, const struct dns_reader *from,
                     const struct dns_record *record, uint32_t ttl, enum dns_section section);

/* A record's data stand between these two. begin() tells where, for end(), which also counts the
 * record. False: it did not fit and is not there. */
size_t dns_begin_record(struct dns_writer *w, const struct dns_name *name, uint16_t type,
                        uint16_t class, uint32_t ttl);
bool dns_end_record(struct dns_writer *w, size_t begin, enum dns_section section);

/* Sets bits of the flags in the header. */
void dns_add_flags(struct dns_writer *w, uint16_t flags);

#endif
