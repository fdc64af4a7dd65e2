/* filter.c: see filter.h. Reads the expression (or: and { "||" and }; and: not { "&&" not }; not:
 * { "!" } primary; primary: "(" or ")" | name [operator value]) and works through its postfix form.
 * Names are in filter_names.c, values in filter_value.c. */
#include "filter.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "event/schema.h"
#include "filter_parts.h"

/* ---- words ---- */

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_SIGN, TOKEN_BROKEN };

struct token {
	enum token_kind kind;
	const char *at; /* in the expression; of a string: behind its quote */
	size_t n;
};

struct parser {
	struct filter *filter;
	const char *start, *next;
	struct token token;
	unsigned depth;
	size_t *at;
	struct err *err;
};

static bool ends_word(char c)
{
	return c == '\0' || strchr(" \t\r\n()!=<>&|\"'", c) != NULL;
}

static struct token read_string(const char *at)
{
	const char *end = strchr(at + 1, *at);
	struct token token = {end ? TOKEN_STRING : TOKEN_BROKEN, at + 1, 0};
	if (end)
		token.n = (size_t)(end - token.at);
	return token;
}

static struct token read_token(const char *at)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "&&", "||", "<",
	                                    ">",  "=",  "!",  "(",  ")",  "&",  "|"};
	at += strspn(at, " \t\r\n");
	struct token token = {TOKEN_END, at, 0};
	if (*at == '"' || *at == '\'')
		return read_string(at);
	while (!ends_word(at[token.n]))
		token.n++;
	token.kind = token.n > 0 ? TOKEN_WORD : TOKEN_END;
	for (size_t i = 0; i < sizeof signs / sizeof signs[0] && token.n == 0; i++) {
		if (strncmp(at, signs[i], strlen(signs[i])) != 0)
			continue;
		token.kind = TOKEN_SIGN;
		token.n = strlen(signs[i]);
	}
	return token;
}

static void advance(struct parser *p)
{
	p->token = read_token(p->next);
	p->next = p->token.at + p->token.n + (p->token.kind == TOKEN_STRING ? 1 : 0);
}

/* Is the token this word or sign? */
static bool at_word(const struct parser *p, const char *word)
{
	return (p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_SIGN) &&
	       p->token.n == strlen(word) && strncasecmp(p->token.at, word, p->token.n) == 0;
}

/* Takes the token if it is one of the two. */
static bool take(struct parser *p, const char *sign, const char *word)
{
	if (!at_word(p, sign) && !at_word(p, word))
		return false;
	advance(p);
	return true;
}

static int fail_at(struct parser *p, const struct token *token, const char *sentence)
{
	TEXT(safe, 96);
	size_t at = (size_t)(token->at - p->start), n = token->n < 60 ? token->n : 60;
	text_add_safe(&safe, token->at, n);
	if (p->at)
		*p->at = at;
	if (safe.len == 0)
		return err_set(p->err, _("at %zu: %s"), at + 1, sentence);
	return err_set(p->err, _("at %zu, %s: %s"), at + 1, safe.bytes, sentence);
}

static int fail(struct parser *p, const char *sentence)
{
	return fail_at(p, &p->token, sentence);
}

/* ---- tests ---- */

static int emit(struct parser *p, enum filter_step step, unsigned test)
{
	struct filter *f = p->filter;
	if (f->n_code == FILTER_CODE_MAX)
		return fail(p, _("the filter is too long"));
	f->code[f->n_code].step = (uint8_t)step;
	f->code[f->n_code++].test = (uint8_t)test;
	return 0;
}

