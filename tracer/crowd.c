/* crowd.c: see crowd.h. The target is found by Boyer and Moore's vote: one candidate, one counter.
 */
#include "crowd.h"

#include <string.h>

#include "base/i18n.h"

enum { ENOUGH = 1000 }; /* half-open connections before anyone speaks of a flood */

static bool is_half_open(const struct connection *c)
{
	return c->states[CLIENT] == TCP_SYN_SENT || c->states[SERVER] == TCP_SYN_RECEIVED;
}

static void vote(struct crowd *crowd, const struct endpoint *server)
{
	if (crowd->target_votes == 0)
		crowd->target = *server;
	bool same = crowd->target.port == server->port &&
	            memcmp(&crowd->target.addr, &server->addr, sizeof server->addr) == 0;
	crowd->target_votes += same ? 1 : UINT64_MAX; /* one more or one less */
}

static void add_flood(const struct crowd *crowd, struct text *note)
{
	text_addf(
	        note,
	        _("%llu of %llu connections so far stayed half-open: a SYN, but never the ACK that "
	          "completes the handshake"),
	        (unsigned long long)crowd->n_half_open, (unsigned long long)crowd->n_over);
	if (crowd->target_votes > crowd->n_half_open / 2) {
		text_add(note, _(", most of them towards "));
		text_add_endpoint(note, &crowd->target);
		text_add(note, _(": this is what a SYN flood looks like (RFC 4987)"));
	} else {
		text_add(note, _(", towards many ends: this is what a port scan looks like, or a "
		                 "network that is out of reach"));
	}
}

static bool is_flood(const struct crowd *crowd)
{
	return crowd->n_half_open >= ENOUGH && crowd->n_half_open >= crowd->n_over / 2;
}

bool crowd_count(struct crowd *crowd, const struct connection *c, struct text *note)
{
	if (c->action == CONNECTION_OPENED)
		return false;
	crowd->n_over++;
	if (is_half_open(c)) {
		crowd->n_half_open++;
		vote(crowd, &c->ends[SERVER]);
	}
	if (c->action != CONNECTION_EVICTED)
		return false;
	crowd->n_evicted++;
	if (crowd->n_evicted == 1)
		text_add(note, _("more connections at a time than are remembered: from now on each "
		                 "new one makes the tracer forget the one that was silent for "
		                 "longest (--max-connections)"));
	else if (crowd->n_evicted == ENOUGH && is_flood(crowd))
		add_flood(crowd, note);
	return note->len > 0;
}

bool crowd_sum(const struct crowd *crowd, struct text *note)
{
	if (is_flood(crowd))
		add_flood(crowd, note);
	if (crowd->n_evicted == 0)
		return note->len > 0;
	if (note->len > 0)
		text_add(note, "; ");
	text_addf(note,
	          ngettext("%llu connection was forgotten to make room",
	                   "%llu connections were forgotten to make room",
	                   (unsigned long)crowd->n_evicted),
	          (unsigned long long)crowd->n_evicted);
	return true;
}
