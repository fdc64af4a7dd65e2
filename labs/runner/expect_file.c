/* expect_file.c: the file `expect`, line by line: comments, reasons, and where a mistake is. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/expect.h"

enum { FILE_MAX = 16384 };

/* Where the comment begins: a # outside quotes. The end of the line if there is none. */
static size_t comment_at(const char *line, size_t n)
{
	bool quoted = false;
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '#' && !quoted)
			return i;
		if (line[i] == '\\' && quoted)
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
	}
	return n;
}

/* Without the blanks at both ends. */
static void copy_trimmed(char *to, size_t size, const char *from, size_t n)
{
	while (n > 0 && strchr(" \t\r", from[0])) {
		from++;
		n--;
	}
	while (n > 0 && strchr(" \t\r", from[n - 1]))
		n--;
	n = n < size ? n : size - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

/* One line of the file. 1: an expectation; 0: there is none on it; -1: wrong. */
static int parse_line(struct expectation *x, const char *line, size_t n, struct err *err)
{
	char words[EXPECT_LINE];
	size_t comment = comment_at(line, n);
	if (comment >= sizeof words)
		return err_set(err, _("this line is too long"));
	copy_trimmed(words, sizeof words, line, comment);
	if (words[0] == '\0')
		return 0;
	if (expect_parse(x, words, err) < 0)
		return -1;
	if (comment < n)
		copy_trimmed(x->reason, sizeof x->reason, line + comment + 1, n - comment - 1);
	return 1;
}

int expect_parse_all(struct expectations *list, const char *text, const char *path, struct err *err)
{
	struct expectation x;
	struct err inner;
	list->n = 0;
	for (int line = 1; *text != '\0'; line++) {
		size_t n = strcspn(text, "\n");
		int result = parse_line(&x, text, n, &inner);
		if (result > 0 && list->n == EXPECT_MAX)
			result = err_set(&inner, _("at most %d expectations"), EXPECT_MAX);
		if (result < 0)
			return err_set(err, "%s:%d: %s", path, line, inner.message);
		x.line = line;
		if (result > 0)
			list->all[list->n++] = x;
		text += n + (text[n] == '\n');
	}
	return list->n > 0 ? 0 : err_set(err, _("%s: it expects nothing"), path);
}

int expect_read(struct expectations *list, const char *path, struct err *err)
{
	char text[FILE_MAX + 1];
	FILE *file = fopen(path, "re");
	if (!file)
		return err_errno(err, _("cannot read %s"), path);
	size_t n = fread(text, 1, sizeof text, file);
	bool failed = ferror(file) != 0;
	(void)fclose(file); /* only read from */
	if (failed || n == sizeof text || memchr(text, '\0', n))
		return err_set(err, _("%s: it cannot be read, or is too long"), path);
	text[n] = '\0';
	return expect_parse_all(list, text, path, err);
}
