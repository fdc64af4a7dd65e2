/* say.c: sentences with {words}. No printf: this runs for every segment that is explained. */
#include <string.h>

#include "explain/rule.h"

/* Compares the n bytes at `name` with the word's name, as strcmp does. */
static int name_compare(const char *name, size_t n, const char *word)
{
	int order = strncmp(name, word, n);
	return order ? order : -(word[n] != '\0');
}

const struct word *word_find(const struct vocabulary *vocabulary, const char *name, size_t n)
{
	size_t low = 0;
	size_t high = vocabulary->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = name_compare(name, n, vocabulary->words[middle].name);
		if (order == 0)
			return &vocabulary->words[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Appends what stands at `open`, a '{'; returns where to go on. A word that the vocabulary does not
 * have (a translator's slip) stays as it is written. */
static const char *say_word(struct text *t, const struct vocabulary *vocabulary, const char *open,
                            const struct scene *scene)
{
	if (open[1] == '{') {
		text_add_char(t, '{');
		return open + 2;
	}
	const char *close = strchr(open, '}');
	if (!close) {
		text_add_char(t, '{');
		return open + 1;
	}
	const struct word *word = word_find(vocabulary, open + 1, (size_t)(close - open - 1));
	if (word)
		word->add(t, scene);
	else
		text_add_bytes(t, open, (size_t)(close + 1 - open));
	return close + 1;
}

void say(struct text *t, const struct vocabulary *vocabulary, const char *sentence,
         const struct scene *scene)
{
	const char *at = tr(scene, sentence);
	const char *open;
	while ((open = strchr(at, '{')) != NULL) {
		text_add_bytes(t, at, (size_t)(open - at));
		at = say_word(t, vocabulary, open, scene);
	}
	text_add(t, at);
}

const char *tr(const struct scene *scene, const char *sentence)
{
	return scene->translated ? _(sentence) : sentence;
}

void add_bytes(struct text *t, const struct scene *scene, uint64_t n)
{
	text_add_uint(t, n);
	text_add_char(t, ' ');
	if (scene->translated)
		text_add(t, ngettext("byte", "bytes", n));
	else
		text_add(t, n == 1 ? "byte" : "bytes");
}

void add_role(struct text *t, const struct scene *scene, enum side side)
{
	text_add(t, tr(scene, side == CLIENT ? N_("client") : N_("server")));
}
