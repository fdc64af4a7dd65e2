/* read.c: a line of JSON back into an event, by the same tables as it was written. The line may
 * come from a saved file or from a program that a learner wrote: nothing in it is trusted. */
#include "event/schema.h"

#include <string.h>

#include "base/i18n.h"

/* What is going on while one line is read. */
struct reading {
	struct event *event;
	const struct schema *schema;
	bool brief;      /* only the members that are marked so */
	size_t expected; /* index of the member that should come next: lines keep the order */
	uint64_t seen[SCHEMA_MAX_MEMBERS / 64];
	struct text fault;
};

static int fail(struct reading *r, const char *sentence, const char *name, size_t n)
{
	text_clear(&r->fault);
	text_add(&r->fault, sentence);
	if (n > 0) {
		text_add(&r->fault, ": ");
		text_add_safe(&r->fault, name, n);
	}
	return -1;
}

/* The kind that the member "event" names, wherever it stands; N_EVENT_KINDS: none. */
static enum event_kind find_kind(const char *line, size_t n, struct json_member *m)
{
	struct json_reader json = json_read(line, n);
	enum event_kind kind = N_EVENT_KINDS;
	m->value_len = 0;
	while (json_next(&json, m)) {
		if (!json_is(m, "event"))
			continue;
		for (kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
			const char *name = event_kind_name(kind);
			if (m->type == JSON_STRING && m->value_len == strlen(name) &&
			    memcmp(m->value, name, m->value_len) == 0)
				break;
		}
		return kind;
	}
	m->value_len = 0;
	return kind;
}

static bool has_key(const struct member *member, const struct json_member *m)
{
	size_t n = member->lead_len - sizeof ",\"\":" + 1;
	return m->key_len == n && memcmp(m->key, member->key, n) == 0;
}

/* The index of the row with that key, or schema->n. Looks first where it should be. */
static size_t find_member(const struct reading *r, const struct json_member *m)
{
	const struct schema *schema = r->schema;
	for (size_t i = r->expected; i < schema->n; i++)
		if (has_key(&schema->members[i], m))
			return i;
	for (size_t i = 0; i < r->expected; i++)
		if (has_key(&schema->members[i], m))
			return i;
	return schema->n;
}

/* A member that is there makes its condition true. */
static void make_condition_hold(const struct member *m, uint8_t *e)
{
	uint64_t value = m->if_value;
	if (m->when == WHEN_BITS)
		value |= field_load(e, m->if_at, m->if_size);
	if (m->when == WHEN_BITS || m->when == WHEN_EQUAL)
		(void)field_store(e, m->if_at, m->if_size, value); /* the table's value fits */
}

static bool is_wanted(const struct reading *r, const struct member *m)
{
	return !r->brief || m->brief;
}

static bool read_member(struct reading *r, const struct json_member *value)
{
	uint8_t *e = (uint8_t *)r->event;
	if (json_is(value, member_bytes.key))
		return r->brief || member_bytes.type->read(value, &member_bytes, e);
	size_t i = find_member(r, value);
	if (i == r->schema->n)
		return true; /* of a later format, or "event" and "explain" */
	const struct member *m = &r->schema->members[i];
	r->expected = i + 1;
	if (!is_wanted(r, m))
		return true;
	if (!m->type->read(value, m, e))
		return false;
	make_condition_hold(m, e);
	r->seen[i / 64] |= UINT64_C(1) << i % 64;
	return true;
}

static bool was_seen(const struct reading *r, size_t i)
{
	return (r->seen[i / 64] >> i % 64 & 1) != 0;
}

/* Number and time, the first two of every table, must be there; the others get what absence means.
 */
static int finish(struct reading *r)
{
	for (size_t i = 0; i < 2; i++)
		if (!was_seen(r, i))
			return fail(r, _("a member is missing"), r->schema->members[i].key,
			            strlen(r->schema->members[i].key));
	for (size_t i = 0; i < r->schema->n; i++) {
		const struct member *m = &r->schema->members[i];
		if (m->type->absent && is_wanted(r, m) && !was_seen(r, i))
			m->type->absent(m, (uint8_t *)r->event);
	}
	return 0;
}

static int read_line(struct reading *r, const char *line, size_t n)
{
	struct json_reader json = json_read(line, n);
	struct json_member m;
	while (json_next(&json, &m))
		if (!read_member(r, &m))
			return fail(r, _("a member has a wrong value"), m.key, m.key_len);
	if (json.failed)
		return fail(r, _("not a line of JSON"), NULL, 0);
	return finish(r);
}

static int read_event(struct reading *r, const char *line, size_t n, bool brief)
{
	struct event *event = r->event;
	struct json_member m;
	memset(event, 0, sizeof *event);
	event->kind = find_kind(line, n, &m);
	if (event->kind == N_EVENT_KINDS) {
		event->kind = EVENT_NOTE; /* a valid one, whatever the caller does with it */
		return fail(r, _("not an event of this format"), m.value, m.value_len);
	}
	r->schema = event_schema(event->kind);
	r->brief = brief && r->schema->has_brief;
	return read_line(r, line, n);
}

int event_read(struct event *event, const char *line, size_t n, char *err, size_t err_size)
{
	struct reading r = {.event = event, .fault = text_of(err, err_size)};
	return read_event(&r, line, n, false);
}

int event_read_brief(struct event *event, const char *line, size_t n, char *err, size_t err_size)
{
	struct reading r = {.event = event, .fault = text_of(err, err_size)};
	return read_event(&r, line, n, true);
}
