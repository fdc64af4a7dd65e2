/* expect_scope.c: see expect_scope.h. */
#include "runner/expect_scope.h"

#include <string.h>

#include "decode/packet.h"

struct scope scope_of(const struct expect_run *run)
{
	struct scope scope = {run, ALL_STREAMS, NULL, run->n};
	for (size_t i = 0; i < run->n; i++) {
		const struct event *e = &run->events[i];
		if (e->kind != EVENT_PROGRAM || e->program.action != PROGRAM_SIGNALLED)
			continue;
		scope.end = i;
		break;
	}
	return scope;
}

uint32_t scope_connections(const struct scope *scope)
{
	uint32_t n = 0;
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind == EVENT_SEGMENT && e->segment.stream >= n)
			n = e->segment.stream + 1;
	}
	return n;
}

const struct connection *scope_report(const struct scope *scope, uint32_t stream)
{
	const struct connection *last = NULL;
	for (size_t i = 0; i < scope->run->n; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind == EVENT_CONNECTION && e->connection.stream == stream)
			last = &e->connection;
	}
	return last;
}

struct scope scope_of_stream(const struct scope *all, uint32_t stream)
{
	return (struct scope){all->run, stream, scope_report(all, stream), all->end};
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && memcmp(&a->addr, &b->addr, sizeof a->addr) == 0;
}

/* A call is of a connection when its socket has that connection's two ends. */
static bool call_is_of(const struct scope *scope, const struct call_event *call)
{
	const struct connection *c = scope->report;
	if (!c)
		return false;
	const struct endpoint *local = &c->ends[call->host];
	const struct endpoint *remote = &c->ends[side_other(call->host)];
	return same_end(local, &call->local) && same_end(remote, &call->remote);
}

bool scope_has(const struct scope *scope, size_t index)
{
	const struct event *e = &scope->run->events[index];
	if (index >= scope->end)
		return false;
	if (scope->stream == ALL_STREAMS)
		return true;
	if (e->kind == EVENT_SEGMENT)
		return e->segment.stream == scope->stream;
	if (e->kind == EVENT_MESSAGE)
		return e->message.stream == scope->stream;
	return e->kind == EVENT_CALL && call_is_of(scope, &e->call);
}

/* A datagram has no SYN: the server is who has the run's port, or else the lower one. */
static uint8_t side_of_ports(const struct scope *scope, uint16_t src, uint16_t dst)
{
	uint16_t port = scope->run->port;
	if ((src == port) != (dst == port))
		return src == port ? SERVER : CLIENT;
	return src < dst ? SERVER : CLIENT;
}

uint8_t scope_side(const struct scope *scope, const struct event *e)
{
	if (e->kind == EVENT_SEGMENT)
		return (uint8_t)e->segment.from;
	if (e->kind == EVENT_MESSAGE)
		return (uint8_t)e->message.from;
	if (e->kind == EVENT_DATAGRAM)
		return side_of_ports(scope, e->datagram.src.port, e->datagram.dst.port);
	if (e->kind == EVENT_FRAME && e->frame_info.kind == KIND_ICMP &&
	    e->frame_info.icmp.has_quote) /* whoever got the packet that it quotes */
		return (uint8_t)side_other(
		        (enum side)side_of_ports(scope, e->frame_info.icmp.quote_src.port,
		                                 e->frame_info.icmp.quote_dst.port));
	return EXPECT_EITHER;
}

int64_t scope_find(const struct scope *scope, const struct expect_event *event, size_t from)
{
	uint32_t n = 0, wanted = event->nth ? event->nth : 1;
	bool late = scope->stream == ALL_STREAMS && expect_event_is_late(event);
	for (size_t i = from; i < scope->run->n; i++) {
		if (!late && !scope_has(scope, i))
			continue;
		if (expect_event_is(event, scope, &scope->run->events[i]) && ++n == wanted)
			return (int64_t)i;
	}
	return EXPECT_NO_EVENT;
}

const uint8_t *scope_payload(const struct scope *scope, const struct event *event, uint32_t *n)
{
	struct packet packet;
	uint32_t len = event->n_bytes;
	const uint8_t *bytes = NULL;
	*n = 0;
	if (scope->run->frames)
		bytes = run_frames_find(scope->run->frames, event->frame, &len);
	if (!bytes)
		bytes = event->bytes;
	if (len == 0 || event->n_fragments > 1)
		return NULL;
	packet_decode(&packet, event->linktype, bytes, len, event->wirelen);
	if (packet.kind != KIND_TCP && packet.kind != KIND_UDP)
		return NULL;
	*n = packet.payload_len;
	return bytes + packet.payload_at;
}

/* A sample of that end's socket. */
static bool is_sample(const struct scope *scope, enum side side, const struct event *e)
{
	const struct connection *c = scope->report;
	return c && e->kind == EVENT_KERNEL && e->kernel.host == side &&
	       same_end(&e->kernel.local, &c->ends[side]) &&
	       same_end(&e->kernel.remote, &c->ends[side_other(side)]);
}

enum tcp_state scope_state_at_end(const struct scope *scope, enum side side)
{
	enum tcp_state state = TCP_STATE_UNKNOWN;
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind == EVENT_SEGMENT && scope_has(scope, i))
			state = e->segment.after[side].state;
		else if (is_sample(scope, side, e))
			state = e->kernel.state;
	}
	return state;
}
