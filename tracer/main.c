/* main.c: wirelab-trace. Opens what it needs, gives up every privilege, then looks at the first
 * byte. The order of the calls in trace() is the whole security story. */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "capture/confine.h"
#include "keylog.h"
#include "save.h"
#include "session.h"

enum { EXIT_FINE = 0, EXIT_ENVIRONMENT = 2 };
enum { LEAST_COLUMNS = 40, USUAL_COLUMNS = 80, MOST_COLUMNS = 1000 };

struct trace {
	struct options options;
	struct pipeline pipeline;
	struct save save;
	struct keylog keylog;
	struct source source;  /* live, or of a wire */
	struct reader *reader; /* of a file */
	int saved_fd;          /* a file of events instead, with options.reads_events */
	int signal_fd;
	struct err err;
};

/* ---- what the terminal can do ---- */

static int terminal_width(const struct options *o)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	uint64_t width = (uint64_t)o->width;
	struct err ignored;
	if (!width && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (!width && columns && options_number(columns, 1, MOST_COLUMNS, &width, &ignored) < 0)
		width = 0;
	return width >= LEAST_COLUMNS && width <= MOST_COLUMNS ? (int)width : USUAL_COLUMNS;
}

static bool wants_color(const struct options *o)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	if (o->color != WHEN_AUTO)
		return o->color == WHEN_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

static bool can_draw(const struct options *o)
{
	return !o->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* ---- opening ---- */

static int open_sink(struct trace *t, int slot, const char *format, int fd)
{
	struct sink_options options = {
	        .fd = fd,
	        .width = terminal_width(&t->options),
	        .color = wants_color(&t->options),
	        .unicode = can_draw(&t->options),
	        .explain = t->options.explain,
	};
	if (sink_open(&t->pipeline.out.sinks[slot], sink_find(format), &options, &t->err) < 0)
		return -1;
	t->pipeline.out.sink_open[slot] = true;
	return 0;
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);
	return n >= m && strcmp(name + n - m, suffix) == 0;
}

