/* options.c: the command line. One table gives each option its letters, its help and what it sets;
 * letters are tcpdump's where tcpdump has the option. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "sink/sink.h"

enum { DEFAULT_SNAPLEN = 262144, DEFAULT_BUFFER_KIB = 16 * 1024, FIRST_LONG = 256 };

/* Takes the argument into *options. 0, or -1 with a message. */
typedef int set_option(struct options *options, const char *argument, struct err *err);

struct option_row {
	int letter;           /* or a number from FIRST_LONG on: no letter */
	const char *name;     /* long name, or NULL */
	const char *argument; /* its name in the help, or NULL: takes none */
	const char *help;     /* marked English; NULL: accepted for tcpdump's sake, not listed */
	set_option *set;
};

int options_number(const char *text, uint64_t least, uint64_t most, uint64_t *value,
                   struct err *err)
{
	char *end;
	errno = 0;
	unsigned long long n = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || n < least || n > most)
		return err_set(err, _("%s is not a number from %llu to %llu"), text,
		               (unsigned long long)least, (unsigned long long)most);
	*value = n;
	return 0;
}

static int small_number(const char *text, int least, int most, int *value, struct err *err)
{
	uint64_t n = 0;
	if (options_number(text, (uint64_t)least, (uint64_t)most, &n, err) < 0)
		return -1;
	*value = (int)n;
	return 0;
}

static int set_interface(struct options *o, const char *argument, struct err *err)
{
	(void)err;
	o->interface = argument;
	return 0;
}

static int set_file(struct options *o, const char *argument, struct err *err)
{
	(void)err;
	o->file = argument;
	return 0;
}

static int set_save(struct options *o, const char *argument, struct err *err)
{
	(void)err;
	o->save = argument;
	return 0;
}

static int set_keylog(struct options *o, const char *argument, struct err *err)
{
	(void)err;
	o->keylog = argument;
	return 0;
}

static int set_keylog_fd(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 0, 65535, &o->keylog_fd, err);
}

static int set_format(struct options *o, const char *argument, struct err *err)
{
	if (!sink_find(argument))
		return err_set(err, _("-o %s: no such form; --help lists them"), argument);
	o->format = argument;
	return 0;
}

static int set_count(struct options *o, const char *argument, struct err *err)
{
	return options_number(argument, 1, UINT64_MAX, &o->count, err);
}

static int set_snaplen(struct options *o, const char *argument, struct err *err)
{
	enum { MOST = 262144 };
	if (small_number(argument, 0, MOST, &o->snaplen, err) < 0)
		return -1;
	if (o->snaplen == 0) /* tcpdump's word for "all" */
		o->snaplen = MOST;
	return 0;
}

static int set_buffer(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 64, INT_MAX / 1024, &o->buffer_kib, err);
}

static int set_stream(struct options *o, const char *argument, struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, 0, UINT32_MAX, &n, err) < 0)
		return -1;
	o->stream = (int64_t)n;
	return 0;
}

static int set_max_connections(struct options *o, const char *argument, struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, 1, 100000000, &n, err) < 0)
		return -1;
	o->max_connections = (uint32_t)n;
	return 0;
}

static int set_rotate_bytes(struct options *o, const char *argument, struct err *err)
{
	enum { MILLION = 1000000 };
	if (options_number(argument, 1, INT32_MAX, &o->rotate_bytes, err) < 0)
		return -1;
	o->rotate_bytes *= MILLION;
	return 0;
}

static int set_rotate_seconds(struct options *o, const char *argument, struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, 1, INT32_MAX, &n, err) < 0)
		return -1;
	o->rotate_seconds = (int64_t)n;
	return 0;
}

static int set_rotate_files(struct options *o, const char *argument, struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, 1, 1000000, &n, err) < 0)
		return -1;
	o->rotate_files = (uint32_t)n;
	return 0;
}

static int set_ring(struct options *o, const char *argument, struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, 1, 1024 * 1024, &n, err) < 0)
		return -1;
	o->ring_mib = (uint32_t)n;
	return 0;
}

static int set_width(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 40, 1000, &o->width, err);
}

static int set_color(struct options *o, const char *argument, struct err *err)
{
	static const char *const words[] = {"auto", "always", "never"};
	for (int i = 0; i < 3; i++) {
		if (strcmp(argument, words[i]) == 0) {
			o->color = (enum when)i;
			return 0;
		}
	}
	return err_set(err, _("--color takes auto, always or never"));
}

