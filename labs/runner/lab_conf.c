/* lab_conf.c: reads one lab.conf. libinih splits the lines; the table below says which keys there
 * are and what each may hold. Every message names the file and the line. It must not know where
 * labs lie or how they are run. */
#include "runner/lab.h"

#include <ctype.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum { PORT_DEFAULT = 8080, PORT_MAX = 65535, MINUTES_MAX = 999, STATUS_MAX = 255 };

/* What is read, and how far we are. */
struct conf {
	FILE *file;
	const char *path; /* for messages */
	int line;         /* the line being read, from 1 */
	struct lab *lab;
	struct lab_variant *variant; /* which one the current section describes */
	char section[LAB_TEXT];
	uint32_t seen;  /* keys of the current section, a bit for each row of the table */
	int wrong_line; /* the first line with a wrong value, 0: none */
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

/* ---- values: each takes the text after `=` and returns 1, or 0 with a message ---- */

static int take_text(struct conf *conf, char *field, const char *value)
{
	if (strlen(value) >= LAB_TEXT)
		return wrong(conf, _("this value is too long"), value);
	memcpy(field, value, strlen(value) + 1);
	return 1;
}

static int take_number(struct conf *conf, int *field, const char *value, int least, int most)
{
	char *end;
	long number = strtol(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || number < least || number > most)
		return wrong(conf, _("not a number that makes sense here"), value);
	*field = (int)number;
	return 1;
}

/* The byte that a backslash and this letter stand for, or 0. */
static char unescape(char letter)
{
	static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";
	const char *found = letter == '\0' ? NULL : strchr(letters, letter);
	return found == NULL ? '\0' : bytes[found - letters];
}

static int take_input(struct conf *conf, char *field, const char *value)
{
	if (strlen(value) >= LAB_TEXT)
		return wrong(conf, _("this input is too long"), value);
	size_t n = 0;
	for (const char *at = value; *at != '\0'; at++) {
		char byte = *at;
		if (byte == '\\')
			byte = unescape(*++at);
		if (byte == '\0')
			return wrong(conf, _("only \\n, \\r, \\t and \\\\ are known here"), value);
		field[n++] = byte;
	}
	field[n] = '\0';
	return 1;
}

static int lab_title(struct conf *conf, enum side side, const char *value)
{
	(void)side; /* a lab has one title */
	return take_text(conf, conf->lab->title, value);
}

static int lab_minutes(struct conf *conf, enum side side, const char *value)
{
	(void)side;
	return take_number(conf, &conf->lab->minutes, value, 1, MINUTES_MAX);
}

static int lab_needs(struct conf *conf, enum side side, const char *value)
{
	(void)side;
	return take_text(conf, conf->lab->needs, value);
}

static int lab_document(struct conf *conf, enum side side, const char *value)
{
	(void)side;
	return take_text(conf, conf->lab->document, value);
}

static int lab_port(struct conf *conf, enum side side, const char *value)
{
	(void)side;
	return take_number(conf, &conf->lab->port, value, 1, PORT_MAX);
}

static int variant_title(struct conf *conf, enum side side, const char *value)
{
	(void)side;
	return take_text(conf, conf->variant->title, value);
}

static int program_command(struct conf *conf, enum side side, const char *value)
{
	return take_text(conf, conf->variant->command[side], value);
}

static int program_input(struct conf *conf, enum side side, const char *value)
{
	return take_input(conf, conf->variant->input[side], value);
}

static int program_ends(struct conf *conf, enum side side, const char *value)
{
	int *status = &conf->variant->status[side];
	if (strcmp(value, "any") == 0) {
		*status = LAB_ANY_STATUS;
		return 1;
	}
	return take_number(conf, status, value, 0, STATUS_MAX);
}

static int program_ready(struct conf *conf, enum side side, const char *value)
{
	static const char *const names[] = {"listen", "bind", "none"}; /* as enum lab_ready */
	(void)side; /* only a server gets ready */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(value, names[i]) == 0) {
			conf->variant->ready = (enum lab_ready)i;
			return 1;
		}
	}
	return wrong(conf, _("ready is listen, bind or none"), value);
}

/* ---- the keys ---- */
struct key {
	const char *section, *name;
	enum side side; /* for keys of one program */
	int (*take)(struct conf *conf, enum side side, const char *value);
};

