/* lab_conf.c: reads one lab.conf. libinih splits the lines; here is what the sections mean, and
 * lab_keys.c has what they may hold. Every message names the file and the line. It must not know
 * where labs lie or how they are run. */
#include "runner/lab.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/lab_keys.h"

enum { PORT_DEFAULT = 8080, LINE_BYTES = LAB_LONG + LAB_TEXT };

/* What is read, and how far we are. */
struct conf {
	FILE *file;
	const char *path; /* for messages */
	int line;         /* the line being read, from 1 */
	char text[LINE_BYTES];
	bool cut; /* libinih was given the beginning of it only */
	struct lab *lab;
	char section[LAB_TEXT]; /* the current one: "variant late" */
	char family[16];        /* its first word */
	void *object;           /* what it describes, a member of *lab or *lab itself */
	uint64_t seen;          /* its keys, a bit for each row of the table of keys */
	int wrong_line;         /* the first line with a wrong value, 0: none */
	struct err *err;
};

/* Notes what is wrong with the current line, unless an earlier line was wrong. Always 0, which is
 * how a handler tells libinih of an error. */
static int wrong(struct conf *conf, const char *what, const char *detail)
{
	if (conf->wrong_line != 0)
		return 0;
	(void)err_set(conf->err, "%s:%d: %s: %s", conf->path, conf->line, what, detail);
	conf->wrong_line = conf->line;
	return 0;
}

/* ---- sections: each begins with its own function, which says what the keys describe ---- */

static int start_lab(struct conf *conf, const char *name)
{
	(void)name; /* it has none */
	conf->object = conf->lab;
	return 1;
}

static int start_plain(struct conf *conf, const char *name)
{
	(void)name;
	conf->object = &conf->lab->variants[0];
	return 1;
}

/* A variant starts as a copy of the plain run, so the plain run has to come first. */
static int start_variant(struct conf *conf, const char *name)
{
	struct lab *lab = conf->lab;
	if (lab->n_variants == LAB_MAX_VARIANTS)
		return wrong(conf, _("too many variants"), name);
	for (int i = 1; i < lab->n_variants; i++)
		if (strcmp(lab->variants[i].name, name) == 0)
			return wrong(conf, _("this variant is there twice"), name);
	struct lab_variant *variant = &lab->variants[lab->n_variants++];
	*variant = lab->variants[0];
	(void)snprintf(variant->name, sizeof variant->name, "%s", name); /* the section fitted */
	conf->object = variant;
	return 1;
}

static int start_exercise(struct conf *conf, const char *name)
{
	if (conf->lab->exercise.given)
		return wrong(conf, _("this section is there twice"), "exercise");
	(void)name;
	conf->lab->exercise.given = true;
	conf->object = &conf->lab->exercise;
	return 1;
}

static int start_hint(struct conf *conf, const char *name)
{
	int level = name[0] - '1';
	if (level < 0 || level >= LAB_HINTS || name[1] != '\0')
		return wrong(conf, _("the hints are [hint 1], [hint 2] and [hint 3], not"), name);
	if (conf->lab->hints[level][0] != '\0')
		return wrong(conf, _("this hint is there twice"), name);
	conf->object = conf->lab->hints[level];
	return 1;
}

static int start_prediction(struct conf *conf, const char *name)
{
	struct lab *lab = conf->lab;
	if (lab->n_predictions == LAB_MAX_PREDICTIONS)
		return wrong(conf, _("too many questions"), name);
	for (int i = 0; i < lab->n_predictions; i++)
		if (strcmp(lab->predictions[i].name, name) == 0)
			return wrong(conf, _("this question is there twice"), name);
	struct lab_prediction *prediction = &lab->predictions[lab->n_predictions++];
	prediction->kind = N_PREDICTION_KINDS; /* none yet */
	(void)snprintf(prediction->name, sizeof prediction->name, "%s", name);
	conf->object = prediction;
	return 1;
}