static int open_save(struct trace *t)
{
	const struct options *o = &t->options;
	if (!o->save)
		return 0;
	if (!ends_with(o->save, ".ndjson"))
		return save_open(&t->save, o, o->save_fd, t->reader ? 0 : session_now(), &t->err);
	int fd = o->save_fd >= 0 ? o->save_fd
	                         : open(o->save, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_errno(&t->err, _("%s cannot be written"), o->save);
	t->pipeline.out.sink_name[1] = o->save;
	return open_sink(t, 1, "json", fd);
}

/* The table goes where the text goes, but not between the lines of a form for programs. */
static int open_stats(struct trace *t)
{
	static const char *const forms[] = {"text", "ladder", "none"};
	int fd = STDERR_FILENO;
	if (!t->options.stats)
		return 0;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (strcmp(t->options.format, forms[i]) == 0)
			fd = STDOUT_FILENO;
	return open_sink(t, 2, "stats", fd);
}

/* What the copy should know of where the frames come from; and the secrets in a file that is read.
 */
static int describe_source(struct trace *t)
{
	const struct options *o = &t->options;
	struct reader *reader = t->reader ? t->reader : t->source.wire;
	if (reader) {
		reader_on_meta(reader, pipeline_meta, &t->pipeline);
		return 0;
	}
	if (!t->save.writer || !t->source.live)
		return 0;
	return writer_interface(t->save.writer, live_linktype(t->source.live), o->interface,
	                        o->filter, &t->err);
}

static int open_live(struct trace *t)
{
	struct live_options options = {
	        .interface = t->options.interface,
	        .filter = t->options.filter[0] ? t->options.filter : NULL,
	        .snaplen = t->options.snaplen,
	        .buffer_kib = t->options.buffer_kib,
	        .immediate = t->options.immediate,
	        .promiscuous = t->options.promiscuous,
	};
	t->source.live = live_open(&options, &t->err);
	return t->source.live ? 0 : -1;
}

/* The BPF expression, for frames that no kernel has filtered. */
static int make_filter(struct trace *t)
{
	if (t->options.filter[0] == '\0')
		return 0;
	t->pipeline.filter = filter_new(t->options.filter, &t->err);
	return t->pipeline.filter ? 0 : -1;
}

static int open_wire(struct trace *t)
{
	int fd = t->options.wire_fd;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		return err_errno(&t->err, _("--wire %d: no such descriptor"), fd);
	if (make_filter(t) < 0)
		return -1;
	t->source.wire = reader_open(fd, _("the wire"), &t->err);
	return t->source.wire ? 0 : -1;
}

static int open_file(struct trace *t)
{
	const char *name = t->options.file;
	bool is_stdin = strcmp(name, "-") == 0;
	int fd = is_stdin ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(&t->err, _("%s cannot be opened"), name);
	if (t->options.reads_events) {
		t->saved_fd = fd;
		return 0;
	}
	if (make_filter(t) < 0) {
		(void)close(fd); /* nothing was read */
		return -1;
	}
	t->reader = reader_open(fd, is_stdin ? _("standard input") : name, &t->err);
	return t->reader ? 0 : -1;
}

static int open_frames(struct trace *t)
{
	if (t->options.file)
		return open_file(t);
	return t->options.wire_fd >= 0 ? open_wire(t) : open_live(t);
}

static int open_keylog(struct trace *t)
{
	t->keylog.fd = t->options.keylog_fd;
	if (!t->options.keylog && t->keylog.fd < 0)
		return 0;
	t->pipeline.keylog = &t->keylog;
	if (t->keylog.fd >= 0)
		return 0;
	return keylog_open(&t->keylog, t->options.keylog, &t->err);
}

static int open_everything(struct trace *t)
{
	if (open_keylog(t) < 0)
		return -1;
	if (save_prepare(&t->save, &t->options, &t->err) < 0)
		return -1;
	if (open_sink(t, 0, t->options.format, STDOUT_FILENO) < 0)
		return -1;
	if (open_frames(t) < 0)
		return -1;
	if (open_stats(t) < 0 || open_save(t) < 0 || describe_source(t) < 0)
		return -1;
	if (t->options.events_fd >= 0 && fcntl(t->options.events_fd, F_SETFL, O_NONBLOCK) < 0)
		return err_errno(&t->err, _("--events %d: no such descriptor"),
		                 t->options.events_fd);
	t->signal_fd = session_signals(&t->err);
	return t->signal_fd < 0 ? -1 : 0;
}

/* ---- running ---- */

/* A seed for the hash of connections, so that no sender can choose colliding ones. */
static uint64_t random_seed(void)
{
	uint64_t seed;
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = (uint64_t)session_now(); /* early at boot: harder to guess than nothing */
	return seed;
}

static void release(struct trace *t)
{
	if (t->source.live)
		live_close(t->source.live);
	if (t->source.wire)
		reader_close(t->source.wire);
	if (t->reader)
		reader_close(t->reader);
	if (t->pipeline.keylog)
		keylog_close(t->pipeline.keylog);
	filter_free(t->pipeline.filter);
}

/* With no sink to say it, a line on standard error tells what was captured. */
static void say_result(const struct trace *t)
{
	if (strcmp(t->options.format, "none") != 0 || t->options.reads_events)
		return;
	(void)fprintf(stderr,
	              ngettext("%llu frame captured", "%llu frames captured",
	                       (unsigned long)t->pipeline.n_passed),
	              (unsigned long long)t->pipeline.n_passed);
	if (!t->reader) {
		struct live_statistics stats = source_statistics(&t->source);
		(void)fprintf(
		        stderr, _(", %llu received by the filter, %llu dropped by the kernel"),
		        (unsigned long long)stats.received, (unsigned long long)stats.dropped);
	}
	(void)fputc('\n', stderr);
}

static int feed(struct trace *t)
{
	const struct options *o = &t->options;
	if (o->reads_events)
		return session_events(&t->pipeline, t->saved_fd, o->file, t->signal_fd, &t->err);
	if (t->reader)
		return session_file(&t->pipeline, t->reader, o, t->signal_fd, &t->err);
	return session_live(&t->pipeline, &t->source, o, t->signal_fd, &t->err);
}

static int trace(struct trace *t)
{
	const struct options *o = &t->options;
	struct pipeline *p = &t->pipeline;
	uint64_t seed = random_seed();

	p->count = (uint64_t)o->count;
	p->stream = o->stream;
	p->look_for_messages = o->messages;
	p->out.reader_may_leave = o->screen;
	p->out.save = &t->save;
	if (open_everything(t) < 0)
		return -1;
	if (confine_self(&t->err) < 0)
		return -1;
	/* from here on: no capability, no file, no socket; now bytes may be parsed */
	if (pipeline_start(p, (uint32_t)o->max_connections, seed) < 0) {
		t->err = p->out.err;
		return -1;
	}
	if (p->keylog)
		keylog_start(p->keylog, p->secrets, !t->reader, t->save.writer != NULL);
	int result = feed(t);
	if (pipeline_close(p) < 0) {
		t->err = p->out.err;
		result = -1;
	}
	say_result(t);
	return result;
}

static int complain(const struct err *err)
{
	(void)fprintf(stderr, "wirelab-trace: %s\n", err->message); /* nowhere else to tell */
	return EXIT_ENVIRONMENT;
}

int main(int argc, char **argv)
{
	struct trace *t = calloc(1, sizeof *t);
	int status = EXIT_FINE;

	i18n_start();
	if (!t)
		return EXIT_ENVIRONMENT;
	if (options_parse(&t->options, argc, argv, &t->err) < 0) {
		status = complain(&t->err);
		free(t);
		return status;
	}
	switch (t->options.action) {
	case ACTION_HELP:
		options_help();
		break;
	case ACTION_VERSION:
		printf("wirelab-trace %s\n", WIRELAB_VERSION);
		break;
	case ACTION_LIST_INTERFACES:
		if (live_list(STDOUT_FILENO, &t->err) < 0)
			status = complain(&t->err);
		break;
	case ACTION_TRACE:
		if (trace(t) < 0)
			status = complain(&t->err);
		release(t);
		break;
	}
	free(t);
	return status;
}
