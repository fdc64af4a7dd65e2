/* ladder_flights.c: see ladder_flights.h. */
#include "ladder_flights.h"

#include <string.h>

#include "base/i18n.h"
#include "sink/columns.h"

enum { HEAD = 1, SHARE = 3 /* of the ladder's height, at most */ };

int flights_rows(const struct model *model, int height)
{
	int most = height / SHARE;
	if (model->flights.n == 0 || !model->open || model->ended || most < HEAD + 1)
		return 0;
	int rows = model->flights.n + HEAD;
	return rows < most ? rows : most;
}

static struct pen pen_of(const struct flight *flight, bool chosen)
{
	struct pen pen = PEN(flight->from == CLIENT ? ROLE_CLIENT : ROLE_SERVER);
	return chosen ? pen_with(pen, STYLE_LIT) : pen;
}

/* "data 13 bytes, waits" */
static void add_words(struct text *t, const struct flight *flight, bool chosen)
{
	text_add(t, chosen ? "> " : "");
	text_add_safe(t, flight->what, strlen(flight->what));
	text_add(t, flight->held ? _(", waits") : "");
}

static void draw_in_list(struct canvas *canvas, struct rect row, const struct flight *flight,
                         bool chosen)
{
	TEXT(words, 2 * EVENT_NAME_MAX);
	text_add(&words, flight->from == CLIENT ? "> ~ " : "< ~ ");
	add_words(&words, flight, chosen);
	(void)canvas_cut(canvas, row, 0, 0, row.w, pen_of(flight, chosen), words.bytes);
}

/* From the sender's bar half the way: words on a line of dashes, with a box at its front. */
static void draw_between(struct canvas *canvas, struct rect row, struct lane_columns lanes,
                         const struct flight *flight, bool chosen)
{
	struct pen pen = pen_of(flight, chosen);
	int half = (lanes.right - lanes.left - 1) / 2;
	int start = flight->from == CLIENT ? lanes.left + 1 : lanes.right - half;
	struct rect part = {row.x + start, row.y, half, 1};
	TEXT(words, 2 * EVENT_NAME_MAX);
	add_words(&words, flight, chosen);
	canvas_cut_text(canvas, &words, half > 4 ? (size_t)half - 4 : 0);
	(void)canvas_text(canvas, row, lanes.left, 0, PEN(ROLE_DIM), "│");
	(void)canvas_text(canvas, row, lanes.right, 0, PEN(ROLE_DIM), "│");
	canvas_hline(canvas, part, 0, 0, half, pen);
	if (flight->from == CLIENT) {
		(void)canvas_text(canvas, part, 2, 0, pen, words.bytes);
		(void)canvas_text(canvas, part, half - 1, 0, pen, "■");
	} else {
		int columns = (int)columns_of(words.bytes, words.len);
		(void)canvas_text(canvas, part, half - 2 - columns, 0, pen, words.bytes);
		(void)canvas_text(canvas, part, 0, 0, pen, "■");
	}
}

static void draw_head(const struct model *model, struct canvas *canvas, struct rect row, int left)
{
	TEXT(words, 128);
	int held = flights_held(&model->flights);
	text_addf(&words,
	          ngettext("~~ %d frame on the wire", "~~ %d frames on the wire",
	                   (unsigned long)model->flights.n),
	          model->flights.n);
	if (held > 0)
		text_addf(&words, ngettext(", %d waits", ", %d wait", (unsigned long)held), held);
	text_add(&words, " ~~");
	(void)canvas_cut(canvas, row, left, 0, row.w - left, PEN(ROLE_TITLE), words.bytes);
}

void flights_draw(const struct model *model, struct canvas *canvas, struct rect area,
                  struct lane_columns lanes)
{
	const struct flights *flights = &model->flights;
	const struct flight *chosen = flights_chosen(flights);
	int shown = area.h - HEAD, first = (int)(chosen - flights->list) - shown + 1;
	if (first < 0)
		first = 0;
	draw_head(model, canvas, rect_row(area, 0), lanes.is_list ? 0 : lanes.left);
	for (int i = 0; i < shown && first + i < flights->n; i++) {
		const struct flight *flight = &flights->list[first + i];
		struct rect row = rect_row(area, i + HEAD);
		if (lanes.is_list)
			draw_in_list(canvas, row, flight, flight == chosen);
		else
			draw_between(canvas, row, lanes, flight, flight == chosen);
	}
}
