/* check_story.c: the outcome of a check, told step by step. */
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "runner/check.h"
#include "runner/guide.h"
#include "runner/wrap.h"

enum { WORDS_COLUMNS = 38, INDENT = 5 };

/* ---- events ---- */

/* When the first frame was sent: what times count from. */
static int64_t start_of(const struct run_record *record)
{
	for (size_t i = 0; i < record->n; i++) {
		const struct event *e = &record->events[i];
		if (e->kind == EVENT_SEGMENT || e->kind == EVENT_DATAGRAM)
			return e->time_ns;
	}
	return record->n > 0 ? record->events[0].time_ns : 0;
}

static void say_segment(struct text *t, const struct event *e, bool absolute)
{
	const struct segment *s = &e->segment;
	text_addf(t, "%s ", side_name(s->from));
	text_add_flags(t, s->flags);
	text_addf(t, " seq=%u", s->seq);
	if (absolute)
		text_addf(t, " (%u)", s->seq_raw);
	if (s->flags & TCP_ACK) {
		text_addf(t, " ack=%u", s->ack);
		if (absolute)
			text_addf(t, " (%u)", s->ack_raw);
	}
	if (s->len > 0)
		text_addf(t, " len=%u", s->len);
}

static void say_call(struct text *t, const struct call_event *call)
{
	text_addf(t, "%s %s(", side_name(call->host), call->name);
	text_add_safe(t, call->arguments, strlen(call->arguments));
	text_add(t, ")");
	if (call->action == CALL_RETURNED)
		text_addf(t, " = %lld", (long long)call->result);
	if (call->action == CALL_RETURNED && call->error)
		text_addf(t, " %s", errno_name(call->error) ? errno_name(call->error) : "");
}

static void say_output(struct text *t, const struct output_event *output)
{
	text_addf(t, "%s: ", side_name(output->host));
	text_add_safe(t, output->text, strlen(output->text));
}

static void say_message(struct text *t, const struct message *m)
{
	text_addf(t, "%s %s %s: ", side_name(m->from), m->protocol, m->kind);
	text_add_safe(t, m->summary, strlen(m->summary));
}

static void say_other(struct text *t, const struct event *e)
{
	if (e->kind == EVENT_MESSAGE)
		say_message(t, &e->message);
	else if (e->kind == EVENT_CALL)
		say_call(t, &e->call);
	else if (e->kind == EVENT_PROGRAM && e->program.action == PROGRAM_EXITED)
		text_addf(t, _("%s ends with %d"), side_name(e->program.host),
		          e->program.signal ? 128 + e->program.signal : e->program.status);
	else if (e->kind == EVENT_OUTPUT)
		say_output(t, &e->output);
	else
		text_add(t, event_kind_name(e->kind));
}

/* "#3 +0.034 ms": the frame's number and the time. */
static void say_place(struct text *t, const struct run_record *record, int64_t index)
{
	const struct event *e = &record->events[index];
	int64_t ns = e->time_ns - start_of(record);
	if (e->frame != 0)
		text_addf(t, "#%llu ", (unsigned long long)e->frame);
	text_add(t, ns < 0 ? "" : "+");
	text_add_ms(t, ns);
	text_add(t, " ms");
}

void check_say_event(struct text *t, const struct run_record *record, int64_t index, bool absolute)
{
	const struct event *e = &record->events[index];
	say_place(t, record, index);
	text_add(t, " ");
	if (e->kind == EVENT_SEGMENT)
		say_segment(t, e, absolute);
	else if (e->kind == EVENT_DATAGRAM)
		text_addf(t, _("datagram of %u bytes from port %u"), e->datagram.len,
		          e->datagram.src.port);
	else
		say_other(t, e);
}

/* ---- the story ---- */

/* How it is painted. */
struct story {
	struct buffer *out;
	size_t width;
	bool color, unicode;
};

static void paint(const struct story *story, const char *sequence)
{
	if (story->color)
		buffer_add_string(story->out, sequence);
}

#define GREEN "\033[32m"
#define RED   "\033[31m"
#define DIM   "\033[2m"
#define BOLD  "\033[1m"
#define PLAIN "\033[0m"

static void add_mark(const struct story *story, bool holds)
{
	static const char *const marks[2][2] = {{"  x  ", " ok  "}, {"  ✗  ", "  ✓  "}};
	paint(story, holds ? GREEN : RED);
	buffer_add_string(story->out, marks[story->unicode][holds]);
	paint(story, PLAIN);
}

