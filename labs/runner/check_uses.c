/* check_uses.c: see check_uses.h. */
#include "runner/check_uses.h"

#include <stdio.h>
#include <string.h>

#include "runner/files.h"

static void add(struct check_uses *uses, const char *name, size_t n)
{
	if (uses->n == CHECK_USES_MAX || n >= CHECK_USES_NAME || memchr(name, '/', n))
		return;
	for (int i = 0; i < uses->n; i++)
		if (strlen(uses->names[i]) == n && memcmp(uses->names[i], name, n) == 0)
			return;
	memcpy(uses->names[uses->n], name, n);
	uses->names[uses->n++][n] = '\0';
}

/* What one file includes. */
static void look_into(struct check_uses *uses, const char *path)
{
	static const char own[] = "#include \"lib/", tls[] = "#include <openssl/", end[] = ".h\"";
	struct buffer text = {.bytes = NULL};
	struct err unused;
	if (files_read(&text, path, &unused) == 0 && text.len > 0) {
		const char *at = text.bytes, *last = text.bytes + text.len;
		uses->tls |= memmem(at, text.len, tls, strlen(tls)) != NULL;
		while ((at = memmem(at, (size_t)(last - at), own, strlen(own))) != NULL) {
			at += strlen(own);
			const char *to = memmem(at, (size_t)(last - at), end, strlen(end));
			if (to)
				add(uses, at, (size_t)(to - at));
		}
	}
	buffer_release(&text);
}

void check_find_uses(struct check_uses *uses, const char *source, const char *lib)
{
	char path[PATH_MAX + CHECK_USES_NAME + 4];
	memset(uses, 0, sizeof *uses);
	look_into(uses, source);
	for (int i = 0; i < uses->n; i++) { /* n may grow meanwhile */
		(void)snprintf(path, sizeof path, "%s/%s.h", lib, uses->names[i]); /* fit */
		look_into(uses, path);
		(void)snprintf(path, sizeof path, "%s/%s.c", lib, uses->names[i]);
		look_into(uses, path);
	}
}
