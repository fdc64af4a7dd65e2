/* passage.c: see passage.h. The comment comes through a pipe from a process that carries frames,
 * so it is read with as little trust as the frames. */
#include "passage.h"

#include <string.h>

#include "capture/order.h"

enum { OPTION_END = 0, OPTION_COMMENT = 1 };

/* What is left of a line. */
struct line {
	const char *at, *end;
};

static bool take(struct line *line, const char *word)
{
	size_t n = strlen(word);
	if ((size_t)(line->end - line->at) < n || memcmp(line->at, word, n) != 0)
		return false;
	line->at += n;
	return true;
}

/* Decimal digits, at most 18, so that no number is too large. Sets how many there were. */
static bool take_number(struct line *line, uint64_t *value, int *digits)
{
	enum { MOST = 18 };
	*value = 0;
	for (*digits = 0; line->at < line->end && *line->at >= '0' && *line->at <= '9'; line->at++)
		if (++*digits <= MOST)
			*value = *value * 10 + (uint64_t)(*line->at - '0');
	return *digits > 0 && *digits <= MOST;
}

static bool take_time(struct line *line, int64_t *ns)
{
	enum { NANOSECOND_DIGITS = 9 };
	uint64_t seconds, fraction;
	int digits;
	if (!take_number(line, &seconds, &digits) || !take(line, ".") ||
	    !take_number(line, &fraction, &digits) || digits != NANOSECOND_DIGITS ||
	    seconds > (uint64_t)(INT64_MAX / NS_PER_SECOND - 1))
		return false;
	*ns = (int64_t)(seconds * (uint64_t)NS_PER_SECOND + fraction);
	return true;
}

static bool take_fate(struct line *line, enum fate *fate)
{
	for (enum fate f = FATE_ARRIVED; f < N_FATES; f++) {
		if (take(line, fate_name(f))) {
			*fate = f;
			return true;
		}
	}
	return false;
}

static bool read_line(struct passage *p, struct line line)
{
	struct text by = text_of(p->by, sizeof p->by);
	int digits;
	if (!take_time(&line, &p->sent_ns) || !take(&line, " fate=") || !take_fate(&line, &p->fate))
		return false;
	p->reordered = take(&line, ",reordered");
	if (!take(&line, " id=") || !take_number(&line, &p->id, &digits))
		return false;
	if (take(&line, " by="))
		text_add_safe(&by, line.at, (size_t)(line.end - line.at));
	return p->id > 0;
}

/* The wire's comment behind its first words; a saved frame has others too. */
static struct line comment_of(const struct record *record)
{
	struct cursor c = cursor_of(record->options, record->options_len);
	enum order order = record->options_big ? ORDER_BIG : ORDER_LITTLE;
	while (cursor_left(&c) > 0) {
		uint16_t code = order_u16(&c, order);
		uint16_t len = order_u16(&c, order);
		const char *value = (const char *)cursor_take(&c, len);
		if (!cursor_ok(&c) || code == OPTION_END)
			break;
		struct line line = {value, value + len};
		if (code == OPTION_COMMENT && take(&line, "wire: sent="))
			return line;
		cursor_skip(&c, -(unsigned)len & 3U); /* values are padded to 32 bits */
	}
	return (struct line){NULL, NULL};
}

void passage_read(struct passage *passage, const struct record *record)
{
	struct line line = comment_of(record);
	*passage = (struct passage){0};
	if (!line.at || !read_line(passage, line)) {
		*passage = (struct passage){0};
		return;
	}
	if (passage->fate != FATE_DROPPED)
		passage->arrived_ns = record->time_ns;
}
