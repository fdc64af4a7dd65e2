/* expect_value.c: numbers and words that are computed from a run, for questions about it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"

enum { MAX_WORDS = 40 };

static void set_word(struct expect_answer *answer, const char *word)
{
	answer->known = answer->is_word = true;
	(void)snprintf(answer->word, sizeof answer->word, "%s", word); /* or cut */
}

static void set_number(struct expect_answer *answer, int64_t number, const char *unit)
{
	answer->known = true;
	answer->number = number;
	answer->unit = unit;
}

/* ---- value FIELD of EVENT ---- */

static int scan_field(struct scan *scan, struct expect_value *value)
{
	return scan_field_of_event(scan, value->field, &value->events[0]);
}

/* The first value is the answer: a number, seconds with decimals (a latency) in ms, or a word. */
static bool answers(void *arg, const char *value)
{
	struct expect_answer *answer = arg;
	char *end;
	long long number = strtoll(value, &end, 10);
	struct json_member seconds = {
	        .type = JSON_NUMBER, .value = value, .value_len = strlen(value)};
	int64_t ns;
	if (end != value && *end == '\0')
		set_number(answer, number, "");
	else if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
		set_number(answer, value[0] == 't', "");
	else if (strspn(value, "-0123456789.") == strlen(value) && json_get_seconds(&seconds, &ns))
		set_number(answer, ns / NS_PER_MS, "ms");
	else
		set_word(answer, value);
	return true;
}

static void value_of_field(const struct expect_value *value, const struct scope *scope,
                           struct expect_answer *answer)
{
	int64_t at = scope_find(scope, &value->events[0], 0);
	if (at != EXPECT_NO_EVENT)
		(void)expect_each_value(&scope->run->events[at], value->field, answers, answer);
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
