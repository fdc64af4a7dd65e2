/* check_json.c: the outcome of a check as one JSON object, for graders and scripts. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "runner/check.h"

enum { JSON_ROOM = 256 * 1024 };

static const char *const verdicts[] = {"pass", "fail", "environment", "inconclusive"};

static void add_string(struct text *t, const char *key, const char *value)
{
	if (value[0] != '\0')
		json_string(t, key, value);
}

static void add_line(struct text *t, const struct check_outcome *outcome,
                     const struct expectation *x, const struct expect_verdict *verdict)
{
	json_open(t);
	json_uint(t, "line", (uint64_t)x->line);
	json_string(t, "expect", x->words);
	json_bool(t, "holds", verdict->holds);
	add_string(t, "reason", x->reason);
	add_string(t, "observed", verdict->observed);
	if (verdict->shown_by != EXPECT_NO_EVENT) {
		TEXT(event, 4 * EVENT_TEXT_MAX);
		const struct event *e = &outcome->record.events[verdict->shown_by];
		check_say_event(&event, &outcome->record, verdict->shown_by, true);
		json_uint(t, "number", e->number);
		if (e->frame != 0)
			json_uint(t, "frame", e->frame);
		json_string(t, "shown_by", event.bytes);
	}
	text_add_char(t, '}');
}

static void add_lines(struct text *t, const struct check *check,
                      const struct check_outcome *outcome)
{
	json_key(t, "expectations");
	text_add_char(t, '[');
	for (int i = 0; i < check->expected.n; i++) {
		text_add(t, i ? "," : "");
		add_line(t, outcome, &check->expected.all[i], &outcome->lines[i]);
	}
	text_add_char(t, ']');
}

static void add_causes(struct text *t, const struct check *check,
                       const struct check_outcome *outcome)
{
	struct check_causes causes;
	check_find_causes(check, outcome, &causes);
	json_key(t, "causes");
	text_add_char(t, '[');
	for (int i = 0; i < causes.n; i++) {
		text_add(t, i ? "," : "");
		json_quote(t, causes.all[i], strlen(causes.all[i]));
	}
	text_add_char(t, ']');
}

void check_tell_json(const struct check *check, const struct check_outcome *outcome,
                     struct buffer *out)
{
	char *storage = malloc(JSON_ROOM);
	if (!storage) {
		out->failed = true;
		return;
	}
	struct text t = text_of(storage, JSON_ROOM);
	bool judged = outcome->compiled && outcome->verdict != CHECK_INCONCLUSIVE;
	json_open(&t);
	json_string(&t, "check", check->lab->id);
	json_string(&t, "side", side_name(check->side));
	json_string(&t, "verdict", verdicts[outcome->verdict]);
	json_uint(&t, "runs", (uint64_t)outcome->run);
	json_bool(&t, "compiled", outcome->compiled);
	add_string(&t, "compiler", check->compiler_said);
	add_string(&t, "why", outcome->why);
	if (judged) {
		json_bool(&t, "ended", !outcome->run_failed);
		add_string(&t, "said", outcome->end.said);
		add_lines(&t, check, outcome);
	}
	if (judged && outcome->verdict == CHECK_FAIL)
		add_causes(&t, check, outcome);
	json_close(&t);
	buffer_add(out, t.bytes, t.len);
	free(storage);
}
