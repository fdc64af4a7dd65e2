/* talks.c: see talks.h. */
#include "sink/talks.h"

#include <string.h>

static bool same_host(const struct endpoint *a, const struct endpoint *b)
{
	return a->addr.version == b->addr.version &&
	       memcmp(a->addr.bytes, b->addr.bytes, sizeof a->addr.bytes) == 0;
}

static bool same_end(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && same_host(a, b);
}

/* Two hosts keep their lanes whatever they say to each other; on one host it is the ports that tell
 * the ends apart. */
static void drop_ports(struct endpoint *src, struct endpoint *dst)
{
	if (!same_host(src, dst))
		src->port = dst->port = 0;
}

/* The side of `src` in its talk with `dst`; a new talk begins with its client. */
static enum side side_of(struct talks *talks, struct endpoint src, struct endpoint dst)
{
	drop_ports(&src, &dst);
	uint32_t known = talks->n < TALKS ? talks->n : TALKS;
	for (uint32_t i = 1; i <= known; i++) {
		const struct endpoint *ends = talks->ends[(talks->n - i) % TALKS];
		if (same_end(&ends[CLIENT], &src) && same_end(&ends[SERVER], &dst))
			return CLIENT;
		if (same_end(&ends[CLIENT], &dst) && same_end(&ends[SERVER], &src))
			return SERVER;
	}
	struct endpoint *ends = talks->ends[talks->n++ % TALKS];
	ends[CLIENT] = src;
	ends[SERVER] = dst;
	return CLIENT;
}

static bool icmp_side(struct talks *talks, const struct frame_event *f, enum side *side)
{
	const struct endpoint src = {.addr = f->ip.src}, dst = {.addr = f->ip.dst};
	if (f->kind != KIND_ICMP || f->status != PACKET_OK)
		return false;
	if (f->icmp.has_quote) { /* it goes back to who sent what is quoted */
		*side = side_other(side_of(talks, f->icmp.quote_src, f->icmp.quote_dst));
		return true;
	}
	if (same_end(&src, &dst))
		return false;
	*side = side_of(talks, src, dst);
	return true;
}

/* A connection's client is the client of what else these hosts say, unless they had begun. */
static void meet(struct talks *talks, const struct connection *c)
{
	if (c->action == CONNECTION_OPENED)
		(void)side_of(talks, c->ends[CLIENT], c->ends[SERVER]); /* remembers them */
}

bool talks_side(struct talks *talks, const struct event *event, enum side *side)
{
	const struct datagram_event *d = &event->datagram;
	if (event->kind == EVENT_CONNECTION)
		meet(talks, &event->connection);
	if (event->kind == EVENT_FRAME)
		return icmp_side(talks, &event->frame_info, side);
	if (event->kind != EVENT_DATAGRAM || same_end(&d->src, &d->dst))
		return false;
	*side = side_of(talks, d->src, d->dst);
	return true;
}
