/* lab.c: the catalogue of labs, from the folders. It must not know how a lab is run. */
#include "runner/lab.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/nearest.h"
#include "runner/place.h"

/* Folders of labs are called like "01-hello"; labs/lib and labs/runner are none. */
static int is_lab_folder(const struct dirent *entry)
{
	const char *name = entry->d_name;
	return isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) && name[2] == '-';
}

static int load_lab(struct lab *lab, const char *labs, const char *id, struct err *err)
{
	char conf[PATH_MAX];
	int n = snprintf(conf, sizeof conf, "%s/%s/lab.conf", labs, id);
	if (n < 0 || n >= (int)sizeof conf)
		return err_set(err, _("the path of lab %s is too long"), id);
	errno = 0;
	if (lab_read(lab, conf, err) < 0)
		return -1;
	memcpy(lab->folder, conf, (size_t)n + 1);
	*strrchr(lab->folder, '/') = '\0';
	return place_lab_programs(lab->programs, sizeof lab->programs, lab->id, err);
}

/* Keeps the message, and names the mend: most often a file was changed or its rights were. */
static void add_bad(struct catalogue *catalogue, const char *id, bool forbidden,
                    const struct err *why)
{
	struct bad_lab *bad = &catalogue->bad[catalogue->n_bad++];
	(void)snprintf(bad->id, sizeof bad->id, "%s", id); /* folder names are shorter */
	(void)err_set(&bad->err,
	              forbidden ? _("%s (chmod -R u+rX %s/%s)")
	                        : _("%s (git checkout -- %s/%s brings it back)"),
	              why->message, catalogue->folder, id);
}

static void add_lab(struct catalogue *catalogue, const char *id)
{
	struct err err;
	if (catalogue->n_labs == LAB_MAX || catalogue->n_bad == LAB_MAX)
		return; /* more than two digits can count to in practice */
	if (load_lab(&catalogue->labs[catalogue->n_labs], catalogue->folder, id, &err) == 0)
		catalogue->n_labs++;
	else
		add_bad(catalogue, id, errno == EACCES, &err);
}

static int load(struct catalogue *catalogue, struct err *err)
{
	memset(catalogue, 0, sizeof *catalogue);
	if (place_labs(catalogue->folder, sizeof catalogue->folder, err) < 0)
		return -1;
	struct dirent **entries;
	int n = scandir(catalogue->folder, &entries, is_lab_folder, alphasort);
	if (n < 0)
		return err_errno(err, _("cannot read the folder %s"), catalogue->folder);
	for (int i = 0; i < n; i++) {
		add_lab(catalogue, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

struct catalogue *catalogue_new(struct err *err)
{
	struct catalogue *catalogue = malloc(sizeof *catalogue);
	if (catalogue == NULL) {
		(void)err_errno(err, _("no memory for the list of labs"));
		return NULL;
	}
	if (load(catalogue, err) == 0)
		return catalogue;
	free(catalogue);
	return NULL;
}

/* True for "1", "01", "01-hello" and "hello". */
static bool is_called(const char *id, const char *name)
{
	char *end;
	errno = 0;
	long number = strtol(name, &end, 10);
	bool is_number = isdigit((unsigned char)name[0]) && *end == '\0' && errno == 0;
	return (is_number && number == strtol(id, NULL, 10)) || strcmp(name, id) == 0 ||
	       strcmp(name, id + strlen("01-")) == 0;
}

const struct lab *catalogue_find(const struct catalogue *catalogue, const char *name,
                                 struct err *err)
{
	const char *ids[LAB_MAX];
	for (int i = 0; i < catalogue->n_labs; i++) {
		if (is_called(catalogue->labs[i].id, name))
			return &catalogue->labs[i];
		ids[i] = catalogue->labs[i].id;
	}
	for (int i = 0; i < catalogue->n_bad; i++) {
		if (!is_called(catalogue->bad[i].id, name))
			continue;
		*err = catalogue->bad[i].err;
		return NULL;
	}
	TEXT(near, 256);
	nearest_words(&near, name, ids, (size_t)catalogue->n_labs);
	if (near.cut) /* all of them: too many to tell */
		(void)err_set(err, _("there is no lab '%s': see `wirelab list`"), name);
	else
		(void)err_set(err, _("there is no lab '%s'; there is %s (see `wirelab list`)"),
		              name, near.bytes);
	return NULL;
}

const struct lab_variant *lab_variant(const struct lab *lab, const char *name, struct err *err)
{
	const char *names[LAB_MAX_VARIANTS];
	if (name == NULL)
		name = "";
	for (int i = 0; i < lab->n_variants; i++) {
		if (strcmp(lab->variants[i].name, name) == 0)
			return &lab->variants[i];
		names[i] = lab->variants[i].name;
	}
	if (lab->n_variants == 1) {
		(void)err_set(err, _("lab %s has no variants, so no '%s'"), lab->id, name);
		return NULL;
	}
	TEXT(near, 256);
	nearest_words(&near, name, names + 1, (size_t)lab->n_variants - 1);
	(void)err_set(err, _("lab %s has no variant '%s'; it has %s"), lab->id, name, near.bytes);
	return NULL;
}

/* No command needs no program. */
static bool has_program(const struct lab *lab, const char *command)
{
	int word_len = (int)strcspn(command, " \t");
	if (word_len == 0)
		return true;
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%.*s", lab->programs, word_len, command);
	return n > 0 && n < (int)sizeof path && access(path, X_OK) == 0;
}

bool lab_is_built(const struct lab *lab, const struct lab_variant *variant, enum side side)
{
	return has_program(lab, variant->command[side]) && has_program(lab, lab->prepare);
}
