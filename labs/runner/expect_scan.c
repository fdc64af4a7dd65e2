/* expect_scan.c: see expect_scan.h. */
#include "runner/expect_scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "runner/nearest.h"

static void pass_blanks(struct scan *scan)
{
	scan->at += strspn(scan->at, " \t");
}

struct scan scan_of(const char *line, struct err *err)
{
	struct scan scan = {.at = line, .err = err};
	pass_blanks(&scan);
	return scan;
}

static bool is_at_end(const struct scan *scan)
{
	return *scan->at == '\0';
}

/* "SYN,ACK" is one word, "client, server" are two. */
static size_t word_len(const char *at)
{
	size_t n = 0;
	while (at[n] != '\0' && !strchr(" \t\"{}[", at[n]) &&
	       !(at[n] == ',' && (at[n + 1] == '\0' || strchr(" \t{}", at[n + 1]))))
		n++;
	return n;
}

void scan_peek(const struct scan *scan, char word[static SCAN_WORD])
{
	size_t n = word_len(scan->at);
	n = n < SCAN_WORD ? n : SCAN_WORD - 1;
	memcpy(word, scan->at, n);
	word[n] = '\0';
}

static void pass(struct scan *scan, size_t n)
{
	scan->at += n;
	pass_blanks(scan);
}

bool scan_take(struct scan *scan, const char *word)
{
	size_t n = word_len(scan->at);
	if (n != strlen(word) || strncmp(scan->at, word, n) != 0)
		return false;
	pass(scan, n);
	return true;
}

int scan_word(struct scan *scan, char *word, size_t size, const char *what)
{
	size_t n = word_len(scan->at);
	if (n == 0)
		return err_set(scan->err, _("%s is missing before '%s'"), what, scan->at);
	if (n >= size)
		return err_set(scan->err, _("'%.*s' is too long for %s"), (int)n, scan->at, what);
	memcpy(word, scan->at, n);
	word[n] = '\0';
	pass(scan, n);
	return 0;
}

int scan_one_of(struct scan *scan, const char *what, const char *const *words, size_t n)
{
	char word[SCAN_WORD];
	TEXT(near, 300);
	scan_peek(scan, word);
	for (size_t i = 0; i < n; i++)
		if (scan_take(scan, words[i]))
			return (int)i;
	nearest_words(&near, word, words, n);
	if (word[0] == '\0')
		return err_set(scan->err, _("%s is missing before '%s': %s"), what, scan->at,
		               near.bytes);
	return err_set(scan->err, _("'%s' is not %s; there is %s"), word, what, near.bytes);
}

int scan_side(struct scan *scan)
{
	const char *const sides[] = {side_name(CLIENT), side_name(SERVER)};
	return scan_one_of(scan, _("a side"), sides, N_SIDES);
}

int scan_nth(struct scan *scan, uint32_t *nth)
{
	char *end;
	*nth = 0;
	if (*scan->at != '[')
		return 0;
	errno = 0;
	long number = strtol(scan->at + 1, &end, 10);
	if (errno != 0 || end == scan->at + 1 || *end != ']' || number < 1 || number > 1000000)
		return err_set(scan->err, _("'%s': which one is a number, such as [2]"), scan->at);
	*nth = (uint32_t)number;
	pass(scan, (size_t)(end + 1 - scan->at));
	return 0;
}

int scan_number(struct scan *scan, int64_t *number)
{
	char *end;
	errno = 0;
	*number = strtoll(scan->at, &end, 10);
	if (errno != 0 || end == scan->at || isalnum((unsigned char)*end) ||
	    isspace((unsigned char)*scan->at))
		return err_set(scan->err, _("a number is expected at '%s'"), scan->at);
	pass(scan, (size_t)(end - scan->at));
	return 0;
}

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
        {"ms", NS_PER_MS}, {"s", NS_PER_SECOND}, {"us", NS_PER_US}, {"min", 60 * NS_PER_SECOND}};

int scan_span(struct scan *scan, int64_t *ns)
{
	char *end;
	double value = strtod(scan->at, &end);
	size_t n = strspn(end, "abcdefghijklmnopqrstuvwxyz");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (end == scan->at || n != strlen(units[i].name) ||
		    strncmp(end, units[i].name, n) != 0 || !(value >= 0 && value < 1e6))
			continue;
		*ns = (int64_t)(value * (double)units[i].ns + 0.5);
		pass(scan, (size_t)(end - scan->at) + n);
		return 0;
	}
	return err_set(scan->err, _("a time is expected at '%s', such as 300ms or 1.5s"), scan->at);
}

