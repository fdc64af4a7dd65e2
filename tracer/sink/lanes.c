/* lanes.c: see lanes.h. Knows columns, not protocols. */
#include "sink/lanes.h"

#include "sink/columns.h"

enum { ARROW_EDGE = 5 }; /* an arrow around its label: three dashes or "<--", "-", ">" */

static size_t width_of(const struct lanes *lanes)
{
	int width = lanes->options->width;
	int least = lanes->bare ? LANES_MIN - LANES_TIME : LANES_MIN;
	return (size_t)(width < least ? least : width);
}

size_t lanes_margin(const struct lanes *lanes)
{
	return lanes->bare ? 0 : LANES_TIME + (lanes->numbered ? LANES_NUMBER : 0);
}

static size_t state_columns(const struct lanes *lanes)
{
	return lanes->long_states ? LANES_LONG_STATE : LANES_STATE;
}

/* margin, state, space, bar, inner, bar, space, state */
size_t lanes_inner(const struct lanes *lanes)
{
	return width_of(lanes) - lanes_margin(lanes) - 2 * (state_columns(lanes) + 2);
}

size_t lanes_label_room(const struct lanes *lanes)
{
	return lanes_inner(lanes) - ARROW_EDGE;
}

static void add_repeated(struct text *t, const char *s, size_t n)
{
	while (n-- > 0)
		text_add(t, s);
}

static void pad(struct text *t, size_t used, size_t columns)
{
	if (used < columns)
		text_add_chars(t, ' ', columns - used);
}

static void add_bar(struct text *t, const struct lanes *lanes, enum side side)
{
	static const char *const bars[2][2] = {{"|", "│"}, {"#", "║"}};
	(void)paint_on(t, lanes->options, PAINT_DIM); /* columns are counted apart */
	text_add(t, bars[lanes->busy[side]][lanes->options->unicode]);
	(void)paint_off(t, lanes->options);
}

/* Milliseconds in eight columns: a long time loses its last digits, cut and not rounded. */
static void add_time(struct text *t, int64_t ns)
{
	TEXT(number, 32);
	text_add_ms(&number, ns);
	size_t len = number.len;
	if (len > LANES_TIME - 2 && len - 4 <= LANES_TIME - 2) {
		len = LANES_TIME - 2;
		len -= number.bytes[len - 1] == '.'; /* nothing left behind the point */
	} else if (len > LANES_TIME - 2) {
		len -= 4;
	}
	pad(t, len, LANES_TIME - 2);
	text_add_bytes(t, number.bytes, len);
	pad(t, len < LANES_TIME - 2 ? LANES_TIME - 2 : len, LANES_TIME);
}

/* "#3", padded */
static void add_stream(struct text *t, int64_t stream)
{
	TEXT(number, 32);
	if (stream >= 0) {
		text_add_char(&number, '#');
		text_add_int(&number, stream);
	}
	text_add_bytes(t, number.bytes, number.len);
	pad(t, number.len, LANES_NUMBER);
}

/* Everything in front of the left state; without a row, blank. */
static void add_margin(struct text *t, const struct lanes *lanes, const struct row *row)
{
	if (lanes->bare)
		return;
	(void)paint_on(t, lanes->options, PAINT_DIM);
	if (lanes->numbered)
		add_stream(t, row ? row->stream : -1);
	if (row && row->has_time)
		add_time(t, row->time_ns);
	else
		text_add_chars(t, ' ', LANES_TIME);
	(void)paint_off(t, lanes->options);
}

static void add_state(struct text *t, const struct lanes *lanes, const char *state)
{
	(void)paint_on(t, lanes->options, PAINT_STATE);
	text_add(t, state);
	(void)paint_off(t, lanes->options);
}

/* Up to and including the left bar. */
static void add_left(struct text *t, const struct lanes *lanes, const struct row *row)
{
	const char *left = row && row->left ? row->left : "";
	size_t columns = 0;
	add_margin(t, lanes, row);
	for (; left[columns]; columns++) /* states are ASCII */
		;
	if (columns > 0)
		add_state(t, lanes, left);
	pad(t, columns, state_columns(lanes) + 1);
	add_bar(t, lanes, CLIENT);
}

/* From the right bar on; no spaces at the end of a line. */
static void add_right(struct text *t, const struct lanes *lanes, const struct row *row)
{
	add_bar(t, lanes, SERVER);
	if (row && row->right) {
		text_add_char(t, ' ');
		add_state(t, lanes, row->right);
	}
	text_add_char(t, '\n');
}

static const char *arrow_head(const struct lanes *lanes, struct arrow arrow)
{
	static const char *const heads[N_SIDES][2] = {{">", "►"}, {"<", "◄"}};
	if (arrow.lost)
		return "x";
	return heads[arrow.from][lanes->options->unicode];
}

void lanes_arrow(struct text *t, const struct lanes *lanes, const struct row *row,
                 struct arrow arrow, const struct text *label)
{
	bool unicode = lanes->options->unicode;
	enum side from = arrow.from;
	const char *dash = unicode ? "─" : "-";
	size_t columns = columns_of(label->bytes, label->len);
	size_t room = lanes_inner(lanes) - 3;
	add_left(t, lanes, row);
	(void)paint_on(t, lanes->options, paint_side(from));
	if (from == SERVER)
		text_add(t, arrow_head(lanes, arrow));
	add_repeated(t, dash, from == SERVER ? 2 : 3);
	text_add_bytes(t, label->bytes, label->len);
	if (columns < room)
		add_repeated(t, dash, room - columns - (from == CLIENT));
	if (from == CLIENT)
		text_add(t, arrow_head(lanes, arrow));
	(void)paint_off(t, lanes->options);
	add_right(t, lanes, row);
}

/* One row of words: beside the left bar after a space, or beside the right one. */
static void add_words(struct text *t, const struct lanes *lanes, enum side side, const char *line,
                      size_t n, enum paint paint)
{
	size_t inner = lanes_inner(lanes);
	size_t columns = columns_of(line, n) + 1;
	if (side == SERVER)
		pad(t, columns, inner);
	else
		text_add_char(t, ' ');
	(void)paint_on(t, lanes->options, paint);
	text_add_bytes(t, line, n);
	(void)paint_off(t, lanes->options);
	if (side == SERVER)
		text_add_char(t, ' ');
	else
		pad(t, columns, inner);
}

void lanes_words(struct text *t, const struct lanes *lanes, const struct row *row, enum side side,
                 const struct text *words, enum paint paint)
{
	struct lines lines = lines_of(words);
	const struct row *now = row;
	const char *line;
	size_t n;
	while ((n = lines_next(&lines, lanes_inner(lanes) - 2, &line)) > 0 || now) {
		add_left(t, lanes, now);
		add_words(t, lanes, side, line, n, paint);
		add_right(t, lanes, now);
		now = NULL;
	}
}

void lanes_plain(struct text *t, const struct lanes *lanes, const struct row *row,
                 const struct text *words, enum paint paint)
{
	struct lines lines = lines_of(words);
	size_t columns = width_of(lanes) - lanes_margin(lanes);
	const char *line;
	size_t n;
	while ((n = lines_next(&lines, columns, &line)) > 0) {
		add_margin(t, lanes, row);
		(void)paint_on(t, lanes->options, paint);
		text_add_bytes(t, line, n);
		(void)paint_off(t, lanes->options);
		text_add_char(t, '\n');
		row = NULL;
	}
}
