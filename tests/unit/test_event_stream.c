/* test_event_stream.c: what event_write() writes, event_read() reads back, for every kind and every
 * member of the tables; and a damaged line does no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event/schema.h"

/* ---- random events, by the tables; always the same ones ---- */
struct dice {
	uint64_t state;
};

static uint64_t roll(struct dice *dice) /* xorshift64 */
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	return dice->state;
}

static uint64_t below(struct dice *dice, uint64_t n)
{
	return roll(dice) % n;
}

/* A number of that many bytes, often at an end of its range. */
static uint64_t roll_number(struct dice *dice, size_t size)
{
	uint64_t mask = size == 8 ? UINT64_MAX : (UINT64_C(1) << (size * 8)) - 1;
	switch (below(dice, 4)) {
	case 0:
		return 0;
	case 1:
		return mask;
	case 2:
		return mask >> 1;
	}
	return roll(dice) & mask;
}

static void roll_text(struct dice *dice, char *text, size_t size)
{
	static const char *const pieces[] = {
	        "a", "\"", "\\", "\n", "\x1b[0m", "\xc2\x9b", "\xe4\xb8\xad", "\xf0\x9f\x98\x80",
	        "/", " ",
	};
	struct text t = text_of(text, size);
	for (uint64_t n = below(dice, 2) ? below(dice, size * 2) : 0; n > 0; n--)
		text_add(&t, pieces[below(dice, sizeof pieces / sizeof pieces[0])]);
}

static void roll_bytes(struct dice *dice, uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)roll(dice);
}

static void roll_addr(struct dice *dice, uint8_t *e, const struct member *m)
{
	struct addr addr = {0};
	static const uint8_t versions[] = {0, 4, 6};
	addr.version = versions[below(dice, 3)];
	roll_bytes(dice, addr.bytes, addr.version == 4 ? 4 : addr.version == 6 ? 16 : 0);
	if (addr.version == 6 && below(dice, 2))
		memset(addr.bytes, 0, below(dice, 17));
	memcpy(e + m->at, &addr, sizeof addr);
}

/* Bytes of one number of an array. */
static size_t element_size(const struct member *m)
{
	if (m->type == &type_frames)
		return sizeof(uint64_t);
	return m->type == &type_sacks ? sizeof(uint32_t) : 1;
}

/* A count and as many elements. */
static void roll_counted(struct dice *dice, uint8_t *e, const struct member *m, size_t element)
{
	size_t n = below(dice, m->size / element + 1);
	roll_bytes(dice, e + m->at, n * element);
	memset(e + m->at + n * element, 0, m->size - n * element);
	assert_true(field_store(e, m->other_at, m->other_size, n));
}

static int64_t roll_span(struct dice *dice)
{
	return (int64_t)(roll_number(dice, 8) >> 1);
}

static void roll_diagnoses(struct dice *dice, uint8_t *e, const struct member *m)
{
	uint64_t n = below(dice, DIAGNOSES_MAX + 1);
	for (uint64_t i = 0; i < n; i++) {
		struct diagnosis d = {
		        .label = (uint16_t)(1 + below(dice, N_DIAGNOSES - 1)),
		        .n = (uint16_t)roll_number(dice, 2),
		        .seq = (uint32_t)roll_number(dice, 4),
		        .end = (uint32_t)roll_number(dice, 4),
		        .size = (uint32_t)roll_number(dice, 4),
		        .limit = (uint32_t)roll_number(dice, 4),
		        .wait_ns = roll_span(dice),
		        .limit_ns = roll_span(dice),
		        .frame = roll_number(dice, 8),
		        .since_frame = roll_number(dice, 8),
		};
		memcpy(e + m->at + i * sizeof d, &d, sizeof d);
	}
	assert_true(field_store(e, m->other_at, m->other_size, n));
}

/* Fields as message_add() makes them. */
static void roll_fields(struct dice *dice, uint8_t *e)
{
	struct message *m = &((struct event *)e)->message;
	char value[64];
	m->fields_len = 0;
	for (uint64_t n = below(dice, 4); n > 0; n--) {
		roll_text(dice, value, sizeof value);
		message_add_text(m, "http.host", value);
	}
}

