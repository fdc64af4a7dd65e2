/* progress_file.c: see progress_file.h. */
#include "runner/progress_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum { MOST = 1000000 }; /* more than a person can do */

static const char first_line[] = "wirelab-progress 1";

/* The word of each mark, as enum progress_kind. */
static const char *const mark_words[N_PROGRESS_KINDS] = {
        "seen", "run", "predicted", "hint", "passed", "failed", "inconclusive", "solution"};

/* ---- reading: each takes a line, changeable and terminated, and says if it means something ----
 */

/* "2026-11-21T07:10:35Z" to seconds; false if it is none. *rest is what follows. */
static bool parse_time(const char *text, int64_t *seconds, const char **rest)
{
	struct tm tm = {.tm_sec = 0};
	*rest = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	*seconds = *rest == NULL ? 0 : (int64_t)timegm(&tm);
	return *rest != NULL;
}

static bool parse_mark(struct progress_mark *mark, const char *text)
{
	char *end;
	const char *rest;
	struct progress_mark read;
	long count = strtol(text, &end, 10);
	if (end == text || *end != ' ' || count < 1 || count > MOST)
		return false;
	if (!parse_time(end + 1, &read.first_s, &rest) || *rest != ' ' ||
	    !parse_time(rest + 1, &read.last_s, &rest) || *rest != '\0')
		return false;
	read.count = (int)count;
	*mark = read;
	return true;
}

/* Copies up to `end` into a field, cut to fit. */
static void take(char field[static PROGRESS_TEXT], const char *from, const char *end)
{
	struct text text = text_of(field, PROGRESS_TEXT);
	text_add_bytes(&text, from, (size_t)(end - from));
}

/* "NAME right: ANSWER | REALITY" */
static bool parse_prediction(struct progress *progress, const char *text)
{
	static const char right[] = " right: ", wrong[] = " wrong: ", bar[] = " | ";
	struct progress_prediction read = {.name = ""};
	const char *is_right = strstr(text, right), *is_wrong = strstr(text, wrong);
	const char *verdict =
	        is_right != NULL && (is_wrong == NULL || is_right < is_wrong) ? is_right : is_wrong;
	const char *between = verdict == NULL ? NULL : strstr(verdict + strlen(right), bar);
	if (between == NULL || verdict == text)
		return false;
	read.right = verdict == is_right;
	take(read.name, text, verdict);
	take(read.answer, verdict + strlen(right), between);
	take(read.reality, between + strlen(bar), between + strlen(between));
	progress_put_prediction(progress, &read);
	return true;
}

/* The rest of the line, if it begins with the word; else NULL. */
static const char *after(const char *line, const char *word)
{
	size_t n = strlen(word);
	return strncmp(line, word, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static bool parse_line(struct progress *progress, const char *line)
{
	const char *rest;
	for (int kind = 0; kind < N_PROGRESS_KINDS; kind++)
		if ((rest = after(line, mark_words[kind])) != NULL)
			return parse_mark(&progress->marks[kind], rest);
	if ((rest = after(line, "prediction")) != NULL)
		return parse_prediction(progress, rest);
	if ((rest = after(line, "failure")) == NULL)
		return false;
	take(progress->failure, rest, rest + strlen(rest));
	return true;
}

void progress_parse(struct progress *progress, const char *text, size_t n)
{
	const char *end = text + n;
	bool first = true;
	memset(progress, 0, sizeof *progress);
	for (const char *at = text; at < end; first = false) {
		char line[4 * PROGRESS_TEXT];
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = newline == NULL ? (size_t)(end - at) : (size_t)(newline - at);
		bool fits = len < sizeof line && memchr(at, '\0', len) == NULL;
		(void)snprintf(line, sizeof line, "%.*s", fits ? (int)len : 0, at); /* it fits */
		bool known = first ? strcmp(line, first_line) == 0 : parse_line(progress, line);
		if (!fits || newline == NULL || !known)
			progress->damaged = true;
		at += len + 1;
	}
	progress->damaged |= first; /* an empty file is not one that we wrote */
}

void progress_put_prediction(struct progress *progress,
                             const struct progress_prediction *prediction)
{
	int i = 0;
	while (i < progress->n_predictions &&
	       strcmp(progress->predictions[i].name, prediction->name) != 0)
		i++;
	if (i == PROGRESS_PREDICTIONS)
		return;
	progress->predictions[i] = *prediction;
	if (i == progress->n_predictions)
		progress->n_predictions++;
}

/* ---- writing ---- */

static void add_time(struct text *t, int64_t seconds)
{
	char text[32];
	struct tm tm;
	time_t time = (time_t)seconds;
	if (gmtime_r(&time, &tm) == NULL ||
	    strftime(text, sizeof text, " %Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		(void)snprintf(text, sizeof text, " 1970-01-01T00:00:00Z"); /* it fits */
	text_add(t, text);
}

static void format_mark(const struct progress_mark *mark, const char *word, struct buffer *out)
{
	TEXT(line, 128);
	if (mark->count == 0)
		return;
	text_addf(&line, "%s %d", word, mark->count);
	add_time(&line, mark->first_s);
	add_time(&line, mark->last_s);
	text_add_char(&line, '\n');
	buffer_add(out, line.bytes, line.len);
}

/* A field on one line, whatever is in it. */
static void add_field(struct buffer *out, const char *field)
{
	for (; *field != '\0'; field++)
		buffer_add_chars(out, (unsigned char)*field < ' ' ? ' ' : *field, 1);
}

static void format_prediction(const struct progress_prediction *prediction, struct buffer *out)
{
	buffer_add_string(out, "prediction ");
	add_field(out, prediction->name);
	buffer_add_string(out, prediction->right ? " right: " : " wrong: ");
	add_field(out, prediction->answer);
	buffer_add_string(out, " | ");
	add_field(out, prediction->reality);
	buffer_add_string(out, "\n");
}

void progress_format(const struct progress *progress, struct buffer *out)
{
	buffer_add_string(out, first_line);
	buffer_add_string(out, "\n");
	for (int kind = 0; kind < N_PROGRESS_KINDS; kind++)
		format_mark(&progress->marks[kind], mark_words[kind], out);
	if (progress->failure[0] != '\0') {
		buffer_add_string(out, "failure ");
		add_field(out, progress->failure);
		buffer_add_string(out, "\n");
	}
	for (int i = 0; i < progress->n_predictions; i++)
		format_prediction(&progress->predictions[i], out);
}
