/* wire_fault.c: see wire_fault.h. Each form of a fault is one row of a table, written as in the
 * manual; one small matcher walks any of them. It must not know what the wire does with a fault. */
#include "runner/wire_fault.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/nearest.h"

enum { MAX_WORDS = 10, WORD_BYTES = 32 };
enum { WHOLE = 1000000, MAX_NUMBER = 1000000, MAX_QUEUE = 4096, MAX_SPAN_S = 60 };

/* What stands in [ ] may be left out. */
static const struct form {
	const char *words;
	enum wire_effect effect;
	bool by_chance;
	const char *example;
} forms[] = {
        {"drop SIDE KIND [FIRST]", EFFECT_DROP, false, "drop client data 2"},
        {"cut SIDE KIND [FIRST]", EFFECT_CUT, false, "cut client data 2"},
        {"cut SPAN", EFFECT_CUT, false, "cut 2s"},
        {"delay SIDE KIND [FIRST] SPAN", EFFECT_HOLD_BACK, false, "delay server FIN 500ms"},
        {"duplicate SIDE KIND [FIRST]", EFFECT_DUPLICATE, false, "duplicate client data 1"},
        {"corrupt SIDE KIND [FIRST]", EFFECT_CORRUPT, false, "corrupt client data 1"},
        {"swap SIDE KIND FIRST SECOND", EFFECT_REORDER, false, "swap server data 2 3"},
        {"loss [SIDE] PERCENT [seed SEED]", EFFECT_DROP, true, "loss 5% seed 7"},
        {"duplicate [SIDE] PERCENT [seed SEED]", EFFECT_DUPLICATE, true, "duplicate 2% seed 7"},
        {"corrupt [SIDE] PERCENT [seed SEED]", EFFECT_CORRUPT, true, "corrupt 1% seed 7"},
        {"reorder [SIDE] PERCENT [seed SEED]", EFFECT_REORDER, true, "reorder 10% seed 7"},
        {"rate RATE", EFFECT_RATE, false, "rate 1mbit"},
        {"queue FRAMES", EFFECT_QUEUE, false, "queue 10"},
        {"delay SPAN", EFFECT_DELAY, false, "delay 20ms"},
        {"mtu BYTES [silent]", EFFECT_MTU, false, "mtu 576"},
};
enum { N_FORMS = sizeof forms / sizeof *forms };

/* ---- words and what they can be ---- */

/* A number from `min` to `max`, and nothing behind it. */
static bool read_number(const char *word, uint64_t min, uint64_t max, uint64_t *number)
{
	char *end;
	if (!isdigit((unsigned char)word[0]))
		return false;
	errno = 0;
	*number = strtoull(word, &end, 10);
	return errno == 0 && *end == '\0' && *number >= min && *number <= max;
}

/* A number with up to `decimals` decimals, as so many of 1/10^decimals. What follows it, or NULL.
 */
