/* question.c: see question.h. The four kinds of questions are rows of one table. */
#include "runner/question.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

enum { NEAR_PERCENT = 30 };
enum { LONGEST_NUMBER = 18 }; /* digits that always fit an int64_t */

/* ---- reading: the parts between bars ---- */

/* Copies text[0..n) without the blanks around it. False if that is nothing, or does not fit. */
static bool trim(char *out, size_t size, const char *text, size_t n)
{
	while (n > 0 && isspace((unsigned char)*text)) {
		text++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		n--;
	if (n == 0 || n >= size)
		return false;
	memcpy(out, text, n);
	out[n] = '\0';
	return true;
}

/* Takes the text up to the next bar. False at the end. */
static bool next_part(const char **at, char part[static LAB_LONG])
{
	size_t n = strcspn(*at, "|");
	bool has = trim(part, LAB_LONG, *at, n);
	*at += n + ((*at)[n] == '|');
	return has;
}

static struct question_part *add_part(struct question *q, struct err *err)
{
	if (q->n_parts < QUESTION_PARTS)
		return &q->parts[q->n_parts++];
	(void)err_set(err, _("too many parts"));
	return NULL;
}

static int read_number(struct question *q, struct err *err)
{
	return expect_parse_value(&q->value, q->lab->expression[0], err);
}

static int read_choices(struct question *q, struct err *err)
{
	for (int i = 0; i < LAB_CHOICES && q->lab->expression[i][0] != '\0'; i++) {
		const char *at = q->lab->expression[i], *bar = strchr(at, '|');
		struct question_part *part = add_part(q, err);
		if (part == NULL)
			return -1;
		if (bar == NULL || !trim(part->label, sizeof part->label, at, (size_t)(bar - at)))
			return err_set(err, _("a choice is TEXT | EXPECTATION"));
		bar += 1 + strspn(bar + 1, " \t");
		if (expect_parse(&part->expectation, bar, err) < 0)
			return -1;
	}
	return 0;
}

static int by_label(const void *a, const void *b)
{
	const struct question_part *left = a, *right = b;
	return strcmp(left->label, right->label);
}

/* The happenings come in the order of their names, which tells nothing. */
static int read_order(struct question *q, struct err *err)
{
	char words[LAB_LONG];
	for (const char *at = q->lab->expression[0]; next_part(&at, words);) {
		struct question_part *part = add_part(q, err);
		if (part == NULL || expect_parse_event(&part->event, words, err) < 0)
			return -1;
		(void)snprintf(part->label, sizeof part->label, "%s", words); /* the same size */
	}
	if (q->n_parts < 2)
		return err_set(err, _("there is nothing to put in order"));
	qsort(q->parts, (size_t)q->n_parts, sizeof *q->parts, by_label);
	return 0;
}

/* A SYN that answers nothing has no ack. */
static bool has_no_such_number(const char *field, const char *event)
{
	const char *flags = strchr(event, ' ');
	return strcmp(field, "tcp.ack") == 0 && flags != NULL && strncmp(flags, " SYN", 4) == 0 &&
	       flags[4] != ',';
}

static int add_blank(struct question *q, int row, const char *field, const char *event,
                     struct err *err)
{
	char words[2 * LAB_LONG];
	if (has_no_such_number(field, event))
		return 0;
	struct question_part *part = add_part(q, err);
	if (part == NULL)
		return -1;
	part->row = row;
	(void)snprintf(part->field, sizeof part->field, "%s", field); /* too long: no such one */
	(void)snprintf(part->label, sizeof part->label, "%s", event); /* the same size */
	(void)snprintf(words, sizeof words, "value %s of %s", part->field, event); /* it fits */
	if (expect_parse_value(&part->value, words, err) < 0)
		return -1;
	part->has_raw = strcmp(field, "tcp.seq") == 0 || strcmp(field, "tcp.ack") == 0;
	(void)snprintf(words, sizeof words, "value %s_raw of %s", part->field, event);
	return part->has_raw ? expect_parse_value(&part->raw, words, err) : 0;
}

/* "tcp.seq tcp.ack of EVENT | EVENT" */
static int read_blanks(struct question *q, struct err *err)
{
	char fields[LAB_LONG], event[LAB_LONG];
	const char *all = q->lab->expression[0], *of = strstr(all, " of ");
	if (of == NULL)
		return err_set(err, _("blanks are FIELD FIELD of EVENT | EVENT"));
	int row = 0;
	for (const char *at = of + strlen(" of "); next_part(&at, event); row++) {
		(void)snprintf(fields, sizeof fields, "%.*s", (int)(of - all), all);
		char *rest, *field = strtok_r(fields, " ", &rest);
		for (; field != NULL; field = strtok_r(NULL, " ", &rest))
			if (add_blank(q, row, field, event, err) < 0)
				return -1;
	}
	q->n_items = q->n_parts;
	return q->n_parts > 0 ? 0 : err_set(err, _("blanks are FIELD FIELD of EVENT | EVENT"));
}

/* ---- accepting what was typed; `typed` has no blanks around it ---- */

static bool is_number(const char *text)
{
	size_t sign = text[0] == '-' || text[0] == '+';
	size_t n = strspn(text + sign, "0123456789");
	return n > 0 && n <= LONGEST_NUMBER && text[sign + n] == '\0';
}

static bool wants_word(const struct question *q)
{
	const char *value = q->lab->expression[0];
	return strncmp(value, "first-fin", strlen("first-fin")) == 0 ||
	       strncmp(value, "close", strlen("close")) == 0;
}

static const char *accept_number(const struct question *q, const char *typed, char *item)
{
	if (wants_word(q)) {
		for (size_t i = 0; i <= strlen(typed); i++)
			item[i] = (char)tolower((unsigned char)typed[i]);
		return NULL;
	}
	if (!is_number(typed))
		return _("a number, please");
	(void)snprintf(item, QUESTION_TEXT, "%lld", strtoll(typed, NULL, 10));
	return NULL;
}

/* Which part a letter or a digit names, or -1. */
static int part_named(const struct question *q, char name)
{
	int letter = tolower((unsigned char)name) - 'a', digit = name - '1';
	if (letter >= 0 && letter < q->n_parts)
		return letter;
	return digit >= 0 && digit < q->n_parts && digit < 9 ? digit : -1;
}

static const char *accept_choice(const struct question *q, const char *typed, char *item)
{
	int part = part_named(q, typed[0]);
	if (part < 0 || typed[1] != '\0')
		return _("one of the letters, please");
	item[0] = (char)('a' + part);
	item[1] = '\0';
	return NULL;
}

static const char *accept_order(const struct question *q, const char *typed, char *item)
{
	unsigned given = 0;
	struct text out = text_of(item, QUESTION_TEXT);
	for (; *typed != '\0'; typed++) {
		if (isspace((unsigned char)*typed) || strchr(",;<-", *typed) != NULL)
			continue;
		int part = part_named(q, *typed);
		if (part < 0 || given & 1U << part)
			return _("each of the letters once, please, as in: b a c");
		given |= 1U << part;
		text_add(&out, out.len > 0 ? " " : "");
		text_add_char(&out, (char)('a' + part));
	}
	return given + 1 == 1U << q->n_parts ? NULL
	                                     : _("each of the letters once, please, as in: b a c");
}

/* ---- reality ---- */

static void say_value(const struct expect_value *value, const struct expect_run *run, char *item)
{
	struct expect_answer answer;
	expect_compute(value, run, &answer);
	if (!answer.known)
		item[0] = '\0';
	else if (answer.is_word)
		(void)snprintf(item, QUESTION_TEXT, "%s", answer.word);
	else
		(void)snprintf(item, QUESTION_TEXT, "%lld%s%s", (long long)answer.number,
		               answer.unit[0] != '\0' ? " " : "", answer.unit);
}

static void number_of(const struct question *q, const struct expect_run *run,
                      struct question_answer *reality)
{
	say_value(&q->value, run, reality->items[0]);
}

static void blanks_of(const struct question *q, const struct expect_run *run,
                      struct question_answer *reality)
{
	for (int i = 0; i < q->n_parts; i++)
		say_value(&q->parts[i].value, run, reality->items[i]);
}

/* The first choice that is true of the run. */
static void choice_of(const struct question *q, const struct expect_run *run,
                      struct question_answer *reality)
{
	for (int i = 0; i < q->n_parts; i++) {
		struct expect_verdict verdict;
		expect_eval(&q->parts[i].expectation, run, &verdict);
		if (!verdict.holds)
			continue;
		reality->items[0][0] = (char)('a' + i);
		reality->items[0][1] = '\0';
		return;
	}
}

/* The letters of those that happened, the first first. */
static void order_of(const struct question *q, const struct expect_run *run,
                     struct question_answer *reality)
{
	int64_t when[QUESTION_PARTS];
	struct text out = text_of(reality->items[0], QUESTION_TEXT);
	for (int i = 0; i < q->n_parts; i++)
		when[i] = expect_event_first(&q->parts[i].event, run);
	for (int n = 0; n < q->n_parts; n++) {
		int next = -1;
		for (int i = 0; i < q->n_parts; i++)
			if (when[i] != EXPECT_NO_EVENT && (next < 0 || when[i] < when[next]))
				next = i;
		if (next < 0)
			return;
		when[next] = EXPECT_NO_EVENT; /* has its place */
		text_add(&out, n > 0 ? " " : "");
		text_add_char(&out, (char)('a' + next));
	}
}

/* ---- comparing ---- */

/* Times are near enough within 30 %; anything else is the same or is not. */
static bool same_value(const char *answer, const char *reality)
{
	char *end;
	long long real = strtoll(reality, &end, 10);
	if (strcmp(end, " ms") != 0)
		return strcasecmp(answer, reality) == 0;
	long long difference = strtoll(answer, NULL, 10) - real;
	return llabs(difference) * 100 <= llabs(real) * NEAR_PERCENT;
}

/* The same order of all that happened. */
static bool same_order(const char *answer, const char *reality)
{
	char left[QUESTION_TEXT];
	struct text out = text_of(left, sizeof left);
	for (; *answer != '\0'; answer++) {
		if (*answer == ' ' || strchr(reality, *answer) == NULL)
			continue;
		text_add(&out, out.len > 0 ? " " : "");
		text_add_char(&out, *answer);
	}
	return strcmp(left, reality) == 0;
}

/* ---- the kinds ---- */
static const struct kind {
	int (*read)(struct question *q, struct err *err);
	const char *(*accept)(const struct question *q, const char *typed, char *item);
	void (*reality)(const struct question *q, const struct expect_run *run,
	                struct question_answer *reality);
	bool (*same)(const char *answer, const char *reality);
} kinds[N_PREDICTION_KINDS] = {
        [PREDICT_NUMBER] = {read_number, accept_number, number_of, same_value},
        [PREDICT_BLANKS] = {read_blanks, accept_number, blanks_of, same_value},
        [PREDICT_ORDER] = {read_order, accept_order, order_of, same_order},
        [PREDICT_CHOICE] = {read_choices, accept_choice, choice_of, same_value},
};

int question_read(struct question *question, const struct lab_prediction *lab, struct err *err)
{
	struct err why;
	memset(question, 0, sizeof *question);
	question->lab = lab;
	question->n_items = 1;
	if (kinds[lab->kind].read(question, &why) == 0)
		return 0;
	return err_set(err, _("the question '%s' cannot be asked: %s"), lab->name, why.message);
}

const char *question_accept(const struct question *question, const char *typed,
                            char item[static QUESTION_TEXT])
{
	char trimmed[QUESTION_TEXT];
	item[0] = '\0';
	if (typed[strspn(typed, " \t\r\n")] == '\0')
		return NULL; /* skipped */
	if (!trim(trimmed, sizeof trimmed, typed, strlen(typed)))
		return _("that is too long");
	const char *wrong = kinds[question->lab->kind].accept(question, trimmed, item);
	if (wrong != NULL)
		item[0] = '\0';
	return wrong;
}

void question_reality(const struct question *question, const struct expect_run *run,
                      struct question_answer *reality)
{
	memset(reality, 0, sizeof *reality);
	kinds[question->lab->kind].reality(question, run, reality);
}

void question_raw(const struct question *question, const struct expect_run *run,
                  struct question_answer *raw)
{
	memset(raw, 0, sizeof *raw);
	for (int i = 0; i < question->n_items; i++)
		if (question->parts[i].has_raw)
			say_value(&question->parts[i].raw, run, raw->items[i]);
}

enum question_match question_compare(const struct question *question, int item,
                                     const struct question_answer *answer,
                                     const struct question_answer *reality)
{
	const char *said = answer->items[item], *was = reality->items[item];
	if (said[0] == '\0')
		return QUESTION_SKIPPED;
	return was[0] != '\0' && kinds[question->lab->kind].same(said, was) ? QUESTION_RIGHT
	                                                                    : QUESTION_WRONG;
}

enum question_match question_compare_all(const struct question *question,
                                         const struct question_answer *answer,
                                         const struct question_answer *reality)
{
	bool all_right = true, all_skipped = true;
	for (int i = 0; i < question->n_items; i++) {
		enum question_match match = question_compare(question, i, answer, reality);
		all_right &= match == QUESTION_RIGHT;
		all_skipped &= match == QUESTION_SKIPPED;
	}
	if (all_skipped)
		return QUESTION_SKIPPED;
	return all_right ? QUESTION_RIGHT : QUESTION_WRONG;
}

void question_add_answer(const struct question *question, const struct question_answer *answer,
                         struct text *out)
{
	for (int i = 0; i < question->n_items; i++) {
		text_add(out, i > 0 ? ", " : "");
		text_add(out, answer->items[i][0] != '\0' ? answer->items[i] : "-");
	}
}