static bool is_one_of(const struct codec *type, const struct codec *a, const struct codec *b)
{
	return type == a || type == b;
}

static int64_t roll_signed(struct dice *dice, const struct member *m)
{
	if (m->type == &type_scale)
		return (int64_t)below(dice, 17) - 2;
	if (m->type == &type_scale_if)
		return (int64_t)below(dice, 18) + WINDOW_OF_SYN;
	if (m->type == &type_seconds_known && below(dice, 2))
		return -1;
	if (m->type == &type_errno)
		return (int64_t)below(dice, 300);
	uint64_t number = roll_number(dice, m->size) >> (m->type == &type_seconds_known);
	uint64_t sign = UINT64_C(1) << (m->size * 8 - 1);
	return (int64_t)((number ^ sign) - sign);
}

/* Numbers and the like. False: another type. */
static bool fill_number(struct dice *dice, uint8_t *e, const struct member *m)
{
	const struct codec *type = m->type;
	if (is_one_of(type, &type_uint, &type_uint_if))
		return field_store(e, m->at, m->size, roll_number(dice, m->size));
	if (is_one_of(type, &type_boolean, &type_boolean_if))
		return field_store(e, m->at, m->size, below(dice, 2));
	if (is_one_of(type, &type_word, &type_word_true))
		return field_store(e, m->at, m->size, below(dice, m->words->n));
	if (type == &type_flags)
		return field_store(e, m->at, m->size, roll(dice) & 0xFFF);
	if (type == &type_labels)
		return field_store(e, m->at, m->size, below(dice, 1U << N_ANALYSIS_FLAGS));
	if (type == &type_step)
		return field_store(e, m->at, m->size, below(dice, 5)) &&
		       field_store(e, m->other_at, m->other_size, below(dice, 2) * 3);
	if (is_one_of(type, &type_int, &type_int_known) ||
	    is_one_of(type, &type_time, &type_seconds) ||
	    is_one_of(type, &type_scale_if, &type_errno) || type == &type_scale ||
	    type == &type_seconds_known)
		return field_store_signed(e, m->at, m->size, roll_signed(dice, m));
	return false;
}

static void fill_member(struct dice *dice, uint8_t *e, const struct member *m)
{
	uint64_t decides = m->when == WHEN_ALWAYS ? 0 : field_load(e, m->if_at, m->if_size);
	if ((m->when == WHEN_BITS || m->when == WHEN_CODEC) && below(dice, 2))
		assert_true(field_store(e, m->if_at, m->if_size, decides | m->if_value));
	if (m->when == WHEN_EQUAL && m->if_size == 1 && decides == 0) /* a version */
		assert_true(field_store(e, m->if_at, m->if_size, 2 * below(dice, 2) + 4));
	if (fill_number(dice, e, m))
		return;
	if (is_one_of(m->type, &type_text, &type_text_if))
		roll_text(dice, (char *)e + m->at, m->size);
	else if (is_one_of(m->type, &type_ipv4, &type_addr))
		roll_addr(dice, e, m);
	else if (m->type == &type_diagnoses)
		roll_diagnoses(dice, e, m);
	else if (m->type == &type_fields)
		roll_fields(dice, e);
	else if (m->type == &type_mac)
		roll_bytes(dice, e + m->at, m->size);
	else if (is_one_of(m->type, &type_hex, &type_frames) ||
	         is_one_of(m->type, &type_uints, &type_sacks))
		roll_counted(dice, e, m, element_size(m));
	else if (m->type == &type_before && below(dice, 2))
		assert_true(field_store(e, m->at, m->size, roll_number(dice, m->size)));
	else
		assert_true(m->type == &type_ipv6 || m->type == &type_bit ||
		            m->type == &type_before || m->type == &type_flag_names ||
		            m->type == &type_duration || m->type == &type_average);
}

static void fill_event(struct dice *dice, struct event *event, enum event_kind kind)
{
	const struct schema *schema = event_schema(kind);
	memset(event, 0, sizeof *event);
	event->kind = kind;
	for (size_t i = 0; i < schema->n; i++)
		fill_member(dice, (uint8_t *)event, &schema->members[i]);
	fill_member(dice, (uint8_t *)event, &member_bytes);
}

