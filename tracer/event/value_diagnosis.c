/* value_diagnosis.c: the diagnoses of a segment as an array of objects, numbers included, so that
 * whoever reads them can make the sentences anew, in any language. */
#include <string.h>

#include "event/schema.h"

enum kind { KIND_COUNT, KIND_TIME };

static const struct number {
	const char *key;
	uint8_t kind, size;
	uint16_t at;
} numbers[] = {
#define NUMBER(name, kind, field)                                                                  \
	{                                                                                          \
		name, kind, sizeof(((const struct diagnosis *)0)->field),                          \
		        offsetof(struct diagnosis, field)                                          \
	}
        NUMBER("n", KIND_COUNT, n),
        NUMBER("seq", KIND_COUNT, seq),
        NUMBER("end", KIND_COUNT, end),
        NUMBER("size", KIND_COUNT, size),
        NUMBER("limit", KIND_COUNT, limit),
        NUMBER("wait", KIND_TIME, wait_ns),
        NUMBER("limit_time", KIND_TIME, limit_ns),
        NUMBER("frame", KIND_COUNT, frame),
        NUMBER("since_frame", KIND_COUNT, since_frame),
};

enum { N_NUMBERS = sizeof numbers / sizeof numbers[0] };

/* ---- writing ---- */

static void write_number(struct text *t, const struct number *number, const uint8_t *d)
{
	uint64_t value = field_load(d, number->at, number->size);
	if (value == 0)
		return;
	text_add(t, ",\"");
	text_add(t, number->key);
	text_add(t, "\":");
	if (number->kind == KIND_TIME)
		text_add_seconds(t, (int64_t)value);
	else
		text_add_uint(t, value);
}

void diagnoses_write(struct text *t, const struct segment *segment,
                     const char *const why[DIAGNOSES_MAX])
{
	text_add_char(t, '[');
	for (unsigned i = 0; i < segment->n_diagnoses && i < DIAGNOSES_MAX; i++) {
		const struct diagnosis *d = &segment->diagnoses[i];
		text_add(t, i > 0 ? ",{\"label\":\"" : "{\"label\":\"");
		text_add(t, diagnosis_name((enum diagnosis_label)d->label));
		text_add_char(t, '"');
		for (size_t k = 0; k < N_NUMBERS; k++)
			write_number(t, &numbers[k], (const uint8_t *)d);
		if (why[i] && why[i][0] != '\0')
			json_string(t, "why", why[i]);
		text_add_char(t, '}');
	}
	text_add_char(t, ']');
}

static void write_without_why(struct text *t, const struct member *m, const uint8_t *e)
{
	static const char *const none[DIAGNOSES_MAX];
	(void)m; /* there is one such member */
	diagnoses_write(t, &((const struct event *)e)->segment, none);
}

static bool has_diagnoses(const struct member *m, const uint8_t *e)
{
	return field_load(e, m->other_at, m->other_size) != 0;
}

/* ---- reading ---- */

static bool read_label(const struct json_member *value, struct diagnosis *d)
{
	if (value->type != JSON_STRING)
		return false;
	for (unsigned label = DIAGNOSIS_NONE + 1; label < N_DIAGNOSES; label++) {
		const char *name = diagnosis_name((enum diagnosis_label)label);
		if (value->value_len == strlen(name) &&
		    memcmp(value->value, name, value->value_len) == 0)
			d->label = (uint16_t)label;
	}
	return true; /* a later version may know more labels */
}

static bool read_number(const struct json_member *value, struct diagnosis *d)
{
	uint8_t *bytes = (uint8_t *)d;
	for (size_t k = 0; k < N_NUMBERS; k++) {
		const struct number *number = &numbers[k];
		uint64_t count;
		int64_t ns;
		if (!json_is(value, number->key))
			continue;
		if (number->kind == KIND_TIME)
			return json_get_seconds(value, &ns) &&
			       field_store_signed(bytes, number->at, number->size, ns);
		return json_get_uint(value, &count) &&
		       field_store(bytes, number->at, number->size, count);
	}
	return true; /* the sentence, or a later version's */
}

static bool read_one(const struct json_member *object, struct diagnosis *d)
{
	if (object->type != JSON_OBJECT)
		return false;
	struct json_reader r = json_read(object->value, object->value_len);
	struct json_member value;
	*d = (struct diagnosis){.label = DIAGNOSIS_NONE};
	while (json_next(&r, &value))
		if (!(json_is(&value, "label") ? read_label(&value, d) : read_number(&value, d)))
			return false;
	return !r.failed;
}

static bool read_diagnoses(const struct json_member *value, const struct member *m, uint8_t *e)
{
	struct json_reader r = json_read_array(value);
	struct json_member element;
	struct diagnosis one;
	uint64_t n = 0;
	while (json_next(&r, &element)) {
		if (n == DIAGNOSES_MAX || !read_one(&element, &one))
			return false;
		if (one.label == DIAGNOSIS_NONE)
			continue;
		memcpy(e + m->at + n * sizeof one, &one, sizeof one);
		n++;
	}
	return !r.failed && field_store(e, m->other_at, m->other_size, n);
}

const struct codec type_diagnoses = {write_without_why, read_diagnoses, has_diagnoses, NULL};
