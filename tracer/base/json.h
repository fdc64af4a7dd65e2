/* json.h: one flat JSON object a line, the form of the event stream. The writer appends to a
 * text; the reader is for hostile input: bounded, without allocation, linear. */
#ifndef WIRELAB_BASE_JSON_H
#define WIRELAB_BASE_JSON_H

#include "base/text.h"

/* ---- writing: json_open, members in order, json_close (which adds the newline) ---- */
void json_open(struct text *t);
void json_close(struct text *t);
void json_key(struct text *t, const char *key); /* ,"key": ; then append any JSON value */
void json_string(struct text *t, const char *key, const char *value);
void json_bytes(struct text *t, const char *key, const char *value, size_t n);
void json_uint(struct text *t, const char *key, uint64_t value);
void json_int(struct text *t, const char *key, int64_t value);
void json_bool(struct text *t, const char *key, bool value);
void json_seconds(struct text *t, const char *key, int64_t ns); /* a number with 9 decimals */

/* A JSON string value, quoted. What must not reach a terminal (see utf8_is_control()), quotes and
 * backslashes are escaped; each byte that is not UTF-8 becomes \ufffd. */
void json_quote(struct text *t, const char *bytes, size_t n);

/* ---- reading ---- */
enum json_type {
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
	JSON_ARRAY,
	JSON_OBJECT
};

/* One member: spans point into the line and are raw (strings still escaped, without quotes;
 * arrays and objects whole, with their brackets). */
struct json_member {
	const char *key;
	size_t key_len;
	enum json_type type;
	const char *value;
	size_t value_len;
};

struct json_reader {
	const char *at, *end;
	char close; /* what ends it: '}' or ']' */
	bool first;
	bool failed; /* the line is not one well-formed object (or array) */
};

/* Starts on one line, without its newline. Well-formed: RFC 8259, UTF-8 included. */
struct json_reader json_read(const char *line, size_t n);

/* The next member. True, or false at the end and on malformed input (then failed is set). Arrays
 * and objects inside are skipped as a whole, at most 8 deep. Keys are not checked for repetition.
 * Linear: each byte is looked at once. */
bool json_next(struct json_reader *r, struct json_member *m);

/* The elements of an array member, in turn by json_next(); their key is empty. A reader of anything
 * else has failed from the start. */
struct json_reader json_read_array(const struct json_member *m);

/* True if the member's key is `key` (compared as written, escapes are not resolved). */
bool json_is(const struct json_member *m, const char *key);

/* Values; false when the member is of another type or out of range. */
bool json_get_uint(const struct json_member *m, uint64_t *value);
bool json_get_int(const struct json_member *m, int64_t *value);
bool json_get_bool(const struct json_member *m, bool *value);
/* Unescapes into out (always terminated; what does not fit is cut, never inside a character). A
 * \u0000 and half a surrogate pair become U+FFFD. The number of bytes, or -1: not a string. */
long json_get_string(const struct json_member *m, char *out, size_t size);
/* "1700000000.000000001" as a string or a number, to nanoseconds. */
bool json_get_seconds(const struct json_member *m, int64_t *ns);

#endif
