/* filter_value.c: members of events compared with what a person wrote. How, is decided by the
 * member's type in the tables of the stream: one row of `classes` for each. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "filter_parts.h"

/* ---- comparing ---- */

bool filter_answer(enum filter_op op, int sign)
{
	switch (op) {
	case OP_PRESENT:
		return true;
	case OP_EQUAL:
	case OP_CONTAINS:
		return sign == 0;
	case OP_UNEQUAL:
		return sign != 0;
	case OP_LESS:
		return sign < 0;
	case OP_LESS_EQUAL:
		return sign <= 0;
	case OP_GREATER:
		return sign > 0;
	case OP_GREATER_EQUAL:
		return sign >= 0;
	}
	return false;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static bool contains(const char *text, size_t n, const char *word, size_t word_len)
{
	for (size_t i = 0; i + word_len <= n; i++)
		if (strncasecmp(text + i, word, word_len) == 0)
			return true;
	return false;
}

bool filter_compare_text(const char *text, size_t n, enum filter_op op,
                         const struct filter_value *v)
{
	if (op == OP_CONTAINS)
		return contains(text, n, v->text, v->n);
	return filter_answer(op, n == v->n && strncasecmp(text, v->text, n) == 0 ? 0 : 1);
}

/* How members of one type are compared. */
struct value_class {
	const struct codec *type;
	bool (*compare)(const struct member *m, const uint8_t *e, enum filter_op op,
	                const struct filter_value *v);
	/* Is this comparison one that makes sense? Else a sentence into t. */
	bool (*fits)(const struct member *m, enum filter_op op, const struct filter_value *v,
	             struct text *t);
};

static bool refuse(struct text *t, const char *sentence)
{
	text_clear(t);
	text_add(t, sentence);
	return false;
}

static bool is_order(enum filter_op op)
{
	return op == OP_LESS || op == OP_LESS_EQUAL || op == OP_GREATER || op == OP_GREATER_EQUAL;
}

/* ---- numbers ---- */

static bool fits_number(const struct member *m, enum filter_op op, const struct filter_value *v,
                        struct text *t)
{
	(void)m;
	if (op == OP_CONTAINS)
		return refuse(t, _("it is one number: use == instead of contains"));
	return v->is_number || refuse(t, _("it is a number: compare it with one"));
}

/* Numbers beyond INT64_MAX, which nothing counts up to, are taken for it. */
static int64_t load_unsigned(const uint8_t *e, size_t at, size_t size)
{
	uint64_t value = field_load(e, at, size);
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static bool compare_unsigned(const struct member *m, const uint8_t *e, enum filter_op op,
                             const struct filter_value *v)
{
	int64_t value = load_unsigned(e, m->at, m->size);
	if (op == OP_PRESENT)
		return true;
	return filter_answer(op, compare_numbers(value, v->number));
}

static bool compare_signed(const struct member *m, const uint8_t *e, enum filter_op op,
                           const struct filter_value *v)
{
	int64_t value = field_load_signed(e, m->at, m->size);
	return filter_answer(op, compare_numbers(value, v->number));
}

static bool compare_bool(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	int64_t value = m->type == &type_bit || field_load(e, m->at, m->size) != 0;
	if (op == OP_PRESENT)
		return value;
	return filter_answer(op, compare_numbers(value, v->number));
}

/* The window's factor, 2^shift; below 0 as in the stream. */
static bool compare_scale(const struct member *m, const uint8_t *e, enum filter_op op,
                          const struct filter_value *v)
{
	enum { MAX_SHIFT = 14 };
	int64_t shift = field_load_signed(e, m->at, m->size);
	if (shift > MAX_SHIFT)
		shift = MAX_SHIFT;
	return filter_answer(op,
	                     compare_numbers(shift < 0 ? shift : INT64_C(1) << shift, v->number));
}

/* A variable of a TCB before the segment, which need not have been known. */
static bool compare_before(const struct member *m, const uint8_t *e, enum filter_op op,
                           const struct filter_value *v)
{
	bool known = (field_load(e, m->if_at, m->if_size) & m->if_value) != 0;
	return known && compare_unsigned(m, e, op, v);
}

/* ---- times ---- */

static bool fits_time(const struct member *m, enum filter_op op, const struct filter_value *v,
                      struct text *t)
{
	(void)m;
	if (op == OP_CONTAINS)
		return refuse(t, _("it is a time: use < or > instead of contains"));
	return v->is_time || refuse(t, _("it is a time: write seconds, or 200ms, 17us"));
}

static bool compare_time(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	uint64_t ns = field_load(e, m->at, m->size);
	if (m->type == &type_duration)
		ns = field_load(e, m->other_at, m->other_size) - ns;
	int64_t value = (int64_t)ns;
	uint64_t n = m->type == &type_average ? field_load(e, m->other_at, m->other_size) : 1;
	if (n > 1)
		value /= (int64_t)(n > INT64_MAX ? INT64_MAX : n);
	return filter_answer(op, compare_numbers(value, v->ns));
}

/* ---- texts and words ---- */

static bool fits_text(const struct member *m, enum filter_op op, const struct filter_value *v,
                      struct text *t)
{
	(void)m;
	(void)v;
	return !is_order(op) || refuse(t, _("it is a text: use ==, != or contains"));
}

static bool compare_text(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	const char *text = (const char *)e + m->at;
	return filter_compare_text(text, strnlen(text, m->size), op, v);
}

static bool fits_word(const struct member *m, enum filter_op op, const struct filter_value *v,
                      struct text *t)
{
	if (!fits_text(m, op, v, t))
		return false;
	if (op == OP_PRESENT || op == OP_CONTAINS)
		return true;
	for (unsigned i = 0; i < m->words->n; i++)
		if (filter_value_is(v, m->words->name(i)))
			return true;
	text_clear(t);
	text_add(t, _("it is one of"));
	for (unsigned i = 0; i < m->words->n; i++) {
		text_add(t, i > 0 ? ", " : " ");
		text_add(t, m->words->name(i));
	}
	return false;
}

static bool compare_word(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	uint64_t value = field_load(e, m->at, m->size);
	if (value >= m->words->n)
		return false;
	const char *name = m->words->name((unsigned)value);
	return filter_compare_text(name, strlen(name), op, v);
}

/* Small texts that the stream puts together: "SYN,ACK", "handshake 2/3". */
static bool compare_written(const struct member *m, const uint8_t *e, enum filter_op op,
                            const struct filter_value *v)
{
	TEXT(t, 2048);
	m->type->write(&t, m, e);
	bool quoted = t.len >= 2 && t.bytes[0] == '"';
	return filter_compare_text(t.bytes + quoted, t.len - 2 * (size_t)quoted, op, v);
}

/* ---- addresses and bytes ---- */

static bool fits_addr(const struct member *m, enum filter_op op, const struct filter_value *v,
                      struct text *t)
{
	(void)m;
	if (op != OP_PRESENT && op != OP_EQUAL && op != OP_UNEQUAL)
		return refuse(t, _("it is an address: use == or !=, also with 10.0.0.0/8"));
	return op == OP_PRESENT || v->is_addr ||
	       refuse(t, _("it is an address: write 10.0.0.1, 10.0.0.0/8 or ::1"));
}

static bool same_prefix(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;
	if (memcmp(a, b, bytes) != 0)
		return false;
	return rest == 0 || (a[bytes] ^ b[bytes]) >> (8 - rest) == 0;
}

static bool compare_addr(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	struct addr addr;
	memcpy(&addr, e + m->at, sizeof addr);
	bool same = addr.version == v->addr.version &&
	            same_prefix(addr.bytes, v->addr.bytes, v->prefix);
	return filter_answer(op, same ? 0 : 1);
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c);
	return at ? (int)(at - digits) : -1;
}

/* "47 45 54", "474554", "47:45:54" as bytes; how many, or -1: not that. */
static int read_hex(const struct filter_value *v, uint8_t out[FILTER_TEXT_MAX])
{
	int n = 0;
	for (size_t i = 0; i < v->n; i += 2) {
		if (i > 0 && (v->text[i] == ':' || v->text[i] == ' '))
			i++;
		int high = hex_digit(v->text[i]), low = high < 0 ? -1 : hex_digit(v->text[i + 1]);
		if (low < 0)
			return -1;
		out[n++] = (uint8_t)(high << 4 | low);
	}
	return n;
}

/* Bytes as hexadecimal digits or, in quotes, as the characters themselves. */
static bool compare_bytes(const struct member *m, const uint8_t *e, enum filter_op op,
                          const struct filter_value *v)
{
	uint8_t wanted[FILTER_TEXT_MAX];
	uint64_t count = m->other_size ? field_load(e, m->other_at, m->other_size) : m->size;
	size_t have = count < m->size ? (size_t)count : m->size;
	int n = v->quoted ? -1 : read_hex(v, wanted);
	if (n < 0) {
		n = (int)v->n;
		memcpy(wanted, v->text, v->n);
	}
	if (op == OP_CONTAINS)
		return memmem(e + m->at, have, wanted, (size_t)n) != NULL;
	bool same = have == (size_t)n && memcmp(e + m->at, wanted, have) == 0;
	return filter_answer(op, same ? 0 : 1);
}

/* ---- lists ---- */

static bool fits_labels(const struct member *m, enum filter_op op, const struct filter_value *v,
                        struct text *t)
{
	if (!fits_text(m, op, v, t) || op == OP_PRESENT)
		return op == OP_PRESENT;
	const char *nearest = NULL;
	unsigned best = UINT32_MAX;
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++) {
		const char *name = analysis_name((enum analysis_index)i);
		unsigned distance = filter_distance(name, strlen(name), v->text, v->n);
		if (contains(name, strlen(name), v->text, v->n))
			distance = 0;
		if (distance < best) {
			best = distance;
			nearest = name;
		}
	}
	if (best == 0)
		return true;
	text_clear(t);
	text_addf(t, _("no such label; nearest: %s"), nearest);
	return false;
}