/* ---- reading back ---- */
static void write_line(struct text *t, const struct event *event)
{
	text_clear(t);
	event_write(t, event, "because \"it\" is so");
	assert_false(t->cut);
	assert_true(t->len <= EVENT_LINE_MAX);
	assert_int_equal(t->bytes[t->len - 1], '\n');
	assert_null(memchr(t->bytes, '\n', t->len - 1));
}

static void read_line(struct event *event, const struct text *t)
{
	char err[128];
	if (event_read(event, t->bytes, t->len - 1, err, sizeof err) < 0)
		fail_msg("%s: %s", err, t->bytes);
}

static bool is_derived(const struct member *m)
{
	return m->type == &type_flag_names || m->type == &type_duration || m->type == &type_average;
}

static void check_member(const struct member *m, const uint8_t *e, const uint8_t *back)
{
	if (!member_present(m, e) || is_derived(m))
		return;
	bool text = is_one_of(m->type, &type_text, &type_text_if);
	size_t n = text ? strlen((const char *)e + m->at) + 1 : m->size;
	size_t count = m->other_size > 0 ? (size_t)field_load(e, m->other_at, m->other_size) : 0;
	if (m->type == &type_hex || is_one_of(m->type, &type_uints, &type_sacks))
		n = count * element_size(m); /* behind them there may be anything */
	if (m->type == &type_diagnoses)
		n = 0; /* padding differs: the second line tells */
	if (m->type == &type_bit)
		assert_true((field_load(back, m->if_at, m->if_size) & m->if_value) != 0);
	else if (memcmp(e + m->at, back + m->at, n) != 0)
		fail_msg("%s is not read back", m->key);
	assert_true(member_present(m, back));
}

static void check_round_trip(const struct event *event)
{
	static char first[EVENT_LINE_MAX + 1], second[EVENT_LINE_MAX + 1];
	struct text a = text_of(first, sizeof first), b = text_of(second, sizeof second);
	static struct event back, again;
	const struct schema *schema = event_schema(event->kind);
	write_line(&a, event);
	read_line(&back, &a);
	assert_int_equal(back.kind, event->kind);
	for (size_t i = 0; i < schema->n; i++)
		check_member(&schema->members[i], (const uint8_t *)event, (const uint8_t *)&back);
	check_member(&member_bytes, (const uint8_t *)event, (const uint8_t *)&back);
	write_line(&b, &back);
	assert_string_equal(first, second);
	read_line(&again, &b);
	assert_memory_equal(&back, &again, sizeof back);
}

/* A variable that is not known has no value. */
static void forget_unknown(struct event *event)
{
	for (size_t i = 0; i < 2 * N_SIDES; i++) {
		struct tcb *tcb = i < 2 ? &event->segment.before[i] : &event->segment.after[i - 2];
		uint8_t known = tcb->known;
		tcb->iss = known & KNOWN_ISS ? tcb->iss : 0;
		tcb->snd_una = known & KNOWN_SND ? tcb->snd_una : 0;
		tcb->snd_nxt = known & KNOWN_SND ? tcb->snd_nxt : 0;
		tcb->snd_wnd = known & KNOWN_WND ? tcb->snd_wnd : 0;
		tcb->rcv_nxt = known & KNOWN_RCV ? tcb->rcv_nxt : 0;
	}
}

static void every_member_of_every_kind_is_read_back(void **state)
{
	(void)state;
	struct dice dice = {UINT64_C(88172645463325252)};
	static struct event event;
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		bool seen[SCHEMA_MAX_MEMBERS] = {false};
		const struct schema *schema = event_schema(kind);
		for (int i = 0; i < 500; i++) {
			fill_event(&dice, &event, kind);
			if (kind == EVENT_SEGMENT)
				forget_unknown(&event);
			check_round_trip(&event);
			for (size_t m = 0; m < schema->n; m++)
				seen[m] |= member_present(&schema->members[m],
				                          (const uint8_t *)&event);
		}
		for (size_t m = 0; m < schema->n; m++)
			if (!seen[m])
				fail_msg("%s %s was never tried", event_kind_name(kind),
				         schema->members[m].key);
	}
}