static const char *read_decimal(const char *word, int decimals, uint64_t *number)
{
	char *end;
	if (!isdigit((unsigned char)word[0]))
		return NULL;
	errno = 0;
	*number = strtoull(word, &end, 10);
	if (errno != 0 || *number > MAX_NUMBER)
		return NULL;
	bool point = *end == '.' && isdigit((unsigned char)end[1]);
	end += point;
	for (int i = 0; i < decimals; i++) {
		bool digit = point && isdigit((unsigned char)*end);
		*number = *number * 10 + (digit ? (uint64_t)(*end - '0') : 0);
		end += digit;
	}
	return end;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* A decimal with one of the units behind it; 0 if it is none. Three decimals are kept. */
static uint64_t read_with_unit(const char *word, const struct unit *units, size_t n)
{
	uint64_t number;
	const char *unit = read_decimal(word, 3, &number);
	for (size_t i = 0; unit && i < n; i++) {
		if (strcasecmp(unit, units[i].name) == 0)
			return number * units[i].factor / 1000;
	}
	return 0;
}

static bool take_side(struct wire_fault *fault, const char *word)
{
	for (int side = 0; side < N_SIDES; side++) {
		if (strcmp(word, side_name((enum side)side)) != 0)
			continue;
		fault->from = (enum side)side;
		fault->has_side = true;
		return true;
	}
	return false;
}

static bool take_kind(struct wire_fault *fault, const char *word)
{
	return wire_kind_parse(word, &fault->kind);
}

static bool take_first(struct wire_fault *fault, const char *word)
{
	return read_number(word, 1, MAX_NUMBER, &fault->first);
}

static bool take_second(struct wire_fault *fault, const char *word)
{
	return read_number(word, fault->first + 1, MAX_NUMBER, &fault->second);
}

static bool take_seed(struct wire_fault *fault, const char *word)
{
	return read_number(word, 0, UINT64_MAX, &fault->seed);
}

static bool take_percent(struct wire_fault *fault, const char *word)
{
	uint64_t number = 0;
	const char *end = read_decimal(word, 4, &number); /* 1 % is 10000 millionths */
	fault->millionths = number <= WHOLE ? (uint32_t)number : 0;
	return end && strcmp(end, "%") == 0 && fault->millionths > 0;
}

static bool take_span(struct wire_fault *fault, const char *word)
{
	static const struct unit units[] = {{"us", 1000}, {"ms", 1000000}, {"s", 1000000000}};
	uint64_t ns = read_with_unit(word, units, sizeof units / sizeof *units);
	fault->span_ns = (int64_t)(ns <= MAX_SPAN_S * UINT64_C(1000000000) ? ns : 0);
	return fault->span_ns > 0 || strcmp(word, "0ms") == 0;
}

static bool take_rate(struct wire_fault *fault, const char *word)
{
	static const struct unit units[] = {
	        {"bit", 1}, {"kbit", 1000}, {"mbit", 1000000}, {"gbit", 1000000000}};
	fault->rate = read_with_unit(word, units, sizeof units / sizeof *units);
	return fault->rate >= 1000; /* a frame of 1514 bytes takes 12 s then */
}

static bool take_size(struct wire_fault *fault, const char *word, uint64_t min, uint64_t max)
{
	uint64_t number = 0;
	bool good = read_number(word, min, max, &number);
	fault->size = good ? (uint32_t)number : 0;
	return good;
}

static bool take_frames(struct wire_fault *fault, const char *word)
{
	return take_size(fault, word, 1, MAX_QUEUE);
}

static bool take_bytes(struct wire_fault *fault, const char *word)
{
	return take_size(fault, word, WIRE_MTU_MIN, WIRE_MTU_MAX);
}

static bool take_silent(struct wire_fault *fault, const char *word)
{
	fault->silent = strcmp(word, "silent") == 0;
	return fault->silent;
}

/* The parts of the forms; any other stands for itself. */
static const struct part {
	const char *name;
	bool (*take)(struct wire_fault *fault, const char *word);
	const char *what; /* completes "in place of … comes" */
} parts[] = {
        {"SIDE", take_side, N_("client or server")},
        {"KIND", take_kind, N_("SYN or SYN,ACK, ACK, data, FIN, RST, any")},
        {"FIRST", take_first, N_("a number from 1: which of them")},
        {"SECOND", take_second, N_("a larger number than the first: which of them")},
        {"SEED", take_seed, N_("a number: the same number, the same choice")},
        {"PERCENT", take_percent, N_("a percentage such as 5% or 0.1%, at most 100%")},
        {"SPAN", take_span, N_("a time such as 500ms or 1.5s, at most 60s")},
        {"RATE", take_rate, N_("a rate such as 1mbit or 64kbit, at least 1kbit")},
        {"FRAMES", take_frames, N_("a number of frames from 1 to 4096")},
        {"BYTES", take_bytes, N_("a number of bytes from 576 to 1500")},
        {"silent", take_silent, N_("silent, or nothing")},
        {"seed", NULL, N_("seed and a number, or nothing")},
};

static const struct part *find_part(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strlen(parts[i].name) == len && strncmp(parts[i].name, name, len) == 0)
			return &parts[i];
	}
	return NULL;
}

/* ---- matching words with a form ---- */

struct words_of {
	char at[MAX_WORDS][WORD_BYTES];
	int n;
};

struct match {
	struct wire_fault fault;
	int n;                     /* words that fit, from the first on */
	const struct part *wanted; /* instead of word n; NULL: nothing more */
	bool fits;
};

/* 0, or -1 when there are too many words, or too long ones: no form has them. */
static int split(struct words_of *words, const char *from)
{
	words->n = 0;
	for (;;) {
		from += strspn(from, " \t");
		size_t len = strcspn(from, " \t");
		if (len == 0)
			return 0;
		if (words->n == MAX_WORDS || len >= WORD_BYTES)
			return -1;
		memcpy(words->at[words->n], from, len);
		words->at[words->n++][len] = '\0';
		from += len;
	}
}

/* Matches one part with the next word. */
static bool match_part(struct match *m, const struct words_of *words, const char *name, size_t len)
{
	const struct part *part = find_part(name, len);
	m->wanted = part;
	if (m->n == words->n)
		return false;
	const char *word = words->at[m->n];
	bool good = part && part->take ? part->take(&m->fault, word)
	                               : strlen(word) == len && strncmp(word, name, len) == 0;
	m->n += good;
	if (good)
		m->wanted = NULL;
	return good;
}

/* Matches parts up to the end or a bracket; *form is left there. */
static bool match_parts(struct match *m, const struct words_of *words, const char **form)
{
	bool good = true;
	for (;;) {
		*form += strspn(*form, " ");
		size_t len = strcspn(*form, " []");
		if (len == 0)
			return good;
		good = good && match_part(m, words, *form, len);
		*form += len;
	}
}

static struct match match_form(const struct form *form, const struct words_of *words)
{
	struct match m = {
	        .fault = {.effect = form->effect, .by_chance = form->by_chance, .seed = 1}};
	const char *at = form->words;
	m.fits = true;
	while (*at && m.fits) {
		bool optional = *at == '[';
		struct match before = m;
		at += optional;
		m.fits = match_parts(&m, words, &at);
		if (!m.fits && optional && m.n == before.n) {
			const struct part *wanted = m.wanted;
			m = before; /* left out */
			m.wanted = wanted;
		}
		at += *at == ']';
	}
	m.fits = m.fits && m.n == words->n;
	return m;
}

