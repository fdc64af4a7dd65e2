/* der.h: a checked reader of DER (X.690): one element after the other, definite lengths only. */
#ifndef WIRELAB_STREAM_DER_H
#define WIRELAB_STREAM_DER_H

#include "base/cursor.h"
#include "base/text.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTF8 = 0x0C,
	DER_PRINTABLE = 0x13,
	DER_TELETEX = 0x14,
	DER_IA5 = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_BMP = 0x1E,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* Takes the next element. False: there is none, or its length lies. */
bool der_take(struct cursor *c, uint8_t *tag, struct cursor *value);

/* The same if it has that tag; else nothing is taken. */
bool der_expect(struct cursor *c, uint8_t tag, struct cursor *value);

/* Appends an object identifier, "2.5.4.3". */
void der_add_oid(struct text *t, struct cursor value);

/* Is it that object identifier, in the bytes of DER? */
bool der_is(struct cursor value, const char *bytes, size_t n);

/* Appends a string of one of the types above as UTF-8. */
void der_add_string(struct text *t, uint8_t tag, struct cursor value);

/* A UTCTime or GeneralizedTime in seconds since the epoch. False: it is none. */
bool der_time(uint8_t tag, struct cursor value, int64_t *seconds);

#endif
