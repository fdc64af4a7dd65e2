/* test_tui_save.c: writing what is shown: every form, the rows that pass the filter and no others,
 * and that no file is harmed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "tui/filter.h"
#include "tui/save.h"
#include "tui_model.h"

static char folder[] = "/tmp/wirelab-test-save.XXXXXX";
static char file_name[128];
static char content[65536];

static const char *in_folder(const char *name)
{
	(void)snprintf(file_name, sizeof file_name, "%s/%s", folder, name);
	return file_name;
}

static size_t read_back(const char *path)
{
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	size_t n = fread(content, 1, sizeof content - 1, f);
	assert_int_equal(fclose(f), 0);
	content[n] = '\0';
	return n;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int empty_folder(void **state)
{
	(void)state;
	DIR *d = opendir(folder);
	struct dirent *entry;
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		if (entry->d_name[0] != '.')
			assert_int_equal(unlinkat(dirfd(d), entry->d_name, 0), 0);
	return closedir(d);
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static unsigned count_files(void)
{
	unsigned n = 0;
	DIR *d = opendir(folder);
	const struct dirent *entry;
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		n += entry->d_name[0] != '.';
	assert_int_equal(closedir(d), 0);
	return n;
}

/* Frames with bytes: five segments, the last of which the stream has cut, and a note. */
static struct model *small_model(void)
{
	struct model *model = model_new(false);
	struct event events[] = {story_syn(0), story_syn_ack(17), story_third_ack(36),
	                         story_hello(1000), story_hello_ack(1030)};
	struct event session = event_at(EVENT_SESSION, 0), note = event_at(EVENT_NOTE, 2000);
	session.session.format = EVENT_FORMAT;
	(void)snprintf(session.session.program, sizeof session.session.program, "test");
	feed(model, session);
	for (unsigned i = 0; i < 5; i++) {
		events[i].frame = i + 1;
		events[i].linktype = 1;
		events[i].n_bytes = 60;
		events[i].caplen = events[i].wirelen = i == 4 ? 1514 : 60;
		memset(events[i].bytes, (int)i, sizeof events[i].bytes);
		feed(model, events[i]);
	}
	(void)snprintf(note.note.text, sizeof note.note.text, "a note");
	feed(model, note);
	return model;
}

static const struct save_options plain = {.unicode = true, .width = 80};

/* Writes all of it, two rows at a time. The report, or the fault. */
static int save_all(struct model *model, const char *path, const struct save_options *options,
                    struct text *report)
{
	struct err err = {""};
	struct save *save = save_begin(model, path, options, &err);
	int more = -1;
	if (save)
		while ((more = save_work(save, 2, &err)) > 0)
			(void)model_work(model, 100);
	if (save && more < 0)
		save_cancel(save);
	int result = save && more == 0 ? save_finish(save, report, &err) : -1;
	if (result < 0)
		text_add(report, err.message);
	return result;
}

static void assert_saved(struct model *model, const char *name)
{
	TEXT(report, 512);
	if (save_all(model, in_folder(name), &plain, &report) < 0)
		fail_msg("%s", report.bytes);
	assert_int_equal(count_files(), 1);
}

static void the_ladder_is_written_as_it_is_shown(void **state)
{
	(void)state;
	struct model *model = small_model();
	assert_saved(model, "a.txt");
	(void)read_back(file_name);
	assert_non_null(strstr(content, "SYN-SENT │───SYN seq=0"));
	assert_non_null(strstr(content, "a note"));
	model_free(model);
}

static void the_stream_is_written_line_by_line(void **state)
{
	(void)state;
	struct model *model = small_model();
	assert_saved(model, "a.ndjson");
	(void)read_back(file_name);
	static char line[EVENT_LINE_MAX];
	const char *at = content;
	for (uint32_t i = 0; i < model->log.n; i++) {
		ssize_t n = log_line(&model->log, i, line, sizeof line);
		assert_memory_equal(at, line, (size_t)n);
		assert_int_equal(at[n], '\n');
		at += n + 1;
	}
	assert_int_equal(*at, '\0');
	model_free(model);
}

static void only_rows_that_pass_the_filter_are_written(void **state)
{
	(void)state;
	static struct filter filter;
	struct err err;
	struct model *model = small_model();
	assert_int_equal(filter_compile(&filter, "tcp.len > 0", NULL, &err), 0);
	model_set_filter(model, (struct event_filter){filter_matches, &filter}, "tcp.len > 0");
	assert_saved(model, "a.ndjson");
	(void)read_back(file_name);
	assert_non_null(strstr(content, "\"event\":\"session\"")); /* it says the format */
	assert_non_null(strstr(content, "\"frame\":4,"));
	assert_null(strstr(content, "\"frame\":3,"));
	assert_null(strstr(content, "a note"));
	model_free(model);
}

static uint32_t number_at(size_t at)
{
	uint32_t number;
	memcpy(&number, content + at, sizeof number);
	return number;
}

