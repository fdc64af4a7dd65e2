/* tui.c: what the TUI costs: reading a stream, memory, and a frame among many rows.
 *
 *   bench-tui EVENTS 2>REPORT        on a terminal of 120x40; tests/bench/tui makes one
 *
 * A frame is drawn and sent to the terminal; it is compared with a bare repaint by curses of a
 * screen of the same size that is full of text. The report goes to stderr. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "tui/source.h"
#include "tui/term.h"
#include "tui/ui.h"

enum { WIDTH = 120, HEIGHT = 40, FRAMES = 201, FAILED = 2 };

struct bench {
	struct model model;
	struct ui ui;
	struct source source;
	struct terminal *term;
	struct canvas canvas;
	struct err err;
};

static double cpu_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* cannot fail */
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Bytes of memory that the process holds; 0 when the kernel does not say. */
static double resident(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (!file)
		return 0;
	if (fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	(void)fclose(file); /* it was only read */
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* Reads lines until the log has so many records, or the stream ends. */
static int load(struct bench *b, uint32_t n)
{
	size_t len;
	while (b->model.log.n < n) {
		const char *line = source_line(&b->source, &len);
		if (line && len > 0 && model_line(&b->model, line, len, &b->err) < 0)
			return -1;
		if (!line && b->source.fd < 0)
			break;
		struct pollfd more = {.fd = b->source.fd, .events = POLLIN};
		if (!line)
			(void)poll(&more, 1, -1); /* the tracer has not come so far yet */
	}
	return 0;
}

static void frame(struct bench *b)
{
	ui_draw(&b->ui, &b->canvas);
	term_show(b->term, &b->canvas, -1, -1, true);
}

static void bare(struct bench *b)
{
	term_show(b->term, &b->canvas, -1, -1, true);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The median of what a drawing costs, the selection moving through all rows. */
static double median_us(struct bench *b, void (*draw)(struct bench *))
{
	static double times[FRAMES];
	uint32_t rows = model_rows(&b->model);
	for (uint32_t i = 0; i < FRAMES; i++) {
		model_select(&b->model, (uint32_t)((uint64_t)rows * i / FRAMES));
		double start = cpu_us();
		draw(b);
		times[i] = cpu_us() - start;
	}
	qsort(times, FRAMES, sizeof times[0], compare);
	return times[FRAMES / 2];
}

static void fill(struct canvas *canvas)
{
	static const char words[] = "The quick brown fox jumps over the lazy dog. ";
	struct rect all = {0, 0, canvas->width, canvas->height};
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x += (int)sizeof words - 1)
			(void)canvas_text(canvas, all, x, y, PEN(ROLE_TEXT), words + y % 9);
}

static int report(struct bench *b)
{
	static const uint32_t sizes[] = {100, 10000, 1000000};
	double before = resident(), us = 0;
	fill(&b->canvas);
	double repaint = median_us(b, bare);
	(void)fprintf(stderr, "  bare repaint of %dx%d: %.0f us\n", WIDTH, HEIGHT, repaint);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		double start = cpu_us();
		if (load(b, sizes[i]) < 0)
			return -1;
		us += cpu_us() - start;
		uint32_t n = b->model.log.n;
		double held = (resident() - before) / n;
		double cost = median_us(b, frame);
		(void)fprintf(stderr, "  %9u rows: frame %5.0f us, %5.2f of a bare repaint", n,
		              cost, cost / repaint);
		(void)fprintf(stderr, "; read at %.2f us and %.0f bytes a row\n", us / n, held);
	}
	return 0;
}

static int prepare(struct bench *b, const char *path)
{
	if (model_init(&b->model, false, &b->err) < 0 || ui_init(&b->ui, &b->model, &b->err) < 0 ||
	    source_open(&b->source, path, &b->err) < 0 ||
	    canvas_init(&b->canvas, WIDTH, HEIGHT, false, &b->err) < 0)
		return -1;
	b->term = term_open(&b->err);
	return b->term ? 0 : -1;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	if (argc != 2 || !term_is_capable())
		return FAILED;
	i18n_start();
	int status = prepare(&bench, argv[1]);
	if (status == 0)
		status = report(&bench);
	term_close(bench.term);
	if (status < 0)
		(void)fprintf(stderr, "bench-tui: %s\n", bench.err.message);
	return status < 0 ? FAILED : 0;
}