static int set_session(struct options *o, const char *argument, struct err *err)
{
	(void)err;
	o->lab = argument;
	return 0;
}

static int set_events(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 0, 65535, &o->events_fd, err);
}

static int set_ready(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 0, 65535, &o->ready_fd, err);
}

static int set_wire(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 0, 65535, &o->wire_fd, err);
}

static int set_write_fd(struct options *o, const char *argument, struct err *err)
{
	return small_number(argument, 0, 65535, &o->save_fd, err);
}

#define SETTER(name, member, value)                                                                \
	static int name(struct options *o, const char *argument, struct err *err)                  \
	{                                                                                          \
		(void)argument;                                                                    \
		(void)err;                                                                         \
		o->member = value;                                                                 \
		return 0;                                                                          \
	}
SETTER(set_quiet, explain, false)
SETTER(set_stats, stats, true)
SETTER(set_messages, messages, MESSAGES_ALWAYS)
SETTER(set_no_messages, messages, MESSAGES_NEVER)
SETTER(set_screen, screen, true)
SETTER(set_ascii, ascii, true)
SETTER(set_immediate, immediate, true)
SETTER(set_not_promiscuous, promiscuous, false)
SETTER(set_list, action, ACTION_LIST_INTERFACES)
SETTER(set_help, action, ACTION_HELP)
SETTER(set_version, action, ACTION_VERSION)

static int set_nothing(struct options *o, const char *argument, struct err *err)
{
	(void)o;
	(void)argument;
	(void)err;
	return 0;
}

