/* test_lab.c: reading lab.conf, and finding labs and variants by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/lab.h"
#include "runner/nearest.h"

struct fixture {
	char root[64];
	char conf[PATH_MAX];
	struct lab lab;
	struct err err;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	char folder[PATH_MAX];
	assert_non_null(f);
	(void)snprintf(f->root, sizeof f->root, "/tmp/wirelab-test-XXXXXX");
	assert_non_null(mkdtemp(f->root));
	(void)snprintf(folder, sizeof folder, "%s/07-chat", f->root);
	assert_int_equal(mkdir(folder, 0700), 0);
	(void)snprintf(f->conf, sizeof f->conf, "%s/07-chat/lab.conf", f->root);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char folder[PATH_MAX];
	(void)snprintf(folder, sizeof folder, "%s/07-chat", f->root);
	(void)unlink(f->conf); /* one test has none */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(rmdir(f->root), 0);
	free(f);
	return 0;
}

/* Writes the text as lab.conf and reads it. */
static int read_conf(struct fixture *f, const char *text)
{
	FILE *file = fopen(f->conf, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	f->err.message[0] = '\0';
	return lab_read(&f->lab, f->conf, &f->err);
}

#define PLAIN                                                                                      \
	"[lab]\ntitle = A chat\nminutes = 25\n[server]\ncommand = server {port}\n"                 \
	"[client]\ncommand = client\n"

static void assert_refused(struct fixture *f, const char *text, int line, const char *word)
{
	char place[PATH_MAX + 16];
	(void)snprintf(place, sizeof place, "%s:%d: ", f->conf, line);
	assert_int_equal(read_conf(f, text), -1);
	if (line > 0 && strstr(f->err.message, place) == NULL)
		fail_msg("no '%s' in: %s", place, f->err.message);
	if (strstr(f->err.message, word) == NULL)
		fail_msg("no '%s' in: %s", word, f->err.message);
}

static void a_whole_file_is_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, "# comment\n[lab]\ntitle = A chat ; comment\nminutes = 25\n"
	                              "needs = 01, 04\ndocument = D2\nport = 9000\n"
	                              "[server]\ncommand = server -x {host} {port}\nends = 3\n"
	                              "ready = bind\ninput = in\n"
	                              "[client]\ncommand = client\nends = any\n"
	                              "input = one\\ntwo\\t\\\\\\r\\n\n"),
	                 0);
	const struct lab_variant *plain = &f->lab.variants[0];
	assert_string_equal(f->lab.id, "07-chat");
	assert_int_equal(f->lab.number, 7);
	assert_string_equal(f->lab.title, "A chat");
	assert_int_equal(f->lab.minutes, 25);
	assert_string_equal(f->lab.needs, "01, 04");
	assert_string_equal(f->lab.document, "D2");
	assert_int_equal(f->lab.port, 9000);
	assert_int_equal(f->lab.n_variants, 1);
	assert_string_equal(plain->command[SERVER], "server -x {host} {port}");
	assert_string_equal(plain->input[SERVER], "in");
	assert_int_equal(plain->status[SERVER], 3);
	assert_int_equal(plain->ready, READY_BIND);
	assert_string_equal(plain->command[CLIENT], "client");
	assert_int_equal(plain->status[CLIENT], LAB_ANY_STATUS);
	assert_string_equal(plain->input[CLIENT], "one\ntwo\t\\\r\n");
}

static void what_is_not_said_has_the_documented_default(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_int_equal(f->lab.port, 8080);
	assert_string_equal(f->lab.needs, "");
	assert_int_equal(f->lab.variants[0].status[CLIENT], 0);
	assert_int_equal(f->lab.variants[0].status[SERVER], LAB_ANY_STATUS);
	assert_int_equal(f->lab.variants[0].ready, READY_LISTEN);
	assert_string_equal(f->lab.variants[0].input[CLIENT], "");
}

