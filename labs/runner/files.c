/* files.c: see files.h. It must not know what is in the files. */
#include "runner/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/io.h"

/* Reads to the end. 0, or -1 with errno. */
static int read_all(struct buffer *content, int fd)
{
	char piece[16384];
	ssize_t n;
	while ((n = io_read_full(fd, piece, sizeof piece)) > 0) {
		buffer_add(content, piece, (size_t)n);
		errno = content->failed ? ENOMEM : EFBIG;
		if (content->failed || content->len > FILES_MAX_BYTES)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

int files_read(struct buffer *content, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : read_all(content, fd);
	int error = errno;
	if (fd >= 0)
		(void)close(fd); /* was only read from */
	errno = error;
	if (result < 0)
		(void)err_errno(err, _("cannot read %s"), path);
	errno = error;
	return result;
}

/* Writes and closes; a full disk may tell as late as that. 0, or -1 with errno. */
static int fill(int fd, const char *bytes, size_t n)
{
	int result = io_write_all(fd, bytes, n);
	if (result == 0)
		result = fsync(fd);
	int error = errno;
	if (close(fd) < 0 && result == 0)
		return -1;
	errno = error;
	return result;
}

int files_create(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return -1;
	if (fill(fd, bytes, n) == 0)
		return 0;
	int error = errno;
	(void)unlink(path); /* half a file is none */
	errno = error;
	return -1;
}

int files_replace(const char *path, const char *bytes, size_t n, struct err *err)
{
	char temporary[PATH_MAX];
	int len = snprintf(temporary, sizeof temporary, "%s.%d~", path, (int)getpid());
	if (len < 0 || len >= (int)sizeof temporary)
		return err_set(err, _("the path %s is too long"), path);
	if (unlink(temporary) < 0 && errno != ENOENT) /* of a process long gone */
		return err_errno(err, _("cannot write %s"), path);
	if (files_create(temporary, bytes, n) < 0)
		return err_errno(err, _("cannot write %s"), path);
	if (rename(temporary, path) == 0)
		return 0;
	(void)err_errno(err, _("cannot write %s"), path);
	(void)unlink(temporary); /* the message says what went wrong before */
	return -1;
}

int files_make_folder(const char *path, unsigned mode)
{
	char part[PATH_MAX];
	size_t n = strlen(path);
	errno = ENAMETOOLONG;
	if (n >= sizeof part)
		return -1;
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

bool files_is_c(const char *path)
{
	size_t n = strlen(path);
	return n > 2 && strcmp(path + n - 2, ".c") == 0;
}