/* ---- messages ---- */

static bool is_listed(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], word) == 0)
			return true;
	}
	return false;
}

static int unknown_verb(const char *verb, struct err *err)
{
	char storage[N_FORMS][WORD_BYTES];
	const char *verbs[N_FORMS];
	size_t n = 0;
	TEXT(near, 256);
	TEXT(name, 128);
	for (size_t i = 0; i < N_FORMS; i++) {
		struct text t = text_of(storage[i], WORD_BYTES);
		text_add_bytes(&t, forms[i].words, strcspn(forms[i].words, " "));
		if (!is_listed(t.bytes, verbs, n))
			verbs[n++] = storage[i];
	}
	text_add_terminal(&name, verb, strlen(verb));
	nearest_words(&near, verb, verbs, n);
	return err_set(err, _("--fault: there is no fault '%s'; there is %s (as in '%s')"),
	               name.bytes, near.bytes, forms[0].example);
}

static int no_fit(const struct words_of *words, const struct match *best, const char *example,
                  struct err *err)
{
	TEXT(word, 64);
	if (best->n < words->n)
		text_add_terminal(&word, words->at[best->n], strlen(words->at[best->n]));
	if (best->n == words->n)
		return err_set(err, _("--fault: behind '%s' is missing: %s; as in '%s'"),
		               words->at[words->n - 1], best->wanted ? _(best->wanted->what) : "",
		               example);
	if (!best->wanted)
		return err_set(err, _("--fault: '%s' is too much; as in '%s'"), word.bytes,
		               example);
	return err_set(err, _("--fault: in place of '%s' comes %s; as in '%s'"), word.bytes,
	               _(best->wanted->what), example);
}

static bool has_verb(const struct form *form, const char *verb)
{
	size_t len = strcspn(form->words, " ");
	return strlen(verb) == len && strncmp(form->words, verb, len) == 0;
}

static void keep_text(struct wire_fault *fault, const struct words_of *words)
{
	struct text t = text_of(fault->text, sizeof fault->text);
	for (int i = 0; i < words->n; i++) {
		text_add(&t, i ? " " : "");
		text_add(&t, words->at[i]);
	}
}

/* Of the forms that begin with this verb the one that fits, or fits furthest. NULL: none begins so.
 */
static const struct form *nearest_form(struct match *best, const struct words_of *words)
{
	const struct form *nearest = NULL;
	*best = (struct match){.n = -1};
	for (size_t i = 0; i < N_FORMS && !best->fits; i++) {
		if (!has_verb(&forms[i], words->at[0]))
			continue;
		struct match m = match_form(&forms[i], words);
		/* equally far: numbers stand earlier in the later forms */
		bool digit = m.n < words->n && isdigit((unsigned char)words->at[m.n][0]);
		if (m.fits || m.n > best->n || (m.n == best->n && digit)) {
			*best = m;
			nearest = &forms[i];
		}
	}
	return nearest;
}

int wire_fault_parse(struct wire_fault *fault, const char *words, struct err *err)
{
	struct words_of list;
	struct match best;
	if (split(&list, words) < 0 || list.n == 0)
		return err_set(err, _("--fault takes some short words, as in '%s'"),
		               forms[0].example);
	const struct form *form = nearest_form(&best, &list);
	if (!form)
		return unknown_verb(list.at[0], err);
	if (!best.fits)
		return no_fit(&list, &best, form->example, err);
	*fault = best.fault;
	keep_text(fault, &list);
	return 0;
}

/* ---- lists of faults ---- */

int wire_faults_add(struct wire_faults *faults, const char *words, struct err *err)
{
	if (faults->n == WIRE_MAX_FAULTS)
		return err_set(err, _("--fault: at most %d faults at once"), WIRE_MAX_FAULTS);
	if (wire_fault_parse(&faults->all[faults->n], words, err) < 0)
		return -1;
	faults->n++;
	return 0;
}

const struct wire_fault *wire_faults_find(const struct wire_faults *faults, enum wire_effect effect)
{
	for (int i = faults->n - 1; i >= 0; i--) {
		if (faults->all[i].effect == effect)
			return &faults->all[i];
	}
	return NULL;
}

int wire_faults_check(const struct wire_faults *faults, bool ipv6, struct err *err)
{
	const struct wire_fault *mtu = wire_faults_find(faults, EFFECT_MTU);
	const struct wire_fault *queue = wire_faults_find(faults, EFFECT_QUEUE);
	if (queue && !wire_faults_find(faults, EFFECT_RATE))
		return err_set(err,
		               _("--fault '%s' needs a rate too, such as --fault 'rate 1mbit': "
		                 "without one nothing waits"),
		               queue->text);
	if (mtu && ipv6 && mtu->size < WIRE_IPV6_MTU_MIN)
		return err_set(err,
		               _("--fault '%s': every link of IPv6 carries %d bytes (RFC 8200 "
		                 "section 5)"),
		               mtu->text, WIRE_IPV6_MTU_MIN);
	return 0;
}