static void a_variant_changes_only_what_it_says(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN "[variant a]\ntitle = A\nclient = other\n"
	                                    "client_input = hi\nclient_ends = 1\n"
	                                    "[variant b]\nserver = s2\nserver_input = x\n"
	                                    "server_ends = 0\nready = bind\n"),
	                 0);
	const struct lab_variant *a = lab_variant(&f->lab, "a", &f->err);
	const struct lab_variant *b = lab_variant(&f->lab, "b", &f->err);
	assert_non_null(a);
	assert_non_null(b);
	assert_string_equal(a->title, "A");
	assert_string_equal(a->command[CLIENT], "other");
	assert_string_equal(a->input[CLIENT], "hi");
	assert_int_equal(a->status[CLIENT], 1);
	assert_string_equal(a->command[SERVER], "server {port}");
	assert_string_equal(b->command[CLIENT], "client");
	assert_string_equal(b->command[SERVER], "s2");
	assert_string_equal(b->input[SERVER], "x");
	assert_int_equal(b->status[SERVER], 0);
	assert_int_equal(b->ready, READY_BIND);
	assert_string_equal(f->lab.variants[0].command[SERVER], "server {port}");
}

static void a_lab_may_have_a_key_log(void **state)
{
	struct fixture *f = *state;
	assert_false(f->lab.keylog);
	assert_int_equal(read_conf(f, "[lab]\ntitle = A\nminutes = 5\nkeylog = yes\n"
	                              "[server]\ncommand = server\n[client]\ncommand = client\n"),
	                 0);
	assert_true(f->lab.keylog);
}

static void a_lab_may_have_a_preparation(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_string_equal(f->lab.prepare, "");
	assert_int_equal(read_conf(f, "[lab]\ntitle = A\nminutes = 5\nprepare = keys -x {port}\n"
	                              "[server]\ncommand = s\n[client]\ncommand = c\n"),
	                 0);
	assert_string_equal(f->lab.prepare, "keys -x {port}");
}

static void a_lab_may_have_its_own_resolver(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_false(f->lab.resolver);
	assert_int_equal(read_conf(f, "[lab]\ntitle = A\nminutes = 5\nresolver = yes\n"
	                              "[server]\ncommand = s\n[client]\ncommand = c\n"),
	                 0);
	assert_true(f->lab.resolver);
}

static void a_lab_may_need_the_wire(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_false(f->lab.variants[0].wire);
	assert_string_equal(f->lab.variants[0].fault, "");
	assert_int_equal(read_conf(f, "[lab]\ntitle = A\nminutes = 5\nwire = yes\nfault = lossy\n"
	                              "[server]\ncommand = server\n[client]\ncommand = client\n"
	                              "[variant a]\ntitle = A\n"
	                              "[variant b]\ntitle = B\nfault = mtu 576\n"
	                              "[variant c]\ntitle = C\nwire = no\nfault =\n"),
	                 0);
	for (int i = 0; i < 3; i++)
		assert_true(f->lab.variants[i].wire);
	assert_false(f->lab.variants[3].wire);
	assert_string_equal(f->lab.variants[0].fault, "lossy");
	assert_string_equal(f->lab.variants[1].fault, "lossy");
	assert_string_equal(f->lab.variants[2].fault, "mtu 576");
	assert_string_equal(f->lab.variants[3].fault, "");
	assert_refused(f, "[lab]\nwire = maybe\n", 2, "maybe");
}

static void the_hosts_may_have_a_congestion_control(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_string_equal(f->lab.variants[0].congestion, "");
	assert_int_equal(read_conf(f,
	                           "[lab]\ntitle = A\nminutes = 5\nwire = yes\ncongestion = reno\n"
	                           "[server]\ncommand = server\n[client]\ncommand = client\n"
	                           "[variant a]\ntitle = A\n"
	                           "[variant b]\ntitle = B\ncongestion = fifteen_letters\n"
	                           "[variant c]\ntitle = C\nwire = no\ncongestion =\n"),
	                 0);
	assert_string_equal(f->lab.variants[0].congestion, "reno");
	assert_string_equal(f->lab.variants[1].congestion, "reno");
	assert_string_equal(f->lab.variants[2].congestion, "fifteen_letters");
	assert_string_equal(f->lab.variants[3].congestion, "");
	assert_refused(f, "[lab]\ncongestion = Reno\n", 2, "Reno");
	assert_refused(f, "[lab]\ncongestion = a/b\n", 2, "a/b");
	assert_refused(f, "[lab]\ncongestion = sixteen__letters\n", 2, "too long");
	assert_refused(f, PLAIN "[variant a]\ntitle = A\ncongestion = bbr\n", 0, "wire = yes");
}