static const struct option_row rows[] = {
        {'i', "interface", N_("IF"), N_("capture live on this interface (lo, eth0, any)"),
         set_interface},
        {'r', "read", N_("FILE"),
         N_("read a capture: pcap or pcapng, plain or gzip; - is stdin; .ndjson: saved events"),
         set_file},
        {'w', "write", N_("FILE"),
         N_("save the frames: .pcapng (with our explanations as comments), .pcap, or .ndjson"),
         set_save},
        {'o', "output", N_("FORM"), N_("print as FORM (below); text unless -w is given"),
         set_format},
        {'q', "quiet", NULL, N_("no explanations: one line a segment"), set_quiet},
        {'c', "count", N_("N"), N_("end after N frames"), set_count},
        {'s', "snapshot-length", N_("N"), N_("bytes kept of each frame (262144 as with 0)"),
         set_snaplen},
        {'B', "buffer-size", N_("KIB"), N_("kernel buffer of a live capture in KiB (16384)"),
         set_buffer},
        {'D', "list-interfaces", NULL, N_("list the interfaces that can be captured on"), set_list},
        {'p', "no-promiscuous-mode", NULL, N_("only frames that are for this host"),
         set_not_promiscuous},
        {FIRST_LONG, "immediate-mode", NULL,
         N_("deliver each frame at once (more load, smaller ring)"), set_immediate},
        {FIRST_LONG + 1, "stream", N_("N"), N_("show only connection number N (tcp.stream)"),
         set_stream},
        {FIRST_LONG + 2, "max-connections", N_("N"),
         N_("connections kept in memory (200000); the least recently used makes room"),
         set_max_connections},
        {FIRST_LONG + 10, "stats", NULL,
         N_("at the end a table of the connections (on standard error beside -o json and the "
            "like)"),
         set_stats},
        {FIRST_LONG + 23, "no-messages", NULL, N_("do not look for messages of applications"),
         set_no_messages},
        {FIRST_LONG + 24, "messages", NULL,
         N_("look for them for --stats alone, too: with -o none"), set_messages},
        {FIRST_LONG + 21, "keylog", N_("FILE"),
         N_("TLS secrets (SSLKEYLOGFILE): show what is inside; -w FILE.pcapng takes them along"),
         set_keylog},
        {FIRST_LONG + 22, "keylog-fd", N_("FD"), N_("the same from this open descriptor"),
         set_keylog_fd},
        {FIRST_LONG + 3, "color", N_("WHEN"), N_("auto, always or never"), set_color},
        {FIRST_LONG + 4, "ascii", NULL, N_("draw with ASCII only"), set_ascii},
        {FIRST_LONG + 5, "width", N_("N"), N_("columns of the output (the terminal's, or 80)"),
         set_width},
        {FIRST_LONG + 6, "session", N_("LAB"), N_("name of the lab that is being run"),
         set_session},
        {FIRST_LONG + 7, "events", N_("FD"), N_("merge event lines read from this descriptor"),
         set_events},
        {FIRST_LONG + 11, "wire", N_("FD"),
         N_("trace the emulated wire, which streams pcapng to this descriptor"), set_wire},
        {FIRST_LONG + 12, "screen", NULL,
         N_("who reads the output may go before its end: that is no failure"), set_screen},
        {FIRST_LONG + 8, "ready", N_("FD"), N_("write \"ready\" to this descriptor once capturing"),
         set_ready},
        {FIRST_LONG + 9, "write-fd", N_("FD"),
         N_("save to this open descriptor; -w gives its name"), set_write_fd},
        {'C', NULL, N_("N"), N_("with -w: a new file after N million bytes; FILE, FILE1, FILE2 …"),
         set_rotate_bytes},
        {'G', NULL, N_("SECONDS"),
         N_("with -w: a new file after so long; FILE is a pattern of strftime(3)"),
         set_rotate_seconds},
        {'W', NULL, N_("N"), N_("with -C: N files, round and round; with -G: end after N files"),
         set_rotate_files},
        {FIRST_LONG + 20, "ring", N_("MIB"),
         N_("with -i and -w: keep the last MIB in memory; write them at the end and at SIGUSR1"),
         set_ring},
        {'h', "help", NULL, N_("this help"), set_help},
        {'V', "version", NULL, N_("the version"), set_version},
        {'n', NULL, NULL, NULL, set_nothing}, /* numbers are never resolved to names */
        {'l', NULL, NULL, NULL, set_nothing}, /* live output is never held back */
        {'U', NULL, NULL, NULL, set_nothing},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

/* The table in getopt_long's two forms. */
struct getopt_form {
	char letters[2 * N_ROWS + 3];
	struct option names[N_ROWS + 1];
};

static void make_getopt_form(struct getopt_form *form)
{
	size_t n_letters = 0, n_names = 0;
	form->letters[n_letters++] = '+'; /* the BPF expression ends the options */
	form->letters[n_letters++] = ':';
	for (size_t i = 0; i < N_ROWS; i++) {
		const struct option_row *row = &rows[i];
		if (row->letter < FIRST_LONG) {
			form->letters[n_letters++] = (char)row->letter;
			if (row->argument)
				form->letters[n_letters++] = ':';
		}
		if (row->name)
			form->names[n_names++] = (struct option){
			        row->name, row->argument ? required_argument : no_argument, NULL,
			        row->letter};
	}
	form->letters[n_letters] = '\0';
	form->names[n_names] = (struct option){0};
}

static int apply(struct options *o, int letter, struct err *err)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].letter == letter)
			return rows[i].set(o, optarg, err);
	return err_set(err, _("unknown option; --help lists them"));
}

static int refuse(int letter, char **argv, struct err *err)
{
	const char *word = argv[optind - 1];
	if (letter == ':')
		return err_set(err, _("%s needs an argument; see --help"), word);
	return err_set(err, _("%s is not an option of this program; --help lists them"), word);
}

static int join_filter(struct options *o, char **words, struct err *err)
{
	size_t len = 0;
	for (; *words; words++) {
		size_t n = strlen(*words);
		if (len + n + 2 > sizeof o->filter)
			return err_set(err, _("the filter expression is longer than %zu bytes"),
			               sizeof o->filter - 1);
		if (len)
			o->filter[len++] = ' ';
		memcpy(o->filter + len, *words, n + 1);
		len += n;
	}
	return 0;
}

/* More than one file: each has a name, and the form of a capture. */
static int check_rotation(const struct options *o, struct err *err)
{
	const char *dot = o->save ? strrchr(o->save, '.') : NULL;
	bool rotates = o->rotate_bytes > 0 || o->rotate_seconds > 0;
	if (!rotates && o->ring_mib == 0)
		return 0;
	if (!o->save || strcmp(o->save, "-") == 0 || o->save_fd >= 0)
		return err_set(err, _("-C, -G and --ring need -w FILE"));
	if (dot && strcmp(dot, ".ndjson") == 0)
		return err_set(err, _("-C, -G and --ring write captures, .pcapng or .pcap"));
	if (o->ring_mib > 0 && (rotates || !o->interface))
		return err_set(err, _("--ring is for a live capture (-i), without -C and -G"));
	return 0;
}

