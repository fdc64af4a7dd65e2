/* err.h: a message for the caller. Functions that touch the environment (files, options, the
 * kernel) return -1 and leave one clear sentence here that says what to do; only main() prints. */
#ifndef WIRELAB_BASE_ERR_H
#define WIRELAB_BASE_ERR_H

#include <stddef.h>

struct err {
	char message[512];
};

/* Sets the message (cut to fit) and returns -1, so that `return err_set(err, ...)` reads well. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with ": " and the text of errno at the end. */
int err_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
