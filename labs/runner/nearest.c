/* nearest.c: the edit distance of Levenshtein between short words, one row at a time. It must not
 * know what the words mean. */
#include "runner/nearest.h"

#include <string.h>

enum { WORD_MAX = 64, NEAR = 2 };

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return least < c ? least : c;
}

/* How many letters must be inserted, removed or replaced to make b of a. Words longer than
 * WORD_MAX are far from everything. */
static size_t distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b), row[WORD_MAX + 1];
	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0]; /* of the row before */
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];
			row[j] = smallest(above + 1, row[j - 1] + 1,
			                  diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

static bool is_near(const char *word, const char *candidate)
{
	return (word[0] != '\0' && strstr(candidate, word) != NULL) ||
	       distance(word, candidate) <= NEAR;
}

void nearest_words(struct text *t, const char *word, const char *const *words, size_t n)
{
	size_t n_near = 0;
	for (size_t i = 0; i < n; i++)
		n_near += is_near(word, words[i]);
	const char *separator = "";
	for (size_t i = 0; i < n; i++) {
		if (n_near > 0 && !is_near(word, words[i]))
			continue;
		text_add(t, separator);
		text_add(t, words[i]);
		separator = ", ";
	}
}
