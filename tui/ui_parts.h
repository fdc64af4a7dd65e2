/* ui_parts.h: what the files of the screen share, and nobody else needs. */
#ifndef WIRELAB_TUI_UI_PARTS_H
#define WIRELAB_TUI_UI_PARTS_H

#include "ui.h"

/* A command that no view has taken. True: there is such a one. */
bool ui_command(struct ui *ui, enum command command);

/* Is there anything that answers the command, apart from views? */
bool ui_answers(enum command command);

/* The prompt was closed with Enter. */
void ui_prompt_done(struct ui *ui);

/* Brings the view of panes[i] onto the screen, or takes it away when it is there. */
void ui_toggle_view(struct ui *ui, int i);

/* From a view back to the one before; from the ladder: quits. */
void ui_back(struct ui *ui);

void ui_draw_status(const struct ui *ui, struct canvas *canvas);
void ui_draw_footer(struct ui *ui, struct canvas *canvas);

#endif
