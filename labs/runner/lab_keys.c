/* lab_keys.c: the keys of lab.conf, one table, and the kinds of values. It must not know about
 * sections or lines. */
#include "runner/lab_keys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/lab.h"

enum { PORT_MAX = 65535, MINUTES_MAX = 999, STATUS_MAX = 255 };

/* ---- kinds of values ---- */

static const char *take_text(void *member, const char *value, size_t size)
{
	if (strlen(value) >= size)
		return _("this value is too long");
	memcpy(member, value, strlen(value) + 1);
	return NULL;
}

static const char *take_whole(int *member, const char *value, long least, long most)
{
	char *end;
	long number = strtol(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || number < least || number > most)
		return _("not a number that makes sense here");
	*member = (int)number;
	return NULL;
}

static const char *take_number(void *member, const char *value, size_t most)
{
	return take_whole(member, value, 1, (long)most);
}

/* The byte that a backslash and this letter stand for, or 0. */
static char unescape(char letter)
{
	static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";
	const char *found = letter == '\0' ? NULL : strchr(letters, letter);
	return found == NULL ? '\0' : bytes[found - letters];
}

static const char *take_escaped(void *member, const char *value, size_t size)
{
	char *field = member;
	size_t n = 0;
	if (strlen(value) >= size)
		return _("this input is too long");
	for (const char *at = value; *at != '\0'; at++) {
		char byte = *at;
		if (byte == '\\')
			byte = unescape(*++at);
		if (byte == '\0')
			return _("only \\n, \\r, \\t and \\\\ are known here");
		field[n++] = byte;
	}
	field[n] = '\0';
	return NULL;
}

static const char *take_input(void *member, const char *value, size_t most)
{
	struct lab_input *input = member;
	(void)most; /* it has its own size */
	input->given = true;
	return take_escaped(input->text, value, sizeof input->text);
}

static const char *take_status(void *member, const char *value, size_t most)
{
	int *status = member;
	if (strcmp(value, "any") != 0)
		return take_whole(status, value, 0, (long)most);
	*status = LAB_ANY_STATUS;
	return NULL;
}

static const char *take_ready(void *member, const char *value, size_t most)
{
	static const char *const names[] = {"listen", "bind", "none"}; /* as enum lab_ready */
	(void)most; /* there are as many as there are names */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(value, names[i]) == 0) {
			*(enum lab_ready *)member = (enum lab_ready)i;
			return NULL;
		}
	}
	return _("ready is listen, bind or none");
}

static const char *take_yes(void *member, const char *value, size_t most)
{
	(void)most; /* there are two */
	*(bool *)member = strcmp(value, "yes") == 0;
	return *(bool *)member || strcmp(value, "no") == 0 ? NULL : _("this is yes or no");
}

/* The name of an algorithm, as in /proc/sys/net/ipv4/tcp_available_congestion_control. Whether this
 * kernel has it shows when it runs. */
static const char *take_algorithm(void *member, const char *value, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	if (value[strspn(value, letters)] != '\0')
		return _("a congestion control has a name like reno or cubic");
	return take_text(member, value, size);
}

/* An expression of a prediction, which by its name is of one kind: it must not have another. */
static const char *take_kind(void *member, enum prediction_kind kind, size_t choice,
                             const char *value)
{
	struct lab_prediction *prediction = member;
	bool has_kind = prediction->kind != N_PREDICTION_KINDS;
	if (has_kind && prediction->kind != kind)
		return _("a question has one of answer, blanks, order, or a, b, c and d");
	prediction->kind = kind;
	return take_text(prediction->expression[choice], value, LAB_LONG);
}

static const char *take_answer(void *member, const char *value, size_t most)
{
	(void)most;
	return take_kind(member, PREDICT_NUMBER, 0, value);
}

static const char *take_blanks(void *member, const char *value, size_t most)
{
	(void)most;
	return take_kind(member, PREDICT_BLANKS, 0, value);
}

static const char *take_order(void *member, const char *value, size_t most)
{
	(void)most;
	return take_kind(member, PREDICT_ORDER, 0, value);
}

/* `choice` is which of a, b, c, d it is. */
static const char *take_choice(void *member, const char *value, size_t choice)
{
	if (strchr(value, '|') == NULL)
		return _("a choice is TEXT | EXPECTATION");
	return take_kind(member, PREDICT_CHOICE, choice, value);
}

/* ---- the keys ---- */
#define LAB_(member)        offsetof(struct lab, member)
#define VARIANT_(member)    offsetof(struct lab_variant, member)
#define EXERCISE_(member)   offsetof(struct lab_exercise, member)
#define PREDICTION_(member) offsetof(struct lab_prediction, member)

