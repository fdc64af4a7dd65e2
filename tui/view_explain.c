/* view_explain.c: the selected row in sentences: what it is, why now, what it changes, what should
 * come next, where the RFC says so. */
#include "base/i18n.h"
#include "explain/explain.h"
#include "view.h"

enum { AIRY_FROM = 14 }; /* rows; from here on paragraphs are set apart */

struct explain_state {
	int scroll;
	uint32_t record; /* that the scrolling belongs to */
	int height;      /* of all of it, as last drawn */
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

static void draw_sentences(struct page *page, const struct event *event)
{
	struct explanation explanation;
	TEXT(next, 1024);
	explain_event(&explanation, event);
	explain_add_next(&explanation, &next);
	add(page, ROLE_TITLE, explanation.title.bytes);
	add(page, ROLE_TEXT, explanation.what.bytes);
	add(page, ROLE_TEXT, explanation.why.bytes);
	add(page, ROLE_STATE, explanation.change.bytes);
	add(page, ROLE_TEXT, next.bytes);
	add(page, ROLE_DIM, explanation.rfc.bytes);
}

static void explain_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct explain_state *state = pane->state;
	struct event event;
	uint32_t record = model_current(pane->model);
	if (record != state->record)
		state->scroll = 0;
	state->record = record;
	if (!model_now(pane->model, &event))
		return;
	struct rect inside = {area.x + 1, area.y, area.w - 2, area.h};
	struct page page = {canvas, inside, -state->scroll, area.h >= AIRY_FROM};
	draw_sentences(&page, &event);
	state->height = page.y + state->scroll;
	if (page.y > area.h)
		(void)canvas_right(canvas, area, area.h - 1, PEN(ROLE_TITLE), "↓");
}

static unsigned explain_key(struct pane *pane, const struct input *input)
{
	struct explain_state *state = pane->state;
	int most = state->height - pane->height;
	int by = 0;
	if (input->command == COMMAND_DOWN || input->key == K_WHEEL_DOWN)
		by = 1;
	else if (input->command == COMMAND_UP || input->key == K_WHEEL_UP)
		by = -1;
	else if (input->command == COMMAND_PAGE_DOWN)
		by = pane->height;
	else if (input->command == COMMAND_PAGE_UP)
		by = -pane->height;
	else
		return VIEW_IGNORED;
	state->scroll += by;
	if (state->scroll > most)
		state->scroll = most;
	if (state->scroll < 0)
		state->scroll = 0;
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
