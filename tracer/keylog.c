/* keylog.c: see keylog.h. */
#include "keylog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

enum { KEYLOG_PIECE = 16 * 1024, KEYLOG_UNSAVED_MAX = 32 * 1024 * 1024 };

int keylog_open(struct keylog *k, const char *name, struct err *err)
{
	k->fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return k->fd >= 0 ? 0 : err_errno(err, _("the key log %s cannot be opened"), name);
}

/* Keeps what has been read for the copy. Without room the copy goes without. */
static void keep(struct keylog *k, const char *bytes, size_t n)
{
	if (!k->keeps || n > KEYLOG_UNSAVED_MAX - k->len)
		return;
	if (k->len + n > k->size) {
		size_t size = 2 * (k->len + n);
		char *larger = realloc(k->text, size);
		if (!larger)
			return;
		k->text = larger;
		k->size = size;
	}
	memcpy(k->text + k->len, bytes, n);
	k->len += n;
}

/* At our own place: who writes may share the descriptor. A pipe has no places. */
static ssize_t read_piece(struct keylog *k, char *bytes, size_t size)
{
	ssize_t n = pread(k->fd, bytes, size, k->at);
	if (n < 0 && errno == ESPIPE)
		return read(k->fd, bytes, size);
	if (n > 0)
		k->at += n;
	return n;
}

static bool read_more(void *arg)
{
	struct keylog *k = arg;
	char bytes[KEYLOG_PIECE];
	bool any = false;
	for (;;) {
		ssize_t n = read_piece(k, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return any; /* all that there is, for now */
		secrets_feed(k->secrets, bytes, (size_t)n);
		keep(k, bytes, (size_t)n);
		any = true;
	}
}

void keylog_start(struct keylog *k, struct secrets *secrets, bool grows, bool keeps)
{
	k->secrets = secrets;
	k->keeps = keeps;
	(void)read_more(k); /* an empty one is all right */
	if (grows) {
		secrets_on_miss(k->secrets, read_more, k);
		return;
	}
	secrets_end(k->secrets);
	if (k->len > 0 && k->text[k->len - 1] != '\n')
		keep(k, "\n", 1);
}

int keylog_save(struct keylog *k, struct writer *writer, struct err *err)
{
	const char *end = k->len > 0 ? memrchr(k->text, '\n', k->len) : NULL;
	if (!end)
		return 0;
	size_t n = (size_t)(end + 1 - k->text);
	int done = writer_secrets(writer, k->text, n, err);
	k->len -= n;
	memmove(k->text, k->text + n, k->len);
	return done;
}

void keylog_close(struct keylog *k)
{
	if (k->fd >= 0)
		(void)close(k->fd); /* only read */
	free(k->text);
	*k = (struct keylog){.fd = -1};
}
