/* main.c: wirelab-tui: opens the source, then the screen, and puts them together. Where there is no
 * screen, the same is printed as lines. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "loop.h"
#include "options.h"
#include "plain.h"

enum { ENVIRONMENT = 2 };

/* Everything there is, in one piece of memory: it is too much for the stack. */
struct tui {
	struct tui_options options;
	struct tracer_command command;
	struct source source;
	struct model model;
	struct ui ui;
};

static bool is_stream(const struct tui_options *o)
{
	return o->events_fd >= 0 || (o->file && tui_options_is_stream(o->file));
}

static int open_source(struct tui *tui, struct err *err)
{
	const struct tui_options *o = &tui->options;
	if (o->events_fd >= 0)
		return source_adopt(&tui->source, o->events_fd, err);
	if (is_stream(o))
		return source_open(&tui->source, o->file, err);
	if (tui_options_tracer(&tui->command, o, "json", true, err) < 0)
		return -1;
	return source_start(&tui->source, tui->command.words, err);
}

/* ---- without a screen ---- */

/* A stream is printed here; a capture by the tracer, in our place. */
static int run_plain(struct tui *tui, const char *form, struct err *err)
{
	const struct tui_options *o = &tui->options;
	if (is_stream(o)) {
		if (open_source(tui, err) < 0)
			return -1;
		int status = plain_run(&tui->source, form, o->ascii || !term_is_utf8(), err);
		source_release(&tui->source);
		return status;
	}
	if (tui_options_tracer(&tui->command, o, form, false, err) < 0)
		return -1;
	(void)execv(tui->command.path, (char *const *)(const void *)tui->command
	                                       .words); /* returns only when it has failed */
	return err_errno(err, _("cannot run %s"), tui->command.path);
}

/* ---- with a screen ---- */

/* What is being waited for, and what to do next. */
static void say_what_to_do(struct tui *tui)
{
	const struct tui_options *o = &tui->options;
	struct text t = text_of(tui->ui.source.waiting, sizeof tui->ui.source.waiting);
	if (o->interface)
		text_addf(&t,
		          _("Listening on %s: nothing has come yet. Start a client and a server "
		            "now, in another terminal; each segment will appear here."),
		          o->interface);
	else if (o->file)
		text_addf(&t, _("Reading %s: its first frame will appear here."), o->file);
	else
		text_add(&t, _("The programs of the lab are starting: their first segment will "
		               "appear here."));
}

static void apply_options(struct tui *tui)
{
	const struct tui_options *o = &tui->options;
	struct text title = text_of(tui->model.title, sizeof tui->model.title);
	text_add(&title, o->title ? o->title : "");
	if (o->stream >= 0)
		model_set_stream(&tui->model, (uint32_t)o->stream);
	if (o->pace_ns > 0)
		model_slow(&tui->model, o->pace_ns, 0);
	tui->ui.source.loading = o->file != NULL;
	tui->ui.wire.there = o->wire_fd >= 0;
	tui->ui.wire.hold = o->hold;
	say_what_to_do(tui);
}

static int run_screen(struct tui *tui, struct err *err)
{
	const struct loop_options options = {
	        .ascii = tui->options.ascii || !term_is_utf8(),
	        .wire_fd = tui->options.wire_fd,
	};
	struct terminal *term = term_open(err);
	if (!term)
		return -1;
	int status = loop_run(&tui->ui, &tui->source, term, &options, err);
	term_close(term);
	return status;
}

static int run_tui(struct tui *tui, struct err *err)
{
	if (model_init(&tui->model, tui->options.file == NULL, err) < 0)
		return -1;
	int status = -1;
	if (ui_init(&tui->ui, &tui->model, err) == 0 && open_source(tui, err) == 0) {
		apply_options(tui);
		status = run_screen(tui, err);
		source_release(&tui->source);
	}
	ui_release(&tui->ui);
	model_release(&tui->model);
	return status;
}

static int run(struct tui *tui, struct err *err)
{
	if (!isatty(STDOUT_FILENO))
		return run_plain(tui, "text", err);
	if (!term_is_capable())
		return run_plain(tui, "ladder", err);
	return run_tui(tui, err);
}

int main(int argc, char **argv)
{
	struct err err;
	i18n_start();
	struct tui *tui = calloc(1, sizeof *tui);
	if (!tui)
		return ENVIRONMENT;
	int status = tui_options_parse(&tui->options, argc, argv, &err);
	if (status == 0 && tui->options.help)
		tui_options_help();
	else if (status == 0 && tui->options.version)
		(void)puts("wirelab-tui " WIRELAB_VERSION);
	else if (status == 0)
		status = run(tui, &err);
	if (status < 0)
		(void)fprintf(stderr, "wirelab-tui: %s\n", err.message);
	if (fflush(stdout) != 0)
		status = -1;
	free(tui);
	return status < 0 ? ENVIRONMENT : 0;
}