static void a_mistake_is_told_with_file_and_line(void **state)
{
	struct fixture *f = *state;
	assert_refused(f, "[lab]\ntitel = x\n", 2, "titel");
	assert_refused(f, "[lob]\ntitle = x\n", 2, "lob");
	assert_refused(f, "[variant]\ntitle = x\n", 2, "section");
	assert_refused(f, "[lab x]\ntitle = x\n", 2, "section");
	assert_refused(f, "[lab]\ntitle = x\nminutes = soon\n", 3, "soon");
	assert_refused(f, "[lab]\nminutes = 0\n", 2, "0");
	assert_refused(f, "[lab]\nminutes = 5x\n", 2, "5x");
	assert_refused(f, "[lab]\nport = 65536\n", 2, "65536");
	assert_refused(f, "[lab]\nport = -1\n", 2, "-1");
	assert_refused(f, "[lab]\ntitle = x\ntitle = y\n", 3, "twice");
	assert_refused(f, "[lab]\n\n\njust words\n", 4, "neither");
	assert_refused(f, "[lab\ntitle = x\n", 1, "neither");
	assert_refused(f, "[server]\nready = soon\n", 2, "soon");
	assert_refused(f, "[client]\nready = listen\n", 2, "ready");
	assert_refused(f, "[client]\nends = 256\n", 2, "256");
	assert_refused(f, "[client]\nends = some\n", 2, "some");
	assert_refused(f, "[client]\ninput = a\\qb\n", 2, "a\\qb");
	assert_refused(f, "[client]\ninput = a\\\n", 2, "a\\");
	assert_refused(f, PLAIN "[variant a]\ntitle = A\n[lab]\nport = 1\n", 11, "last");
	assert_refused(f,
	               PLAIN "[variant a]\ntitle = A\n[variant b]\nclient = c\n[variant a]\n"
	                     "client = c\n",
	               13, "twice");
}

static void an_exercise_and_its_hints_are_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_conf(f, PLAIN "[variant a]\ntitle = A\n"
	                                    "[exercise]\ntask = write it\npeer = server -x {port}\n"
	                                    "input = a\\n\npeer_ends = any\nends = 3\nwire = yes\n"
	                                    "fault = drop client data 1\nfails = handshakes = 1\n"
	                                    "[hint 1]\ntext = look\n[hint 3]\ntext = code\n"),
	                 0);
	const struct lab_exercise *exercise = &f->lab.exercise;
	assert_true(exercise->given);
	assert_string_equal(exercise->task, "write it");
	assert_string_equal(exercise->command[EXERCISE_PEER], "server -x {port}");
	assert_string_equal(exercise->command[EXERCISE_OWN], "");
	assert_true(exercise->input[EXERCISE_OWN].given);
	assert_string_equal(exercise->input[EXERCISE_OWN].text, "a\n");
	assert_false(exercise->input[EXERCISE_PEER].given);
	assert_int_equal(exercise->status[EXERCISE_OWN], 3);
	assert_int_equal(exercise->status[EXERCISE_PEER], LAB_ANY_STATUS);
	assert_true(exercise->wire);
	assert_string_equal(exercise->fault, "drop client data 1");
	assert_string_equal(exercise->fails, "handshakes = 1");
	assert_string_equal(f->lab.hints[0], "look");
	assert_string_equal(f->lab.hints[1], "");
	assert_string_equal(f->lab.hints[2], "code");
	assert_int_equal(read_conf(f, PLAIN), 0);
	assert_false(f->lab.exercise.given);
	assert_int_equal(f->lab.exercise.status[EXERCISE_OWN], LAB_SAME_STATUS);
}

