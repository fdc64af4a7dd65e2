/* err.c: a message for the caller; see err.h. Prints nothing. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"

int err_set(struct err *err, const char *format, ...)
{
	struct text t = text_of(err->message, sizeof err->message);
	va_list args;
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
	return -1;
}

int err_errno(struct err *err, const char *format, ...)
{
	int error = errno; /* formatting may change it */
	char storage[128];
	struct text t = text_of(err->message, sizeof err->message);
	va_list args;
	va_start(args, format);
	text_addv(&t, format, args);
	va_end(args);
	text_add(&t, ": ");
	text_add(&t, strerror_r(error, storage, sizeof storage));
	errno = error;
	return -1;
}
