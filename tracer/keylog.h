/* keylog.h: the file that programs write their TLS secrets to (SSLKEYLOGFILE), read as it grows. It
 * is opened before the tracer gives up its privileges, and read afterwards. */
#ifndef WIRELAB_TRACER_KEYLOG_H
#define WIRELAB_TRACER_KEYLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "capture/writer.h"
#include "stream/secrets.h"

struct keylog {
	int fd;                  /* -1: there is none */
	off_t at;                /* what has been read of it */
	struct secrets *secrets; /* that it fills; borrowed */
	char *text;              /* what has been read and is not saved yet; owned */
	size_t len, size;
	bool keeps; /* it will be saved */
};

/* Opens it. 0, or -1 with a message. */
int keylog_open(struct keylog *keylog, const char *name, struct err *err);

/* Reads what is there into `secrets`, and if it `grows` from now on more whenever a secret is
 * missing; what is read waits for keylog_save() if it `keeps` it. */
void keylog_start(struct keylog *keylog, struct secrets *secrets, bool grows, bool keeps);

/* Saves the lines that have come since the last time, before the frames that need them. 0, or -1
 * with a message. */
int keylog_save(struct keylog *keylog, struct writer *writer, struct err *err);

void keylog_close(struct keylog *keylog);

#endif
