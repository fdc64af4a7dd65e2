/* value_number.c: members that are numbers, booleans and times. */
#include "event/schema.h"

static uint64_t own(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->at, m->size);
}

static int64_t own_signed(const struct member *m, const uint8_t *e)
{
	return field_load_signed(e, m->at, m->size);
}

static bool not_zero(const struct member *m, const uint8_t *e)
{
	return own(m, e) != 0;
}

static bool not_negative(const struct member *m, const uint8_t *e)
{
	return own_signed(m, e) >= 0;
}

static void store_minus_one(const struct member *m, uint8_t *e)
{
	(void)field_store_signed(e, m->at, m->size, -1); /* fits every size */
}

/* ---- unsigned ---- */
static void write_uint(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_uint(t, own(m, e));
}

static bool read_uint(const struct json_member *value, const struct member *m, uint8_t *e)
{
	uint64_t number;
	return json_get_uint(value, &number) && field_store(e, m->at, m->size, number);
}

const struct codec type_uint = {write_uint, read_uint, NULL, NULL};
const struct codec type_uint_if = {write_uint, read_uint, not_zero, NULL};

/* ---- signed ---- */
static void write_int(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_int(t, own_signed(m, e));
}

static bool read_int(const struct json_member *value, const struct member *m, uint8_t *e)
{
	int64_t number;
	return json_get_int(value, &number) && field_store_signed(e, m->at, m->size, number);
}

static bool not_minus_one(const struct member *m, const uint8_t *e)
{
	return own_signed(m, e) != -1;
}

const struct codec type_int = {write_int, read_int, NULL, NULL};
const struct codec type_int_known = {write_int, read_int, not_minus_one, store_minus_one};

/* ---- booleans ---- */
static void write_bool(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add(t, own(m, e) ? "true" : "false");
}

static bool read_bool(const struct json_member *value, const struct member *m, uint8_t *e)
{
	bool truth;
	return json_get_bool(value, &truth) && field_store(e, m->at, m->size, truth);
}

const struct codec type_boolean = {write_bool, read_bool, NULL, NULL};
const struct codec type_boolean_if = {write_bool, read_bool, not_zero, NULL};

/* ---- a bit of the field that the condition looks at: there is nothing else to store ---- */
static void write_true(struct text *t, const struct member *m, const uint8_t *e)
{
	(void)m; /* its condition held, so it is true */
	(void)e;
	text_add(t, "true");
}

static bool read_true(const struct json_member *value, const struct member *m, uint8_t *e)
{
	(void)m; /* the reader sets the condition's bits */
	(void)e;
	return value->type == JSON_TRUE;
}

const struct codec type_bit = {write_true, read_true, NULL, NULL};

/* ---- an array of bytes as numbers; `other` is their count ---- */
static void write_uints(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t n = field_load(e, m->other_at, m->other_size);
	text_add_char(t, '[');
	for (size_t i = 0; i < n && i < m->size; i++) {
		if (i > 0)
			text_add_char(t, ',');
		text_add_uint(t, e[m->at + i]);
	}
	text_add_char(t, ']');
}

static bool read_uints(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct json_reader r = json_read_array(value);
	struct json_member element;
	size_t n = 0;
	while (json_next(&r, &element)) {
		uint64_t number;
		if (n == m->size || !json_get_uint(&element, &number) || number > UINT8_MAX)
			return false;
		e[m->at + n++] = (uint8_t)number;
	}
	return !r.failed && field_store(e, m->other_at, m->other_size, n);
}

const struct codec type_uints = {write_uints, read_uints, NULL, NULL};

/* ---- an array of frame numbers; `other` is their count ---- */
enum { NUMBER = sizeof(uint64_t) };

static bool has_frames(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->other_at, m->other_size) != 0;
}

static void write_frames(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t n = field_load(e, m->other_at, m->other_size);
	text_add_char(t, '[');
	for (size_t i = 0; i < n && i < m->size / NUMBER; i++) {
		if (i > 0)
			text_add_char(t, ',');
		text_add_uint(t, field_load(e, m->at + i * NUMBER, NUMBER));
	}
	text_add_char(t, ']');
}

static bool read_frames(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct json_reader r = json_read_array(value);
	struct json_member element;
	size_t n = 0;
	while (json_next(&r, &element)) {
		uint64_t number;
		if (n == m->size / NUMBER || !json_get_uint(&element, &number))
			return false;
		(void)field_store(e, m->at + n * NUMBER, NUMBER, number); /* fits */
		n++;
	}
	return !r.failed && field_store(e, m->other_at, m->other_size, n);
}

const struct codec type_frames = {write_frames, read_frames, has_frames, NULL};

/* ---- times ---- */
static void write_seconds(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_seconds(t, own_signed(m, e));
}

static void write_time(struct text *t, const struct member *m, const uint8_t *e)
{
	text_add_char(t, '"');
	write_seconds(t, m, e);
	text_add_char(t, '"');
}

static bool read_seconds(const struct json_member *value, const struct member *m, uint8_t *e)
{
	int64_t ns;
	return json_get_seconds(value, &ns) && field_store_signed(e, m->at, m->size, ns);
}

const struct codec type_time = {write_time, read_seconds, NULL, NULL};
const struct codec type_seconds = {write_seconds, read_seconds, NULL, NULL};
const struct codec type_seconds_known = {write_seconds, read_seconds, not_negative,
                                         store_minus_one};

/* ---- what follows from other members: written for the reader's convenience, never read ---- */
static bool read_nothing(const struct json_member *value, const struct member *m, uint8_t *e)
{
	(void)value; /* it repeats what other members say */
	(void)m;
	(void)e;
	return true;
}

/* From the member's time to the other's. Times at both ends of the range may not overflow. */
static void write_duration(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t from = own(m, e), to = field_load(e, m->other_at, m->other_size);
	text_add_seconds(t, (int64_t)(to - from));
}

const struct codec type_duration = {write_duration, read_nothing, NULL, NULL};

static bool has_average(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->other_at, m->other_size) != 0;
}

static void write_average(struct text *t, const struct member *m, const uint8_t *e)
{
	uint64_t n = field_load(e, m->other_at, m->other_size);
	text_add_seconds(t, own_signed(m, e) / (int64_t)(n > INT64_MAX ? INT64_MAX : n));
}

const struct codec type_average = {write_average, read_nothing, has_average, NULL};
