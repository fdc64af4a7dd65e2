/* theme.c: see theme.h. Blue and orange for the two ends; the alert is also bold, so that it stands
 * out without its colour. */
#include "theme.h"

struct role_look {
	short color256, color8;
	bool bold, dim;
	bool mono_bold, mono_dim, mono_underline;
};

static const struct role_look roles[N_ROLES] = {
        [ROLE_TEXT] = {.color256 = -1, .color8 = -1},
        [ROLE_DIM] = {.color256 = 245, .color8 = -1, .dim = true, .mono_dim = true},
        [ROLE_CLIENT] = {.color256 = 75, .color8 = 4, .bold = true},
        [ROLE_SERVER] = {.color256 = 214, .color8 = 3},
        [ROLE_STATE] = {.color256 = 109, .color8 = 6, .mono_bold = true},
        [ROLE_TITLE] = {.color256 = -1, .color8 = -1, .bold = true, .mono_bold = true},
        [ROLE_ALERT] = {.color256 = 203,
                        .color8 = 1,
                        .bold = true,
                        .mono_underline = true,
                        .mono_bold = true},
};

struct look theme_look(enum theme_colors colors, struct pen pen)
{
	const struct role_look *role = &roles[pen.role < N_ROLES ? pen.role : ROLE_TEXT];
	bool is_mono = colors == THEME_MONO;
	struct look look = {
	        .foreground = colors == THEME_256 ? role->color256 : role->color8,
	        .bold = is_mono ? role->mono_bold : role->bold,
	        .dim = is_mono ? role->mono_dim : role->dim && colors == THEME_8,
	        .underline = is_mono && role->mono_underline,
	};
	if (is_mono)
		look.foreground = -1;
	look.reverse = (pen.style & (STYLE_SELECTED | STYLE_BAR)) != 0;
	if (pen.style & STYLE_LIT)
		look.underline = look.bold = true;
	if (look.reverse)
		look.dim = false; /* dim on a reversed ground cannot be read on many terminals */
	return look;
}

enum theme_colors theme_choose(int n_colors, const char *no_color)
{
	if ((no_color && no_color[0] != '\0') || n_colors < 8)
		return THEME_MONO;
	return n_colors >= 256 ? THEME_256 : THEME_8;
}