static void both_tcbs_are_read_back_as_they_were(void **state)
{
	(void)state;
	struct dice dice = {7};
	static struct event event, back;
	static char line[EVENT_LINE_MAX + 1];
	struct text t = text_of(line, sizeof line);
	for (int i = 0; i < 2000; i++) {
		fill_event(&dice, &event, EVENT_SEGMENT);
		forget_unknown(&event);
		write_line(&t, &event);
		read_line(&back, &t);
		for (int side = 0; side < N_SIDES; side++) {
			const struct tcb *was = &event.segment.before[side];
			const struct tcb *is = &back.segment.before[side];
			assert_int_equal(is->state, was->state);
			assert_int_equal(is->known, was->known);
			assert_int_equal(is->iss, was->iss);
			assert_int_equal(is->snd_una, was->snd_una);
			assert_int_equal(is->snd_nxt, was->snd_nxt);
			assert_int_equal(is->snd_wnd, was->snd_wnd);
			assert_int_equal(is->rcv_nxt, was->rcv_nxt);
		}
	}
}

static void tables_are_sound(void **state)
{
	(void)state;
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		const struct schema *schema = event_schema(kind);
		assert_in_range(schema->n, 3, SCHEMA_MAX_MEMBERS);
		assert_string_equal(schema->members[0].key, "number");
		assert_string_equal(schema->members[1].key, "time");
		for (size_t i = 0; i < schema->n; i++) {
			assert_int_equal(schema->members[i].lead_len,
			                 strlen(schema->members[i].lead));
			assert_string_not_equal(schema->members[i].key, "event");
			assert_string_not_equal(schema->members[i].key, "explain");
			assert_string_not_equal(schema->members[i].key, "bytes");
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(schema->members[i].key,
				                        schema->members[j].key);
		}
	}
}

/* ---- damaged lines ---- */

/* Reads a copy that ends where its block ends, so that a read beyond is found. */
static int read_bytes(const char *line, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	assert_non_null(copy);
	memcpy(copy, line, n);
	static struct event event;
	char err[64] = "";
	int result = event_read(&event, copy, n, err, sizeof err);
	assert_true(event.kind < N_EVENT_KINDS);
	assert_true(result == 0 || (result == -1 && err[0] != '\0'));
	free(copy);
	return result;
}

static void every_truncation_is_refused(void **state)
{
	(void)state;
	struct dice dice = {42};
	static struct event event;
	static char line[EVENT_LINE_MAX + 1];
	struct text t = text_of(line, sizeof line);
	for (enum event_kind kind = EVENT_SESSION; kind < N_EVENT_KINDS; kind++) {
		fill_event(&dice, &event, kind);
		write_line(&t, &event);
		assert_int_equal(read_bytes(line, t.len - 1), 0);
		for (size_t n = 0; n < t.len - 1; n++)
			assert_int_equal(read_bytes(line, n), -1);
	}
}

/* Whatever one byte becomes, the reader says yes or no and an event stays an event. */
static void a_changed_byte_does_no_harm(void **state)
{
	(void)state;
	struct dice dice = {43};
	static struct event event, back;
	static char line[EVENT_LINE_MAX + 1], other[EVENT_LINE_MAX + 1];
	struct text t = text_of(line, sizeof line), again = text_of(other, sizeof other);
	char err[64];
	for (int i = 0; i < 20000; i++) {
		if (i % 100 == 0) {
			fill_event(&dice, &event, (enum event_kind)below(&dice, N_EVENT_KINDS));
			write_line(&t, &event);
		}
		size_t at = below(&dice, t.len - 1);
		char kept = line[at];
		line[at] = "\"\\{}[],:0-9e.tfn\x01\xff"[below(&dice, 19)];
		if (event_read(&back, line, t.len - 1, err, sizeof err) == 0)
			write_line(&again, &back);
		line[at] = kept;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(tables_are_sound),
	        cmocka_unit_test(every_member_of_every_kind_is_read_back),
	        cmocka_unit_test(both_tcbs_are_read_back_as_they_were),
	        cmocka_unit_test(every_truncation_is_refused),
	        cmocka_unit_test(a_changed_byte_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