/* "contains" looks for a label that has the word in it, == for the label. */
static bool compare_labels(const struct member *m, const uint8_t *e, enum filter_op op,
                           const struct filter_value *v)
{
	uint64_t labels = field_load(e, m->at, m->size);
	enum filter_op each = op == OP_UNEQUAL ? OP_EQUAL : op;
	bool any = false;
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS && !any; i++) {
		const char *name = analysis_name((enum analysis_index)i);
		any = (labels >> i & 1) && filter_compare_text(name, strlen(name), each, v);
	}
	return op == OP_PRESENT ? labels != 0 : any != (op == OP_UNEQUAL);
}

static bool fits_numbers(const struct member *m, enum filter_op op, const struct filter_value *v,
                         struct text *t)
{
	(void)m;
	return op == OP_PRESENT || v->is_number || refuse(t, _("it is a list of numbers"));
}

/* Element i of a list; edges of SACK blocks are made relative, as the stream does. */
static int64_t load_element(const struct member *m, const uint8_t *e, size_t i, size_t size)
{
	uint64_t value = field_load(e, m->at + i * size, size);
	if (m->type != &type_sacks)
		return value > INT64_MAX ? INT64_MAX : (int64_t)value;
	uint64_t raw = field_load(e, FIELD_AT(segment.ack_raw), FIELD_SIZE(segment.ack_raw));
	uint64_t relative = field_load(e, FIELD_AT(segment.ack), FIELD_SIZE(segment.ack));
	return (uint32_t)(value - (raw - relative));
}

