/* files.h: small text files, read and written whole. */
#ifndef WIRELAB_RUNNER_FILES_H
#define WIRELAB_RUNNER_FILES_H

#include <stdbool.h>

#include "base/err.h"
#include "runner/buffer.h"

enum { FILES_MAX_BYTES = 32 * 1024 * 1024 }; /* larger ones are refused, not read */

/* Appends the content of a file. 0, or -1 with a message and errno. */
int files_read(struct buffer *content, const char *path, struct err *err);

/* Makes the file hold these bytes, by a temporary file beside it that takes its name: readers see
 * the old content or the new, and what fails leaves the old. The folder has to be there. 0, or -1
 * with a message. */
int files_replace(const char *path, const char *bytes, size_t n, struct err *err);

/* Makes a new file with these bytes. 0, or -1 with errno: EEXIST when there is one of that name;
 * nothing is left of it otherwise. */
int files_create(const char *path, const char *bytes, size_t n);

/* Makes the folder and those above it that are not there yet. 0, or -1 with errno. */
int files_make_folder(const char *path, unsigned mode);

/* True if the name is one of a C file. */
bool files_is_c(const char *path);

#endif