/* ---- ranges ---- */

static const char *const operators[] = {"=", "!=", "<", "<=", ">", ">=", "in"};
enum { OP_EQUAL, OP_NOT, OP_LESS, OP_MOST, OP_MORE, OP_LEAST, OP_IN, N_OPS };

/* "2..4": the dots end the first number. */
static int scan_dots(struct scan *scan)
{
	if (strncmp(scan->at, "..", 2) != 0)
		return err_set(scan->err, _("'in' is followed by A..B, not '%s'"), scan->at);
	pass(scan, 2);
	return 0;
}

int scan_range(struct scan *scan, struct expect_range *range,
               int (*read)(struct scan *scan, int64_t *number))
{
	int64_t n, most = 0;
	int op = scan_one_of(scan, _("a comparison"), operators, N_OPS);
	if (op < 0 || read(scan, &n) < 0)
		return -1;
	if (op == OP_IN && (scan_dots(scan) < 0 || read(scan, &most) < 0))
		return -1;
	const struct expect_range ranges[N_OPS] = {
	        [OP_EQUAL] = {n, n, false},
	        [OP_NOT] = {n, n, true},
	        [OP_LESS] = {INT64_MIN, n - 1, false},
	        [OP_MOST] = {INT64_MIN, n, false},
	        [OP_MORE] = {n + 1, INT64_MAX, false},
	        [OP_LEAST] = {n, INT64_MAX, false},
	        [OP_IN] = {n, most, false},
	};
	*range = ranges[op];
	if (range->least > range->most)
		return err_set(scan->err, _("nothing is in that range"));
	return 0;
}

/* ---- sets and texts ---- */

int scan_set(struct scan *scan, const char *what, const char *const *words, size_t n, uint32_t *set)
{
	bool braces = *scan->at == '{';
	*set = 0;
	if (braces)
		pass(scan, 1);
	for (;;) {
		int i = scan_one_of(scan, what, words, n);
		if (i < 0)
			return -1;
		*set |= UINT32_C(1) << i;
		if (!braces || *scan->at != ',')
			break;
		pass(scan, 1);
	}
	if (braces && *scan->at != '}')
		return err_set(scan->err, _("'{' without '}' at '%s'"), scan->at);
	if (braces)
		pass(scan, 1);
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
	return found ? (int)(found - digits) : -1;
}

/* What the letters behind a backslash stand for; *at is put behind them. -1: nothing. */
static int unescape(const char **at)
{
	static const char letters[] = "nrt\\\"", bytes[] = "\n\r\t\\\"";
	char letter = **at;
	const char *found = letter ? strchr(letters, letter) : NULL;
	if (found) {
		(*at)++;
		return bytes[found - letters];
	}
	if (letter != 'x' || hex_digit((*at)[1]) < 0 || hex_digit((*at)[2]) < 0)
		return -1;
	int byte = hex_digit((*at)[1]) * 16 + hex_digit((*at)[2]);
	*at += 3;
	return byte;
}

int scan_text(struct scan *scan, char text[static EXPECT_LINE], uint16_t *len)
{
	size_t n = 0;
	const char *at = scan->at;
	if (*at++ != '"')
		return err_set(scan->err, _("a text in quotes is expected at '%s'"), scan->at);
	while (*at != '"' && *at != '\0' && n < EXPECT_LINE) {
		int byte = (unsigned char)*at++;
		if (byte == '\\')
			byte = unescape(&at);
		if (byte < 0)
			return err_set(scan->err,
			               _("only \\n \\r \\t \\\\ \\\" and \\xHH are known in %s"),
			               scan->at);
		text[n++] = (char)byte;
	}
	if (*at != '"')
		return err_set(scan->err, _("this text has no closing quote: %s"), scan->at);
	*len = (uint16_t)n;
	pass(scan, (size_t)(at + 1 - scan->at));
	return 0;
}

int scan_end(const struct scan *scan)
{
	return is_at_end(scan) ? 0 : err_set(scan->err, _("nothing is expected at '%s'"), scan->at);
}
