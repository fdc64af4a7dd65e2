/* wire_fault_file.c: faults that a lab has ready, under a name: a file a name, a fault a line. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/wire_fault.h"

/* One line, without its comment and its end. Nothing is left of an empty one. */
static int add_line(struct wire_faults *faults, char *line, const char *path, int number,
                    struct err *err)
{
	struct err inner;
	line[strcspn(line, "#\r\n")] = '\0';
	if (line[strspn(line, " \t")] == '\0')
		return 0;
	if (wire_faults_add(faults, line, &inner) == 0)
		return 0;
	return err_set(err, _("%s, line %d: %s"), path, number, inner.message);
}

static int add_file(struct wire_faults *faults, FILE *file, const char *path, struct err *err)
{
	char *line = NULL;
	size_t size = 0;
	int result = 0;
	for (int number = 1; result == 0 && getline(&line, &size, file) > 0; number++)
		result = add_line(faults, line, path, number, err);
	free(line);
	return result;
}

/* The names in a folder, sorted, each after a blank. */
static void add_names(struct text *t, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			text_addf(t, "%s%s", t->len ? ", " : "", entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static int explain(const char *words, const char *folder, struct err *err)
{
	TEXT(names, 256);
	struct err inner = *err;
	add_names(&names, folder);
	if (names.len == 0 || strchr(words, ' '))
		return -1;
	return err_set(err, _("%s; this lab has under a name: %s"), inner.message, names.bytes);
}

/* A name, and not a way out of the folder. */
static bool is_name(const char *words)
{
	return words[0] != '\0' && words[0] != '.' && !strpbrk(words, "/ \t");
}

int wire_faults_add_named(struct wire_faults *faults, const char *words, const char *folder,
                          struct err *err)
{
	char all[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	(void)snprintf(all, sizeof all, "%s/faults", folder); /* cut: it is not there */
	(void)snprintf(path, sizeof path, "%s/%.255s", all, words);
	FILE *file = is_name(words) ? fopen(path, "re") : NULL;
	if (!file)
		return wire_faults_add(faults, words, err) == 0 ? 0 : explain(words, all, err);
	int result = add_file(faults, file, path, err);
	(void)fclose(file); /* was only read */
	return result;
}