static const struct key keys[] = {
        {"lab", "title", CLIENT, lab_title},
        {"lab", "minutes", CLIENT, lab_minutes},
        {"lab", "needs", CLIENT, lab_needs},
        {"lab", "document", CLIENT, lab_document},
        {"lab", "port", CLIENT, lab_port},
        {"server", "command", SERVER, program_command},
        {"server", "input", SERVER, program_input},
        {"server", "ends", SERVER, program_ends},
        {"server", "ready", SERVER, program_ready},
        {"client", "command", CLIENT, program_command},
        {"client", "input", CLIENT, program_input},
        {"client", "ends", CLIENT, program_ends},
        {"variant", "title", CLIENT, variant_title},
        {"variant", "server", SERVER, program_command},
        {"variant", "server_input", SERVER, program_input},
        {"variant", "server_ends", SERVER, program_ends},
        {"variant", "client", CLIENT, program_command},
        {"variant", "client_input", CLIENT, program_input},
        {"variant", "client_ends", CLIENT, program_ends},
        {"variant", "ready", SERVER, program_ready},
};
enum { N_KEYS = sizeof keys / sizeof *keys };
_Static_assert(N_KEYS <= 32, "struct conf keeps one bit for each key");

/* ---- sections ---- */
static const char variant_word[] = "variant ";

static bool is_variant(const char *section)
{
	return strncmp(section, variant_word, strlen(variant_word)) == 0;
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
	conf->variant = &lab->variants[lab->n_variants++];
	*conf->variant = lab->variants[0];
	return take_text(conf, conf->variant->name, name);
}

static int start_section(struct conf *conf, const char *section)
{
	if (!take_text(conf, conf->section, section))
		return 0;
	conf->seen = 0;
	if (is_variant(section))
		return start_variant(conf, section + strlen(variant_word));
	if (conf->lab->n_variants > 1)
		return wrong(conf, _("the variants have to come last, after"), section);
	return 1;
}

/* libinih calls this for each `name = value`. */
static int on_value(void *arg, const char *section, const char *name, const char *value)
{
	struct conf *conf = arg;
	if (strcmp(section, conf->section) != 0 && !start_section(conf, section))
		return 0;
	const char *family = is_variant(section) ? "variant" : section;
	for (size_t i = 0; i < N_KEYS; i++) {
		if (strcmp(keys[i].section, family) != 0 || strcmp(keys[i].name, name) != 0)
			continue;
		if (conf->seen & UINT32_C(1) << i)
			return wrong(conf, _("this key is there twice"), name);
		conf->seen |= UINT32_C(1) << i;
		return keys[i].take(conf, keys[i].side, value);
	}
	return wrong(conf, _("no such key in this section"), name);
}

/* libinih calls this for each line: counts lines, and refuses those that would come in pieces. */
static char *next_line(char *line, int size, void *arg)
{
	struct conf *conf = arg;
	if (fgets(line, size, conf->file) == NULL)
		return NULL;
	conf->line++;
	if (strchr(line, '\n') == NULL && !feof(conf->file)) {
		(void)wrong(conf, _("this line is too long"), line);
		return NULL;
	}
	return line;
}

/* ---- the whole ---- */

/* What a reader of the file would miss at its end: a sentence, or NULL when all is there. */
static const char *missing(const struct lab *lab)
{
	if (lab->title[0] == '\0')
		return _("[lab] has no title");
	if (lab->minutes == 0)
		return _("[lab] does not say how many minutes it takes");
	for (int i = 0; i < lab->n_variants; i++) {
		const struct lab_variant *variant = &lab->variants[i];
		bool has_server = variant->command[SERVER][0] != '\0';
		if (variant->command[CLIENT][0] == '\0')
			return _("there is no [client] command");
		if (has_server == (variant->ready == READY_NO_SERVER))
			return has_server ? _("ready is none, but there is a [server]")
			                  : _("there is no [server] command: say ready = none");
	}
	return NULL;
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

int lab_read(struct lab *lab, const char *conf_path, struct err *err)
{
	*lab = (struct lab){.port = PORT_DEFAULT, .n_variants = 1};
	lab->variants[0].status[SERVER] = LAB_ANY_STATUS;
	if (take_folder_name(lab, conf_path, err) < 0)
		return -1;
	struct conf conf = {
	        .path = conf_path, .lab = lab, .variant = &lab->variants[0], .err = err};
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
