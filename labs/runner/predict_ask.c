/* predict_ask.c: the questions before the run. Wrong is free, an empty line skips. It must not know
 * what the right answers are. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/guide.h"
#include "runner/predict.h"

enum { INDENT = 3, TRIES = 3, LINE = 256, LADDER_COLUMNS = 34 };

static void put(const struct asking *asking, const struct buffer *text)
{
	if (text->len > 0)
		(void)fwrite(text->bytes, 1, text->len, asking->out); /* told at the end */
}

/* ---- the ladder with blanks ---- */

/* "tcp.seq" is "seq" in a ladder. */
static const char *short_name(const char *field)
{
	static const char *const names[][2] = {{"tcp.window_size", "win"},
	                                       {"tcp.window_size_value", "win"}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(field, names[i][0]) == 0)
			return names[i][1];
	return strncmp(field, "tcp.", 4) == 0 ? field + 4 : field;
}

/* "SYN,ACK seq=[1] ack=[2]": the segment of a row, from part `from` on. */
static void add_segment(struct text *t, const struct question *q, int from,
                        const struct question_answer *numbers)
{
	const char *words = strchr(q->parts[from].label, ' ');
	text_add_safe(t, words == NULL ? "" : words + 1, words == NULL ? 0 : strlen(words + 1));
	for (int i = from; i < q->n_parts && q->parts[i].row == q->parts[from].row; i++) {
		text_addf(t, " %s=", short_name(q->parts[i].field));
		if (numbers == NULL)
			text_addf(t, "[%d]", i + 1);
		else
			text_add(t, numbers->items[i][0] != '\0' ? numbers->items[i] : "?");
	}
}

static void add_arrow(struct buffer *out, const struct text *segment, bool to_server)
{
	size_t line = segment->len < LADDER_COLUMNS ? LADDER_COLUMNS - segment->len : 0;
	buffer_add_string(out, to_server ? "      |--" : "      |<-");
	buffer_add(out, segment->bytes, segment->len);
	buffer_add_chars(out, '-', line);
	buffer_add_string(out, to_server ? "->|\n" : "--|\n");
}

void predict_add_ladder(struct buffer *out, const struct question *question,
                        const struct question_answer *numbers)
{
	buffer_add_string(out, "    client");
	buffer_add_chars(out, ' ', LADDER_COLUMNS - 1);
	buffer_add_string(out, "server\n");
	for (int i = 0; i < question->n_parts; i++) {
		TEXT(segment, 512);
		const struct question_part *part = &question->parts[i];
		if (i > 0 && part->row == part[-1].row)
			continue;
		add_segment(&segment, question, i, numbers);
		add_arrow(out, &segment, strncmp(part->label, "client", strlen("client")) == 0);
	}
}

/* ---- one question ---- */

static void add_parts(struct buffer *out, const struct asking *asking, const struct question *q)
{
	for (int i = 0; i < q->n_parts; i++) {
		char letter[] = "   a) ";
		letter[INDENT] = (char)('a' + i);
		guide_add_folded(out, letter, strlen(letter), q->parts[i].label, asking->width);
	}
}

static void print_question(const struct asking *asking, const struct question *q, int number)
{
	TEXT(first, 16);
	struct buffer out = {.bytes = NULL};
	text_addf(&first, "%d. ", number);
	buffer_add_string(&out, "\n");
	guide_add_folded(&out, first.bytes, INDENT, q->lab->ask, asking->width);
	if (q->lab->kind == PREDICT_BLANKS)
		predict_add_ladder(&out, q, NULL);
	else
		add_parts(&out, asking, q);
	put(asking, &out);
	buffer_release(&out);
}

static void print_prompt(const struct asking *asking, const struct question *q, int item)
{
	static const char *const prompts[] = {
	        [PREDICT_NUMBER] = N_("your guess"),
	        [PREDICT_BLANKS] = "", /* has a number */
	        [PREDICT_ORDER] = N_("all letters, the earliest first (as in: b a c)"),
	        [PREDICT_CHOICE] = N_("your letter"),
	};
	if (q->lab->kind == PREDICT_BLANKS)
		(void)fprintf(asking->out, "   [%d] = ", item + 1);
	else
		(void)fprintf(asking->out, "   %s: ", _(prompts[q->lab->kind]));
	(void)fflush(asking->out); /* before we wait */
}

/* The next line of input; what does not fit is passed over. False at the end. */
static bool read_line(struct asking *asking, char line[static LINE])
{
	int c = 0;
	if (asking->ended || fgets(line, LINE, asking->in) == NULL) {
		asking->ended = true;
		return false;
	}
	while (strchr(line, '\n') == NULL && c != EOF && c != '\n')
		c = fgetc(asking->in);
	return true;
}

/* A transcript shows what was read; a terminal has shown it. */
static void echo(const struct asking *asking, const char *line)
{
	TEXT(safe, 4 * LINE);
	text_add_terminal(&safe, line, strcspn(line, "\r\n"));
	if (!asking->is_terminal)
		(void)fprintf(asking->out, "%s\n", safe.bytes);
}

static void ask_item(struct asking *asking, struct prediction *p, int item)
{
	char line[LINE];
	for (int i = 0; i < TRIES; i++) {
		print_prompt(asking, &p->question, item);
		if (!read_line(asking, line)) {
			(void)fputc('\n', asking->out);
			return;
		}
		echo(asking, line);
		const char *wrong = question_accept(&p->question, line, p->answer.items[item]);
		if (wrong == NULL)
			return;
		(void)fprintf(asking->out, "   %s\n", wrong);
		if (!asking->is_terminal)
			return; /* the next line is the next answer */
	}
}

void predict_ask(struct asking *asking, struct predictions *predictions)
{
	int n = predictions->n;
	(void)fprintf(
	        asking->out,
	        ngettext("Lab %02d: %d question before it runs. A wrong guess costs nothing; "
	                 "Enter skips.\n",
	                 "Lab %02d: %d questions before it runs. A wrong guess costs nothing; "
	                 "Enter skips.\n",
	                 (unsigned long)n),
	        predictions->lab->number, n);
	for (int i = 0; i < n && !asking->ended; i++) {
		struct prediction *p = &predictions->all[i];
		print_question(asking, &p->question, i + 1);
		for (int item = 0; item < p->question.n_items && !asking->ended; item++)
			ask_item(asking, p, item);
	}
}