/* Saved events are shown as they are: what is about frames has nothing to work on. */
static int check_events(struct options *o, struct err *err)
{
	const char *dot = o->file ? strrchr(o->file, '.') : NULL;
	const char *save = o->save ? strrchr(o->save, '.') : NULL;
	o->reads_events = dot && strcmp(dot, ".ndjson") == 0;
	if (!o->reads_events)
		return 0;
	if (o->count > 0 || o->stream >= 0 || o->filter[0] != '\0')
		return err_set(err,
		               _("%s has events, not frames: leave out -c, --stream and the "
		                 "expression"),
		               o->file);
	if (o->save && !(save && strcmp(save, ".ndjson") == 0))
		return err_set(err, _("%s has events, not frames: -w can write .ndjson only"),
		               o->file);
	return 0;
}

static int check(struct options *o, struct err *err)
{
	enum { WHOLE_FRAMES = 262144 };
	if (o->action != ACTION_TRACE)
		return 0;
	int sources = !!o->interface + !!o->file + (o->wire_fd >= 0);
	if (sources == 0)
		return err_set(
		        err, _("say what to trace: -i INTERFACE (live; -D lists them) or -r FILE"));
	if (sources > 1)
		return err_set(err, _("-i, -r and --wire exclude each other"));
	if (check_rotation(o, err) < 0 || check_events(o, err) < 0)
		return -1;
	if (o->snaplen == 0)
		o->snaplen = o->file ? WHOLE_FRAMES : DEFAULT_SNAPLEN;
	if (o->save_fd >= 0 && !o->save)
		return err_set(err, _("--write-fd needs -w, which names the file"));
	if (!o->format)
		o->format = o->save ? "none" : "text";
	if (o->save && strcmp(o->save, "-") == 0 && strcmp(o->format, "none") != 0)
		return err_set(err, _("-w - and -o %s would both write to standard output"),
		               o->format);
	return 0;
}

int options_parse(struct options *o, int argc, char **argv, struct err *err)
{
	struct getopt_form form;
	int letter;

	*o = (struct options){
	        .stream = -1,
	        .buffer_kib = DEFAULT_BUFFER_KIB,
	        .wire_fd = -1,
	        .events_fd = -1,
	        .ready_fd = -1,
	        .save_fd = -1,
	        .keylog_fd = -1,
	        .explain = true,
	        .promiscuous = true,
	        .argc = argc,
	        .argv = argv,
	};
	make_getopt_form(&form);
	while ((letter = getopt_long(argc, argv, form.letters, form.names, NULL)) != -1) {
		if (letter == '?' || letter == ':')
			return refuse(letter, argv, err);
		if (apply(o, letter, err) < 0)
			return -1;
	}
	if (join_filter(o, argv + optind, err) < 0)
		return -1;
	return check(o, err);
}

static void help_row(const struct option_row *row)
{
	char left[64], letter[8] = "   ";
	if (!row->help)
		return;
	if (row->letter < FIRST_LONG)
		(void)snprintf(letter, sizeof letter, "-%c,", row->letter);
	if (!row->name)
		(void)snprintf(left, sizeof left, "-%c %s", row->letter, _(row->argument));
	else
		(void)snprintf(left, sizeof left, "%s --%s%s%s", letter, row->name,
		               row->argument ? " " : "", row->argument ? _(row->argument) : "");
	printf("  %-30s %s\n", left, _(row->help));
}

void options_help(void)
{
	printf(_("Usage: wirelab-trace -i INTERFACE | -r FILE [options] [filter expression]\n"
	         "Shows each TCP segment with the state of both ends and explains it.\n\n"));
	for (size_t i = 0; i < N_ROWS; i++)
		help_row(&rows[i]);
	printf(_("\nForms of output (-o):\n"));
	for (size_t i = 0; sink_types[i]; i++)
		printf("  %-10s %s\n", sink_types[i]->name, _(sink_types[i]->help));
	printf(_("\nThe filter expression is libpcap's (pcap-filter(7)), such as: tcp port 8080\n"
	         "Exit status: 0 fine, 2 usage or environment.\n"));
}
