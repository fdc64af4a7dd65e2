/* ui_wire.h: the person's hand on the emulated wire: commands to it, as lines. Whoever reads the
 * keys sends them; nothing here knows a descriptor. */
#ifndef WIRELAB_TUI_UI_WIRE_H
#define WIRELAB_TUI_UI_WIRE_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

struct ui_wire {
	bool there; /* this run has a wire, and we may drive it */
	bool hold;  /* each frame waits */
	size_t n;   /* bytes of lines[] that wait to be sent */
	char lines[512];
};

void ui_wire_hold(struct ui *ui);
void ui_wire_release(struct ui *ui);
void ui_wire_drop(struct ui *ui);
void ui_wire_duplicate(struct ui *ui);
void ui_wire_corrupt(struct ui *ui);
void ui_wire_choose(struct ui *ui);

#endif
