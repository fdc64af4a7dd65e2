/* drive.c: plays keys on the screen of wirelab-tui without a terminal and prints what would be
 * seen:
 *
 *   tui-drive [--ascii] [--live] WIDTHxHEIGHT EVENTS [KEY...]
 *
 * EVENTS is a saved stream. A key is a character or a name ("Enter", "PgDn", "Ctrl-F"); "text:abc"
 * types abc; "wait:700" lets 700 ms pass; "size:60x20" resizes; "click:X,Y" clicks; "lines:N" takes
 * only N more lines of the stream before the keys go on (else all are taken first). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "tui/source.h"
#include "tui/ui.h"

enum { USAGE = 2, STEP_LINES = 1 << 30 };

struct drive {
	struct model model;
	struct ui ui;
	struct source source;
	struct err err;
	int width, height;
	int64_t clock_ns;
	bool ascii;
};

static int take_lines(struct drive *d, long most)
{
	size_t n;
	const char *line;
	while (most-- > 0 && (line = source_line(&d->source, &n)))
		if (n > 0 && model_line(&d->model, line, n, &d->err) < 0)
			return -1;
	if (d->source.fd < 0 && d->source.begin == d->source.end)
		model_end(&d->model);
	return 0;
}

static void work(struct drive *d)
{
	while (ui_work(&d->ui))
		;
}

static int draw(struct drive *d, bool print)
{
	struct canvas canvas;
	if (canvas_init(&canvas, d->width, d->height, d->ascii, &d->err) < 0)
		return -1;
	work(d);
	ui_draw(&d->ui, &canvas);
	for (int y = 0; print && y < canvas.height; y++) {
		TEXT(row, 8192);
		canvas_dump_row(&canvas, y, &row);
		(void)puts(row.bytes); /* fflush() tells at the end */
	}
	canvas_release(&canvas);
	return 0;
}

static void press(struct drive *d, int key)
{
	const struct input input = {.key = key};
	d->clock_ns += NS_PER_MS;
	(void)ui_key(&d->ui, &input, d->clock_ns); /* it is drawn anyway */
}

static void click(struct drive *d, int x, int y)
{
	const struct input input = {.key = K_CLICK, .x = x, .y = y};
	(void)ui_key(&d->ui, &input, d->clock_ns); /* it is drawn anyway */
}

static void wait(struct drive *d, long ms)
{
	for (; ms > 0; ms--) {
		d->clock_ns += NS_PER_MS;
		model_tick(&d->model, d->clock_ns);
	}
}

static bool begins(const char *word, const char *with, const char **rest)
{
	size_t n = strlen(with);
	*rest = word + n;
	return strncmp(word, with, n) == 0;
}

static int act(struct drive *d, const char *word)
{
	const char *rest;
	int x, y;
	int status = 0;
	if (begins(word, "text:", &rest)) {
		for (; *rest; rest++)
			press(d, (unsigned char)*rest);
	} else if (begins(word, "wait:", &rest)) {
		wait(d, strtol(rest, NULL, 10));
	} else if (begins(word, "lines:", &rest)) {
		status = take_lines(d, strtol(rest, NULL, 10));
	} else if (sscanf(word, "size:%dx%d", &x, &y) == 2) {
		d->width = x;
		d->height = y;
		press(d, K_RESIZE);
	} else if (sscanf(word, "click:%d,%d", &x, &y) == 2) {
		click(d, x, y);
	} else {
		press(d, key_of_name(word, strlen(word)));
	}
	return status < 0 ? status : draw(d, false);
}

static int play(struct drive *d, int n, char **words)
{
	bool piecewise = n > 0 && strncmp(words[0], "lines:", 6) == 0;
	if (!piecewise && take_lines(d, STEP_LINES) < 0)
		return -1;
	if (draw(d, false) < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (act(d, words[i]) < 0)
			return -1;
	if (d->ui.quit)
		return puts("(quit)") < 0 ? -1 : 0;
	return draw(d, true);
}

static int drive(struct drive *d, bool live, int n, char **words)
{
	if (model_init(&d->model, live, &d->err) < 0)
		return -1;
	int status = ui_init(&d->ui, &d->model, &d->err);
	if (status == 0)
		status = source_open(&d->source, words[0], &d->err);
	if (status == 0) {
		(void)snprintf(d->ui.source.waiting, sizeof d->ui.source.waiting,
		               "Nothing has come yet.");
		status = play(d, n - 1, words + 1);
		source_release(&d->source);
	}
	ui_release(&d->ui);
	model_release(&d->model);
	return status;
}

int main(int argc, char **argv)
{
	struct drive *d = calloc(1, sizeof *d);
	bool live = false;
	int i = 1;
	if (!d)
		return USAGE;
	i18n_start();
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		live = live || strcmp(argv[i], "--live") == 0;
		d->ascii = d->ascii || strcmp(argv[i], "--ascii") == 0;
	}
	if (argc - i < 2 || sscanf(argv[i], "%dx%d", &d->width, &d->height) != 2) {
		(void)fprintf(stderr, "usage: tui-drive [--ascii] [--live] WxH EVENTS [KEY...]\n");
		free(d);
		return USAGE;
	}
	int status = drive(d, live, argc - i - 1, argv + i + 1);
	if (status < 0)
		(void)fprintf(stderr, "tui-drive: %s\n", d->err.message);
	free(d);
	return status < 0 || fflush(stdout) != 0 ? USAGE : 0;
}
