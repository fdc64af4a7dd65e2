/* test_question.c: what may be answered to a question, what a run says, and whether that is the
 * same; and which lab comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/predict.h"
#include "runner/standing.h"

struct fixture {
	struct lab_prediction lab;
	struct question question;
	struct question_answer answer, reality;
	struct run_record record;
	struct err err;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	run_record_release(&f->record);
	free(f);
	return 0;
}

/* Adds a segment to the run: at so many ms, with these flags ("0x012"). */
static void add_segment(struct fixture *f, const char *from, int ms, const char *flags, int seq,
                        int ack, int len)
{
	char line[1024];
	bool client = strcmp(from, "client") == 0;
	int n = snprintf(
	        line, sizeof line,
	        "{\"event\":\"segment\",\"number\":%zu,\"time\":\"1.%03d000000\",\"frame\":%zu,"
	        "\"tcp.stream\":0,\"from\":\"%s\",\"ip.src\":\"127.0.0.1\","
	        "\"ip.dst\":\"127.0.0.1\",\"tcp.srcport\":%d,\"tcp.dstport\":%d,"
	        "\"tcp.seq\":%d,\"tcp.ack\":%d,\"tcp.seq_raw\":%d,\"tcp.ack_raw\":%d,"
	        "\"tcp.flags\":\"%s\",\"tcp.len\":%d,\"tcp.window_size\":100,"
	        "\"tcp.window_size_value\":100,\"phase\":\"handshake\"}",
	        f->record.n + 1, ms, f->record.n + 1, from, client ? 50000 : 8080,
	        client ? 8080 : 50000, seq, ack, seq + 1000, ack + 2000, flags, len);
	assert_int_equal(run_record_line(&f->record, line, (size_t)n), 0);
	assert_false(f->record.bad_line);
}

static void add_handshake(struct fixture *f)
{
	add_segment(f, "client", 0, "0x002", 0, 0, 0);
	add_segment(f, "server", 10, "0x012", 0, 1, 0);
	add_segment(f, "client", 20, "0x010", 1, 1, 0);
}

static int read_question(struct fixture *f, enum prediction_kind kind, const char *a, const char *b)
{
	memset(&f->lab, 0, sizeof f->lab);
	f->lab.kind = kind;
	(void)snprintf(f->lab.name, sizeof f->lab.name, "q");
	(void)snprintf(f->lab.expression[0], LAB_LONG, "%s", a);
	(void)snprintf(f->lab.expression[1], LAB_LONG, "%s", b);
	return question_read(&f->question, &f->lab, &f->err);
}

static void ask(struct fixture *f, enum prediction_kind kind, const char *a, const char *b)
{
	if (read_question(f, kind, a, b) < 0)
		fail_msg("%s", f->err.message);
	struct expect_run run = {.events = f->record.events, .n = f->record.n, .port = 8080};
	question_reality(&f->question, &run, &f->reality);
}

/* Answers the item, and says whether that is what the run says. */
static enum question_match answer(struct fixture *f, int item, const char *typed)
{
	const char *wrong = question_accept(&f->question, typed, f->answer.items[item]);
	if (wrong != NULL)
		fail_msg("'%s': %s", typed, wrong);
	return question_compare(&f->question, item, &f->answer, &f->reality);
}

static void refuse(struct fixture *f, const char *typed)
{
	char item[QUESTION_TEXT];
	if (question_accept(&f->question, typed, item) == NULL)
		fail_msg("accepted: '%s' as '%s'", typed, item);
	assert_string_equal(item, "");
}

static void a_number_is_counted_in_the_run(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_NUMBER, "segments", "");
	assert_string_equal(f->reality.items[0], "3");
	assert_int_equal(answer(f, 0, "3\n"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "  +03 "), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "4"), QUESTION_WRONG);
	assert_int_equal(answer(f, 0, "-3"), QUESTION_WRONG);
	assert_int_equal(answer(f, 0, "\n"), QUESTION_SKIPPED);
	char long_one[100];
	const char *none[] = {"three", "3x", "3 4", "--3", "0x3", "9999999999999999999", long_one};
	memset(long_one, '1', sizeof long_one);
	long_one[sizeof long_one - 1] = '\0';
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		refuse(f, none[i]);
}