static enum filter_op find_op(const struct parser *p)
{
	static const struct {
		const char *word;
		enum filter_op op;
	} words[] = {
	        {"==", OP_EQUAL},         {"=", OP_EQUAL},           {"eq", OP_EQUAL},
	        {"!=", OP_UNEQUAL},       {"ne", OP_UNEQUAL},        {"<", OP_LESS},
	        {"lt", OP_LESS},          {"<=", OP_LESS_EQUAL},     {"le", OP_LESS_EQUAL},
	        {">", OP_GREATER},        {"gt", OP_GREATER},        {">=", OP_GREATER_EQUAL},
	        {"ge", OP_GREATER_EQUAL}, {"contains", OP_CONTAINS},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (at_word(p, words[i].word))
			return words[i].op;
	return OP_PRESENT;
}

/* Takes away the members that cannot be compared so; false when none is left. */
static bool keep_fitting(struct filter_test *test, struct text *why)
{
	bool any = false;
	for (unsigned which = 0; which < 2; which++)
		for (unsigned kind = 0; kind < N_EVENT_KINDS; kind++) {
			const struct member **m = &test->members[which][kind];
			if (*m && !filter_fits(*m, test->op, &test->value, why))
				*m = NULL;
			any = any || *m;
		}
	return any;
}

static bool kind_fits(const struct filter_test *test, struct text *why)
{
	bool known = test->op == OP_PRESENT || test->op == OP_CONTAINS;
	text_add(why, _("it is one of"));
	for (unsigned kind = 0; kind < N_EVENT_KINDS; kind++) {
		const char *name = event_kind_name((enum event_kind)kind);
		text_add(why, kind > 0 ? ", " : " ");
		text_add(why, name);
		known = known || filter_compare_text(name, strlen(name), OP_EQUAL, &test->value);
	}
	return known && (test->op == OP_EQUAL || test->op == OP_UNEQUAL || test->op == OP_CONTAINS);
}

/* Does the comparison make sense at all? */
static bool test_fits(struct filter_test *test, struct text *why)
{
	if (test->op == OP_PRESENT || test->subject == SUBJECT_MEMBER)
		return keep_fitting(test, why) || test->subject != SUBJECT_MEMBER;
	if (test->subject == SUBJECT_KIND)
		return kind_fits(test, why);
	if (test->subject == SUBJECT_FIELD)
		return true;
	text_add(why, _("a flag or label is there or not: compare it with 1 or 0, or leave that "
	                "away"));
	return test->value.is_number && test->op != OP_CONTAINS;
}

/* The value behind an operator. */
static int parse_value(struct parser *p, struct filter_test *test)
{
	bool is_value = p->token.kind == TOKEN_WORD || p->token.kind == TOKEN_STRING;
	if (!is_value)
		return fail(p, p->token.kind == TOKEN_BROKEN ? _("the quote is not closed")
		                                             : _("a value is missing here"));
	if (!filter_read_value(&test->value, p->token.at, p->token.n,
	                       p->token.kind == TOKEN_STRING))
		return fail(p, _("this value is too long"));
	return 0;
}

static int parse_operator(struct parser *p, struct filter_test *test, const struct token *name)
{
	TEXT(why, 400);
	enum filter_op op = find_op(p);
	if (op != OP_PRESENT) {
		if (test->op != OP_PRESENT) /* "udp == 3": a whole comparison already */
			return fail_at(p, name, _("this name stands alone"));
		advance(p);
		test->op = op;
		if (parse_value(p, test) < 0)
			return -1;
	}
	if (!test_fits(test, &why))
		return fail(p, why.bytes);
	if (op != OP_PRESENT)
		advance(p);
	return 0;
}

static int parse_test(struct parser *p)
{
	struct token name = p->token;
	if (name.kind == TOKEN_BROKEN)
		return fail(p, _("the quote is not closed"));
	if (name.kind != TOKEN_WORD)
		return fail(p, _("a name is missing here"));
	if (p->filter->n_tests == FILTER_TESTS_MAX)
		return fail(p, _("the filter is too long"));
	struct filter_test *test = &p->filter->tests[p->filter->n_tests];
	if (!filter_find_name(test, name.at, name.n)) {
		TEXT(why, 300);
		text_add(&why, _("no such name"));
		filter_add_near(&why, name.at, name.n);
		return fail(p, why.bytes);
	}
	advance(p);
	if (parse_operator(p, test, &name) < 0)
		return -1;
	return emit(p, STEP_TEST, p->filter->n_tests++);
}

/* ---- expressions ---- */

static int parse_or(struct parser *p);

static int parse_primary(struct parser *p)
{
	if (!take(p, "(", "("))
		return parse_test(p);
	if (parse_or(p) < 0)
		return -1;
	if (!take(p, ")", ")"))
		return fail(p, _("a ) is missing here"));
	return 0;
}

/* Recursion goes through here, and is bounded here. NOLINTNEXTLINE(misc-no-recursion) */
static int parse_not(struct parser *p)
{
	bool negate = false;
	while (take(p, "!", "not"))
		negate = !negate;
	if (++p->depth > FILTER_DEPTH_MAX)
		return fail(p, _("too many parentheses inside one another"));
	if (parse_primary(p) < 0)
		return -1;
	p->depth--;
	return negate ? emit(p, STEP_NOT, 0) : 0;
}

static int parse_and(struct parser *p)
{
	if (parse_not(p) < 0)
		return -1;
	while (take(p, "&&", "and"))
		if (parse_not(p) < 0 || emit(p, STEP_AND, 0) < 0)
			return -1;
	return 0;
}

static int parse_or(struct parser *p)
{
	if (parse_and(p) < 0)
		return -1;
	while (take(p, "||", "or"))
		if (parse_and(p) < 0 || emit(p, STEP_OR, 0) < 0)
			return -1;
	return 0;
}

int filter_compile(struct filter *filter, const char *expression, size_t *at, struct err *err)
{
	struct parser p = {
	        .filter = filter, .start = expression, .next = expression, .at = at, .err = err};
	filter->n_tests = 0;
	filter->n_code = 0;
	advance(&p);
	if (p.token.kind == TOKEN_END && *p.token.at == '\0')
		return 0;
	if (parse_or(&p) < 0)
		return -1;
	if (p.token.kind != TOKEN_END || *p.token.at != '\0')
		return fail(&p, _("&& or || is missing before this"));
	return 0;
}

/* ---- evaluating ---- */

static bool test_members(const struct filter_test *test, const struct event *event)
{
	const uint8_t *e = (const uint8_t *)event;
	bool any = false, all = true, present = false;
	for (unsigned which = 0; which < 2; which++) {
		const struct member *m = test->members[which][event->kind];
		if (!m || !member_present(m, e))
			continue;
		bool answer = filter_compare(m, e, test->op, &test->value);
		present = true;
		any = any || answer;
		all = all && answer;
	}
	return present && (test->op == OP_UNEQUAL ? all : any);
}

static bool test_bit(const struct filter_test *test, const struct event *event)
{
	const struct segment *s = &event->segment;
	if (event->kind != EVENT_SEGMENT)
		return false;
	uint32_t have = test->subject == SUBJECT_FLAG ? s->flags : s->analysis.flags;
	int64_t is_set = (have & test->bits) != 0;
	if (test->op == OP_PRESENT)
		return is_set;
	return filter_answer(test->op,
	                     (is_set > test->value.number) - (is_set < test->value.number));
}

static bool test_event(const struct filter_test *test, const struct event *event)
{
	const char *kind = event_kind_name(event->kind);
	switch (test->subject) {
	case SUBJECT_MEMBER:
		return test_members(test, event);
	case SUBJECT_KIND:
		return test->op == OP_PRESENT ||
		       filter_compare_text(kind, strlen(kind), test->op, &test->value);
	case SUBJECT_FLAG:
	case SUBJECT_LABEL:
		return test_bit(test, event);
	case SUBJECT_FIELD:
		return filter_test_field(test, event);
	}
	return false;
}

bool filter_matches(void *arg, const struct event *event)
{
	/* each level of parentheses holds at most one side of an || and one of an && */
	enum { STACK = 2 * FILTER_DEPTH_MAX + 4 };
	const struct filter *f = arg;
	bool stack[STACK];
	unsigned n = 0;
	for (unsigned i = 0; i < f->n_code; i++) {
		enum filter_step step = (enum filter_step)f->code[i].step;
		assert(n < STACK && (step == STEP_TEST || n > (step != STEP_NOT)));
		if (step == STEP_TEST) {
			stack[n++] = test_event(&f->tests[f->code[i].test], event);
			continue;
		}
		bool right = stack[--n];
		if (step == STEP_NOT)
			stack[n++] = !right;
		else if (step == STEP_AND)
			stack[n - 1] = stack[n - 1] && right;
		else
			stack[n - 1] = stack[n - 1] || right;
	}
	return n == 0 || stack[0];
}
