/* options.c: the command line. One table gives each option its letters, its help and what it sets;
 * letters are tcpdump's where tcpdump has the option. */
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "sink/sink.h"

enum { SNAPLEN_MAX = 262144, DEFAULT_BUFFER_KIB = 16 * 1024, FD_MAX = 65535, FIRST_LONG = 256 };

struct option_row;

/* Takes the argument into *options. 0, or -1 with a message. */
typedef int set_option(struct options *options, const struct option_row *row, const char *argument,
                       struct err *err);

struct option_row {
	int letter;           /* or a number from FIRST_LONG on: no letter */
	const char *name;     /* long name, or NULL */
	const char *argument; /* its name in the help, or NULL: takes none */
	const char *help;     /* marked English; NULL: accepted for tcpdump's sake, not listed */
	set_option *set;
	size_t at;            /* the member of struct options that it sets */
	uint64_t least, most; /* bounds of a number; least is the value where none is given */
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

static void *member_of(struct options *o, const struct option_row *row)
{
	return (char *)o + row->at;
}

static int set_word(struct options *o, const struct option_row *row, const char *argument,
                    struct err *err)
{
	(void)err;
	*(const char **)member_of(o, row) = argument;
	return 0;
}

static int set_int(struct options *o, const struct option_row *row, const char *argument,
                   struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, row->least, row->most, &n, err) < 0)
		return -1;
	*(int *)member_of(o, row) = (int)n;
	return 0;
}

static int set_int64(struct options *o, const struct option_row *row, const char *argument,
                     struct err *err)
{
	uint64_t n = 0;
	if (options_number(argument, row->least, row->most, &n, err) < 0)
		return -1;
	*(int64_t *)member_of(o, row) = (int64_t)n;
	return 0;
}

static int set_flag(struct options *o, const struct option_row *row, const char *argument,
                    struct err *err)
{
	(void)argument;
	(void)err;
	*(bool *)member_of(o, row) = row->least;
	return 0;
}

static_assert(sizeof(enum action) == sizeof(int) && sizeof(enum messages_when) == sizeof(int),
              "set_enum takes enums for ints");

static int set_enum(struct options *o, const struct option_row *row, const char *argument,
                    struct err *err)
{
	(void)argument;
	(void)err;
	*(int *)member_of(o, row) = (int)row->least;
	return 0;
}

static int set_format(struct options *o, const struct option_row *row, const char *argument,
                      struct err *err)
{
	(void)row;
	if (!sink_find(argument))
		return err_set(err, _("-o %s: no such form; --help lists them"), argument);
	o->format = argument;
	return 0;
}

static int set_color(struct options *o, const struct option_row *row, const char *argument,
                     struct err *err)
{
	static const char *const words[] = {"auto", "always", "never"};
	(void)row;
	for (int i = 0; i < 3; i++) {
		if (strcmp(argument, words[i]) == 0) {
			o->color = (enum when)i;
			return 0;
		}
	}
	return err_set(err, _("--color takes auto, always or never"));
}

static int set_nothing(struct options *o, const struct option_row *row, const char *argument,
                       struct err *err)
{
	(void)o;
	(void)row;
	(void)argument;
	(void)err;
	return 0;
}

/* The rest of a row: what sets which member, in which bounds or to what. */
#define WORD(member)               set_word, offsetof(struct options, member), 0, 0
#define INT(member, least, most)   set_int, offsetof(struct options, member), least, most
#define INT64(member, least, most) set_int64, offsetof(struct options, member), least, most
#define FLAG(member, value)        set_flag, offsetof(struct options, member), value, 0
#define ENUM(member, value)        set_enum, offsetof(struct options, member), value, 0
#define OTHER(set)                 set, 0, 0, 0

