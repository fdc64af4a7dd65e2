/* What a learner's program is compiled with: told by its #include lines, and by those of what they
 * name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runner/check_uses.h"

static char folder[] = "/tmp/wirelab-uses.XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static void put(const char *name, const char *text)
{
	char path[128];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static struct check_uses uses_of(const char *source)
{
	char path[128];
	struct check_uses uses;
	put("own.c", source);
	(void)snprintf(path, sizeof path, "%s/own.c", folder);
	check_find_uses(&uses, path, folder);
	return uses;
}

static void a_program_by_itself_needs_nothing(void **state)
{
	(void)state;
	struct check_uses uses = uses_of("#include <stdio.h>\nint main(void) { return 0; }\n");
	assert_int_equal(uses.n, 0);
	assert_false(uses.tls);
}

static void what_is_included_is_followed_through_headers_and_sources(void **state)
{
	(void)state;
	put("a.h", "#include \"lib/b.h\"\n");
	put("a.c", "#include \"lib/a.h\"\n#include \"lib/c.h\"\n");
	put("c.c", "#include <openssl/ssl.h>\n#include \"lib/a.h\"\n");
	struct check_uses uses = uses_of("#include \"lib/a.h\"\n");
	assert_int_equal(uses.n, 3);
	assert_string_equal(uses.names[0], "a");
	assert_string_equal(uses.names[1], "b");
	assert_string_equal(uses.names[2], "c");
	assert_true(uses.tls);
}

static void names_that_lead_elsewhere_are_left_out(void **state)
{
	(void)state;
	struct check_uses uses = uses_of("#include \"lib/../../x.h\"\n#include \"lib/unfinished");
	assert_int_equal(uses.n, 0);
	uses = uses_of("#include \"lib/a_name_that_is_far_too_long_for_any_file_that_we_have_or_"
	               "ever_will_have.h\"\n");
	assert_int_equal(uses.n, 0);
}

static void no_more_than_fit_are_taken(void **state)
{
	char text[4096] = "";
	(void)state;
	for (int i = 0; i < 2 * CHECK_USES_MAX; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text),
		               "#include \"lib/n%d.h\"\n", i);
	assert_int_equal(uses_of(text).n, CHECK_USES_MAX);
}

static int remove_folder(void **state)
{
	static const char *const names[] = {"a.h", "a.c", "c.c", "own.c"};
	char path[128];
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_program_by_itself_needs_nothing),
	        cmocka_unit_test(what_is_included_is_followed_through_headers_and_sources),
	        cmocka_unit_test(names_that_lead_elsewhere_are_left_out),
	        cmocka_unit_test(no_more_than_fit_are_taken),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
