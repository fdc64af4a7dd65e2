/* expect_bytes.c: what an end said, as the stream of bytes that it is (RFC 9293 section 3.4),
 * however it was cut into segments and however often they were sent; or one datagram. Bytes that
 * are not known count, but are not compared. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "runner/expect_kinds.h"

enum { SAID_MAX = 8 * 1024 * 1024, SHOWN = 48 };

/* Bytes that were said; those whose value is not known are WILD. */
enum { WILD = 256 };

struct said {
	uint16_t *bytes; /* owned */
	size_t n, room;
	int64_t last; /* index of the event with the last of them */
};

/* Makes it that long; what is new is not known. False: too much, or no memory. */
static bool grow(struct said *said, size_t n)
{
	if (n > SAID_MAX)
		return false;
	if (n > said->room) {
		size_t room = n * 2;
		uint16_t *bytes = realloc(said->bytes, room * sizeof *bytes);
		if (!bytes)
			return false;
		said->bytes = bytes;
		said->room = room;
	}
	while (said->n < n)
		said->bytes[said->n++] = WILD;
	return true;
}

/* Puts the payload of an event, `len` bytes of which some are known, at that place. */
static void put(struct said *said, const struct scope *scope, size_t at, const struct event *e,
                uint32_t len)
{
	uint32_t n;
	const uint8_t *bytes = scope_payload(scope, e, &n);
	size_t end = at + len;
	if (!grow(said, end > said->n ? end : said->n) || !said->bytes)
		return;
	for (size_t i = 0; bytes && i < n && i < len; i++)
		said->bytes[at + i] = bytes[i];
}

/* Adds what a side said in one connection. */
static void add_stream(struct said *said, const struct scope *scope, enum side side)
{
	size_t base = said->n;
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		const struct segment *s = &e->segment;
		if (e->kind != EVENT_SEGMENT || s->stream != scope->stream || s->from != side ||
		    s->len == 0)
			continue;
		uint32_t first = s->seq + ((s->flags & TCP_SYN) ? 1 : 0);
		if (first == 0 || first > SAID_MAX)
			continue; /* a probe with the number before the first byte */
		put(said, scope, base + first - 1, e, s->len);
		said->last = (int64_t)i;
	}
}

static void add_datagram(struct said *said, const struct scope *scope,
                         const struct expect_bytes *what)
{
	uint32_t n = 0, wanted = what->nth ? what->nth : 1;
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		if (e->kind != EVENT_DATAGRAM || scope_side(scope, e) != what->side ||
		    ++n != wanted)
			continue;
		put(said, scope, 0, e, e->datagram.len);
		said->last = (int64_t)i;
	}
}

static struct said said_by(const struct scope *scope, const struct expect_bytes *what)
{
	struct said said = {.last = EXPECT_NO_EVENT};
	uint32_t n = what->datagram ? 0 : scope_connections(scope);
	if (what->datagram)
		add_datagram(&said, scope, what);
	for (uint32_t stream = 0; stream < n; stream++) {
		struct scope one = *scope;
		one.stream = stream;
		if (scope->stream == ALL_STREAMS || scope->stream == stream)
			add_stream(&said, &one, (enum side)what->side);
	}
	return said;
}

/* ---- comparing ---- */

static bool same(uint16_t a, uint16_t b)
{
	return a == b || a == WILD || b == WILD;
}

static bool text_at(const struct said *said, size_t at, const struct expectation *x)
{
	if (at + x->text_len > said->n)
		return false;
	for (size_t i = 0; i < x->text_len; i++)
		if (!same(said->bytes[at + i], (uint8_t)x->text[i]))
			return false;
	return true;
}

static bool text_is_in(const struct said *said, const struct expectation *x)
{
	for (size_t at = 0; at + x->text_len <= said->n; at++)
		if (text_at(said, at, x))
			return true;
	return false;
}

/* Index of the first byte in which they differ; SIZE_MAX: they are equal. */
static size_t first_difference(const struct said *a, const struct said *b)
{
	size_t least = a->n < b->n ? a->n : b->n;
	for (size_t i = 0; i < least; i++)
		if (!same(a->bytes[i], b->bytes[i]))
			return i;
	return a->n == b->n ? SIZE_MAX : least;
}

static bool fits(const struct expectation *x, const struct said *said, const struct said *other)
{
	switch ((enum expect_how)x->how) {
	case BYTES_ARE:
		return said->n == x->text_len && text_at(said, 0, x);
	case BYTES_BEGIN:
		return text_at(said, 0, x);
	case BYTES_END:
		return said->n >= x->text_len && text_at(said, said->n - x->text_len, x);
	case BYTES_CONTAIN:
		return text_is_in(said, x);
	case BYTES_EQUAL:
		return first_difference(said, other) == SIZE_MAX;
	case BYTES_NUMBER:
		break; /* of fields only */
	}
	return false;
}

/* ---- telling ---- */

static void say(struct text *t, const struct expect_bytes *what, const struct said *said)
{
	char shown[SHOWN];
	size_t n = 0;
	while (n < said->n && n < SHOWN && said->bytes[n] != WILD) {
		shown[n] = (char)said->bytes[n];
		n++;
	}
	const char *who = what->side == CLIENT ? _("the client") : _("the server");
	if (said->last == EXPECT_NO_EVENT && what->datagram) {
		text_addf(t, _("%s sent no such datagram"), who);
		return;
	}
	if (said->n == 0) {
		text_addf(t, _("%s sent no data"), who);
		return;
	}
	text_addf(t, _("%s sent %zu bytes: \""), who, said->n);
	text_add_safe(t, shown, n);
	text_add(t, n < said->n ? "…\"" : "\"");
}

static void observe(const struct expectation *x, const struct said *said, const struct said *other,
                    struct expect_verdict *verdict)
{
	struct text t = text_of(verdict->observed, sizeof verdict->observed);
	say(&t, &x->bytes, said);
	if (x->how != BYTES_EQUAL)
		return;
	text_add(&t, "; ");
	say(&t, &x->other, other);
	if (said->n > 0 && other->n > 0)
		text_addf(&t, _("; they differ from byte %zu on"),
		          first_difference(said, other) + 1);
}

void expect_compare(const struct expectation *x, const struct scope *scope,
                    struct expect_verdict *verdict)
{
	struct said said = said_by(scope, &x->bytes), other = {.last = EXPECT_NO_EVENT};
	if (x->how == BYTES_EQUAL)
		other = said_by(scope, &x->other);
	verdict->holds =
	        fits(x, &said, &other) && !(x->bytes.datagram && said.last == EXPECT_NO_EVENT);
	verdict->shown_by = said.last;
	if (!verdict->holds)
		observe(x, &said, &other, verdict);
	free(said.bytes);
	free(other.bytes);
}
