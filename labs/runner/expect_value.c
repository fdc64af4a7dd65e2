/* expect_value.c: numbers and words that are computed from a run, for questions about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"

enum { MAX_FIELDS = 400, MAX_WORDS = 40 };

static void set_word(struct expect_answer *answer, const char *word)
{
	answer->known = answer->is_word = true;
	(void)snprintf(answer->word, sizeof answer->word, "%s", word); /* words are short */
}

static void set_number(struct expect_answer *answer, int64_t number, const char *unit)
{
	answer->known = true;
	answer->number = number;
	answer->unit = unit;
}

/* ---- value FIELD of EVENT ---- */

/* All keys that segments, datagrams and calls have. */
static size_t field_names(const char **names)
{
	static const enum event_kind kinds[] = {EVENT_SEGMENT, EVENT_DATAGRAM, EVENT_CALL,
	                                        EVENT_FRAME, EVENT_PROGRAM};
	size_t n = 0;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		const struct schema *schema = event_schema(kinds[k]);
		for (size_t i = 0; i < schema->n && n < MAX_FIELDS; i++)
			names[n++] = schema->members[i].key;
	}
	return n;
}

static int scan_field(struct scan *scan, struct expect_value *value)
{
	const char *names[MAX_FIELDS];
	size_t n = field_names(names);
	int i = scan_one_of(scan, _("a field of an event"), names, n);
	if (i < 0)
		return -1;
	(void)snprintf(value->field, sizeof value->field, "%s", names[i]); /* keys are short */
	if (!scan_take(scan, "of"))
		return err_set(scan->err, _("'of EVENT' is expected at '%s'"), scan->at);
	return scan_event(scan, &value->events[0]);
}

static void take_member(const struct json_member *m, struct expect_answer *answer)
{
	int64_t number;
	bool truth;
	char word[EXPECT_WORD];
	if (json_get_int(m, &number))
		set_number(answer, number, "");
	else if (json_get_bool(m, &truth))
		set_number(answer, truth, "");
	else if (m->type == JSON_NUMBER && json_get_seconds(m, &number))
		set_number(answer, number / NS_PER_MS, "ms");
	else if (json_get_string(m, word, sizeof word) >= 0)
		set_word(answer, word);
}

static void value_of_field(const struct expect_value *value, const struct scope *scope,
                           struct expect_answer *answer)
{
	int64_t at = scope_find(scope, &value->events[0], 0);
	char *line = malloc(EVENT_LINE_MAX);
	if (at != EXPECT_NO_EVENT && line) {
		struct text t = text_of(line, EVENT_LINE_MAX);
		struct json_member m;
		event_write(&t, &scope->run->events[at], NULL);
		struct json_reader r = json_read(line, t.len - 1); /* without the newline */
		while (json_next(&r, &m))
			if (json_is(&m, value->field))
				take_member(&m, answer);
	}
	free(line);
}

/* ---- the others ---- */

static int scan_gap(struct scan *scan, struct expect_value *value)
{
	return scan_event(scan, &value->events[0]) < 0 ? -1 : scan_event(scan, &value->events[1]);
}

static void value_of_gap(const struct expect_value *value, const struct scope *scope,
                         struct expect_answer *answer)
{
	int64_t gap, at[2];
	if (expect_gap(value->events, scope, &gap, at))
		set_number(answer, (gap + NS_PER_MS / 2) / NS_PER_MS, "ms");
}

static int scan_ends(struct scan *scan, struct expect_value *value)
{
	int side = scan_side(scan);
	value->side = (uint8_t)side;
	return side < 0 ? -1 : 0;
}

static void value_of_ends(const struct expect_value *value, const struct scope *scope,
                          struct expect_answer *answer)
{
	int64_t at, status = expect_status(scope, (enum side)value->side, &at);
	if (status >= 0)
		set_number(answer, status, "");
}

static int scan_no_more(struct scan *scan, struct expect_value *value)
{
	(void)value;
	return scan_end(scan);
}

static void value_of_first_fin(const struct expect_value *value, const struct scope *scope,
                               struct expect_answer *answer)
{
	int64_t at;
	(void)value;
	uint8_t side = expect_first_fin(scope, &at);
	if (side != EXPECT_EITHER)
		set_word(answer, side_name((enum side)side));
}

/* Of the first connection. */
static void value_of_close(const struct expect_value *value, const struct scope *scope,
                           struct expect_answer *answer)
{
	(void)value;
	if (scope_connections(scope) == 0)
		return;
	enum close_kind close = expect_close(scope, 0);
	set_word(answer, close == CLOSE_NONE ? "open" : close_kind_name(close));
}

static void value_of_count(const struct expect_value *value, const struct scope *scope,
                           struct expect_answer *answer)
{
	struct tally tally = {.most = INT64_MAX};
	expect_tally(&value->count, scope, &tally);
	set_number(answer, tally.n, "");
}

/* ---- the table ---- */

static const struct value_kind {
	const char *word; /* NULL: a count */
	int (*scan)(struct scan *scan, struct expect_value *value);
	void (*compute)(const struct expect_value *value, const struct scope *scope,
	                struct expect_answer *answer);
} kinds[] = {
        {"value", scan_field, value_of_field},   {"gap", scan_gap, value_of_gap},
        {"ends", scan_ends, value_of_ends},      {"first-fin", scan_no_more, value_of_first_fin},
        {"close", scan_no_more, value_of_close}, {NULL, NULL, value_of_count},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds, KIND_COUNT = N_KINDS - 1 };

static int unknown(struct scan *scan)
{
	const char *words[MAX_WORDS];
	size_t n = 0;
	while (n < KIND_COUNT) {
		words[n] = kinds[n].word;
		n++;
	}
	n += expect_count_words(words + n, MAX_WORDS - n);
	return scan_one_of(scan, _("a value"), words, n) < 0 ? -1 : 0;
}

int expect_parse_value(struct expect_value *value, const char *words, struct err *err)
{
	struct scan scan = scan_of(words, err);
	*value = (struct expect_value){.kind = KIND_COUNT};
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (!scan_take(&scan, kinds[i].word))
			continue;
		value->kind = (uint8_t)i;
		return kinds[i].scan(&scan, value) < 0 ? -1 : scan_end(&scan);
	}
	if (!scan_is_count(&scan))
		return unknown(&scan);
	return scan_count(&scan, &value->count) < 0 ? -1 : scan_end(&scan);
}

void expect_compute(const struct expect_value *value, const struct expect_run *run,
                    struct expect_answer *answer)
{
	struct scope scope = scope_of(run);
	*answer = (struct expect_answer){.known = false, .unit = ""};
	kinds[value->kind].compute(value, &scope, answer);
}
