/* model_search.c: what rows say, looking for words in them, and their times. */
#include <string.h>
#include <time.h>

#include "explain/elapsed.h"
#include "model_parts.h"
#include "sink/label.h"
#include "sink/notation.h"

enum { WORDS_MAX = 2048, ALL_COLUMNS = 512 };

/* ---- words ---- */

static void add_segment(struct text *t, const struct event *event)
{
	text_add(t, event->segment.from == CLIENT ? "> " : "< ");
	label_add(t, event, ALL_COLUMNS);
}

/* The row, and what it stands for: labels and states by their full names. */
static void add_search_words(const struct event *event, struct text *t)
{
	if (event->kind != EVENT_SEGMENT) {
		notation_event(t, event);
		return;
	}
	add_segment(t, event);
	const struct segment *s = &event->segment;
	text_add_char(t, ' ');
	notation_labels(t, &s->analysis);
	for (int side = 0; side < N_SIDES; side++)
		if (s->before[side].state != s->after[side].state) {
			text_add_char(t, ' ');
			text_add(t, tcp_state_name(s->after[side].state));
		}
}

/* ---- search ---- */

void model_search(struct model *model, const char *pattern)
{
	struct text t = text_of(model->search.pattern, sizeof model->search.pattern);
	text_add(&t, pattern);
	model->search.next = 0;
	model->search.hits.n = 0;
	model_changed(model);
}

static bool is_hit(const struct model *model, uint32_t i)
{
	struct event event;
	TEXT(words, WORDS_MAX);
	if (!model_event(model, i, &event))
		return false;
	add_search_words(&event, &words);
	return strcasestr(words.bytes, model->search.pattern) != NULL;
}

bool model_search_more(struct model *model, uint32_t budget)
{
	struct search *search = &model->search;
	if (search->pattern[0] == '\0')
		return false;
	for (; search->next < model->log.n; search->next++) {
		if (budget-- == 0)
			return true;
		if (is_hit(model, search->next) && numbers_add(&search->hits, search->next) < 0)
			return true; /* no memory: tried again when there may be some */
		model_changed(model);
	}
	return false;
}

/* The hit at that place of the list, or the next one that is a row. */
static bool select_hit(struct model *model, int64_t at, int direction)
{
	const struct numbers *hits = &model->search.hits;
	for (; at >= 0 && at < hits->n; at += direction) {
		uint32_t record = hits->list[at];
		if ((model->is_filtered && record >= model->filtered) ||
		    !model_is_row(model, record))
			continue;
		model_reach(model, record);
		return true;
	}
	return false;
}

bool model_next_hit(struct model *model, int direction)
{
	const struct numbers *hits = &model->search.hits;
	uint32_t current = model_current(model);
	if (hits->n == 0 || current == NO_RECORD)
		return false;
	if (direction > 0) /* and from the end to the beginning */
		return select_hit(model, numbers_find(hits, current + 1), 1) ||
		       select_hit(model, 0, 1);
	return select_hit(model, (int64_t)numbers_find(hits, current) - 1, -1) ||
	       select_hit(model, (int64_t)hits->n - 1, -1);
}

uint32_t model_hit_number(const struct model *model)
{
	const struct numbers *hits = &model->search.hits;
	uint32_t current = model_current(model);
	uint32_t at = numbers_find(hits, current);
	return at < hits->n && hits->list[at] == current ? at + 1 : 0;
}

/* ---- times ---- */

/* Milliseconds in TIME_COLUMNS: a long time loses its last digits, cut and not rounded, and a very
 * long one is said in seconds. */
static void add_ms(struct text *t, int64_t ns)
{
	TEXT(number, 32);
	text_add_ms(&number, ns);
	if (number.len <= TIME_COLUMNS) {
		text_add_bytes(t, number.bytes, number.len);
	} else if (number.len - 4 <= TIME_COLUMNS) {
		size_t n = number.bytes[TIME_COLUMNS - 1] == '.' ? TIME_COLUMNS - 1 : TIME_COLUMNS;
		text_add_bytes(t, number.bytes, n);
	} else {
		text_clear(&number);
		text_add_int(&number, ns / NS_PER_SECOND);
		text_add_bytes(t, number.bytes, number.len);
		text_add_char(t, 's');
	}
}

static void add_time_of_day(struct text *t, int64_t ns)
{
	time_t seconds = (time_t)(ns / NS_PER_SECOND);
	struct tm tm;
	if (ns < 0 || !localtime_r(&seconds, &tm))
		return;
	text_addf(t, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec,
	          (int)(ns % NS_PER_SECOND / NS_PER_MS));
}

void model_add_time(const struct model *model, uint32_t row, struct text *t)
{
	uint32_t record = model_record_of_row(model, row), other = NO_RECORD;
	int64_t time_ns = log_record(&model->log, record)->time_ns;
	int64_t from_ns = model->origin_ns;
	if (!model->has_origin)
		return;
	if (model->time_mode == TIME_OF_DAY) {
		add_time_of_day(t, time_ns);
		return;
	}
	if (model->time_mode == TIME_SINCE_ROW && row > 0)
		other = model_record_of_row(model, row - 1);
	if (model->time_mode == TIME_SINCE_MARK)
		other = model->mark != NO_RECORD ? model->mark : model_current(model);
	if (other != NO_RECORD)
		from_ns = log_record(&model->log, other)->time_ns;
	add_ms(t, elapsed_ns(from_ns, time_ns));
}
