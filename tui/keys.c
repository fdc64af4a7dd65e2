/* keys.c: see keys.h. */
#include "keys.h"

#include <string.h>

#include "base/utf8.h"

struct key_name {
	int key;
	const char *name;
};

static const struct key_name names[] = {
        {' ', "Space"},
        {'\r', "Enter"},
        {'\t', "Tab"},
        {K_ESCAPE, "Esc"},
        {K_BACKSPACE, "Backspace"},
        {K_UP, "Up"},
        {K_DOWN, "Down"},
        {K_LEFT, "Left"},
        {K_RIGHT, "Right"},
        {K_HOME, "Home"},
        {K_END, "End"},
        {K_PAGE_UP, "PgUp"},
        {K_PAGE_DOWN, "PgDn"},
        {K_DELETE, "Del"},
        {K_BACKTAB, "Shift-Tab"},
        {K_F1, "F1"},
        {K_WHEEL_UP, "WheelUp"},
        {K_WHEEL_DOWN, "WheelDown"},
};

enum { N_NAMES = sizeof names / sizeof names[0] };

#define CTRL "Ctrl-"

void key_add_name(struct text *t, int key)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].key == key) {
			text_add(t, names[i].name);
			return;
		}
	if (key > 0 && key < ' ') {
		text_add(t, CTRL);
		text_add_char(t, (char)(key + '@'));
	} else if (key > ' ' && key < K_UP) {
		char bytes[4];
		text_add_bytes(t, bytes, utf8_write((uint32_t)key, bytes));
	}
}

int key_of_name(const char *name, size_t n)
{
	uint32_t code;
	for (size_t i = 0; i < N_NAMES; i++)
		if (strlen(names[i].name) == n && memcmp(names[i].name, name, n) == 0)
			return names[i].key;
	if (n == sizeof CTRL && memcmp(name, CTRL, n - 1) == 0)
		return K_CTRL(name[n - 1]);
	return n > 0 && utf8_read(name, n, &code) == n ? (int)code : K_NONE;
}