/* draft-ietf-opsawg-pcap: header of 24 bytes; each frame: seconds, fraction, kept, real length. */
static void a_capture_file_has_the_bytes_of_the_stream(void **state)
{
	(void)state;
	struct model *model = small_model();
	TEXT(report, 512);
	assert_int_equal(save_all(model, in_folder("a.pcap"), &plain, &report), 0);
	size_t n = read_back(file_name);
	assert_int_equal(n, 24 + 5 * (16 + 60));
	assert_int_equal(number_at(20), 1);
	assert_int_equal(number_at(24 + 8), 60);
	assert_int_equal(number_at(24 + 12), 60);
	assert_int_equal(content[24 + 16 + 76 * 3], 3);
	assert_int_equal(number_at(24 + 4 * 76 + 8), 60);
	assert_int_equal(number_at(24 + 4 * 76 + 12), 1514);
	assert_non_null(strstr(report.bytes, "5 of 7 rows written"));
	assert_non_null(strstr(report.bytes, "no frames"));
	assert_non_null(strstr(report.bytes, "1 frame"));
	model_free(model);
}

static void pcapng_keeps_what_each_frame_is(void **state)
{
	(void)state;
	struct model *model = small_model();
	assert_saved(model, "a.pcapng");
	size_t n = read_back(file_name);
	assert_int_equal(number_at(0), 0x0a0d0d0a);
	assert_non_null(memmem(content, n, "only the first 60 of 1514", 25));
	model_free(model);
}

static void every_form_can_be_written(void **state)
{
	(void)state;
	struct model *model = small_model();
	TEXT(suffixes, 256);
	save_add_suffixes(&suffixes);
	for (const char *at = suffixes.bytes; *at;) {
		TEXT(name, 32);
		size_t n = strcspn(at, " ");
		text_add(&name, "x");
		text_add_bytes(&name, at, n);
		at += n + (at[n] == ' ');
		assert_saved(model, name.bytes);
		assert_true(read_back(file_name) > 0);
		assert_int_equal(unlink(file_name), 0);
	}
	model_free(model);
}

static void no_file_is_replaced_without_permission(void **state)
{
	(void)state;
	struct model *model = small_model();
	struct save_options replace = plain;
	TEXT(report, 512);
	FILE *f = fopen(in_folder("a.txt"), "we");
	assert_non_null(f);
	assert_true(fputs("precious", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_true(save_exists(file_name));
	assert_int_equal(save_all(model, file_name, &plain, &report), -1);
	assert_non_null(strstr(report.bytes, "exists"));
	(void)read_back(file_name);
	assert_string_equal(content, "precious");
	replace.replace = true;
	assert_int_equal(save_all(model, file_name, &replace, &report), 0);
	(void)read_back(file_name);
	assert_null(strstr(content, "precious"));
	assert_int_equal(count_files(), 1);
	model_free(model);
}

static void a_file_that_appears_meanwhile_is_not_replaced(void **state)
{
	(void)state;
	struct model *model = small_model();
	struct err err;
	TEXT(report, 512);
	struct save *save = save_begin(model, in_folder("a.txt"), &plain, &err);
	assert_non_null(save);
	assert_int_equal(save_work(save, 100, &err), 0);
	assert_false(save_exists(file_name)); /* not before it is whole */
	FILE *f = fopen(file_name, "we");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(save_finish(save, &report, &err), -1);
	assert_int_equal(read_back(file_name), 0);
	assert_int_equal(count_files(), 1);
	model_free(model);
}

static void what_cannot_be_written_is_told(void **state)
{
	(void)state;
	struct model *model = small_model();
	TEXT(report, 512);
	assert_int_equal(save_all(model, in_folder("a.doc"), &plain, &report), -1);
	assert_non_null(strstr(report.bytes, ".pcapng"));
	text_clear(&report);
	assert_int_equal(save_all(model, in_folder("none/a.txt"), &plain, &report), -1);
	assert_non_null(strstr(report.bytes, strerror(ENOENT)));
	assert_int_equal(save_all(model, in_folder(""), &plain, &report), -1);
	assert_int_equal(count_files(), 0);
	model_free(model);
}

static void another_filter_meanwhile_ends_it(void **state)
{
	(void)state;
	struct model *model = small_model();
	struct err err;
	struct save *save = save_begin(model, in_folder("a.txt"), &plain, &err);
	assert_non_null(save);
	assert_int_equal(save_work(save, 1, &err), 1);
	model_set_messages(model, true);
	assert_int_equal(save_work(save, 1, &err), -1);
	save_cancel(save);
	assert_int_equal(count_files(), 0);
	model_free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_teardown(the_ladder_is_written_as_it_is_shown, empty_folder),
	        cmocka_unit_test_teardown(the_stream_is_written_line_by_line, empty_folder),
	        cmocka_unit_test_teardown(only_rows_that_pass_the_filter_are_written, empty_folder),
	        cmocka_unit_test_teardown(a_capture_file_has_the_bytes_of_the_stream, empty_folder),
	        cmocka_unit_test_teardown(pcapng_keeps_what_each_frame_is, empty_folder),
	        cmocka_unit_test_teardown(every_form_can_be_written, empty_folder),
	        cmocka_unit_test_teardown(no_file_is_replaced_without_permission, empty_folder),
	        cmocka_unit_test_teardown(a_file_that_appears_meanwhile_is_not_replaced,
	                                  empty_folder),
	        cmocka_unit_test_teardown(what_cannot_be_written_is_told, empty_folder),
	        cmocka_unit_test_teardown(another_filter_meanwhile_ends_it, empty_folder),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
