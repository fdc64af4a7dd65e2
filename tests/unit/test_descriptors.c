/* What a child of the runner is left with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/descriptors.h"

enum { FIRST = 20, SECOND = 25, OPEN_LAST = 40, TRIED = 64 };

/* In a child: all of these are open; how many of them are as they should not be afterwards. */
static int close_all_but_two(void)
{
	int kept[] = {SECOND, -1, FIRST, FIRST}, wrong = 0;
	for (int fd = 0; fd <= OPEN_LAST; fd++)
		if (fd > STDERR_FILENO && dup2(STDERR_FILENO, fd) < 0)
			return TRIED;
	descriptors_close_but(kept, sizeof kept / sizeof *kept);
	for (int fd = 0; fd < TRIED; fd++)
		wrong += (fcntl(fd, F_GETFD) >= 0) != (fd == FIRST || fd == SECOND);
	return wrong;
}

static int close_all(void)
{
	int wrong = 0;
	descriptors_close_but(NULL, 0);
	for (int fd = 0; fd < TRIED; fd++)
		wrong += fcntl(fd, F_GETFD) >= 0;
	return wrong;
}

static int in_child(int (*act)(void))
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(act());
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void only_those_that_were_named_stay(void **state)
{
	(void)state;
	assert_int_equal(in_child(close_all_but_two), 0);
}

static void without_names_none_stays(void **state)
{
	(void)state;
	assert_int_equal(in_child(close_all), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_those_that_were_named_stay),
	        cmocka_unit_test(without_names_none_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
