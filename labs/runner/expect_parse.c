/* expect_parse.c: from a line of the file `expect` to a struct expectation. A table of first words;
 * each has a function that reads the rest of the line. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"
#include "runner/nearest.h"

enum { MAX_WORDS = 40, TOLERANCE_PERCENT = 30 };

static int scan_expectation(struct scan *scan, struct expectation *x);

/* ---- counts, bytes ---- */

static int scan_counted(struct scan *scan, struct expectation *x)
{
	x->kind = EXPECT_COUNT;
	if (scan_count(scan, &x->count) < 0)
		return -1;
	return scan_range(scan, &x->range, scan_number);
}

/* "data client", "datagram server[2]", the first word has been taken. */
static int scan_bytes(struct scan *scan, bool datagram, struct expect_bytes *bytes)
{
	int side = scan_side(scan);
	if (side < 0)
		return -1;
	*bytes = (struct expect_bytes){.datagram = datagram, .side = (uint8_t)side};
	return datagram ? scan_nth(scan, &bytes->nth) : 0;
}

/* What stands behind "=": the other bytes. */
static int scan_other_bytes(struct scan *scan, struct expectation *x)
{
	static const char *const words[] = {"data", "datagram"};
	x->how = BYTES_EQUAL;
	int i = scan_one_of(scan, _("what it is compared with"), words, 2);
	return i < 0 ? -1 : scan_bytes(scan, i == 1, &x->other);
}

static int scan_content(struct scan *scan, struct expectation *x)
{
	static const char *const hows[] = {"=", "begins", "ends", "contains"};
	static const uint8_t meanings[] = {BYTES_EQUAL, BYTES_BEGIN, BYTES_END, BYTES_CONTAIN};
	x->kind = EXPECT_BYTES;
	x->how = BYTES_ARE;
	if (*scan->at == '"')
		return scan_text(scan, x->text, &x->text_len);
	int i = scan_one_of(scan, _("what is true of the bytes"), hows, 4);
	if (i < 0)
		return -1;
	x->how = meanings[i];
	if (x->how != BYTES_EQUAL)
		return scan_text(scan, x->text, &x->text_len);
	return scan_other_bytes(scan, x);
}

/* "data client = 13" counts, "data client = data server" compares. */
static int scan_data(struct scan *scan, struct expectation *x)
{
	struct scan ahead = *scan;
	char word[SCAN_WORD];
	(void)scan_take(&ahead, "data");
	if (!scan_take(&ahead, side_name(CLIENT)) && !scan_take(&ahead, side_name(SERVER)))
		return scan_counted(scan, x);
	scan_peek(&ahead, word);
	bool counts = strcmp(word, "in") == 0 || (word[0] != '\0' && strchr("=<>!", word[0]));
	if (scan_take(&ahead, "=")) {
		scan_peek(&ahead, word);
		counts = strncmp(word, "data", 4) != 0;
	}
	if (counts)
		return scan_counted(scan, x);
	(void)scan_take(scan, "data");
	return scan_bytes(scan, false, &x->bytes) < 0 ? -1 : scan_content(scan, x);
}

static int scan_datagram(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "datagram");
	return scan_bytes(scan, true, &x->bytes) < 0 ? -1 : scan_content(scan, x);
}

/* ---- events ---- */

/* "EVENT before EVENT before EVENT", or a single one. */
static int scan_chain(struct scan *scan, struct expectation *x)
{
	x->kind = EXPECT_ORDER;
	do {
		if (x->n_events == EXPECT_CHAIN)
			return err_set(scan->err, _("at most %d events in a row"), EXPECT_CHAIN);
		if (scan_event(scan, &x->events[x->n_events++]) < 0)
			return -1;
	} while (scan_take(scan, "before"));
	return 0;
}

static int scan_order(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "order:");
	if (scan_chain(scan, x) < 0)
		return -1;
	return x->n_events > 1 ? 0 : err_set(scan->err, _("an order needs EVENT before EVENT"));
}

static int scan_kernel(struct scan *scan, struct expectation *x)
{
	const char *states[N_TCP_STATES];
	int side;
	(void)scan_take(scan, "kernel");
	for (int i = 0; i < N_TCP_STATES; i++)
		states[i] = tcp_state_name((enum tcp_state)i);
	x->kind = EXPECT_KERNEL;
	if ((side = scan_side(scan)) < 0)
		return -1;
	x->side = (uint8_t)side;
	if (scan_set(scan, _("a state"), states, N_TCP_STATES, &x->set) < 0)
		return -1;
	if (scan_take(scan, "at") && !scan_take(scan, "end"))
		return err_set(scan->err, _("'at end' is meant, not '%s'"), scan->at);
	return 0;
}

static int scan_never(struct scan *scan, struct expectation *x)
{
	char word[SCAN_WORD];
	(void)scan_take(scan, "never");
	x->negative = true;
	scan_peek(scan, word);
	if (strcmp(word, "kernel") == 0)
		return scan_kernel(scan, x);
	x->kind = EXPECT_ORDER;
	x->n_events = 1;
	return scan_event(scan, &x->events[0]);
}

/* ---- how connections end ---- */

/* "in", which a single word may do without. */
static int scan_in(struct scan *scan)
{
	if (scan_take(scan, "in") || scan_take(scan, "="))
		return 0;
	return err_set(scan->err, _("'in {…}' is expected at '%s'"), scan->at);
}

