/* test_options.c: the command line of wirelab-trace: what each option sets, what is refused and how
 * it is said. */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

enum { MOST_WORDS = 64 };

struct line {
	char text[8192];
	char *argv[MOST_WORDS + 1];
	int argc;
	struct options o;
	struct err err;
};

/* Splits at blanks, as a shell would, and parses. */
static int parse(struct line *l, const char *text)
{
	char *save = NULL;
	*l = (struct line){.argc = 1};
	assert_true(strlen(text) < sizeof l->text);
	memcpy(l->text, text, strlen(text) + 1);
	static char name[] = "wirelab-trace";
	l->argv[0] = name;
	for (char *word = strtok_r(l->text, " ", &save); word && l->argc < MOST_WORDS;
	     word = strtok_r(NULL, " ", &save))
		l->argv[l->argc++] = word;
	optind = 0; /* glibc: start anew */
	return options_parse(&l->o, l->argc, l->argv, &l->err);
}

static void accept(struct line *l, const char *text)
{
	if (parse(l, text) < 0)
		fail_msg("%s: %s", text, l->err.message);
}

static void refuse(const char *text, const char *part_of_message)
{
	struct line l;
	assert_int_equal(parse(&l, text), -1);
	if (!strstr(l.err.message, part_of_message))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, l.err.message, part_of_message);
}

static void without_options_the_defaults_hold(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "-i lo");
	assert_int_equal(l.o.action, ACTION_TRACE);
	assert_string_equal(l.o.interface, "lo");
	assert_null(l.o.file);
	assert_null(l.o.save);
	assert_string_equal(l.o.format, "text");
	assert_string_equal(l.o.filter, "");
	assert_int_equal(l.o.count, 0);
	assert_int_equal(l.o.stream, -1);
	assert_int_equal(l.o.snaplen, 262144);
	assert_int_equal(l.o.buffer_kib, 16 * 1024);
	assert_int_equal(l.o.events_fd, -1);
	assert_int_equal(l.o.ready_fd, -1);
	assert_int_equal(l.o.save_fd, -1);
	assert_int_equal(l.o.color, WHEN_AUTO);
	assert_true(l.o.explain);
	assert_true(l.o.promiscuous);
	assert_false(l.o.ascii);
	assert_false(l.o.immediate);
}

static void each_option_sets_its_value(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "-i lo -w f.pcapng -o json -q -c 7 -s 96 -B 2048 -p --immediate-mode --stream 3 "
	           "--max-connections 9 --color always --ascii --width 120 --session 01-hello "
	           "--events 5 --ready 6 --write-fd 8");
	assert_string_equal(l.o.save, "f.pcapng");
	assert_string_equal(l.o.format, "json");
	assert_false(l.o.explain);
	assert_int_equal(l.o.count, 7);
	assert_int_equal(l.o.snaplen, 96);
	assert_int_equal(l.o.buffer_kib, 2048);
	assert_false(l.o.promiscuous);
	assert_true(l.o.immediate);
	assert_int_equal(l.o.stream, 3);
	assert_int_equal(l.o.max_connections, 9);
	assert_int_equal(l.o.color, WHEN_ALWAYS);
	assert_true(l.o.ascii);
	assert_int_equal(l.o.width, 120);
	assert_string_equal(l.o.lab, "01-hello");
	assert_int_equal(l.o.events_fd, 5);
	assert_int_equal(l.o.ready_fd, 6);
	assert_int_equal(l.o.save_fd, 8);
}

static void letters_that_tcpdump_users_type_are_taken(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "-nlU -r f.pcap");
	assert_string_equal(l.o.file, "f.pcap");
	accept(&l, "-i lo -s 0"); /* all of each frame */
	assert_true(l.o.snaplen >= 65535);
}

static void rest_of_the_line_is_the_filter(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "-r f tcp port 80 and not -q");
	assert_string_equal(l.o.filter, "tcp port 80 and not -q");
	assert_true(l.o.explain); /* what looks like an option there is none */
}

static void saving_prints_nothing_unless_asked(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "-r f -w g.pcap");
	assert_string_equal(l.o.format, "none");
	accept(&l, "-r f -w g.pcap -o text");
	assert_string_equal(l.o.format, "text");
	accept(&l, "-r f -w -");
	refuse("-r f -w - -o text", "standard output");
}

static void help_version_and_list_need_no_source(void **state)
{
	struct line l;
	(void)state;
	accept(&l, "--help");
	assert_int_equal(l.o.action, ACTION_HELP);
	accept(&l, "--version");
	assert_int_equal(l.o.action, ACTION_VERSION);
	accept(&l, "-D");
	assert_int_equal(l.o.action, ACTION_LIST_INTERFACES);
}

static void source_is_one_of_two(void **state)
{
	(void)state;
	refuse("", "-r FILE");
	refuse("-i lo -r f", "exclude");
}

static void bad_values_are_refused_with_their_bounds(void **state)
{
	(void)state;
	refuse("-r f -c 0", "0 is not a number from 1");
	refuse("-r f -c -5", "-5 is not a number");
	refuse("-r f -c 5x", "5x is not a number");
	refuse("-r f -c 99999999999999999999", "is not a number");
	refuse("-r f -s 262145", "262144");
	refuse("-r f -B 63", "64");
	refuse("-r f --stream x", "x is not");
	refuse("-r f --max-connections 0", "0 is not");
	refuse("-r f --width 39", "40");
	refuse("-r f --color blue", "auto, always or never");
	refuse("-r f -o klingon", "klingon");
	refuse("-i lo --write-fd 3", "-w");
	refuse("-i lo --events -1", "-1 is not");
}

static void unknown_and_unfinished_options_are_named(void **state)
{
	(void)state;
	refuse("--frobnicate -r f", "--frobnicate");
	refuse("-r f -z", "-z");
	refuse("-r f -c", "-c");
	refuse("-r f --count", "--count");
}

static void filter_that_is_too_long_is_refused(void **state)
{
	(void)state;
	static char text[6000] = "-r f ";
	memset(text + 5, 'x', 5000);
	refuse(text, "longer than");
	text[5 + 4000] = '\0';
	struct line l;
	accept(&l, text);
	assert_int_equal(strlen(l.o.filter), 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(without_options_the_defaults_hold),
	        cmocka_unit_test(each_option_sets_its_value),
	        cmocka_unit_test(letters_that_tcpdump_users_type_are_taken),
	        cmocka_unit_test(rest_of_the_line_is_the_filter),
	        cmocka_unit_test(saving_prints_nothing_unless_asked),
	        cmocka_unit_test(help_version_and_list_need_no_source),
	        cmocka_unit_test(source_is_one_of_two),
	        cmocka_unit_test(bad_values_are_refused_with_their_bounds),
	        cmocka_unit_test(unknown_and_unfinished_options_are_named),
	        cmocka_unit_test(filter_that_is_too_long_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