/* Words of ours, in which what a program said is made safe already: backslashes stay. */
static void add_words(struct text *t, const char *words)
{
	for (const char *at = words; *at != '\0';) {
		uint32_t code;
		size_t n = utf8_read(at, strlen(at), &code);
		if (n == 0 || (code != '\n' && utf8_is_control(code)) || (n > 1 && MB_CUR_MAX == 1))
			text_add_char(t, '?');
		else
			text_add_bytes(t, at, n);
		at += n > 0 ? n : 1;
	}
}

static void add_safe(const struct story *story, const char *words)
{
	TEXT(safe, 4 * EVENT_TEXT_MAX);
	add_words(&safe, words);
	buffer_add_string(story->out, safe.bytes);
}

/* Folded, behind `first`. */
static void add_folded(const struct story *story, const char *first, const char *words)
{
	TEXT(safe, 4 * EVENT_TEXT_MAX);
	add_words(&safe, first);
	add_words(&safe, words);
	struct wrap wrap = {.at = safe.bytes, .end = safe.bytes + safe.len};
	for (size_t indent = INDENT; wrap_more(&wrap); indent = INDENT + 2) {
		buffer_add_chars(story->out, ' ', indent);
		(void)wrap_line(&wrap, story->width - indent, story->out);
		buffer_add_string(story->out, "\n");
	}
}

/* What shows that it holds, on the same line if it fits. */
static void add_witness(const struct story *story, const struct check_outcome *outcome,
                        const struct expectation *x, const struct expect_verdict *verdict)
{
	TEXT(event, 4 * EVENT_TEXT_MAX);
	size_t n = strlen(x->words);
	if (verdict->shown_by != EXPECT_NO_EVENT)
		check_say_event(&event, &outcome->record, verdict->shown_by, false);
	size_t pad = n < WORDS_COLUMNS ? WORDS_COLUMNS - n : 2;
	if (event.len > 0 && INDENT + n + pad + event.len > story->width) {
		text_clear(&event);
		say_place(&event, &outcome->record, verdict->shown_by);
	}
	if (event.len == 0 || INDENT + n + pad + event.len > story->width) {
		buffer_add_string(story->out, "\n");
		return;
	}
	buffer_add_chars(story->out, ' ', pad);
	paint(story, DIM);
	add_safe(story, event.bytes);
	paint(story, PLAIN);
	buffer_add_string(story->out, "\n");
}

static void add_failure(const struct story *story, const struct check_outcome *outcome,
                        const struct expectation *x, const struct expect_verdict *verdict)
{
	TEXT(event, 4 * EVENT_TEXT_MAX);
	buffer_add_string(story->out, "\n");
	if (verdict->observed[0] != '\0')
		add_folded(story, _("seen: "), verdict->observed);
	if (verdict->shown_by != EXPECT_NO_EVENT) {
		check_say_event(&event, &outcome->record, verdict->shown_by, true);
		add_folded(story, _("at: "), event.bytes);
	}
	if (x->reason[0] != '\0')
		add_folded(story, "# ", x->reason);
}

static void add_line(const struct story *story, const struct check_outcome *outcome,
                     const struct expectation *x, const struct expect_verdict *verdict)
{
	add_mark(story, verdict->holds);
	add_safe(story, x->words);
	if (verdict->holds)
		add_witness(story, outcome, x, verdict);
	else
		add_failure(story, outcome, x, verdict);
}

/* The run itself is the last step: both programs came to their end as they should. */
static void add_end(const struct story *story, const struct check_outcome *outcome)
{
	add_mark(story, !outcome->run_failed);
	buffer_add_string(story->out, _("the programs end as they should\n"));
	if (outcome->run_failed && outcome->end.said[0] != '\0' && !outcome->end.too_much)
		add_folded(story, _("seen: "), outcome->end.said);
}

static void add_verdict(const struct story *story, const char *color, const char *word,
                        const char *words)
{
	paint(story, BOLD);
	paint(story, color);
	buffer_add_string(story->out, word);
	paint(story, PLAIN);
	buffer_add_string(story->out, "  ");
	add_safe(story, words);
	buffer_add_string(story->out, "\n");
}

/* ---- the endings ---- */

