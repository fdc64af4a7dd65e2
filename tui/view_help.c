/* view_help.c: every key, from the table of commands, and what the marks in the rows mean. */
#include <string.h>

#include "base/i18n.h"
#include "scroll.h"
#include "sink/marks.h"
#include "view.h"

enum { KEY_COLUMNS = 16 };

struct help_state {
	struct scroll scroll;
};

struct page {
	struct canvas *canvas;
	struct rect area;
	int y;
};

static void add_line(struct page *page, struct pen pen, const char *left, const char *right)
{
	struct rect column = {page->area.x + KEY_COLUMNS, page->area.y, page->area.w - KEY_COLUMNS,
	                      page->area.h};
	(void)canvas_text(page->canvas, page->area, 1, page->y, pen, left);
	page->y = canvas_paragraph(page->canvas, column, page->y, PEN(ROLE_TEXT), right);
}

static void add_heading(struct page *page, const char *title)
{
	page->y++; /* an empty line */
	(void)canvas_text(page->canvas, page->area, 0, page->y++, PEN(ROLE_STATE), title);
}

static void add_command(struct page *page, const struct command_info *info)
{
	TEXT(keys, 64);
	key_add_name(&keys, info->letter);
	if (info->key != K_NONE) {
		text_add_char(&keys, ' ');
		key_add_name(&keys, info->key);
	}
	add_line(page, PEN(ROLE_TITLE), keys.bytes, _(info->help));
}

/* Draws it with its first line `above` lines above the area. Returns the line behind the last one.
 */
static int draw_page(struct page page, int above)
{
	page.y = -1 - above; /* above the first heading there is no empty line */
	for (enum command_group group = 0; group < N_GROUPS; group++) {
		add_heading(&page, _(command_group_title(group)));
		for (int i = COMMAND_NONE + 1; i < N_COMMANDS; i++) {
			const struct command_info *info = command_info((enum command)i);
			if (info->group == group && view_has_command((enum command)i))
				add_command(&page, info);
		}
	}
	add_heading(&page, _("Marks in the rows"));
	for (size_t i = 0; i < n_marks; i++)
		add_line(&page, PEN(ROLE_ALERT), marks[i].shown, _(marks[i].meaning));
	return page.y;
}

static void help_draw(struct pane *pane, struct canvas *canvas, struct rect area)
{
	struct help_state *state = pane->state;
	struct page page = {canvas, {area.x + 1, area.y, area.w - 2, 0}, 0};
	scroll_fit(&state->scroll, draw_page(page, 0), area.h); /* no room: it is only measured */
	page.area.h = area.h;
	(void)draw_page(page, state->scroll.at); /* as long as before */
	scroll_mark(&state->scroll, canvas, area);
}

static int wanted_scroll(const struct pane *pane, const struct input *input)
{
	enum { FAR = 1 << 20 };
	if (input->command == COMMAND_PAUSE) /* Space, as pagers have it */
		return pane->height;
	if (input->command == COMMAND_FIRST)
		return -FAR;
	return input->command == COMMAND_LAST ? FAR : scroll_wanted(input, pane->height);
}

static unsigned help_key(struct pane *pane, const struct input *input)
{
	struct help_state *state = pane->state;
	if (input->command == COMMAND_QUIT || input->command == COMMAND_SUSPEND ||
	    input->command == COMMAND_REDRAW)
		return VIEW_IGNORED;
	int lines = wanted_scroll(pane, input);
	if (lines == 0) /* any other key: back to where one was */
		return VIEW_HANDLED | VIEW_REDRAW | VIEW_CLOSE;
	scroll_by(&state->scroll, lines, pane->height);
	return VIEW_HANDLED | VIEW_REDRAW;
}

const struct view view_help = {
        .name = "help",
        .title = N_("Help"),
        .place = PLACE_MAIN,
        .command = COMMAND_HELP,
        .state_size = sizeof(struct help_state),
        .draw = help_draw,
        .key = help_key,
};
