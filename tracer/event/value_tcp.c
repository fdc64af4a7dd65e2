/* value_tcp.c: members that only TCP has: flags, window scale, labels, steps, and a variable of
 * the transmission control block as it was before the segment. */
#include "event/schema.h"

#include <string.h>

/* ---- "0x012": the twelve bits behind the header length (RFC 9293 section 3.1) ---- */
enum { FLAG_BITS = 0xFFF };

static void write_flags(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add(t, "\"0x");
	text_add_hex(t, field_load(e, m->at, m->size) & FLAG_BITS, 3);
	text_add_char(t, '"');
}

static bool read_flags(const struct json_member *value, const struct member *m, uint8_t *e)
{
	uint64_t flags = 0;
	if (value->type != JSON_STRING || value->value_len != 5 ||
	    memcmp(value->value, "0x", 2) != 0)
		return false;
	for (const char *at = value->value + 2; at < value->value + 5; at++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, *at, sizeof digits - 1);
		if (!digit)
			return false;
		flags = flags << 4 | (uint64_t)(digit - digits);
	}
	return field_store(e, m->at, m->size, flags);
}

const struct codec type_flags = {write_flags, read_flags, NULL, NULL};

static void write_flag_names(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_char(t, '"');
	text_add_flags(t, (unsigned)field_load(e, m->at, m->size));
	text_add_char(t, '"');
}

static bool read_flag_names(const struct json_member *value, const struct member *m, uint8_t *e)
{
	(void)m; /* they repeat tcp.flags */
	(void)e;
	return value->type == JSON_STRING;
}

const struct codec type_flag_names = {write_flag_names, read_flag_names, NULL, NULL};

/* ---- edges of SACK blocks: numbers of the other end's stream, relative as tcp.ack is ---- */
enum { EDGE = sizeof(uint32_t) };

/* What is taken from a raw number of the other end to make it relative. The stream has tcp.ack and
 * tcp.ack_raw before the edges. */
static uint32_t zero_of_ack(const uint8_t *e)
{
	uint64_t raw = field_load(e, FIELD_AT(segment.ack_raw), FIELD_SIZE(segment.ack_raw));
	uint64_t relative = field_load(e, FIELD_AT(segment.ack), FIELD_SIZE(segment.ack));
	return (uint32_t)(raw - relative);
}

static void write_sacks(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t n = field_load(e, m->other_at, m->other_size);
	text_add_char(t, '[');
	for (size_t i = 0; i < n && i < m->size / EDGE; i++) {
		if (i > 0)
			text_add_char(t, ',');
		text_add_uint(t, (uint32_t)field_load(e, m->at + i * EDGE, EDGE) - zero_of_ack(e));
	}
	text_add_char(t, ']');
}

static bool read_sacks(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct json_reader r = json_read_array(value);
	struct json_member edge;
	size_t n = 0;
	while (json_next(&r, &edge)) {
		uint64_t number;
		if (n == m->size / EDGE || !json_get_uint(&edge, &number) || number > UINT32_MAX)
			return false;
		uint32_t raw = (uint32_t)number + zero_of_ack(e);
		(void)field_store(e, m->at + n * EDGE, EDGE, raw); /* fits */
		n++;
	}
	return !r.failed && field_store(e, m->other_at, m->other_size, n);
}

const struct codec type_sacks = {write_sacks, read_sacks, NULL, NULL};

/* ---- the window's factor: 2^shift, shift at most 14 (RFC 7323 section 2.3) ---- */
enum { MAX_SHIFT = 14, SCALE_UNKNOWN = -1, SCALE_NOT_USED = -2 };

static void write_scale(struct text *t, const struct member *m, const uint8_t *e)
{
	int64_t shift = field_load_signed(e, m->at, m->size);
	if (shift > MAX_SHIFT)
		shift = MAX_SHIFT;
	text_add_int(t, shift < 0 ? shift : INT64_C(1) << shift);
}

static bool read_scale(const struct json_member *value, const struct member *m, uint8_t *e)
{
	int64_t factor;
	if (!json_get_int(value, &factor))
		return false;
	if (factor == SCALE_UNKNOWN || factor == SCALE_NOT_USED)
		return field_store_signed(e, m->at, m->size, factor);
	for (int64_t shift = 0; shift <= MAX_SHIFT; shift++)
		if (factor == INT64_C(1) << shift)
			return field_store_signed(e, m->at, m->size, shift);
	return false;
}

static void scale_unknown(const struct member *m, uint8_t *e)
{
	(void)field_store_signed(e, m->at, m->size, SCALE_UNKNOWN); /* fits every size */
}

const struct codec type_scale = {write_scale, read_scale, NULL, scale_unknown};

/* The same, absent for the window of a SYN, which is never scaled. */
static bool is_scalable(const struct member *m, const uint8_t *e)
{
	return field_load_signed(e, m->at, m->size) != WINDOW_OF_SYN;
}

static void scale_of_syn(const struct member *m, uint8_t *e)
{
	(void)field_store_signed(e, m->at, m->size, WINDOW_OF_SYN); /* fits every size */
}