static const struct section {
	const char *family;
	bool has_name, before_variants;
	int (*start)(struct conf *conf, const char *name);
} sections[] = {
        {"lab", false, true, start_lab},
        {"server", false, true, start_plain},
        {"client", false, true, start_plain},
        {"variant", true, false, start_variant},
        {"exercise", false, false, start_exercise},
        {"hint", true, false, start_hint},
        {"predict", true, false, start_prediction},
};

/* The kind of section, and where its name begins; NULL: there is none such. */
static const struct section *find_section(const char *title, const char **name)
{
	size_t n = strcspn(title, " \t");
	*name = title + n + strspn(title + n, " \t");
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		const struct section *section = &sections[i];
		if (strlen(section->family) == n && strncmp(section->family, title, n) == 0 &&
		    section->has_name == (**name != '\0'))
			return section;
	}
	return NULL;
}

static int start_section(struct conf *conf, const char *title)
{
	const char *name;
	if (strlen(title) >= sizeof conf->section)
		return wrong(conf, _("this value is too long"), title);
	(void)snprintf(conf->section, sizeof conf->section, "%s", title);
	conf->seen = 0;
	conf->object = NULL;
	const struct section *section = find_section(conf->section, &name);
	if (section == NULL)
		return wrong(conf, _("there is no such section"), title);
	if (section->before_variants && conf->lab->n_variants > 1)
		return wrong(conf, _("the variants have to come last, after"), title);
	(void)snprintf(conf->family, sizeof conf->family, "%s", section->family); /* it fits */
	return section->start(conf, name);
}

/* ---- lines ---- */

/* libinih has seen the beginning of the line only: the whole value, as it would give it, in
 * conf->text. */
static const char *whole_value(struct conf *conf)
{
	char *value = conf->text + strcspn(conf->text, "=:");
	if (*value != '\0')
		value++;
	value += strspn(value, " \t");
	for (char *at = value; (at = strchr(at, ';')) != NULL; at++) {
		if (at != value && !isspace((unsigned char)at[-1]))
			continue;
		*at = '\0'; /* from here on it is a comment */
		break;
	}
	size_t n = strlen(value);
	while (n > 0 && isspace((unsigned char)value[n - 1]))
		value[--n] = '\0';
	return value;
}

/* libinih calls this for each `name = value`. */
static int on_value(void *arg, const char *section, const char *name, const char *value)
{
	struct conf *conf = arg;
	size_t row;
	if (strcmp(section, conf->section) != 0 && !start_section(conf, section))
		return 0;
	if (conf->object == NULL)
		return 0; /* told where the section began */
	const struct lab_key *key = lab_key_find(conf->family, name, &row);
	if (key == NULL)
		return wrong(conf, _("no such key in this section"), name);
	if (conf->seen & UINT64_C(1) << row)
		return wrong(conf, _("this key is there twice"), name);
	conf->seen |= UINT64_C(1) << row;
	if (conf->cut)
		value = whole_value(conf);
	const char *why = key->take((char *)conf->object + key->offset, value, key->most);
	return why == NULL ? 1 : wrong(conf, why, value);
}

/* libinih calls this for each line, with room for `size` bytes, which are few: the whole line stays
 * in conf->text. */
static char *next_line(char *line, int size, void *arg)
{
	struct conf *conf = arg;
	if (fgets(conf->text, sizeof conf->text, conf->file) == NULL)
		return NULL;
	conf->line++;
	if (strchr(conf->text, '\n') == NULL && !feof(conf->file)) {
		(void)wrong(conf, _("this line is too long"), conf->text);
		return NULL;
	}
	int n = snprintf(line, (size_t)size, "%s", conf->text);
	conf->cut = n >= size;
	return line;
}

/* ---- the whole ---- */

