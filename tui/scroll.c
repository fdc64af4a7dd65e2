/* scroll.c: see scroll.h. */
#include "scroll.h"

#include "commands.h"

void scroll_by(struct scroll *scroll, int lines, int room)
{
	int most = scroll->height - room;
	scroll->at += lines;
	if (scroll->at > most)
		scroll->at = most;
	if (scroll->at < 0)
		scroll->at = 0;
}

void scroll_fit(struct scroll *scroll, int height, int room)
{
	scroll->height = height;
	scroll_by(scroll, 0, room);
}

int scroll_wanted(const struct input *input, int room)
{
	enum { WHEEL = 3 };
	if (input->key == K_WHEEL_DOWN || input->key == K_WHEEL_UP)
		return input->key == K_WHEEL_DOWN ? WHEEL : -WHEEL;
	if (input->command == COMMAND_DOWN || input->command == COMMAND_UP)
		return input->command == COMMAND_DOWN ? 1 : -1;
	if (input->command == COMMAND_PAGE_DOWN)
		return room;
	return input->command == COMMAND_PAGE_UP ? -room : 0;
}

void scroll_mark(const struct scroll *scroll, struct canvas *canvas, struct rect area)
{
	if (scroll->height - scroll->at > area.h)
		(void)canvas_right(canvas, area, area.h - 1, PEN(ROLE_TITLE), "↓");
}