static void another_run_has_another_answer(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	add_segment(f, "client", 30, "0x018", 1, 1, 5);
	ask(f, PREDICT_NUMBER, "segments", "");
	assert_int_equal(answer(f, 0, "3"), QUESTION_WRONG);
	assert_int_equal(answer(f, 0, "4"), QUESTION_RIGHT);
}

static void a_time_needs_only_be_near(void **state)
{
	struct fixture *f = *state;
	add_segment(f, "client", 0, "0x002", 0, 0, 0);
	add_segment(f, "server", 200, "0x012", 0, 1, 0);
	ask(f, PREDICT_NUMBER, "gap client SYN server SYN,ACK", "");
	assert_string_equal(f->reality.items[0], "200 ms");
	assert_int_equal(answer(f, 0, "140"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "260"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "139"), QUESTION_WRONG);
	assert_int_equal(answer(f, 0, "261"), QUESTION_WRONG);
}

static void the_first_choice_that_holds_is_right(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_CHOICE, "one | segments = 4", "two | segments = 3");
	assert_string_equal(f->reality.items[0], "b");
	assert_string_equal(f->question.parts[1].label, "two");
	assert_int_equal(answer(f, 0, "B"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "2"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, " a\n"), QUESTION_WRONG);
	refuse(f, "c");
	refuse(f, "ab");
	refuse(f, "0");
	ask(f, PREDICT_CHOICE, "one | segments >= 1", "two | segments = 3");
	assert_string_equal(f->reality.items[0], "a");
}

static void a_choice_of_which_none_holds_is_never_right(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_CHOICE, "one | segments = 7", "two | fins = 2");
	assert_string_equal(f->reality.items[0], "");
	assert_int_equal(answer(f, 0, "a"), QUESTION_WRONG);
	assert_int_equal(answer(f, 0, "b"), QUESTION_WRONG);
}

static void an_order_is_that_of_the_run(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_ORDER, "server SYN,ACK | client SYN | client ACK", "");
	assert_int_equal(f->question.n_parts, 3);
	assert_string_equal(f->question.parts[0].label, "client ACK"); /* by name */
	assert_string_equal(f->question.parts[1].label, "client SYN");
	assert_string_equal(f->reality.items[0], "b c a");
	assert_int_equal(answer(f, 0, "b c a"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "BCA"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "2, 3, 1"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "a b c"), QUESTION_WRONG);
	refuse(f, "b c");
	refuse(f, "b c c");
	refuse(f, "b c a d");
	refuse(f, "bcab");
}

static void what_did_not_happen_has_no_place_in_the_order(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_ORDER, "server SYN,ACK | client FIN | client SYN", "");
	assert_string_equal(f->reality.items[0], "b c"); /* a is the FIN */
	assert_int_equal(answer(f, 0, "a b c"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "b c a"), QUESTION_RIGHT);
	assert_int_equal(answer(f, 0, "c b a"), QUESTION_WRONG);
}

static void blanks_are_the_numbers_of_the_segments(void **state)
{
	struct fixture *f = *state;
	add_handshake(f);
	ask(f, PREDICT_BLANKS, "tcp.seq tcp.ack of client SYN | server SYN,ACK | client ACK", "");
	assert_int_equal(f->question.n_items, 5); /* a SYN has no ack */
	static const char *const expected[] = {"0", "0", "1", "1", "1"};
	for (int i = 0; i < 5; i++) {
		assert_string_equal(f->reality.items[i], expected[i]);
		assert_int_equal(answer(f, i, expected[i]), QUESTION_RIGHT);
	}
	struct question_answer raw; /* the segments were made with an ISN of 1000 and of 2000 */
	struct expect_run run = {.events = f->record.events, .n = f->record.n, .port = 8080};
	question_raw(&f->question, &run, &raw);
	assert_string_equal(raw.items[0], "1000");
	assert_string_equal(raw.items[2], "2001");
	assert_int_equal(question_compare_all(&f->question, &f->answer, &f->reality),
	                 QUESTION_RIGHT);
	assert_int_equal(answer(f, 4, "2"), QUESTION_WRONG);
	assert_int_equal(question_compare_all(&f->question, &f->answer, &f->reality),
	                 QUESTION_WRONG);
	assert_int_equal(answer(f, 4, ""), QUESTION_SKIPPED);
	assert_int_equal(question_compare_all(&f->question, &f->answer, &f->reality),
	                 QUESTION_WRONG); /* not all of it was said */
	TEXT(all, 256);
	question_add_answer(&f->question, &f->answer, &all);
	assert_string_equal(all.bytes, "0, 0, 1, 1, -");
	memset(&f->answer, 0, sizeof f->answer);
	assert_int_equal(question_compare_all(&f->question, &f->answer, &f->reality),
	                 QUESTION_SKIPPED);
}

