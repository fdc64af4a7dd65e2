/* guide.c: see guide.h. */
#include "runner/guide.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "runner/place.h"
#include "runner/wrap.h"

int guide_open(struct guide *guide, const char *name, struct err *err)
{
	guide->lab = NULL;
	guide->catalogue = catalogue_new(err);
	if (guide->catalogue != NULL)
		guide->lab = catalogue_find(guide->catalogue, name, err);
	if (guide->lab != NULL)
		return 0;
	guide_close(guide);
	return -1;
}

void guide_close(struct guide *guide)
{
	free(guide->catalogue);
	guide->catalogue = NULL;
}

int guide_number(const char *name, const char *word, long most, long *number, struct err *err)
{
	char *end;
	errno = 0;
	*number = strtol(word, &end, 10);
	if (errno == 0 && end != word && *end == '\0' && *number >= 1 && *number <= most)
		return 0;
	return err_set(err, _("--%s takes a number from 1 to %ld, not %s"), name, most, word);
}

int guide_usage(const char *usage, bool asked)
{
	fputs(usage, asked ? stdout : stderr);
	return asked ? GUIDE_FINE : GUIDE_ENVIRONMENT;
}

/* True if the command has from range[0] to range[1] words, at argv + optind; else *status is what
 * to exit with. */
static bool take_words(int argc, char **argv, const int *range, const char *usage, int *status)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option = getopt_long(argc, argv, "h", options, NULL);
	if (option == -1 && argc - optind >= range[0] && argc - optind <= range[1])
		return true;
	*status = guide_usage(usage, option == 'h');
	return false;
}

int guide_lab_command(int argc, char **argv, int most, const char *usage,
                      int (*run)(const struct lab *lab, char **words, struct err *err))
{
	struct err err;
	struct guide guide;
	int status;
	if (!take_words(argc, argv, (int[]){1, most}, usage, &status))
		return status;
	if (guide_open(&guide, argv[optind], &err) < 0)
		return guide_complain(&err);
	status = run(guide.lab, argv + optind, &err);
	guide_close(&guide);
	return status < 0 ? guide_complain(&err) : status;
}

bool guide_no_words(int argc, char **argv, const char *usage, int *status)
{
	return take_words(argc, argv, (int[]){0, 0}, usage, status);
}

int guide_complain(const struct err *err)
{
	(void)fprintf(stderr, "wirelab: %s\n", err->message); /* nowhere else to tell */
	return GUIDE_ENVIRONMENT;
}

void guide_add_folded(struct buffer *out, const char *first, size_t indent, const char *text,
                      size_t width)
{
	TEXT(safe, 4 * LAB_LONG);
	text_add_terminal(&safe, text, strlen(text));
	struct wrap wrap = {.at = safe.bytes, .end = safe.bytes + safe.len};
	size_t columns = wrap_columns(first, strlen(first));
	buffer_add_string(out, first);
	buffer_add_chars(out, ' ', columns < indent ? indent - columns : 0);
	do {
		(void)wrap_line(&wrap, width > indent ? width - indent : 1, out);
		buffer_add_string(out, "\n");
		if (wrap_more(&wrap))
			buffer_add_chars(out, ' ', indent);
	} while (wrap_more(&wrap));
}

int guide_print(const struct buffer *text)
{
	struct err err;
	if (text->failed)
		(void)err_set(&err, "%s", _("no memory"));
	else if (text->len == 0 || io_write_all(STDOUT_FILENO, text->bytes, text->len) == 0)
		return GUIDE_FINE;
	else
		(void)err_errno(&err, "%s", _("cannot write to standard output"));
	return guide_complain(&err);
}

/* In the child. The signals are as a shell would have them for a new program; without us it is to
 * end, too. */
static _Noreturn void become(const char *path, const char *const *words, int stdout_fd,
                             pid_t parent)
{
	char *argv[GUIDE_WORDS + 1] = {NULL};
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t none;
	(void)sigemptyset(&none); /* cannot fail */
	for (size_t i = 0; i < GUIDE_WORDS && words[i] != NULL; i++) {
		argv[i] = strdup(words[i]); /* execv() wants them changeable */
		if (!argv[i])
			_exit(GUIDE_ENVIRONMENT);
	}
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
	    sigaction(SIGINT, &usual, NULL) == 0 && sigaction(SIGPIPE, &usual, NULL) == 0 &&
	    sigprocmask(SIG_SETMASK, &none, NULL) == 0 &&
	    (stdout_fd == STDOUT_FILENO || dup2(stdout_fd, STDOUT_FILENO) == STDOUT_FILENO))
		(void)execv(path, argv); /* returns only when it has failed */
	_exit(GUIDE_ENVIRONMENT);
}

pid_t guide_start(const char *const *words, int stdout_fd, struct err *err)
{
	char path[4096];
	if (place_program(path, sizeof path, "wirelab", err) < 0)
		return -1;
	(void)fflush(NULL); /* or the child would have a copy of what waits */
	pid_t parent = getpid(), child = fork();
	if (child == 0)
		become(path, words, stdout_fd, parent);
	return child > 0 ? child : (pid_t)err_errno(err, _("cannot start a process"));
}
