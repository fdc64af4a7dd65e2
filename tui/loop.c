/* loop.c: see loop.h. Every round does a bounded amount of work, so that a key is answered within a
 * frame even while a million lines are being read. */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"

enum { KEYS_AT_ONCE = 64, LINES_BETWEEN_CLOCKS = 64, RUNNING = 1, DONE = 0 };

#define FRAME_NS (NS_PER_SECOND / LOOP_FRAMES_PER_SECOND)
#define INPUT_NS (10 * NS_PER_MS) /* of each round, for lines */

struct loop {
	struct ui *ui;
	struct source *source;
	struct terminal *term;
	struct canvas canvas;
	int signal_fd;
	int wire_fd;
	bool ascii;
	bool more;  /* there is work left that needs no event */
	bool dirty; /* a key was pressed */
	unsigned shown_generation;
	int64_t shown_ns; /* when the screen was drawn last */
	bool is_reading;  /* the source has not ended */
	bool asked_to_end;
};

static int64_t now_ns(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static int open_signals(struct loop *loop, struct err *err)
{
	sigset_t set;
	static const int signals[] = {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGTSTP};
	(void)sigemptyset(&set); /* these cannot fail with these arguments */
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		(void)sigaddset(&set, signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_errno(err, _("cannot wait for signals"));
	loop->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return loop->signal_fd < 0 ? err_errno(err, _("cannot wait for signals")) : 0;
}

/* ---- the screen ---- */

static int fit_canvas(struct loop *loop, struct err *err)
{
	int width, height;
	term_size(loop->term, &width, &height);
	if (loop->canvas.cells && loop->canvas.width == width && loop->canvas.height == height)
		return 0;
	canvas_release(&loop->canvas);
	return canvas_init(&loop->canvas, width, height, loop->ascii, err);
}

static int draw(struct loop *loop, int64_t clock_ns, struct err *err)
{
	struct ui *ui = loop->ui;
	if (fit_canvas(loop, err) < 0)
		return -1;
	ui_draw(ui, &loop->canvas);
	term_show(loop->term, &loop->canvas, ui->cursor_x, ui->cursor_y, ui->redraw);
	ui->redraw = false;
	loop->dirty = false;
	loop->more = true; /* a view may have left work over, to keep the drawing quick */
	loop->shown_generation = ui->model->generation;
	loop->shown_ns = clock_ns;
	return 0;
}

static bool is_stale(const struct loop *loop)
{
	return loop->dirty || loop->shown_generation != loop->ui->model->generation;
}

/* ---- input ---- */

static void take_signals(struct loop *loop)
{
	struct signalfd_siginfo info;
	while (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		loop->dirty = true;
		if (info.ssi_signo == SIGWINCH)
			term_resized(loop->term);
		else if (info.ssi_signo == SIGTSTP)
			term_suspend(loop->term);
		else
			loop->asked_to_end = true;
	}
}

static void take_keys(struct loop *loop, int64_t clock_ns)
{
	struct input input;
	for (int i = 0; i < KEYS_AT_ONCE && term_key(loop->term, &input); i++) {
		if (input.key == K_CTRL('z')) {
			term_suspend(loop->term);
			loop->dirty = true;
		} else if (ui_key(loop->ui, &input, clock_ns)) {
			loop->dirty = true;
		}
	}
}

/* What the keys have said to the wire. It reads at once; one that has ended needs no commands. */
static void send_commands(struct loop *loop)
{
	struct ui_wire *wire = &loop->ui->wire;
	if (wire->n > 0 && loop->wire_fd >= 0)
		(void)io_write_all(loop->wire_fd, wire->lines, wire->n);
	wire->n = 0;
}

static int end_of_source(struct loop *loop, struct err *err)
{
	struct ui *ui = loop->ui;
	struct err fault;
	loop->is_reading = false;
	model_end(ui->model);
	ui->source.loading = false;
	if (source_finish(loop->source, &fault) == 0)
		return 0;
	if (ui->model->n_frames == 0) /* it never began: nothing to look at */
		return err_set(err, "%s", fault.message);
	(void)snprintf(ui->source.fault, sizeof ui->source.fault, "%s", fault.message);
	return 0;
}

static void show_progress(struct loop *loop)
{
	const struct source *source = loop->source;
	if (source->is_file && source->size > 0)
		loop->ui->source.percent = (int)(source->at * 100 / source->size);
}

/* Lines for a limited time. */
static int take_lines(struct loop *loop, struct err *err)
{
	int64_t until_ns = now_ns() + INPUT_NS;
	const char *line;
	size_t n;
	do {
		for (int i = 0; i < LINES_BETWEEN_CLOCKS; i++) {
			line = source_line(loop->source, &n);
			if (!line)
				break;
			if (n > 0 && model_line(loop->ui->model, line, n, err) < 0)
				return -1;
		}
	} while (line && now_ns() < until_ns);
	loop->more = loop->more || line != NULL;
	source_listen(loop->source);
	show_progress(loop);
	if (!line && loop->source->fd < 0)
		return end_of_source(loop, err);
	return 0;
}

/* ---- the loop ---- */

static int wait_ms(const struct loop *loop, int64_t clock_ns)
{
	int64_t wait_ns = model_wait_ns(loop->ui->model, clock_ns);
	if (is_stale(loop)) {
		int64_t frame_ns = loop->shown_ns + FRAME_NS - clock_ns;
		if (wait_ns < 0 || frame_ns < wait_ns)
			wait_ns = frame_ns > 0 ? frame_ns : 0;
	}
	if (loop->more)
		return 0;
	return wait_ns < 0 ? -1 : (int)(wait_ns / NS_PER_MS) + (wait_ns % NS_PER_MS > 0);
}

static void wait(struct loop *loop)
{
	struct pollfd fds[] = {
	        {.fd = term_fd(loop->term), .events = POLLIN},
	        {.fd = loop->signal_fd, .events = POLLIN},
	        {.fd = loop->source->fd, .events = POLLIN},
	        {.fd = loop->source->errors_fd, .events = POLLIN},
	};
	(void)poll(fds, sizeof fds / sizeof fds[0], wait_ms(loop, now_ns())); /* all are asked */
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		loop->asked_to_end = true; /* the terminal has gone */
}

static int one_round(struct loop *loop, struct err *err)
{
	wait(loop);
	int64_t clock_ns = now_ns();
	loop->more = false;
	take_signals(loop);
	take_keys(loop, clock_ns);
	send_commands(loop);
	if (loop->ui->quit || loop->asked_to_end)
		return DONE;
	if (loop->is_reading && take_lines(loop, err) < 0)
		return -1;
	model_tick(loop->ui->model, clock_ns);
	loop->more = ui_work(loop->ui) || loop->more;
	clock_ns = now_ns();
	if (is_stale(loop) && clock_ns - loop->shown_ns >= FRAME_NS &&
	    draw(loop, clock_ns, err) < 0)
		return -1;
	return RUNNING;
}

int loop_run(struct ui *ui, struct source *source, struct terminal *term,
             const struct loop_options *options, struct err *err)
{
	struct loop loop = {.ui = ui,
	                    .source = source,
	                    .term = term,
	                    .signal_fd = -1,
	                    .ascii = options->ascii,
	                    .wire_fd = options->wire_fd,
	                    .is_reading = true};
	int status = open_signals(&loop, err);
	if (status == 0)
		status = draw(&loop, now_ns(), err);
	if (status == 0)
		status = RUNNING;
	while (status == RUNNING)
		status = one_round(&loop, err);
	canvas_release(&loop.canvas);
	if (loop.signal_fd >= 0)
		(void)close(loop.signal_fd); /* ours alone */
	return status;
}
