/* filter_parts.h: what the files of the filter share. */
#ifndef WIRELAB_TUI_FILTER_PARTS_H
#define WIRELAB_TUI_FILTER_PARTS_H

#include "filter.h"

/* ---- filter_names.c: names ---- */

/* Finds what a name of n bytes stands for: sets subject, bits and members. A short form for a whole
 * comparison ("udp") also sets op and value; op is OP_PRESENT otherwise. False: no such name. */
bool filter_find_name(struct filter_test *test, const char *name, size_t n);

/* ", did you mean tcp.len?": the nearest names, or nothing. */
void filter_add_near(struct text *t, const char *name, size_t n);

/* ---- filter_fields.c: fields of messages ---- */

/* True if a name of n bytes is one that a message may have; sets subject and field. */
bool filter_find_field(struct filter_test *test, const char *name, size_t n);

/* The answer of a test with such a subject. */
bool filter_test_field(const struct filter_test *test, const struct event *event);

/* ---- filter_read.c and filter_value.c: values ---- */

/* Reads a value in every way that it can be read. False: too long. */
bool filter_read_value(struct filter_value *value, const char *text, size_t n, bool quoted);

/* Is it this word, whatever the case of its letters? */
bool filter_value_is(const struct filter_value *value, const char *word);

/* Can this member be compared so? If not, t gets a sentence that says why. */
bool filter_fits(const struct member *member, enum filter_op op, const struct filter_value *value,
                 struct text *t);

/* Compares; the member is in the event. */
bool filter_compare(const struct member *member, const uint8_t *e, enum filter_op op,
                    const struct filter_value *value);

/* The answer of an operator, from the sign of "left minus right". */
bool filter_answer(enum filter_op op, int sign);

/* Compares a text by == != or contains, without regard to case. */
bool filter_compare_text(const char *text, size_t n, enum filter_op op,
                         const struct filter_value *value);

/* How many single changes make one word of the other. */
unsigned filter_distance(const char *a, size_t n_a, const char *b, size_t n_b);

#endif
