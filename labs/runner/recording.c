/* recording.c: see recording.h. It must not know what is done with the events. */
#include "runner/recording.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/guide.h"

/* Reads lines to the end. 0, or -1 with a message. Takes the descriptor. */
static int read_events(struct run_record *record, int fd, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int result = 0;
	FILE *file = fdopen(fd, "r");
	if (file == NULL) {
		(void)close(fd); /* nothing was read */
		return err_errno(err, "%s", _("cannot read the run"));
	}
	while (result == 0 && (n = getline(&line, &size, file)) > 0)
		result = run_record_line(record, line, (size_t)n - (line[n - 1] == '\n'));
	free(line);
	(void)fclose(file); /* was only read from */
	return result == 0 ? 0 : err_set(err, "%s", _("no memory for the run"));
}

/* Starts the run with its output in a pipe, whose other end is returned; -1 with a message. */
static int start_run(pid_t *child, const struct lab *lab, const char *variant, const char *fault,
                     struct err *err)
{
	int ends[2];
	const char *words[GUIDE_WORDS + 1] = {"wirelab", "run", "--json", "-q"};
	size_t n = 4;
	words[n++] = lab->id;
	if (variant[0] != '\0')
		words[n++] = variant;
	if (fault[0] != '\0') {
		words[n++] = "--fault";
		words[n++] = fault;
	}
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_errno(err, "%s", _("cannot make a pipe"));
	*child = guide_start(words, ends[1], err);
	(void)close(ends[1]); /* so that the end of the run is the end of the pipe */
	if (*child > 0)
		return ends[0];
	(void)close(ends[0]); /* nothing will come */
	return -1;
}

/* 0, or -1 with a message when the run was none. */
static int end_run(pid_t child, const struct run_record *record, struct err *err)
{
	int status = 0;
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) != GUIDE_ENVIRONMENT && record->n > 0)
		return 0;
	return err_set(err, "%s", _("there was no run to compare with"));
}

int recording_make(struct run_record *record, const struct lab *lab, const char *variant,
                   const char *fault, struct err *err)
{
	pid_t child = -1;
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	memset(record, 0, sizeof *record);
	int fd = start_run(&child, lab, variant, fault, err);
	if (fd < 0)
		return -1;
	/* Ctrl-C is for the run, which then ends in good order */
	bool ignored = sigaction(SIGINT, &ignore, &before) == 0;
	int read = read_events(record, fd, err);
	int ended = end_run(child, record, err);
	if (ignored)
		(void)sigaction(SIGINT, &before, NULL); /* as it was */
	return read < 0 || ended < 0 ? -1 : 0;
}

bool recording_path(char path[static PATH_MAX], const struct lab *lab, const char *variant,
                    const char *fault)
{
	int n = snprintf(path, PATH_MAX, "%s/golden/", lab->folder);
	if (n < 0 || n >= PATH_MAX)
		return false;
	char *name = path + n;
	int rest = PATH_MAX - n;
	n = snprintf(name, (size_t)rest, "%s%s%s.ndjson", variant[0] != '\0' ? variant : "plain",
	             fault[0] != '\0' ? "+" : "", fault);
	for (char *at = name; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("+-_.", *at) == NULL)
			*at = '-';
	return n < rest && access(path, R_OK) == 0;
}

int recording_load(struct run_record *record, const struct lab *lab, const char *variant,
                   const char *fault, struct err *err)
{
	char path[PATH_MAX];
	memset(record, 0, sizeof *record);
	if (!recording_path(path, lab, variant, fault))
		return err_set(err, _("lab %s has no recorded run of this (%s)"), lab->id, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, _("cannot read %s"), path);
	if (read_events(record, fd, err) < 0)
		return -1;
	return record->n > 0 && !record->bad_line ? 0 : err_set(err, _("%s is damaged"), path);
}
