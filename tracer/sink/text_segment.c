/* text_segment.c: the items of a segment's line, in tcpdump's order. No printf, one pass. */
#include "sink/text_segment.h"

#include <string.h>

#include "sink/marks.h"
#include "sink/notation.h"

static void add_ends(struct items *items, const struct segment *s)
{
	TEXT(ends, 128);
	text_add_endpoint(&ends, &s->src);
	text_add(&ends, " > ");
	text_add_endpoint(&ends, &s->dst);
	items_painted(items, 1, paint_side(s->from), &ends);
}

static void add_flag_item(struct items *items, const struct segment *s)
{
	items_next(items, 1);
	text_add_char(items->t, '[');
	notation_flags(items->t, s->flags);
	text_add_char(items->t, ']');
	items_end(items);
}

static void add_seq_item(struct items *items, const struct segment *s)
{
	if (s->len == 0 && !(s->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		return;
	items_next(items, 1);
	text_add(items->t, "seq ");
	text_add_uint(items->t, s->seq);
	if (s->len > 0) {
		text_add_char(items->t, ':');
		text_add_uint(items->t, s->seq + s->len);
	}
	items_end(items);
}

static void add_options_item(struct items *items, const struct segment *s)
{
	TEXT(options, 320);
	notation_options(&options, s);
	if (options.len == 0)
		return;
	items_next(items, 1);
	text_add_char(items->t, '<');
	text_add_bytes(items->t, options.bytes, options.len);
	text_add_char(items->t, '>');
	items_end(items);
}

static void add_labels_item(struct items *items, const struct segment *s)
{
	if (s->analysis.flags == 0)
		return;
	TEXT(labels, 320);
	text_add_char(&labels, '!');
	notation_labels(&labels, &s->analysis);
	items_painted(items, 1, PAINT_ALERT, &labels);
}

static void add_diagnoses_item(struct items *items, const struct segment *s)
{
	if (s->n_diagnoses == 0)
		return;
	TEXT(words, 128);
	text_add_char(&words, '=');
	notation_diagnoses(&words, s);
	items_painted(items, 1, PAINT_ALERT, &words);
}

/* "client ESTAB, server ESTAB (handshake 3/3)" */
static void add_states_item(struct items *items, const struct segment *s)
{
	TEXT(states, 96);
	text_add(&states, "client ");
	text_add(&states, tcp_state_short(s->after[CLIENT].state));
	text_add(&states, ", server ");
	text_add(&states, tcp_state_short(s->after[SERVER].state));
	if (s->step > 0) {
		text_add(&states, " (");
		text_add(&states, phase_name(s->phase));
		text_add_char(&states, ' ');
		text_add_uint(&states, s->step);
		if (s->step_total > 0) {
			text_add_char(&states, '/');
			text_add_uint(&states, s->step_total);
		}
		text_add_char(&states, ')');
	}
	items_painted(items, 2, PAINT_STATE, &states);
}

/* "x LOST drop client data 2": what the wire did to it. */
static void add_passage_item(struct items *items, const struct event *event)
{
	const struct passage *p = &event->passage;
	TEXT(words, 512);
	text_add(&words, mark_of_fate(p->fate));
	text_add(&words, p->reordered ? (words.len > 0 ? " " MARK_LATE : MARK_LATE) : "");
	if (p->by[0]) {
		text_add(&words, words.len > 0 ? ": " : "");
		text_add_terminal(&words, p->by, strlen(p->by));
	}
	if (words.len == 0)
		return;
	text_add_char(&words, '}');
	TEXT(item, 520);
	text_add_char(&item, '{');
	text_add_bytes(&item, words.bytes, words.len);
	items_painted(items, 1, PAINT_ALERT, &item);
}

void text_segment(struct items *items, const struct event *event)
{
	const struct segment *s = &event->segment;
	add_ends(items, s);
	add_flag_item(items, s);
	add_seq_item(items, s);
	if (s->flags & TCP_ACK)
		items_number(items, "ack ", s->ack);
	items_number(items, "win ", s->window);
	items_number(items, "len ", s->len);
	add_options_item(items, s);
	add_labels_item(items, s);
	add_diagnoses_item(items, s);
	add_passage_item(items, event);
	add_states_item(items, s);
}
