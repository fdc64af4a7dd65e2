/* prompt.c: see prompt.h. The text is always whole UTF-8: only whole characters go in and out. */
#include "prompt.h"

#include <string.h>

#include "base/utf8.h"
#include "sink/columns.h"

void prompt_open(struct prompt *prompt, enum command command, const char *label, const char *text)
{
	struct text t = text_of(prompt->text, sizeof prompt->text);
	text_add(&t, text);
	prompt->command = command;
	prompt->label = label;
	prompt->len = prompt->cursor = t.len;
}

static bool is_inside_character(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t before(const struct prompt *prompt, size_t at)
{
	while (at > 0 && is_inside_character(prompt->text[--at]))
		;
	return at;
}

static size_t behind(const struct prompt *prompt, size_t at)
{
	if (at < prompt->len)
		at++;
	while (at < prompt->len && is_inside_character(prompt->text[at]))
		at++;
	return at;
}

static void erase(struct prompt *prompt, size_t from, size_t to)
{
	memmove(prompt->text + from, prompt->text + to, prompt->len - to + 1);
	prompt->len -= to - from;
	prompt->cursor = from;
}

static void insert(struct prompt *prompt, int key)
{
	char bytes[4];
	if (key < ' ' || key >= K_UP || utf8_is_control((uint32_t)key))
		return;
	size_t n = utf8_write((uint32_t)key, bytes);
	if (n > sizeof prompt->text - 1 - prompt->len)
		return;
	char *at = prompt->text + prompt->cursor;
	memmove(at + n, at, prompt->len - prompt->cursor + 1);
	memcpy(at, bytes, n);
	prompt->len += n;
	prompt->cursor += n;
}

static void edit(struct prompt *prompt, int key)
{
	if (key == K_LEFT)
		prompt->cursor = before(prompt, prompt->cursor);
	else if (key == K_RIGHT)
		prompt->cursor = behind(prompt, prompt->cursor);
	else if (key == K_HOME || key == K_CTRL('a'))
		prompt->cursor = 0;
	else if (key == K_END || key == K_CTRL('e'))
		prompt->cursor = prompt->len;
	else if (key == K_CTRL('u'))
		erase(prompt, 0, prompt->cursor);
	else if (key == K_DELETE)
		erase(prompt, prompt->cursor, behind(prompt, prompt->cursor));
	else
		insert(prompt, key);
}

enum prompt_result prompt_key(struct prompt *prompt, const struct input *input)
{
	bool is_back = input->key == K_BACKSPACE || input->key == K_CTRL('h');
	if (input->key == K_ESCAPE || input->key == K_CTRL('c') || (is_back && prompt->len == 0)) {
		prompt->command = COMMAND_NONE;
		return PROMPT_CANCELLED;
	}
	if (input->key == '\r' || input->key == '\n')
		return PROMPT_DONE;
	if (is_back)
		erase(prompt, before(prompt, prompt->cursor), prompt->cursor);
	else
		edit(prompt, input->key);
	return PROMPT_OPEN;
}

void prompt_draw(const struct prompt *prompt, struct canvas *canvas, struct rect area,
                 int *cursor_x)
{
	int x = canvas_text(canvas, area, 0, 0, PEN(ROLE_TITLE), prompt->label);
	int before_cursor = (int)columns_of(prompt->text, prompt->cursor);
	int room = area.w - x - 1;
	int hidden = before_cursor > room ? before_cursor - room : 0; /* scrolled out to the left */
	struct rect field = {area.x + x, area.y, area.w - x, 1};
	field = rect_clip(field, area);
	(void)canvas_bytes(canvas, field, -hidden, 0, PEN(ROLE_TEXT), prompt->text, prompt->len);
	*cursor_x = area.x + x + before_cursor - hidden;
}