static int scan_first_fin(struct scan *scan, struct expectation *x)
{
	const char *const sides[] = {side_name(CLIENT), side_name(SERVER)};
	(void)scan_take(scan, "first-fin");
	x->kind = EXPECT_FIRST_FIN;
	if (scan_in(scan) < 0)
		return -1;
	return scan_set(scan, _("a side"), sides, N_SIDES, &x->set);
}

/* As enum close_kind, but that not to be closed is called open here. */
static int scan_close(struct scan *scan, struct expectation *x)
{
	const char *words[N_CLOSE_KINDS] = {"open"};
	for (int i = 1; i < N_CLOSE_KINDS; i++)
		words[i] = close_kind_name((enum close_kind)i);
	(void)scan_take(scan, "close");
	x->kind = EXPECT_CLOSE;
	if (scan_in(scan) < 0)
		return -1;
	return scan_set(scan, _("a way to close"), words, N_CLOSE_KINDS, &x->set);
}

static int scan_ends(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "ends");
	x->kind = EXPECT_ENDS;
	int side = scan_side(scan);
	if (side < 0)
		return -1;
	x->side = (uint8_t)side;
	return scan_range(scan, &x->range, scan_number);
}

/* ---- times ---- */

/* "~ 1s ±30%": so much more or less. */
static int scan_about(struct scan *scan, struct expect_range *range)
{
	int64_t ns, percent = TOLERANCE_PERCENT;
	if (scan_span(scan, &ns) < 0)
		return -1;
	size_t sign = strncmp(scan->at, "±", strlen("±")) == 0 ? strlen("±")
	              : strncmp(scan->at, "+-", 2) == 0        ? 2
	                                                       : 0;
	if (sign > 0) {
		char word[SCAN_WORD];
		scan->at += sign;
		scan_peek(scan, word);
		char *end;
		percent = strtol(word, &end, 10);
		if (end == word || strcmp(end, "%") != 0 || percent < 1 || percent > 1000)
			return err_set(scan->err, _("±30%% is meant, not ±%s"), word);
		(void)scan_take(scan, word);
	}
	*range = (struct expect_range){ns - ns / 100 * percent, ns + ns / 100 * percent, false};
	return 0;
}

static int scan_gap(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "gap");
	x->kind = EXPECT_GAP;
	x->n_events = 2;
	if (scan_event(scan, &x->events[0]) < 0 || scan_event(scan, &x->events[1]) < 0)
		return -1;
	if (scan_take(scan, "~"))
		return scan_about(scan, &x->range);
	return scan_range(scan, &x->range, scan_span);
}

static int scan_nothing(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "nothing");
	x->kind = EXPECT_NOTHING;
	if (!scan_take(scan, "within"))
		return err_set(scan->err, _("'nothing within TIME after EVENT' is meant"));
	if (scan_span(scan, &x->span_ns) < 0)
		return -1;
	if (!scan_take(scan, "after"))
		return err_set(scan->err, _("'after' is expected at '%s'"), scan->at);
	x->n_events = 1;
	return scan_event(scan, &x->events[0]);
}

static int scan_each(struct scan *scan, struct expectation *x)
{
	(void)scan_take(scan, "each");
	if (!scan_take(scan, "connection:"))
		return err_set(scan->err, _("'each connection:' is meant"));
	if (x->each_connection)
		return err_set(scan->err, _("'each connection:' is there twice"));
	x->each_connection = true;
	return scan_expectation(scan, x);
}

/* ---- the table ---- */

static const struct statement {
	const char *word;
	int (*scan)(struct scan *scan, struct expectation *x);
} statements[] = {
        {"data", scan_data},    {"datagram", scan_datagram},   {"order:", scan_order},
        {"never", scan_never},  {"first-fin", scan_first_fin}, {"close", scan_close},
        {"gap", scan_gap},      {"nothing", scan_nothing},     {"kernel", scan_kernel},
        {"ends", scan_ends},    {"each", scan_each},           {"client", scan_chain},
        {"server", scan_chain},
};
enum { N_STATEMENTS = sizeof statements / sizeof *statements };

/* The line begins with a word that begins none. */
static int unknown(struct scan *scan)
{
	const char *words[MAX_WORDS];
	size_t n = 0;
	for (size_t i = 0; i < N_STATEMENTS; i++)
		words[n++] = statements[i].word;
	n += expect_count_words(words + n, MAX_WORDS - n);
	return scan_one_of(scan, _("how an expectation begins"), words, n) < 0 ? -1 : 0;
}

static int scan_expectation(struct scan *scan, struct expectation *x)
{
	char word[SCAN_WORD];
	scan_peek(scan, word);
	for (size_t i = 0; i < N_STATEMENTS; i++)
		if (strcmp(statements[i].word, word) == 0)
			return statements[i].scan(scan, x);
	if (scan_is_field_of(scan))
		return scan_field_is(scan, x);
	return scan_is_count(scan) ? scan_counted(scan, x) : unknown(scan);
}

int expect_parse(struct expectation *x, const char *words, struct err *err)
{
	*x = (struct expectation){.line = 0};
	struct scan scan = scan_of(words, err);
	size_t n = strlen(scan.at);
	while (n > 0 && strchr(" \t\r\n", scan.at[n - 1]))
		n--;
	if (n >= sizeof x->words)
		return err_set(err, _("this expectation is too long"));
	memcpy(x->words, scan.at, n);
	x->words[n] = '\0';
	scan = scan_of(x->words, err);
	return scan_expectation(&scan, x) < 0 ? -1 : scan_end(&scan);
}
