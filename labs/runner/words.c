/* words.c: see words.h. One pass over the command; each step takes one character, one escape or one
 * placeholder. */
#include "runner/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/i18n.h"

struct splitter {
	struct words *words;
	size_t len;    /* bytes of storage used */
	bool in_word;  /* a word has begun; "" is a word too */
	char quote;    /* the quote that is open, or 0 */
	bool too_long; /* sticks */
};

static void put(struct splitter *s, char c)
{
	if (s->len == sizeof s->words->storage) {
		s->too_long = true;
		return;
	}
	s->words->storage[s->len++] = c;
}

static void begin_word(struct splitter *s)
{
	if (s->in_word)
		return;
	if (s->words->n == WORDS_MAX) {
		s->too_long = true;
		return;
	}
	s->words->argv[s->words->n++] = s->words->storage + s->len;
	s->in_word = true;
}

static void end_word(struct splitter *s)
{
	if (s->in_word)
		put(s, '\0');
	s->in_word = false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Takes a backslash and what it protects: any character outside quotes, only " and \ inside "…". */
static const char *take_escape(struct splitter *s, const char *at)
{
	bool protects = at[1] != '\0' && (s->quote == 0 || at[1] == '"' || at[1] == '\\');
	put(s, protects ? at[1] : at[0]);
	return at + (protects ? 2 : 1);
}

/* If a placeholder stands here, puts its value and returns what follows it; else NULL. */
static const char *take_placeholder(struct splitter *s, const char *at, const char *name,
                                    const char *value)
{
	size_t n = strlen(name);
	if (strncmp(at, name, n) != 0)
		return NULL;
	for (; *value; value++)
		put(s, *value);
	return at + n;
}

static const char *take_quote(struct splitter *s, const char *at)
{
	s->quote = s->quote ? 0 : *at;
	return at + 1;
}

/* Takes the next piece of a word (or the blank behind it) and returns what follows. */
static const char *take(struct splitter *s, const char *at, const char *host, const char *port)
{
	if (s->quote == 0 && is_blank(*at)) {
		end_word(s);
		return at + 1;
	}
	begin_word(s);
	if (*at == s->quote || (s->quote == 0 && (*at == '\'' || *at == '"')))
		return take_quote(s, at);
	if (*at == '\\' && s->quote != '\'')
		return take_escape(s, at);
	const char *after = take_placeholder(s, at, "{host}", host);
	if (!after)
		after = take_placeholder(s, at, "{port}", port);
	if (after)
		return after;
	put(s, *at);
	return at + 1;
}

int words_split(struct words *words, const char *command, const char *host, const char *port,
                struct err *err)
{
	struct splitter s = {.words = words};
	words->n = 0;
	for (const char *at = command; *at && !s.too_long;)
		at = take(&s, at, host, port);
	end_word(&s);
	words->argv[words->n] = NULL;
	if (s.too_long)
		return err_set(err, _("the command is too long: at most %d words and %d bytes"),
		               WORDS_MAX, WORDS_BYTES - 1);
	if (s.quote)
		return err_set(err, _("a quote (%c) is not closed in the command: %s"), s.quote,
		               command);
	if (words->n == 0 || words->argv[0][0] == '\0')
		return err_set(err, _("the command is empty: it needs the name of a program"));
	return 0;
}