static const struct option_row rows[] = {
        {'i', "interface", N_("IF"), N_("capture live on this interface (lo, eth0, any)"),
         WORD(interface)},
        {'r', "read", N_("FILE"),
         N_("read a capture: pcap or pcapng, plain or gzip; - is stdin; .ndjson: saved events"),
         WORD(file)},
        {'w', "write", N_("FILE"),
         N_("save the frames: .pcapng (with our explanations as comments), .pcap, or .ndjson"),
         WORD(save)},
        {'o', "output", N_("FORM"), N_("print as FORM (below); text unless -w is given"),
         OTHER(set_format)},
        {'q', "quiet", NULL, N_("no explanations: one line a segment"), FLAG(explain, false)},
        {'c', "count", N_("N"), N_("end after N frames"), INT64(count, 1, INT64_MAX)},
        {'s', "snapshot-length", N_("N"), N_("bytes kept of each frame (262144 as with 0)"),
         INT(snaplen, 0, SNAPLEN_MAX)},
        {'B', "buffer-size", N_("KIB"), N_("kernel buffer of a live capture in KiB (16384)"),
         INT(buffer_kib, 64, INT_MAX / 1024)},
        {'D', "list-interfaces", NULL, N_("list the interfaces that can be captured on"),
         ENUM(action, ACTION_LIST_INTERFACES)},
        {'p', "no-promiscuous-mode", NULL, N_("only frames that are for this host"),
         FLAG(promiscuous, false)},
        {FIRST_LONG, "immediate-mode", NULL,
         N_("deliver each frame at once (more load, smaller ring)"), FLAG(immediate, true)},
        {FIRST_LONG + 1, "stream", N_("N"), N_("show only connection number N (tcp.stream)"),
         INT64(stream, 0, UINT32_MAX)},
        {FIRST_LONG + 2, "max-connections", N_("N"),
         N_("connections kept in memory (200000); the least recently used makes room"),
         INT(max_connections, 1, 100000000)},
        {FIRST_LONG + 10, "stats", NULL,
         N_("at the end a table of the connections (on standard error beside -o json and the "
            "like)"),
         FLAG(stats, true)},
        {FIRST_LONG + 23, "no-messages", NULL, N_("do not look for messages of applications"),
         ENUM(messages, MESSAGES_NEVER)},
        {FIRST_LONG + 24, "messages", NULL,
         N_("look for them for --stats alone, too: with -o none"), ENUM(messages, MESSAGES_ALWAYS)},
        {FIRST_LONG + 21, "keylog", N_("FILE"),
         N_("TLS secrets (SSLKEYLOGFILE): show what is inside; -w FILE.pcapng takes them along"),
         WORD(keylog)},
        {FIRST_LONG + 22, "keylog-fd", N_("FD"), N_("the same from this open descriptor"),
         INT(keylog_fd, 0, FD_MAX)},
        {FIRST_LONG + 3, "color", N_("WHEN"), N_("auto, always or never"), OTHER(set_color)},
        {FIRST_LONG + 4, "ascii", NULL, N_("draw with ASCII only"), FLAG(ascii, true)},
        {FIRST_LONG + 5, "width", N_("N"), N_("columns of the output (the terminal's, or 80)"),
         INT(width, 40, 1000)},
        {FIRST_LONG + 6, "session", N_("LAB"), N_("name of the lab that is being run"), WORD(lab)},
        {FIRST_LONG + 7, "events", N_("FD"), N_("merge event lines read from this descriptor"),
         INT(events_fd, 0, FD_MAX)},
        {FIRST_LONG + 11, "wire", N_("FD"),
         N_("trace the emulated wire, which streams pcapng to this descriptor"),
         INT(wire_fd, 0, FD_MAX)},
        {FIRST_LONG + 12, "screen", NULL,
         N_("who reads the output may go before its end: that is no failure"), FLAG(screen, true)},
        {FIRST_LONG + 8, "ready", N_("FD"), N_("write \"ready\" to this descriptor once capturing"),
         INT(ready_fd, 0, FD_MAX)},
        {FIRST_LONG + 9, "write-fd", N_("FD"),
         N_("save to this open descriptor; -w gives its name"), INT(save_fd, 0, FD_MAX)},
        {'C', NULL, N_("N"), N_("with -w: a new file after N million bytes; FILE, FILE1, FILE2 …"),
         INT64(rotate_megabytes, 1, INT32_MAX)},
        {'G', NULL, N_("SECONDS"),
         N_("with -w: a new file after so long; FILE is a pattern of strftime(3)"),
         INT64(rotate_seconds, 1, INT32_MAX)},
        {'W', NULL, N_("N"), N_("with -C: N files, round and round; with -G: end after N files"),
         INT(rotate_files, 1, 1000000)},
        {FIRST_LONG + 20, "ring", N_("MIB"),
         N_("with -i and -w: keep the last MIB in memory; write them at the end and at SIGUSR1"),
         INT(ring_mib, 1, 1024 * 1024)},
        {'h', "help", NULL, N_("this help"), ENUM(action, ACTION_HELP)},
        {'V', "version", NULL, N_("the version"), ENUM(action, ACTION_VERSION)},
        {'n', NULL, NULL, NULL, OTHER(set_nothing)}, /* numbers are never resolved to names */
        {'l', NULL, NULL, NULL, OTHER(set_nothing)}, /* live output is never held back */
        {'U', NULL, NULL, NULL, OTHER(set_nothing)},
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
			return rows[i].set(o, &rows[i], optarg, err);
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
	bool rotates = o->rotate_megabytes > 0 || o->rotate_seconds > 0;
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
	if (o->snaplen == 0) /* tcpdump's word for "all" */
		o->snaplen = SNAPLEN_MAX;
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