static void a_ladder_hides_the_numbers_and_then_shows_them(void **state)
{
	struct fixture *f = *state;
	struct buffer out = {.bytes = NULL};
	add_handshake(f);
	ask(f, PREDICT_BLANKS, "tcp.seq tcp.ack of client SYN | server SYN,ACK", "");
	predict_add_ladder(&out, &f->question, NULL);
	predict_add_ladder(&out, &f->question, &f->reality);
	buffer_add_chars(&out, '\0', 1);
	assert_string_equal(out.bytes, "    client                                 server\n"
	                               "      |--SYN seq=[1]------------------------>|\n"
	                               "      |<-SYN,ACK seq=[2] ack=[3]-------------|\n"
	                               "    client                                 server\n"
	                               "      |--SYN seq=0-------------------------->|\n"
	                               "      |<-SYN,ACK seq=0 ack=1-----------------|\n");
	buffer_release(&out);
}

static void a_question_that_cannot_be_asked_is_named(void **state)
{
	struct fixture *f = *state;
	static const struct {
		enum prediction_kind kind;
		const char *a, *b;
	} wrong[] = {
	        {PREDICT_NUMBER, "segmints", ""},
	        {PREDICT_CHOICE, "one | handshakes ~ 3", "two | handshakes = 1"},
	        {PREDICT_CHOICE, "| handshakes = 1", "two | handshakes = 1"},
	        {PREDICT_ORDER, "client SYN", ""},
	        {PREDICT_ORDER, "client SYN | client DANCE", ""},
	        {PREDICT_BLANKS, "tcp.seq client SYN", ""},
	        {PREDICT_BLANKS, "tcp.sequence of client SYN", ""},
	        {PREDICT_BLANKS, "tcp.ack of client SYN", ""}, /* nothing is left to ask */
	        {PREDICT_BLANKS, "tcp.seq of nobody SYN", ""},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (read_question(f, wrong[i].kind, wrong[i].a, wrong[i].b) == 0)
			fail_msg("accepted: %s", wrong[i].a);
		assert_non_null(strstr(f->err.message, "'q'"));
	}
}

/* ---- asking, from a file ---- */

static void ask_from(struct fixture *f, const char *input, char *said, size_t size)
{
	struct predictions *all = calloc(1, sizeof *all);
	struct lab *lab = calloc(1, sizeof *lab);
	assert_non_null(all);
	assert_non_null(lab);
	all->lab = lab;
	for (all->n = 0; all->n < 2; all->n++)
		all->all[all->n].question = f->question;
	FILE *in = tmpfile(), *out = tmpfile();
	assert_non_null(in);
	assert_non_null(out);
	assert_true(fputs(input, in) >= 0);
	rewind(in);
	struct asking asking = {.in = in, .out = out, .width = 80};
	predict_ask(&asking, all);
	struct text text = text_of(said, size);
	for (int i = 0; i < all->n; i++) {
		text_add(&text, i > 0 ? "; " : "");
		question_add_answer(&f->question, &all->all[i].answer, &text);
	}
	(void)fclose(in);
	(void)fclose(out);
	free(all);
	free(lab);
}

