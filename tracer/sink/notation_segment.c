/* notation_segment.c: a segment's flags, options and labels, see notation.h. Called for every
 * segment: no printf here. */
#include "sink/notation.h"

void notation_flags(struct text *t, unsigned flags)
{
	static const struct {
		unsigned flag;
		char letter;
	} letters[] = {
	        {TCP_FIN, 'F'}, {TCP_SYN, 'S'}, {TCP_RST, 'R'}, {TCP_PSH, 'P'}, {TCP_ACK, '.'},
	        {TCP_URG, 'U'}, {TCP_ECE, 'E'}, {TCP_CWR, 'W'}, {TCP_AE, 'e'},
	};
	char set[sizeof letters / sizeof letters[0]];
	size_t n = 0;
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (flags & letters[i].flag)
			set[n++] = letters[i].letter;
	if (n > 0)
		text_add_bytes(t, set, n);
	else
		text_add(t, "none");
}

static void add_number(struct text *t, const char *word, uint64_t value)
{
	text_add(t, word);
	text_add_char(t, ' ');
	text_add_uint(t, value);
	text_add_char(t, ',');
}

static void add_sack_blocks(struct text *t, const struct segment *s)
{
	uint32_t base = s->ack_raw - s->ack;
	for (unsigned i = 0; i < s->options.n_sack && i < TCP_MAX_SACK; i++) {
		text_add(t, "sack ");
		text_add_uint(t, s->options.sack_left[i] - base);
		text_add_char(t, ':');
		text_add_uint(t, s->options.sack_right[i] - base);
		text_add_char(t, ',');
	}
}

static void add_fast_open(struct text *t, const struct tcp_options *o)
{
	text_add(t, o->cookie_len ? "tfo " : "tfo cookiereq");
	text_add_hex_bytes(t, o->cookie,
	                   o->cookie_len < TCP_MAX_COOKIE ? o->cookie_len : TCP_MAX_COOKIE);
	text_add_char(t, ',');
}

/* Options that are told by their name alone. */
static void add_named_options(struct text *t, const struct segment *s)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} named[] = {
	        {OPT_MD5, "md5,"},     {OPT_USER_TIMEOUT, "uto,"},    {OPT_AO, "ao,"},
	        {OPT_MPTCP, "mptcp,"}, {OPT_MALFORMED, "malformed,"},
	};
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (s->options.present & named[i].bit)
			text_add(t, named[i].name);
}

void notation_options(struct text *t, const struct segment *s)
{
	const struct tcp_options *o = &s->options;
	uint32_t present = o->present;
	size_t start = t->len;
	if (!(s->flags & TCP_SYN))
		present &= ~(uint32_t)OPT_TIMESTAMPS;
	if (present == 0)
		return;
	if (present & OPT_MSS)
		add_number(t, "mss", o->mss);
	if (present & OPT_SACK_PERMITTED)
		text_add(t, "sackOK,");
	if (present & OPT_TIMESTAMPS)
		text_add(t, "TS,");
	if (present & OPT_WINDOW_SCALE)
		add_number(t, "ws", o->window_scale);
	if (present & OPT_SACK)
		add_sack_blocks(t, s);
	if (present & OPT_FAST_OPEN)
		add_fast_open(t, o);
	add_named_options(t, s);
	for (unsigned i = 0; i < o->n_other && i < TCP_MAX_OTHER; i++)
		add_number(t, "opt", o->other_kinds[i]);
	if (t->len > start && !t->cut)
		t->bytes[--t->len] = '\0'; /* the last comma */
}

void notation_labels(struct text *t, const struct analysis *analysis)
{
	bool any = false;
	for (unsigned i = 0; i < N_ANALYSIS_FLAGS; i++) {
		if (!(analysis->flags & 1U << i))
			continue;
		if (any)
			text_add_char(t, ',');
		any = true;
		text_add(t, analysis_name((enum analysis_index)i));
	}
}

void notation_diagnoses(struct text *t, const struct segment *s)
{
	for (unsigned i = 0; i < s->n_diagnoses && i < DIAGNOSES_MAX; i++) {
		const struct diagnosis *d = &s->diagnoses[i];
		if (i > 0)
			text_add_char(t, ',');
		text_add(t, diagnosis_name((enum diagnosis_label)d->label));
		if (d->n <= 1)
			continue;
		text_add_char(t, '(');
		text_add_uint(t, d->n);
		text_add_char(t, ')');
	}
}
