/* sockets.c: see sockets.h. */
#include "runner/sockets.h"

#include "base/i18n.h"
#include "base/text.h"
#include "runner/stages.h"

enum { ENVIRONMENT = 2 }; /* exit status */

/* Of one network, or of both hosts. */
static int take_all(const struct supervisor *s, struct census *census, bool udp, struct err *err)
{
	struct census server;
	const struct run_plan *plan = s->plan;
	if (census_take(census, s->diag, plan->port, plan->host, udp, err) < 0)
		return -1;
	if (!plan->wire)
		return 0;
	if (census_take(&server, s->network.diag[SERVER], plan->port, false, udp, err) < 0)
		return -1;
	census_add(census, &server);
	return 0;
}

/* Looks at all sockets. False, with the failure noted, when the kernel cannot be asked. */
bool sockets_look(struct supervisor *s)
{
	struct err err;
	bool udp = s->plan->variant->ready == READY_BIND;
	if (take_all(s, &s->census, udp, &err) == 0)
		return true;
	(void)supervisor_fail(s, ENVIRONMENT, _("%s (sudo modprobe -a tcp_diag udp_diag may help)"),
	                      err.message);
	stages_stop(s);
	return false;
}

bool sockets_client_has_none(const struct supervisor *s)
{
	struct census client;
	struct err unused;
	if (!s->plan->wire ||
	    census_take(&client, s->diag, s->plan->port, false, false, &unused) < 0)
		return false;
	return client.n_open == 0 && client.n_time_wait == 0;
}

void sockets_tell_server(const struct supervisor *s, struct text *t)
{
	text_addf(t, _(" on port %d"), s->plan->port);
	if (s->census.other_port)
		text_addf(t,
		          _(" (it listens on port %d: is the port a word of its command? {port} "
		            "and WIRELAB_PORT have it)"),
		          s->census.other_port);
}

void sockets_tell_connection(const struct supervisor *s, struct text *t)
{
	if (s->census.n_open == 0)
		return;
	text_add(t, ": ");
	text_add_endpoint(t, &s->census.open.local);
	text_add(t, " > ");
	text_add_endpoint(t, &s->census.open.remote);
	text_addf(t, _(" is in %s"), tcp_state_name(s->census.open.state));
}

/* The end that closed first keeps the connection's name for 2 MSL (RFC 9293 section 3.6.1): Linux
 * takes 60 s, and nobody has to wait for it. */
void sockets_tell_time_wait(struct supervisor *s)
{
	struct err unused;
	struct census census;
	if (!s->diag || s->programs[CLIENT].pid == 0 || take_all(s, &census, false, &unused) < 0 ||
	    census.n_time_wait == 0)
		return;
	enum side side = census.time_wait.local.port == s->plan->port ? SERVER : CLIENT;
	TEXT(local, 64);
	text_add_endpoint(&local, &census.time_wait.local);
	report_note(&s->report,
	            "the %s's socket %s is in TIME-WAIT for another %d s: this end closed first; "
	            "not waited for",
	            side_name(side), local.bytes,
	            (int)((census.time_wait.timer_ns + NS_PER_SECOND / 2) / NS_PER_SECOND));
}
