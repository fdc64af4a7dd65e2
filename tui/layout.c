/* layout.c: see layout.h. */
#include "layout.h"

enum {
	WIDE_WIDTH = 120,
	WIDE_HEIGHT = 30,
	NORMAL_WIDTH = 80,
	SHORT_WIDTH = 60,
	BARS = 2,          /* status and footer */
	MAIN_COLUMNS = 76, /* that the ladder keeps beside a pane */
	MAIN_MIN_COLUMNS = 40,
	MAIN_MIN_ROWS = 3,
	SIDE_MIN_COLUMNS = 24,
	SIDE_MIN_ROWS = 2,
};

static enum tier tier_of(int width, int height)
{
	if (width < SCREEN_MIN_WIDTH || height < SCREEN_MIN_HEIGHT)
		return TIER_TOO_SMALL;
	if (width < SHORT_WIDTH)
		return TIER_LIST;
	if (width < NORMAL_WIDTH)
		return TIER_SHORT;
	return width >= WIDE_WIDTH && height >= WIDE_HEIGHT ? TIER_WIDE : TIER_NORMAL;
}

static int limit(int value, int least, int most)
{
	if (value > most)
		value = most;
	return value < least ? least : value;
}

static void split_columns(struct layout *layout, struct rect body, int shift)
{
	int columns = body.w * 3 / 5;
	if (columns < MAIN_COLUMNS)
		columns = MAIN_COLUMNS;
	columns = limit(columns - shift, MAIN_MIN_COLUMNS, body.w - SIDE_MIN_COLUMNS - 1);
	layout->border_is_vertical = true;
	layout->main = (struct rect){body.x, body.y, columns, body.h};
	layout->border = (struct rect){body.x + columns, body.y, 1, body.h};
	layout->side = (struct rect){body.x + columns + 1, body.y, body.w - columns - 1, body.h};
}

/* How many rows the pane below gets: a third, at least what a short explanation needs, if there is
 * room for it at all. */
static int side_rows(enum tier tier, int rows)
{
	int wanted = tier == TIER_NORMAL ? rows * 2 / 5 : rows / 3;
	int least = tier == TIER_NORMAL ? 7 : 4;
	return limit(wanted, least < rows / 2 ? least : rows / 2, rows - MAIN_MIN_ROWS - 1);
}

static void split_rows(struct layout *layout, struct rect body, int shift)
{
	int rows = limit(side_rows(layout->tier, body.h) + shift, SIDE_MIN_ROWS,
	                 body.h - MAIN_MIN_ROWS - 1);
	int main_rows = body.h - rows - 1;
	layout->main = (struct rect){body.x, body.y, body.w, main_rows};
	layout->border = (struct rect){body.x, body.y + main_rows, body.w, 1};
	layout->side = (struct rect){body.x, body.y + main_rows + 1, body.w, rows};
}

struct layout layout_make(int width, int height, const struct layout_wish *wish)
{
	struct layout layout = {.tier = tier_of(width, height)};
	if (layout.tier == TIER_TOO_SMALL)
		return layout;
	struct rect body = {0, 1, width, height - BARS};
	layout.status = (struct rect){0, 0, width, 1};
	layout.footer = (struct rect){0, height - 1, width, 1};
	if (wish->main_alone)
		layout.main = body;
	else if (wish->side_alone)
		layout.side = body;
	else if (layout.tier == TIER_WIDE)
		split_columns(&layout, body, wish->shift);
	else
		split_rows(&layout, body, wish->shift);
	return layout;
}
