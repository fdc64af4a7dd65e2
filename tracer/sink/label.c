/* label.c: see label.h. */
#include "sink/label.h"

#include "sink/marks.h"

enum { ITEM_MAX = 64, MAX_ITEMS = 12 };

/* One item: what it says and how early it gives way. */
struct item {
	char bytes[ITEM_MAX];
	size_t len;
	int rank; /* the highest goes first */
};

/* Ranks, in the order in which items must stay. */
enum rank { RANK_FLAGS, RANK_LEN, RANK_ACK, RANK_SEQ, RANK_WIN, RANK_OPTIONS };

struct items {
	struct item list[MAX_ITEMS];
	size_t n;
};

/* ---- marks ---- */

static void add_mark(struct text *t, const char *mark)
{
	if (t->len > 0)
		text_add_char(t, ' ');
	text_add(t, mark);
}

void label_marks(struct text *t, const struct event *event)
{
	const struct segment *s = &event->segment;
	if (mark_of_fate(event->passage.fate)[0])
		add_mark(t, mark_of_fate(event->passage.fate));
	if (event->passage.reordered)
		add_mark(t, MARK_LATE);
	for (unsigned i = 0; i < s->n_diagnoses && i < DIAGNOSES_MAX; i++) {
		const struct diagnosis *d = &s->diagnoses[i];
		const char *mark = diagnosis_mark((enum diagnosis_label)d->label);
		if (mark[0] == '\0')
			continue;
		add_mark(t, mark);
		if (d->label == D_DUPLICATE_ACK)
			text_add_uint(t, d->n);
	}
	if (s->analysis.flags & A_REUSED_PORTS)
		add_mark(t, MARK_REUSED_PORTS);
}

/* ---- items ---- */

static void put(struct items *items, enum rank rank, const struct text *text)
{
	if (items->n == MAX_ITEMS)
		return;
	struct item *item = &items->list[items->n++];
	struct text copy = text_of(item->bytes, sizeof item->bytes);
	text_add_bytes(&copy, text->bytes, text->len);
	item->len = copy.len;
	item->rank = (int)rank;
}

static void put_number(struct items *items, enum rank rank, const char *name, uint64_t value)
{
	TEXT(text, ITEM_MAX);
	text_add(&text, name);
	text_add_uint(&text, value);
	put(items, rank, &text);
}

static void put_word(struct items *items, enum rank rank, const char *word)
{
	TEXT(text, ITEM_MAX);
	text_add(&text, word);
	put(items, rank, &text);
}

static void put_flags(struct items *items, const struct event *event)
{
	TEXT(text, ITEM_MAX);
	label_marks(&text, event);
	if (text.len > 0)
		text_add_char(&text, ' ');
	text_add_flags(&text, event->segment.flags);
	put(items, RANK_FLAGS, &text);
}

/* Beyond a SYN the window is shown when it is news. */
static bool window_is_news(const struct segment *s)
{
	const struct tcb *other = &s->before[side_other(s->from)];
	if (s->flags & TCP_SYN)
		return true;
	if (s->flags & TCP_RST)
		return false;
	return (other->known & KNOWN_WND) && other->snd_wnd != s->window;
}

static void put_sack(struct items *items, const struct segment *s)
{
	uint32_t base = s->ack_raw - s->ack;
	for (unsigned i = 0; i < s->options.n_sack && i < TCP_MAX_SACK; i++) {
		TEXT(text, ITEM_MAX);
		text_add(&text, "sack=");
		text_add_uint(&text, s->options.sack_left[i] - base);
		text_add_char(&text, ':');
		text_add_uint(&text, s->options.sack_right[i] - base);
		put(items, RANK_OPTIONS, &text);
	}
}

static void put_options(struct items *items, const struct segment *s)
{
	const struct tcp_options *o = &s->options;
	if (o->present & OPT_MSS)
		put_number(items, RANK_OPTIONS, "mss=", o->mss);
	if (o->present & OPT_WINDOW_SCALE)
		put_number(items, RANK_OPTIONS, "ws=", o->window_scale);
	if (o->present & OPT_SACK_PERMITTED)
		put_word(items, RANK_OPTIONS, "sack");
	if ((o->present & OPT_TIMESTAMPS) && (s->flags & TCP_SYN))
		put_word(items, RANK_OPTIONS, "ts");
	if (o->present & OPT_FAST_OPEN)
		put_word(items, RANK_OPTIONS, "tfo");
	if (o->present & OPT_SACK)
		put_sack(items, s);
}

static size_t columns_of_items(const struct items *items)
{
	size_t columns = items->n > 0 ? items->n - 1 : 0;
	for (size_t i = 0; i < items->n; i++)
		columns += items->list[i].len;
	return columns;
}

/* Takes out the item that gives way first: the last of the highest rank. */
static void drop_one(struct items *items)
{
	size_t worst = 0;
	for (size_t i = 0; i < items->n; i++)
		if (items->list[i].rank >= items->list[worst].rank)
			worst = i;
	for (size_t i = worst; i + 1 < items->n; i++)
		items->list[i] = items->list[i + 1];
	items->n--;
}

void label_add(struct text *t, const struct event *event, size_t columns)
{
	const struct segment *s = &event->segment;
	struct items items = {.n = 0};
	put_flags(&items, event);
	if (s->len > 0 || (s->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		put_number(&items, RANK_SEQ, "seq=", s->seq);
	if (s->flags & TCP_ACK)
		put_number(&items, RANK_ACK, "ack=", s->ack);
	if (s->len > 0)
		put_number(&items, RANK_LEN, "len=", s->len);
	if (window_is_news(s))
		put_number(&items, RANK_WIN, "win=", s->window);
	put_options(&items, s);
	while (items.n > 1 && columns_of_items(&items) > columns)
		drop_one(&items);
	for (size_t i = 0; i < items.n; i++) {
		if (i > 0)
			text_add_char(t, ' ');
		text_add_bytes(t, items.list[i].bytes, items.list[i].len);
	}
}