static void questions_of_each_kind_are_read(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
	        read_conf(f,
	                  PLAIN "[variant late]\ntitle = A\n"
	                        "[predict n]\nask = How many?\nanswer = segments\nwhy = So.\n"
	                        "[predict c]\nask = Who?\nvariant = late\nfault = lost\n"
	                        "a = it | first-fin in {client}\nb = she | never RST\n"
	                        "[predict o]\nask = Order?\norder = client SYN | server SYN,ACK\n"
	                        "[predict b]\nask = ?\nblanks = tcp.ack of server SYN,ACK\n"),
	        0);
	const struct lab_prediction *p = f->lab.predictions;
	assert_int_equal(f->lab.n_predictions, 4);
	assert_string_equal(p[0].name, "n");
	assert_string_equal(p[0].ask, "How many?");
	assert_string_equal(p[0].why, "So.");
	assert_int_equal(p[0].kind, PREDICT_NUMBER);
	assert_string_equal(p[0].expression[0], "segments");
	assert_int_equal(p[1].kind, PREDICT_CHOICE);
	assert_string_equal(p[1].variant, "late");
	assert_string_equal(p[1].fault, "lost");
	assert_string_equal(p[1].expression[1], "she | never RST");
	assert_string_equal(p[1].expression[2], "");
	assert_int_equal(p[2].kind, PREDICT_ORDER);
	assert_int_equal(p[3].kind, PREDICT_BLANKS);
	assert_string_equal(p[3].expression[0], "tcp.ack of server SYN,ACK");
}

static void mistakes_in_questions_and_exercises_are_told(void **state)
{
	struct fixture *f = *state;
	assert_refused(f, PLAIN "[predict n]\nanswer = 1\norder = a | b\n", 10, "one of");
	assert_refused(f, PLAIN "[predict n]\na = no bar\n", 9, "TEXT | EXPECTATION");
	assert_refused(f, PLAIN "[predict n]\nask = x\n", 0, "neither");
	assert_refused(f, PLAIN "[predict n]\nanswer = segments\n", 0, "no ask");
	assert_refused(f, PLAIN "[predict n]\nask = x\na = x | y\n", 0, "needs a and b");
	assert_refused(f, PLAIN "[predict n]\nask = x\nanswer = 1\nvariant = q\n", 0, "variant");
	assert_refused(f, PLAIN "[predict n]\nask = x\n[hint 1]\ntext = x\n[predict n]\nask = x\n",
	               13, "twice");
	assert_refused(f, PLAIN "[hint 4]\ntext = x\n", 9, "hint 3");
	assert_refused(f, PLAIN "[hint 1]\ntext = x\n[hint 2]\ntext = x\n[hint 1]\ntext = x\n", 13,
	               "twice");
	assert_refused(f, PLAIN "[exercise]\nwire = maybe\n", 9, "yes or no");
	assert_refused(f, PLAIN "[exercise]\nwire = no\n", 0, "no task");
}

static void a_line_longer_than_libinih_takes_is_read_whole(void **state)
{
	struct fixture *f = *state;
	char text[2048];
	(void)snprintf(text, sizeof text,
	               PLAIN "[hint 1]\ntext = %0600d;no comment: = %0300d  ; comment\n", 1, 2);
	assert_int_equal(read_conf(f, text), 0);
	(void)snprintf(text, sizeof text, "%0600d;no comment: = %0300d", 1, 2);
	assert_string_equal(f->lab.hints[0], text);
	(void)snprintf(text, sizeof text, PLAIN "[hint 1]\ntext = %01100d\n", 1);
	assert_refused(f, text, 9, "too long");
	(void)snprintf(text, sizeof text, PLAIN "# %0900d\n; %0900d\n[hint 1]\ntext = x\n", 1, 2);
	assert_int_equal(read_conf(f, text), 0);
}