const struct codec type_scale_if = {write_scale, read_scale, is_scalable, scale_of_syn};

/* ---- labels: an array of names, in alphabetical order as the enum is ---- */
static void write_labels(struct text *t, const struct member *m, const uint8_t *e)
{
	uint32_t flags = (uint32_t)field_load(e, m->at, m->size);
	const char *separator = "\"";
	text_add_char(t, '[');
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS && flags >> i != 0; i++) {
		if (!(flags >> i & 1))
			continue;
		text_add(t, separator);
		text_add(t, analysis_name((enum analysis_index)i));
		text_add_char(t, '"');
		separator = ",\"";
	}
	text_add_char(t, ']');
}

/* The bit of one label; 0 for one that this version does not know. */
static uint32_t label_bit(const struct json_member *label)
{
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++) {
		const char *name = analysis_name((enum analysis_index)i);
		if (label->value_len == strlen(name) &&
		    memcmp(label->value, name, label->value_len) == 0)
			return UINT32_C(1) << i;
	}
	return 0;
}

static bool read_labels(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct json_reader r = json_read_array(value);
	struct json_member label;
	uint32_t flags = 0;
	while (json_next(&r, &label)) {
		if (label.type != JSON_STRING)
			return false;
		flags |= label_bit(&label);
	}
	return !r.failed && field_store(e, m->at, m->size, flags);
}

const struct codec type_labels = {write_labels, read_labels, NULL, NULL};

/* ---- "handshake 2/3", "teardown 1": the phase, which has a member of its own, and the step ----
 */
static bool has_step(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->at, m->size) != 0;
}

static void write_step(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t total = field_load(e, m->other_at, m->other_size);
	unsigned phase =
	        (unsigned)field_load(e, FIELD_AT(segment.phase), FIELD_SIZE(segment.phase));
	text_add_char(t, '"');
	text_add(t, phase_name((enum phase)phase));
	text_add_char(t, ' ');
	text_add_uint(t, field_load(e, m->at, m->size));
	if (total > 0) {
		text_add_char(t, '/');
		text_add_uint(t, total);
	}
	text_add_char(t, '"');
}

/* One to three digits; false without one or beyond a byte. */
static bool take_step(const char **at, const char *end, uint64_t *number)
{
	const char *start = *at;
	*number = 0;
	for (; *at < end && **at >= '0' && **at <= '9' && *at - start < 3; (*at)++)
		*number = *number * 10 + (uint64_t)(**at - '0');
	return *at > start && *number <= UINT8_MAX;
}

static bool read_step(const struct json_member *value, const struct member *m, uint8_t *e)
{
	const char *end = value->value + value->value_len;
	const char *at = memrchr(value->value, ' ', value->value_len);
	uint64_t step, total = 0;
	if (value->type != JSON_STRING || !at)
		return false;
	at++;
	if (!take_step(&at, end, &step))
		return false;
	if (at < end && *at == '/') {
		at++;
		if (!take_step(&at, end, &total))
			return false;
	}
	return at == end && field_store(e, m->at, m->size, step) &&
	       field_store(e, m->other_at, m->other_size, total);
}

const struct codec type_step = {write_step, read_step, has_step, NULL};

/* ---- before the segment: only what it changed; null when it was not known then ---- */

/* The distance from a variable before to the same one after. */
enum { TO_AFTER = offsetof(struct segment, after) - offsetof(struct segment, before) };

static bool known(const struct member *m, const uint8_t *e, size_t distance)
{
	return (field_load(e, m->if_at + distance, m->if_size) & m->if_value) != 0;
}

static void set_known(const struct member *m, uint8_t *e, bool is_known)
{
	uint64_t bits = field_load(e, m->if_at, m->if_size) & ~(uint64_t)m->if_value;
	(void)field_store(e, m->if_at, m->if_size, bits | (is_known ? m->if_value : 0)); /* fits */
}

static bool was_changed(const struct member *m, const uint8_t *e)
{
	bool was_known = known(m, e, 0);
	return was_known != known(m, e, TO_AFTER) ||
	       (was_known && memcmp(e + m->at, e + m->at + TO_AFTER, m->size) != 0);
}

static void write_before(struct text *t, const struct member *m, const uint8_t *e)
{
	if (known(m, e, 0))
		text_add_uint(t, field_load(e, m->at, m->size));
	else
		text_add(t, "null");
}

static bool read_before(const struct json_member *value, const struct member *m, uint8_t *e)
{
	uint64_t number = 0;
	if (value->type != JSON_NULL && !json_get_uint(value, &number))
		return false;
	set_known(m, e, value->type != JSON_NULL);
	return field_store(e, m->at, m->size, number);
}

static void unchanged(const struct member *m, uint8_t *e)
{
	set_known(m, e, known(m, e, TO_AFTER));
	memcpy(e + m->at, e + m->at + TO_AFTER, m->size);
}

const struct codec type_before = {write_before, read_before, was_changed, unchanged};
