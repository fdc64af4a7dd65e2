/* roles.c: the same event with client and server exchanged. Who is the client of a connection whose
 * beginning was not seen is a guess (flow/table.c); a person may know better. */
#include <ctype.h>

#include "event/event.h"

static void swap_segment(struct segment *s)
{
	struct tcb before = s->before[CLIENT], after = s->after[CLIENT];
	s->from = side_other(s->from);
	s->before[CLIENT] = s->before[SERVER];
	s->after[CLIENT] = s->after[SERVER];
	s->before[SERVER] = before;
	s->after[SERVER] = after;
}

/* Zeek's letters: large for the client's deeds, small for the server's. */
static void swap_history(char *history)
{
	for (; *history; history++) {
		unsigned char letter = (unsigned char)*history;
		*history = (char)(isupper(letter) ? tolower(letter) : toupper(letter));
	}
}

/* Zeek's conn_state where it names an end; those of a SYN that was seen are no guess. */
static enum conn_state swapped_state(enum conn_state state)
{
	static const struct {
		enum conn_state one, two;
	} pairs[] = {{CONN_STATE_S2, CONN_STATE_S3}, {CONN_STATE_RSTO, CONN_STATE_RSTR}};
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (state == pairs[i].one)
			return pairs[i].two;
		if (state == pairs[i].two)
			return pairs[i].one;
	}
	return state;
}

static void swap_connection(struct connection *c)
{
	struct endpoint end = c->ends[CLIENT];
	enum tcp_state state = c->states[CLIENT];
	struct direction sent = c->sent[CLIENT];
	bool fin_seen = c->fin_seen[CLIENT];
	c->ends[CLIENT] = c->ends[SERVER];
	c->states[CLIENT] = c->states[SERVER];
	c->sent[CLIENT] = c->sent[SERVER];
	c->fin_seen[CLIENT] = c->fin_seen[SERVER];
	c->ends[SERVER] = end;
	c->states[SERVER] = state;
	c->sent[SERVER] = sent;
	c->fin_seen[SERVER] = fin_seen;
	c->first_fin = side_other(c->first_fin);
	c->reset_by = side_other(c->reset_by);
	c->conn_state = swapped_state(c->conn_state);
	swap_history(c->history);
}

void event_swap_roles(struct event *event)
{
	if (event->kind == EVENT_SEGMENT)
		swap_segment(&event->segment);
	else if (event->kind == EVENT_CONNECTION)
		swap_connection(&event->connection);
	else if (event->kind == EVENT_MESSAGE)
		event->message.from = side_other(event->message.from);
}
