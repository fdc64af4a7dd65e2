/* options.c: see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/vocab.h"

enum {
	OPTION_PACE = 256,
	OPTION_ASCII,
	OPTION_STREAM,
	OPTION_EVENTS,
	OPTION_TITLE,
	OPTION_WIRE,
	OPTION_HOLD
};

static const struct option names[] = {
        {"interface", required_argument, NULL, 'i'},
        {"read", required_argument, NULL, 'r'},
        {"pace", required_argument, NULL, OPTION_PACE},
        {"ascii", no_argument, NULL, OPTION_ASCII},
        {"stream", required_argument, NULL, OPTION_STREAM},
        {"events-fd", required_argument, NULL, OPTION_EVENTS},
        {"title", required_argument, NULL, OPTION_TITLE},
        {"wire-fd", required_argument, NULL, OPTION_WIRE},
        {"hold", no_argument, NULL, OPTION_HOLD},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {0},
};

void tui_options_help(void)
{
	(void)printf(
	        "%s",
	        _("Usage: wirelab-tui -i INTERFACE | -r FILE [options] [filter expression]\n"
	          "Shows segments between two lanes, to step through and to take apart; ? shows "
	          "the keys.\n\n"
	          "  -i, --interface IF   watch this interface as things happen (lo, eth0, any)\n"
	          "  -r, --read FILE      open a capture (pcap, pcapng), or a saved stream of "
	          "events\n"
	          "                       (.ndjson; - is stdin)\n"
	          "      --pace SPAN      one row every SPAN, such as 700ms\n"
	          "      --stream N       show only connection number N (tcp.stream)\n"
	          "      --ascii          draw with ASCII only\n"
	          "      --title WORDS    shown in the first line\n"
	          "      --events-fd FD   read events from this open descriptor\n"
	          "      --wire-fd FD     write commands to the emulated wire to this one\n"
	          "      --hold           each of its frames waits from the start\n"
	          "  -h, --help           this help\n"
	          "  -V, --version        the version\n\n"
	          "The filter expression is libpcap's (pcap-filter(7)), such as: tcp port "
	          "8080\n"
	          "Off a terminal, the same is printed as text.\n"
	          "Exit status: 0 fine, 2 usage or environment.\n"));
}

/* "700ms", "1.5s", "2" (seconds) as nanoseconds. 0, or -1: it is none. */
static int read_span(const char *word, int64_t *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {{"ms", 1e6}, {"s", 1e9}, {"", 1e9}};
	char *end;
	errno = 0;
	double value = strtod(word, &end);
	if (errno || end == word || !(value > 0 && value <= 3600))
		return -1;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(end, units[i].unit) == 0) {
			*ns = (int64_t)(value * units[i].ns);
			return 0;
		}
	return -1;
}

static int number(const char *word, long long most, long long *value, struct err *err)
{
	char *end;
	errno = 0;
	*value = strtoll(word, &end, 10);
	if (errno || end == word || *end || *value < 0 || *value > most)
		return err_set(err, _("%s is not a number from 0 to %lld"), word, most);
	return 0;
}

static int set_number(struct tui_options *o, int code, struct err *err)
{
	long long value;
	if (number(optarg, code == OPTION_STREAM ? UINT32_MAX - 1LL : INT_MAX, &value, err) < 0)
		return -1;
	if (code == OPTION_STREAM)
		o->stream = value;
	else if (code == OPTION_WIRE)
		o->wire_fd = (int)value;
	else
		o->events_fd = (int)value;
	return 0;
}

static int take(struct tui_options *o, int code, struct err *err)
{
	switch (code) {
	case 'i':
		o->interface = optarg;
		return 0;
	case 'r':
		o->file = optarg;
		return 0;
	case OPTION_PACE:
		if (read_span(optarg, &o->pace_ns) == 0)
			return 0;
		return err_set(err, _("--pace takes a time such as 700ms, not %s"), optarg);
	case OPTION_ASCII:
		o->ascii = true;
		return 0;
	case OPTION_STREAM:
	case OPTION_EVENTS:
	case OPTION_WIRE:
		return set_number(o, code, err);
	case OPTION_HOLD:
		o->hold = true;
		return 0;
	case OPTION_TITLE:
		o->title = optarg;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	case 'V':
		o->version = true;
		return 0;
	default: /* getopt_long() has said what is wrong */
		return err_set(err, _("see wirelab-tui --help"));
	}
}

int tui_options_parse(struct tui_options *o, int argc, char **argv, struct err *err)
{
	int code;
	*o = (struct tui_options){.events_fd = -1, .wire_fd = -1, .stream = -1};
	while ((code = getopt_long(argc, argv, "+i:r:hV", names, NULL)) != -1)
		if (take(o, code, err) < 0)
			return -1;
	if (o->help || o->version)
		return 0;
	o->filter = argv + optind;
	o->n_filter = argc - optind;
	int n_sources = (o->interface != NULL) + (o->file != NULL) + (o->events_fd >= 0);
	if (n_sources != 1)
		return err_set(err, _("what shall be shown? -i INTERFACE watches one, -r FILE "
		                      "opens a capture"));
	if (o->n_filter > 0 && (o->events_fd >= 0 || (o->file && tui_options_is_stream(o->file))))
		return err_set(err, _("a saved stream takes no filter expression; the key f "
		                      "filters"));
	return 0;
}

bool tui_options_is_stream(const char *file)
{
	static const char suffix[] = ".ndjson";
	size_t n = strlen(file);
	return strcmp(file, "-") == 0 ||
	       (n >= sizeof suffix - 1 && strcmp(file + n - (sizeof suffix - 1), suffix) == 0);
}

/* ---- the tracer ---- */

static int find_tracer(char *path, size_t size, struct err *err)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	if (n < 0)
		return err_errno(err, _("cannot tell where this program lies (is /proc mounted?)"));
	path[n] = '\0';
	char *slash = strrchr(path, '/');
	size_t at = slash ? (size_t)(slash - path) : 0;
	int used = snprintf(path + at, size - at, "/wirelab-trace");
	if (used < 0 || (size_t)used >= size - at)
		return err_set(err, _("the path of this program is too long"));
	if (access(path, X_OK) < 0)
		return err_errno(err, _("cannot run %s (built with `make`?)"), path);
	return 0;
}

int tui_options_tracer(struct tracer_command *command, const struct tui_options *o,
                       const char *form, bool quiet, struct err *err)
{
	const char *fixed[] = {
	        command->path,
	        o->interface ? "-i" : "-r",
	        o->interface ? o->interface : o->file,
	        "-o",
	        form,
	};
	int n = 0;
	if (find_tracer(command->path, sizeof command->path, err) < 0)
		return -1;
	if (o->n_filter > TRACER_WORDS - 16)
		return err_set(err, _("the filter expression has too many words"));
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		command->words[n++] = fixed[i];
	if (quiet)
		command->words[n++] = "-q";
	if (o->ascii)
		command->words[n++] = "--ascii";
	command->words[n++] = "--";
	for (int i = 0; i < o->n_filter; i++)
		command->words[n++] = o->filter[i];
	command->words[n] = NULL;
	return 0;
}