static void add_causes(const struct story *story, const struct check *check,
                       const struct check_outcome *outcome)
{
	struct check_causes causes;
	check_find_causes(check, outcome, &causes);
	for (int i = 0; i < causes.n; i++)
		add_folded(story, i == 0 ? _("because: ") : _("and: "), causes.all[i]);
}

static void add_next(const struct story *story, const struct check *check)
{
	TEXT(next, 200);
	if (check->whose != CHECK_COPY && check->whose != CHECK_COMMAND)
		return;
	text_addf(&next,
	          _("next: wirelab hint %02d; your run to look at: wirelab check %02d --show; "
	            "ours: wirelab run %02d\n"),
	          check->lab->number, check->lab->number, check->lab->number);
	buffer_add_string(story->out, next.bytes);
}

static void tell_failure(const struct story *story, const struct check *check,
                         const struct check_outcome *outcome)
{
	TEXT(words, 300);
	int n = check->expected.n + 1, failed = outcome->n_failed + outcome->run_failed;
	text_addf(&words, _("in run %d: %d of %d steps are not as they should be"), outcome->run,
	          failed, n);
	add_verdict(story, RED, "FAIL", words.bytes);
	add_causes(story, check, outcome);
	add_next(story, check);
}

static void tell_pass(const struct story *story, const struct check *check,
                      const struct check_outcome *outcome)
{
	TEXT(words, 300);
	text_addf(&words, _("%d of %d runs, all %d steps"), outcome->run, check->runs,
	          check->expected.n + 1);
	add_verdict(story, GREEN, "PASS", words.bytes);
	if (check->whose != CHECK_COPY && check->whose != CHECK_COMMAND)
		return;
	text_clear(&words);
	text_addf(&words,
	          _("next: wirelab solution %02d shows ours; wirelab says which lab comes then\n"),
	          check->lab->number);
	buffer_add_string(story->out, words.bytes);
}

static void tell_compiler(const struct story *story, const struct check *check,
                          const struct check_outcome *outcome)
{
	if (check->compiler_said[0] != '\0') { /* warnings too */
		TEXT(safe, 2 * CHECK_SAID);
		for (const char *at = check->compiler_said; *at != '\0';) {
			size_t n = strcspn(at, "\n");
			text_add_terminal(&safe, at, n);
			text_add(&safe, "\n");
			at += n + (at[n] == '\n');
		}
		buffer_add_string(story->out, safe.bytes);
	}
	if (outcome->compiled)
		return;
	add_verdict(story, RED, "FAIL", _("it does not compile: what the compiler says is above"));
	add_next(story, check);
}

/* "Lab 01, your client against the reference server: /home/…/client.c" */
static void add_title(const struct story *story, const struct check *check)
{
	TEXT(title, 2 * PATH_MAX);
	enum side peer = side_other(check->side);
	text_addf(&title, _("Lab %02d: %s"), check->lab->number, check_whom(check, check->side));
	if (check->variant.command[peer][0] != '\0')
		text_addf(&title, _(" against %s"), check_whom(check, peer));
	text_addf(&title, ": %s", check->source[0] ? check->source : check->command);
	add_safe(story, title.bytes);
	buffer_add_string(story->out, "\n");
	add_folded(story, _("task: "), check->lab->exercise.task);
	buffer_add_string(story->out, "\n");
}

static void tell_steps(const struct story *story, const struct check *check,
                       const struct check_outcome *outcome)
{
	for (int i = 0; i < check->expected.n; i++)
		add_line(story, outcome, &check->expected.all[i], &outcome->lines[i]);
	add_end(story, outcome);
	buffer_add_string(story->out, "\n");
}

void check_tell(const struct check *check, const struct check_outcome *outcome, struct buffer *out)
{
	struct page_options form = guide_form();
	struct story story = {.out = out,
	                      .width = form.width,
	                      .color = form.color,
	                      .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
	add_title(&story, check);
	tell_compiler(&story, check, outcome);
	if (!outcome->compiled)
		return;
	if (outcome->verdict == CHECK_INCONCLUSIVE) {
		add_verdict(&story, "", "INCONCLUSIVE", outcome->why);
		return;
	}
	tell_steps(&story, check, outcome);
	if (outcome->verdict == CHECK_PASS)
		tell_pass(&story, check, outcome);
	else
		tell_failure(&story, check, outcome);
}
