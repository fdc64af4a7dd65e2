/* items.c: see items.h. */
#include "sink/items.h"

#include <string.h>

struct items items_begin(struct text *t, const struct sink_options *options)
{
	return (struct items){.t = t, .options = options, .start = t->len, .item = t->len};
}

void items_next(struct items *items, size_t gap)
{
	items->item = items->t->len;
	items->gap = gap;
	items->item_hidden = items->hidden;
	text_add_chars(items->t, ' ', gap);
}

void items_end(struct items *items)
{
	struct text *t = items->t;
	size_t columns = t->len - items->start - items->hidden;
	if (!items->options->explain || columns <= (size_t)items->options->width)
		return;
	char *item = t->bytes + items->item;
	size_t len = t->len - items->item - items->gap;
	text_add_chars(t, ' ', ITEMS_INDENT + 1 - items->gap);
	if (t->cut)
		return;
	memmove(item + 1 + ITEMS_INDENT, item + items->gap, len);
	*item = '\n';
	memset(item + 1, ' ', ITEMS_INDENT);
	items->start = items->item + 1;
	items->hidden -= items->item_hidden;
}

void items_number(struct items *items, const char *word, uint64_t value)
{
	items_next(items, 1);
	text_add(items->t, word);
	text_add_uint(items->t, value);
	items_end(items);
}

void items_painted(struct items *items, size_t gap, enum paint paint, const struct text *words)
{
	items_next(items, gap);
	items->hidden += paint_on(items->t, items->options, paint);
	text_add_bytes(items->t, words->bytes, words->len);
	items->hidden += paint_off(items->t, items->options);
	items_end(items);
}
