/* predict_show.c: what was said beside what happened. It must not know how either was found out. */
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "runner/guide.h"
#include "runner/predict.h"

enum { INDENT = 3, COLUMN = 12, LONGEST = 4 * LAB_LONG };

/* ---- an answer in words ---- */

/* "b) the server" for each letter of the item; else the item itself. */
static void add_words(struct text *t, const struct question *q, const char *item)
{
	if (q->lab->kind != PREDICT_CHOICE && q->lab->kind != PREDICT_ORDER) {
		text_add(t, item);
		return;
	}
	for (; *item != '\0'; item++) {
		int part = *item - 'a';
		if (part < 0 || part >= q->n_parts)
			continue;
		text_add(t, t->len > 0 ? "; " : "");
		text_addf(t, "%c) %s", *item, q->parts[part].label);
	}
}

static void add_item(struct buffer *out, const char *who, const struct question *q,
                     const char *item, const char *nothing, const char *mark, size_t width)
{
	TEXT(words, LONGEST);
	TEXT(first, 64);
	text_addf(&first, "   %s", who);
	if (item[0] == '\0')
		text_add(&words, nothing);
	add_words(&words, q, item);
	text_add(&words, mark);
	guide_add_folded(out, first.bytes, COLUMN, words.bytes, width);
}

static const char *mark_of(enum question_match match)
{
	static const char *const marks[] = {"", N_("   (right)"), N_("   <-- not what you said")};
	return marks[match][0] == '\0' ? "" : _(marks[match]);
}

/* ---- one question ---- */

static void add_single(struct buffer *out, const struct prediction *p, size_t width)
{
	const struct question *q = &p->question;
	enum question_match match = question_compare(q, 0, &p->answer, &p->reality);
	add_item(out, _("you"), q, p->answer.items[0], _("(skipped)"), "", width);
	add_item(out, _("the run"), q, p->reality.items[0], _("nothing of the kind happened"),
	         mark_of(match), width);
}

/* The ladder with its numbers, and a line for each blank that was filled with another. */
static void add_blanks(struct buffer *out, const struct prediction *p)
{
	predict_add_ladder(out, &p->question, &p->reality);
	for (int i = 0; i < p->question.n_items; i++) {
		TEXT(line, 256);
		const char *said = p->answer.items[i], *was = p->reality.items[i];
		enum question_match match =
		        question_compare(&p->question, i, &p->answer, &p->reality);
		text_addf(&line, _("   [%d] you %s, the run %s"), i + 1,
		          said[0] != '\0' ? said : _("(skipped)"), was[0] != '\0' ? was : "-");
		if (p->raw.items[i][0] != '\0')
			text_addf(&line, _(" (on the wire %s)"), p->raw.items[i]);
		text_addf(&line, "%s\n", mark_of(match));
		buffer_add(out, line.bytes, line.len);
	}
}

/* Which run it is about, if not the plain one. */
static void add_run(struct buffer *out, const struct lab_prediction *lab, size_t width)
{
	TEXT(words, LONGEST);
	if (lab->variant[0] != '\0')
		text_addf(&words, _("variant %s"), lab->variant);
	if (words.len > 0 && lab->fault[0] != '\0')
		text_add(&words, ", ");
	if (lab->fault[0] != '\0')
		text_addf(&words, _("fault %s"), lab->fault);
	if (words.len > 0)
		guide_add_folded(out, _("   in"), COLUMN, words.bytes, width);
}

static void add_question(struct buffer *out, const struct prediction *p, int number, size_t width)
{
	TEXT(first, 16);
	const struct lab_prediction *lab = p->question.lab;
	text_addf(&first, "%d. ", number);
	buffer_add_string(out, "\n");
	guide_add_folded(out, first.bytes, INDENT, lab->ask, width);
	add_run(out, lab, width);
	if (!p->compared)
		guide_add_folded(out, "", INDENT, _("   (there was no run of this)"), width);
	else if (lab->kind == PREDICT_BLANKS)
		add_blanks(out, p);
	else
		add_single(out, p, width);
	if (p->compared && lab->why[0] != '\0')
		guide_add_folded(out, _("   why"), COLUMN, lab->why, width);
}

void predict_add_comparison(struct buffer *out, const struct predictions *predictions, size_t width)
{
	TEXT(summary, 256);
	int right = 0, answered = 0;
	for (int i = 0; i < predictions->n; i++) {
		const struct prediction *p = &predictions->all[i];
		enum question_match match =
		        question_compare_all(&p->question, &p->answer, &p->reality);
		add_question(out, p, i + 1, width);
		answered += p->compared && match != QUESTION_SKIPPED;
		right += p->compared && match == QUESTION_RIGHT;
	}
	text_add(&summary, "\n");
	if (answered > 0)
		text_addf(&summary, _("%d of %d as you said. "), right, answered);
	text_addf(&summary, _("Look at it: wirelab run %02d; its page: wirelab show %02d\n"),
	          predictions->lab->number, predictions->lab->number);
	buffer_add(out, summary.bytes, summary.len);
}

/* ---- for programs ---- */

static void add_json_words(struct text *line, const char *key, const struct question *q,
                           const struct question_answer *answer)
{
	TEXT(words, QUESTION_PARTS * (QUESTION_TEXT + 2));
	question_add_answer(q, answer, &words);
	json_string(line, key, words.bytes);
}

static void add_json_question(struct buffer *out, const struct prediction *p)
{
	static const char *const kinds[] = {"number", "blanks", "order", "choice"};
	static const char *const matches[] = {"skipped", "right", "wrong"};
	TEXT(line, 16 * LAB_LONG);
	const struct lab_prediction *lab = p->question.lab;
	json_open(&line);
	json_string(&line, "question", lab->name);
	json_string(&line, "kind", kinds[lab->kind]);
	json_string(&line, "variant", lab->variant);
	json_string(&line, "fault", lab->fault);
	json_string(&line, "ask", lab->ask);
	add_json_words(&line, "answer", &p->question, &p->answer);
	if (p->compared) {
		add_json_words(&line, "reality", &p->question, &p->reality);
		json_string(&line, "match",
		            matches[question_compare_all(&p->question, &p->answer, &p->reality)]);
	}
	json_string(&line, "why", lab->why);
	json_close(&line);
	buffer_add(out, line.bytes, line.len);
}

void predict_add_json(struct buffer *out, const struct predictions *predictions)
{
	for (int i = 0; i < predictions->n; i++)
		add_json_question(out, &predictions->all[i]);
}