static void lines_are_answers_and_the_end_of_input_skips_the_rest(void **state)
{
	struct fixture *f = *state;
	char said[256], longest[2048];
	assert_int_equal(read_question(f, PREDICT_NUMBER, "segments", ""), 0);
	ask_from(f, "10\n11\n", said, sizeof said);
	assert_string_equal(said, "10; 11");
	ask_from(f, "\n11", said, sizeof said);
	assert_string_equal(said, "-; 11");
	ask_from(f, "10\n", said, sizeof said);
	assert_string_equal(said, "10; -");
	ask_from(f, "", said, sizeof said);
	assert_string_equal(said, "-; -");
	ask_from(f, "ten\n11\n", said, sizeof said);
	assert_string_equal(said, "-; 11"); /* the lines stay with their questions */
	memset(longest, 'x', sizeof longest);
	(void)snprintf(longest + sizeof longest - 8, 8, "\n11\n");
	ask_from(f, longest, said, sizeof said);
	assert_string_equal(said, "-; 11");
}

/* ---- which lab comes next ---- */

static void the_next_lab_is_the_one_begun_last_else_the_first_that_may_begin(void **state)
{
	(void)state;
	struct lab *labs = calloc(3, sizeof *labs);
	struct standings *all = calloc(1, sizeof *all);
	assert_non_null(labs);
	assert_non_null(all);
	all->n = 3;
	for (int i = 0; i < 3; i++) {
		labs[i].number = i + 1;
		all->labs[i].lab = &labs[i];
	}
	(void)snprintf(labs[0].needs, LAB_TEXT, "03, 77"); /* 77 is not there */
	standings_choose(all);
	assert_int_equal(all->next, 1); /* the first waits for the third */
	all->labs[1].state = PROGRESS_DONE;
	standings_choose(all);
	assert_int_equal(all->next, 2);
	labs[0].needs[0] = '\0';
	standings_choose(all);
	assert_int_equal(all->next, 2); /* we go on, and come back to the first at the end */
	all->labs[2].state = PROGRESS_DONE;
	standings_choose(all);
	assert_int_equal(all->next, 0);
	all->labs[0].state = PROGRESS_TRIED;
	all->labs[0].progress.marks[PROGRESS_RUN] = (struct progress_mark){1, 10, 10};
	standings_choose(all);
	assert_int_equal(all->next, 0);
	all->labs[2].state = PROGRESS_TRIED;
	all->labs[2].progress.marks[PROGRESS_SEEN] = (struct progress_mark){1, 5, 11};
	standings_choose(all);
	assert_int_equal(all->next, 2);
	all->labs[0].state = all->labs[2].state = PROGRESS_DONE;
	standings_choose(all);
	assert_int_equal(all->next, -1);
	all->labs[0].state = PROGRESS_UNTOUCHED;
	all->labs[2].state = PROGRESS_UNTOUCHED;
	(void)snprintf(labs[2].needs, LAB_TEXT, "01"); /* in a circle: one has to begin */
	standings_choose(all);
	assert_int_equal(all->next, 0);
	free(labs);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(a_number_is_counted_in_the_run, setup, teardown),
	        cmocka_unit_test_setup_teardown(another_run_has_another_answer, setup, teardown),
	        cmocka_unit_test_setup_teardown(a_time_needs_only_be_near, setup, teardown),
	        cmocka_unit_test_setup_teardown(the_first_choice_that_holds_is_right, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_choice_of_which_none_holds_is_never_right, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(an_order_is_that_of_the_run, setup, teardown),
	        cmocka_unit_test_setup_teardown(what_did_not_happen_has_no_place_in_the_order,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(blanks_are_the_numbers_of_the_segments, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(a_ladder_hides_the_numbers_and_then_shows_them,
	                                        setup, teardown),
	        cmocka_unit_test_setup_teardown(a_question_that_cannot_be_asked_is_named, setup,
	                                        teardown),
	        cmocka_unit_test_setup_teardown(
	                lines_are_answers_and_the_end_of_input_skips_the_rest, setup, teardown),
	        cmocka_unit_test(the_next_lab_is_the_one_begun_last_else_the_first_that_may_begin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