static void what_is_missing_is_named(void **state)
{
	struct fixture *f = *state;
	assert_refused(f, "", 0, "title");
	assert_refused(f, "[lab]\ntitle = x\n", 0, "minutes");
	assert_refused(f, "[lab]\ntitle = x\nminutes = 5\n", 0, "[client]");
	assert_refused(f, "[lab]\ntitle = x\nminutes = 5\n[client]\ncommand = c\n", 0, "[server]");
	assert_refused(f, PLAIN "[variant a]\nready = none\n", 0, "none");
	assert_int_equal(read_conf(f, "[lab]\ntitle = x\nminutes = 5\n[client]\ncommand = c\n"
	                              "[server]\nready = none\n"),
	                 0);
	assert_int_equal(f->lab.variants[0].ready, READY_NO_SERVER);
}

static void long_values_and_lines_are_refused_not_cut(void **state)
{
	struct fixture *f = *state;
	char text[2048];
	(void)snprintf(text, sizeof text, "[lab]\ntitle = %0300d\n", 7);
	assert_int_equal(read_conf(f, text), -1);
	assert_non_null(strstr(f->err.message, "lab.conf:2: "));
	(void)snprintf(text, sizeof text, "[lab]\n# %01500d\ntitle = x\n", 7);
	assert_int_equal(read_conf(f, text), -1);
	assert_non_null(strstr(f->err.message, "too long"));
}

static void too_many_variants_are_refused(void **state)
{
	struct fixture *f = *state;
	char text[2048] = PLAIN;
	for (int i = 1; i < LAB_MAX_VARIANTS; i++) {
		size_t n = strlen(text);
		(void)snprintf(text + n, sizeof text - n, "[variant v%d]\ntitle = x\n", i);
	}
	assert_int_equal(read_conf(f, text), 0);
	assert_int_equal(f->lab.n_variants, LAB_MAX_VARIANTS);
	size_t end = strlen(text);
	(void)snprintf(text + end, sizeof text - end, "[variant more]\ntitle = x\n");
	assert_int_equal(read_conf(f, text), -1);
	assert_non_null(strstr(f->err.message, "too many"));
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(lab_read(&f->lab, f->conf, &f->err), -1);
	assert_non_null(strstr(f->err.message, f->conf));
}

static void a_folder_that_is_no_lab_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(lab_read(&f->lab, "/tmp/lib/lab.conf", &f->err), -1);
	assert_int_equal(lab_read(&f->lab, "/tmp/1-x/lab.conf", &f->err), -1);
	assert_int_equal(lab_read(&f->lab, "/tmp/01-/lab.conf", &f->err), -1);
	assert_int_equal(lab_read(&f->lab, "lab.conf", &f->err), -1);
}

static struct catalogue *two_labs(void)
{
	struct catalogue *catalogue = calloc(1, sizeof *catalogue);
	assert_non_null(catalogue);
	catalogue->n_labs = 2;
	catalogue->labs[0] = (struct lab){.number = 1, .id = "01-hello", .n_variants = 1};
	catalogue->labs[1] = (struct lab){.number = 12, .id = "12-listener", .n_variants = 2};
	(void)snprintf(catalogue->labs[1].variants[1].name, LAB_TEXT, "empty");
	return catalogue;
}

static void a_lab_that_cannot_be_read_leaves_the_others(void **state)
{
	(void)state;
	struct catalogue *catalogue = two_labs();
	struct err err;
	catalogue->n_bad = 1;
	(void)snprintf(catalogue->bad[0].id, LAB_TEXT, "06-echo-loop");
	(void)err_set(&catalogue->bad[0].err, "lab.conf:3: why");
	static const char *const names[] = {"6", "06", "06-echo-loop", "echo-loop"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_null(catalogue_find(catalogue, names[i], &err));
		assert_string_equal(err.message, "lab.conf:3: why");
	}
	assert_non_null(catalogue_find(catalogue, "1", &err));
	free(catalogue);
}