static const char *missing_in_variant(const struct lab_variant *variant)
{
	bool has_server = variant->command[SERVER][0] != '\0';
	if (variant->command[CLIENT][0] == '\0')
		return _("there is no [client] command");
	if (has_server == (variant->ready == READY_NO_SERVER))
		return has_server ? _("ready is none, but there is a [server]")
		                  : _("there is no [server] command: say ready = none");
	if (variant->congestion[0] != '\0' && !variant->wire)
		return _("congestion is about two hosts: it needs wire = yes");
	return NULL;
}

static const char *missing_in_prediction(const struct lab *lab, const struct lab_prediction *p)
{
	struct err err;
	if (p->ask[0] == '\0')
		return _("a question has no ask");
	if (p->kind == N_PREDICTION_KINDS)
		return _("a question has neither answer, blanks, order nor choices");
	if (p->kind == PREDICT_CHOICE &&
	    (p->expression[0][0] == '\0' || p->expression[1][0] == '\0'))
		return _("a question with choices needs a and b");
	if (lab_variant(lab, p->variant, &err) == NULL)
		return _("a question is about a variant that there is not");
	return NULL;
}

/* What a reader of the file would miss at its end: a sentence, or NULL when all is there. */
static const char *missing(const struct lab *lab)
{
	const char *hole = NULL;
	if (lab->title[0] == '\0')
		return _("[lab] has no title");
	if (lab->minutes == 0)
		return _("[lab] does not say how many minutes it takes");
	for (int i = 0; i < lab->n_variants && hole == NULL; i++)
		hole = missing_in_variant(&lab->variants[i]);
	for (int i = 0; i < lab->n_predictions && hole == NULL; i++)
		hole = missing_in_prediction(lab, &lab->predictions[i]);
	if (hole == NULL && lab->exercise.given && lab->exercise.task[0] == '\0')
		return _("[exercise] has no task");
	return hole;
}

/* The number and the name of the lab, from the folder that holds the file. */
static int take_folder_name(struct lab *lab, const char *path, struct err *err)
{
	const char *end = strrchr(path, '/');
	const char *start = end;
	while (start != NULL && start > path && start[-1] != '/')
		start--;
	size_t n = start == NULL ? 0 : (size_t)(end - start);
	if (n < 4 || n >= sizeof lab->id || !isdigit((unsigned char)start[0]) ||
	    !isdigit((unsigned char)start[1]) || start[2] != '-')
		return err_set(err, _("%s: a lab's folder is called like 01-hello"), path);
	memcpy(lab->id, start, n);
	lab->id[n] = '\0';
	lab->number = (start[0] - '0') * 10 + (start[1] - '0');
	return 0;
}

static void start_lab_file(struct lab *lab)
{
	memset(lab, 0, sizeof *lab);
	lab->port = PORT_DEFAULT;
	lab->n_variants = 1;
	lab->variants[0].status[SERVER] = LAB_ANY_STATUS;
	for (int role = 0; role < N_EXERCISE_ROLES; role++)
		lab->exercise.status[role] = LAB_SAME_STATUS;
}

int lab_read(struct lab *lab, const char *conf_path, struct err *err)
{
	start_lab_file(lab);
	if (take_folder_name(lab, conf_path, err) < 0)
		return -1;
	struct conf conf = {.path = conf_path, .lab = lab, .err = err};
	conf.file = fopen(conf_path, "re");
	if (conf.file == NULL)
		return err_errno(err, _("cannot read %s"), conf_path);
	int bad_line = ini_parse_stream(next_line, &conf, on_value, &conf);
	bool read_failed = ferror(conf.file) != 0;
	(void)fclose(conf.file); /* only read from */
	if (read_failed)
		return err_set(err, _("cannot read %s"), conf_path);
	if (conf.wrong_line != 0 && (bad_line == 0 || bad_line >= conf.wrong_line))
		return -1;
	if (bad_line != 0) /* a line that libinih could not split came first */
		return err_set(err, _("%s:%d: neither a [section] nor key = value"), conf_path,
		               bad_line);
	const char *hole = missing(lab);
	return hole == NULL ? 0 : err_set(err, "%s: %s", conf_path, hole);
}
