/* causes.c: see causes.h. */
#include "causes.h"

#include <string.h>

/* ---- calls ---- */

static enum effect effect_of(const char *name)
{
	static const struct {
		const char *name;
		enum effect effect;
	} effects[] = {
	        {"connect", EFFECT_SYN},   {"sendto", EFFECT_DATA},     {"sendmsg", EFFECT_DATA},
	        {"sendmmsg", EFFECT_DATA}, {"write", EFFECT_DATA},      {"writev", EFFECT_DATA},
	        {"sendfile", EFFECT_DATA}, {"splice", EFFECT_DATA},     {"close", EFFECT_FIN},
	        {"shutdown", EFFECT_FIN},  {"recvfrom", EFFECT_WINDOW}, {"recvmsg", EFFECT_WINDOW},
	        {"read", EFFECT_WINDOW},   {"readv", EFFECT_WINDOW},
	};
	for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
		if (strcmp(effects[i].name, name) == 0)
			return effects[i].effect;
	return EFFECT_NONE;
}

void causes_take(struct causes *causes, const struct event *event)
{
	const struct call_event *call = &event->call;
	if (event->kind != EVENT_CALL || call->action != CALL_ENTERED)
		return;
	enum effect effect = effect_of(call->name);
	if (effect == EFFECT_NONE)
		return;
	struct recent_call *recent =
	        &causes->recent[call->host][causes->n[call->host]++ % CAUSES_RECENT];
	*recent = (struct recent_call){.id = call->id,
	                               .enter_ns = event->time_ns,
	                               .effect = effect,
	                               .local = call->local,
	                               .remote = call->remote};
	struct text name = text_of(recent->name, sizeof recent->name);
	text_add(&name, call->name);
}

/* ---- segments ---- */

static bool has_diagnosis(const struct segment *s, enum diagnosis_label label)
{
	for (unsigned i = 0; i < s->n_diagnoses; i++)
		if (s->diagnoses[i].label == label)
			return true;
	return false;
}

/* What the segment needed a call for. What was sent before needs none to be sent again. */
static enum effect effect_in(const struct segment *s)
{
	const struct tcb *mine = &s->before[s->from];
	bool again = (mine->known & KNOWN_SND) && seq_lt(s->seq_raw, mine->snd_nxt);
	if (again && (s->len || (s->flags & (TCP_SYN | TCP_FIN))))
		return EFFECT_NONE;
	if ((s->flags & TCP_RST) && !(s->flags & TCP_ACK))
		return EFFECT_NONE; /* the kernel's answer to what came for no socket */
	if (s->flags & (TCP_FIN | TCP_RST))
		return EFFECT_FIN;
	if (s->flags & TCP_SYN)
		return s->flags & TCP_ACK ? EFFECT_NONE : EFFECT_SYN;
	if (s->len)
		return EFFECT_DATA;
	return has_diagnosis(s, D_WINDOW_UPDATE) ? EFFECT_WINDOW : EFFECT_NONE;
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && memcmp(&a->addr, &b->addr, sizeof a->addr) == 0;
}

/* connect() is called on a socket that has no address of its own yet. */
static bool is_about(const struct recent_call *call, const struct segment *s)
{
	bool local = call->local.addr.version == 0 || call->local.port == 0 ||
	             same_end(&call->local, &s->src);
	return local && same_end(&call->remote, &s->dst);
}

void causes_find(const struct causes *causes, struct event *event, int64_t sent_ns)
{
	const struct segment *s = &event->segment;
	enum effect effect = effect_in(s);
	uint32_t n = causes->n[s->from], most = n < CAUSES_RECENT ? n : CAUSES_RECENT;
	event->cause = (struct cause){0};
	for (uint32_t i = 1; i <= most && effect != EFFECT_NONE; i++) {
		const struct recent_call *call = &causes->recent[s->from][(n - i) % CAUSES_RECENT];
		if (call->effect != effect || call->enter_ns > sent_ns || !is_about(call, s))
			continue;
		event->cause.call = call->id;
		memcpy(event->cause.name, call->name, sizeof call->name);
		return;
	}
}