static void a_lab_answers_to_number_folder_and_name(void **state)
{
	(void)state;
	struct catalogue *catalogue = two_labs();
	struct err err;
	const struct lab *hello = &catalogue->labs[0];
	assert_ptr_equal(catalogue_find(catalogue, "1", &err), hello);
	assert_ptr_equal(catalogue_find(catalogue, "01", &err), hello);
	assert_ptr_equal(catalogue_find(catalogue, "01-hello", &err), hello);
	assert_ptr_equal(catalogue_find(catalogue, "hello", &err), hello);
	assert_ptr_equal(catalogue_find(catalogue, "12", &err), &catalogue->labs[1]);
	free(catalogue);
}

static void an_unknown_lab_is_answered_with_the_nearest(void **state)
{
	(void)state;
	static const char *const unknown[] = {
	        "", "0", "2", "-1", "1x", "99999999999999999999", "he", "01-", "../x"};
	struct catalogue *catalogue = two_labs();
	struct err err;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_null(catalogue_find(catalogue, unknown[i], &err));
	assert_null(catalogue_find(catalogue, "helo", &err));
	assert_non_null(strstr(err.message, "01-hello"));
	assert_null(catalogue_find(catalogue, "listen", &err));
	assert_non_null(strstr(err.message, "12-listener"));
	assert_null(strstr(err.message, "01-hello"));
	free(catalogue);
}

static void an_unknown_variant_is_answered_with_those_there_are(void **state)
{
	(void)state;
	struct catalogue *catalogue = two_labs();
	struct err err;
	const struct lab *lab = &catalogue->labs[1];
	assert_ptr_equal(lab_variant(lab, NULL, &err), &lab->variants[0]);
	assert_ptr_equal(lab_variant(lab, "", &err), &lab->variants[0]);
	assert_ptr_equal(lab_variant(lab, "empty", &err), &lab->variants[1]);
	assert_null(lab_variant(lab, "full", &err));
	assert_non_null(strstr(err.message, "empty"));
	assert_null(lab_variant(&catalogue->labs[0], "full", &err));
	assert_non_null(strstr(err.message, "no variants"));
	free(catalogue);
}

static void nearest(const char *word, const char *expected)
{
	static const char *const words[] = {"list", "show", "run", "trace", "doctor"};
	TEXT(t, 128);
	nearest_words(&t, word, words, 5);
	assert_string_equal(t.bytes, expected);
}

static void the_nearest_words_are_two_letters_away_at_most(void **state)
{
	(void)state;
	nearest("lst", "list");
	nearest("lost", "list");
	nearest("trcae", "trace");
	nearest("doc", "doctor");
	nearest("frobnicate", "list, show, run, trace, doctor");
	nearest("", "list, show, run, trace, doctor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_whole_file_is_read, setup, teardown),
	        cmocka_unit_test_setup_teardown(what_is_not_said_has_the_documented_default, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_variant_changes_only_what_it_says, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_lab_may_have_a_key_log, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_lab_may_have_a_preparation, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_lab_may_have_its_own_resolver, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_lab_may_need_the_wire, setup, teardown),
	        cmocka_unit_test_setup_teardown(the_hosts_may_have_a_congestion_control, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_mistake_is_told_with_file_and_line, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(an_exercise_and_its_hints_are_read, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(questions_of_each_kind_are_read, setup, teardown),
	        cmocka_unit_test_setup_teardown(mistakes_in_questions_and_exercises_are_told, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_line_longer_than_libinih_takes_is_read_whole,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(what_is_missing_is_named, setup, teardown),
	        cmocka_unit_test_setup_teardown(long_values_and_lines_are_refused_not_cut, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(too_many_variants_are_refused, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_named, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_folder_that_is_no_lab_is_refused, setup,
	                                        teardown),
	        cmocka_unit_test(a_lab_that_cannot_be_read_leaves_the_others),
	        cmocka_unit_test(a_lab_answers_to_number_folder_and_name),
	        cmocka_unit_test(an_unknown_lab_is_answered_with_the_nearest),
	        cmocka_unit_test(an_unknown_variant_is_answered_with_those_there_are),
	        cmocka_unit_test(the_nearest_words_are_two_letters_away_at_most),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
