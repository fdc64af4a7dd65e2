/* view_explain.c: the selected row in sentences: what it is, why now, what it changes, what should
 * come next, where the RFC says so. */
#include "base/i18n.h"
#include "explain/explain.h"
#include "scroll.h"
#include "view.h"

enum { AIRY_FROM = 14 }; /* rows; from here on paragraphs are set apart */

struct explain_state {
	struct scroll scroll;
	uint32_t record; /* that the scrolling belongs to */
};

/* Where the next paragraph goes. */
struct page {
	struct canvas *canvas;
	struct rect area;
	int y;
	bool airy;
};

static void add(struct page *page, enum role role, const char *text)
{
	if (text[0] == '\0')
		return;
	if (page->airy && role != ROLE_TITLE)
		page->y++;
	page->y = canvas_paragraph(page->canvas, page->area, page->y, PEN(role), text);
}

/* Returns the line behind the last one. */
static int draw_sentences(struct page page, const struct explanation *explanation)
{
	TEXT(next, 1024);
	explain_add_next(explanation, &next);
	add(&page, ROLE_TITLE, explanation->title.bytes);
	add(&page, ROLE_TEXT, explanation->what.bytes);
	add(&page, ROLE_TEXT, explanation->why.bytes);
	add(&page, ROLE_STATE, explanation->change.bytes);
	add(&page, ROLE_TEXT, next.bytes);
	add(&page, ROLE_DIM, explanation->rfc.bytes);
	return page.y;
}

static void explain_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct explain_state *state = pane->state;
	struct event event;
	struct explanation explanation;
	uint32_t record = model_current(pane->model);
	if (record != state->record)
		state->scroll.at = 0;
	state->record = record;
	if (!model_now(pane->model, &event))
		return;
	explain_event(&explanation, &event);
	struct rect inside = {area.x + 1, area.y, area.w - 2, area.h};
	struct page page = {canvas, inside, 0, area.h >= AIRY_FROM};
	page.area.h = 0; /* no room: it is only measured */
	scroll_fit(&state->scroll, draw_sentences(page, &explanation), area.h);
	page.area.h = area.h;
	page.y = -state->scroll.at;
	(void)draw_sentences(page, &explanation); /* as long as before */
	scroll_mark(&state->scroll, canvas, area);
}

static unsigned explain_key(struct pane *pane, const struct input *input)
{
	struct explain_state *state = pane->state;
	int lines = scroll_wanted(input, pane->height);
	if (lines == 0)
		return VIEW_IGNORED;
	scroll_by(&state->scroll, lines, pane->height);
	return VIEW_HANDLED | VIEW_REDRAW;
}

const struct view view_explain = {
        .name = "explain",
        .title = N_("What it means"),
        .place = PLACE_SIDE,
        .command = COMMAND_EXPLAIN,
        .state_size = sizeof(struct explain_state),
        .draw = explain_draw,
        .key = explain_key,
};
