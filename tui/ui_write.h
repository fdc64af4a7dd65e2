/* ui_write.h: the command that writes a file: asks for the name, asks again before it replaces one,
 * writes in pieces while keys are answered, and says what came of it. */
#ifndef WIRELAB_TUI_UI_WRITE_H
#define WIRELAB_TUI_UI_WRITE_H

#include "prompt.h"
#include "save.h"

struct ui;

struct ui_write {
	char path[PROMPT_MAX];
	char label[PROMPT_MAX + 64]; /* of the prompt at hand */
	bool asking;                 /* whether to replace `path` */
	struct save *save;           /* at work, or NULL */
};

/* The key was pressed. */
void ui_write_ask(struct ui *ui);

/* The prompt has an answer. */
void ui_write_answer(struct ui *ui, const char *text);

/* A piece of it. True: not done. */
bool ui_write_work(struct ui *ui);

/* Gives up what is at work. */
void ui_write_release(struct ui *ui);

#endif