static bool compare_list(const struct member *m, const uint8_t *e, enum filter_op op,
                         const struct filter_value *v)
{
	size_t size = m->type == &type_sacks ? 4 : m->type == &type_frames ? 8 : 1;
	uint64_t n = field_load(e, m->other_at, m->other_size);
	enum filter_op each = op == OP_UNEQUAL ? OP_EQUAL : op;
	bool any = false;
	for (size_t i = 0; i < n && i < m->size / size && !any; i++)
		any = filter_answer(each, compare_numbers(load_element(m, e, i, size), v->number));
	return op == OP_PRESENT ? n > 0 : any != (op == OP_UNEQUAL);
}

/* ---- the table ---- */

static const struct value_class classes[] = {
        {&type_uint, compare_unsigned, fits_number},
        {&type_uint_if, compare_unsigned, fits_number},
        {&type_int, compare_signed, fits_number},
        {&type_int_known, compare_signed, fits_number},
        {&type_boolean, compare_bool, fits_number},
        {&type_boolean_if, compare_bool, fits_number},
        {&type_bit, compare_bool, fits_number},
        {&type_flags, compare_unsigned, fits_number},
        {&type_scale, compare_scale, fits_number},
        {&type_before, compare_before, fits_number},
        {&type_time, compare_time, fits_time},
        {&type_seconds, compare_time, fits_time},
        {&type_seconds_known, compare_time, fits_time},
        {&type_duration, compare_time, fits_time},
        {&type_average, compare_time, fits_time},
        {&type_text, compare_text, fits_text},
        {&type_text_if, compare_text, fits_text},
        {&type_word, compare_word, fits_word},
        {&type_word_true, compare_word, fits_word},
        {&type_ipv4, compare_addr, fits_addr},
        {&type_ipv6, compare_addr, fits_addr},
        {&type_addr, compare_addr, fits_addr},
        {&type_mac, compare_bytes, fits_text},
        {&type_hex, compare_bytes, fits_text},
        {&type_labels, compare_labels, fits_labels},
        {&type_uints, compare_list, fits_numbers},
        {&type_frames, compare_list, fits_numbers},
        {&type_sacks, compare_list, fits_numbers},
};

/* Types without a row are compared as they are written. */
static const struct value_class written = {NULL, compare_written, fits_text};

static const struct value_class *class_of(const struct member *m)
{
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (classes[i].type == m->type)
			return &classes[i];
	return &written;
}

bool filter_fits(const struct member *m, enum filter_op op, const struct filter_value *v,
                 struct text *t)
{
	return op == OP_PRESENT || class_of(m)->fits(m, op, v, t);
}

bool filter_compare(const struct member *m, const uint8_t *e, enum filter_op op,
                    const struct filter_value *v)
{
	return class_of(m)->compare(m, e, op, v);
}
