/* paint.c: see paint.h. The 256-colour codes of xterm, which every terminal of today knows. */
#include "sink/paint.h"

static const char *const codes[N_PAINTS] = {
        [PAINT_DIM] = "\033[2m",           [PAINT_CLIENT] = "\033[38;5;33m",
        [PAINT_SERVER] = "\033[38;5;208m", [PAINT_STATE] = "\033[38;5;109m",
        [PAINT_TITLE] = "\033[1m",         [PAINT_ALERT] = "\033[1;38;5;202m",
};

size_t paint_on(struct text *t, const struct sink_options *options, enum paint paint)
{
	size_t before = t->len;
	if (options->marks)
		text_add_char(t, (char)(PAINT_MARK + (int)paint));
	else if (options->color)
		text_add(t, codes[paint]);
	return t->len - before;
}

size_t paint_off(struct text *t, const struct sink_options *options)
{
	size_t before = t->len;
	if (options->marks)
		text_add_char(t, (char)(PAINT_MARK + N_PAINTS));
	else if (options->color)
		text_add(t, "\033[0m");
	return t->len - before;
}