static const struct lab_key keys[] = {
        {"lab", "title", take_text, LAB_(title), LAB_TEXT},
        {"lab", "minutes", take_number, LAB_(minutes), MINUTES_MAX},
        {"lab", "needs", take_text, LAB_(needs), LAB_TEXT},
        {"lab", "document", take_text, LAB_(document), LAB_TEXT},
        {"lab", "port", take_number, LAB_(port), PORT_MAX},
        {"lab", "resolver", take_yes, LAB_(resolver), 0},
        {"lab", "prepare", take_text, LAB_(prepare), LAB_TEXT},
        {"lab", "keylog", take_yes, LAB_(keylog), 0},
        {"lab", "wire", take_yes, LAB_(variants[0].wire), 0},
        {"lab", "fault", take_text, LAB_(variants[0].fault), LAB_TEXT},
        {"lab", "congestion", take_algorithm, LAB_(variants[0].congestion), LAB_CONGESTION},
        {"server", "command", take_text, VARIANT_(command[SERVER]), LAB_TEXT},
        {"server", "input", take_escaped, VARIANT_(input[SERVER]), LAB_TEXT},
        {"server", "ends", take_status, VARIANT_(status[SERVER]), STATUS_MAX},
        {"server", "ready", take_ready, VARIANT_(ready), 0},
        {"client", "command", take_text, VARIANT_(command[CLIENT]), LAB_TEXT},
        {"client", "input", take_escaped, VARIANT_(input[CLIENT]), LAB_TEXT},
        {"client", "ends", take_status, VARIANT_(status[CLIENT]), STATUS_MAX},
        {"variant", "title", take_text, VARIANT_(title), LAB_TEXT},
        {"variant", "server", take_text, VARIANT_(command[SERVER]), LAB_TEXT},
        {"variant", "server_input", take_escaped, VARIANT_(input[SERVER]), LAB_TEXT},
        {"variant", "server_ends", take_status, VARIANT_(status[SERVER]), STATUS_MAX},
        {"variant", "client", take_text, VARIANT_(command[CLIENT]), LAB_TEXT},
        {"variant", "client_input", take_escaped, VARIANT_(input[CLIENT]), LAB_TEXT},
        {"variant", "client_ends", take_status, VARIANT_(status[CLIENT]), STATUS_MAX},
        {"variant", "ready", take_ready, VARIANT_(ready), 0},
        {"variant", "wire", take_yes, VARIANT_(wire), 0},
        {"variant", "fault", take_text, VARIANT_(fault), LAB_TEXT},
        {"variant", "congestion", take_algorithm, VARIANT_(congestion), LAB_CONGESTION},
        {"exercise", "task", take_text, EXERCISE_(task), LAB_LONG},
        {"exercise", "command", take_text, EXERCISE_(command[EXERCISE_OWN]), LAB_TEXT},
        {"exercise", "peer", take_text, EXERCISE_(command[EXERCISE_PEER]), LAB_TEXT},
        {"exercise", "input", take_input, EXERCISE_(input[EXERCISE_OWN]), 0},
        {"exercise", "peer_input", take_input, EXERCISE_(input[EXERCISE_PEER]), 0},
        {"exercise", "ends", take_status, EXERCISE_(status[EXERCISE_OWN]), STATUS_MAX},
        {"exercise", "peer_ends", take_status, EXERCISE_(status[EXERCISE_PEER]), STATUS_MAX},
        {"exercise", "wire", take_yes, EXERCISE_(wire), 0},
        {"exercise", "fault", take_text, EXERCISE_(fault), LAB_TEXT},
        {"exercise", "fails", take_text, EXERCISE_(fails), LAB_LONG},
        {"hint", "text", take_text, 0, LAB_LONG},
        {"predict", "ask", take_text, PREDICTION_(ask), LAB_LONG},
        {"predict", "why", take_text, PREDICTION_(why), LAB_LONG},
        {"predict", "variant", take_text, PREDICTION_(variant), LAB_TEXT},
        {"predict", "fault", take_text, PREDICTION_(fault), LAB_TEXT},
        {"predict", "answer", take_answer, 0, 0},
        {"predict", "blanks", take_blanks, 0, 0},
        {"predict", "order", take_order, 0, 0},
        {"predict", "a", take_choice, 0, 0},
        {"predict", "b", take_choice, 0, 1},
        {"predict", "c", take_choice, 0, 2},
        {"predict", "d", take_choice, 0, 3},
};
enum { N_KEYS = sizeof keys / sizeof *keys };
_Static_assert(N_KEYS <= 64, "struct conf keeps one bit for each key");

const struct lab_key *lab_key_find(const char *section, const char *name, size_t *row)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		*row = i;
		if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}
