/* expect_count.c: what can be counted in a run. Each kind is one line of a table: a word, and which
 * events count how much. Nothing is remembered between events: what a segment changed says itself
 * (before, after). */
#include <string.h>

#include "base/i18n.h"
#include "runner/expect_kinds.h"
#include "runner/expect_scan.h"

/* How much an event counts. */
typedef int64_t (*weight)(const struct event *e);

static bool is_open(const struct tcb *tcbs)
{
	return tcbs[CLIENT].state >= TCP_ESTABLISHED && tcbs[SERVER].state >= TCP_ESTABLISHED;
}

static int64_t handshake(const struct event *e)
{
	return e->kind == EVENT_SEGMENT && !is_open(e->segment.before) && is_open(e->segment.after);
}

bool expect_is_fin(const struct segment *s)
{
	enum tcp_state state = s->before[s->from].state;
	return (s->flags & TCP_FIN) &&
	       (state == TCP_ESTABLISHED || state == TCP_CLOSE_WAIT || state == TCP_SYN_RECEIVED);
}

static int64_t fin(const struct event *e)
{
	return e->kind == EVENT_SEGMENT && expect_is_fin(&e->segment);
}

static int64_t reset(const struct event *e)
{
	return e->kind == EVENT_SEGMENT && (e->segment.flags & TCP_RST);
}

static int64_t connection(const struct event *e)
{
	return e->kind == EVENT_CONNECTION && e->connection.action == CONNECTION_OPENED;
}

/* By its cause, where the tracer knows one: Wireshark calls a resend that comes soon "out of
 * order", and a copy that the wire has made a resend. */
bool expect_is_resend(const struct event *e)
{
	const uint32_t resends =
	        A_RETRANSMISSION | A_FAST_RETRANSMISSION | A_SPURIOUS_RETRANSMISSION;
	if (e->kind != EVENT_SEGMENT || e->passage.fate == FATE_DUPLICATE)
		return false;
	uint16_t cause = e->segment.n_diagnoses ? e->segment.diagnoses[0].label : DIAGNOSIS_NONE;
	if (cause == D_OUT_OF_ORDER)
		return false;
	return (e->segment.analysis.flags & resends) != 0 ||
	       (cause >= D_RTO && cause <= D_SPURIOUS) || cause == D_RESENT;
}

static int64_t resend(const struct event *e)
{
	return expect_is_resend(e);
}

static int64_t segment(const struct event *e)
{
	return e->kind == EVENT_SEGMENT;
}

static int64_t data_segment(const struct event *e)
{
	return e->kind == EVENT_SEGMENT && e->segment.len > 0;
}

static int64_t datagram(const struct event *e)
{
	return e->kind == EVENT_DATAGRAM;
}

static int64_t icmp(const struct event *e)
{
	return e->kind == EVENT_FRAME && e->frame_info.kind == KIND_ICMP;
}

static int64_t zero_window(const struct event *e)
{
	return e->kind == EVENT_SEGMENT && (e->segment.analysis.flags & A_ZERO_WINDOW);
}

static int64_t message(const struct event *e)
{
	return e->kind == EVENT_MESSAGE;
}

/* Bytes by which what was sent has grown: those that others have overtaken are counted with them.
 */
static int64_t new_bytes(const struct event *e)
{
	if (e->kind != EVENT_SEGMENT || e->segment.len == 0)
		return 0;
	const struct segment *s = &e->segment;
	const struct tcb *sender = &s->before[s->from];
	if (!(sender->known & KNOWN_SND))
		return s->len;
	uint32_t end = s->seq_raw + s->len + ((s->flags & TCP_SYN) ? 1 : 0);
	int64_t news = seq_diff(end, sender->snd_nxt);
	return news > 0 ? news : 0;
}

static const struct count_kind {
	const char *word;
	bool of_side; /* "client" or "server" may stand behind it */
	weight weight;
} kinds[] = {
        {"handshakes", false, handshake},
        {"connections", false, connection},
        {"fins", true, fin},
        {"resets", true, reset},
        {"retransmissions", true, resend},
        {"segments", true, segment},
        {"data-segments", true, data_segment},
        {"data", true, new_bytes},
        {"datagrams", true, datagram},
        {"icmp", true, icmp},
        {"zero-windows", true, zero_window},
        {"messages", true, message},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static bool is_of_messages(const struct expect_count *count)
{
	return kinds[count->kind].weight == message;
}

size_t expect_count_words(const char **words, size_t most)
{
	size_t n = 0;
	for (size_t i = 0; i < N_KINDS && n < most; i++)
		words[n++] = kinds[i].word;
	return n;
}

bool scan_is_count(const struct scan *scan)
{
	char word[SCAN_WORD];
	scan_peek(scan, word);
	for (size_t i = 0; i < N_KINDS; i++)
		if (strcmp(kinds[i].word, word) == 0)
			return true;
	return false;
}

/* "client http request", "http": behind `messages`. */
static int scan_messages(struct scan *scan, struct expect_count *count)
{
	for (enum side side = CLIENT; side < N_SIDES; side++)
		if (scan_take(scan, side_name(side)))
			count->side = (uint8_t)side;
	return scan_message(scan, true, count->protocol, count->message);
}

int scan_count(struct scan *scan, struct expect_count *count)
{
	const char *words[N_KINDS];
	char next[SCAN_WORD];
	size_t n = expect_count_words(words, N_KINDS);
	int kind = scan_one_of(scan, _("something that can be counted"), words, n);
	if (kind < 0)
		return -1;
	*count = (struct expect_count){.kind = (uint8_t)kind, .side = EXPECT_EITHER};
	if (is_of_messages(count))
		return scan_messages(scan, count);
	scan_peek(scan, next);
	if (next[0] == '\0' || strpbrk(next, "=<>") || strcmp(next, "in") == 0)
		return 0;
	if (!kinds[kind].of_side)
		return err_set(scan->err, _("%s are not counted for a side: '%s' is too much"),
		               words[kind], next);
	int side = scan_side(scan);
	count->side = (uint8_t)side;
	return side < 0 ? -1 : 0;
}

void expect_tally(const struct expect_count *count, const struct scope *scope, struct tally *tally)
{
	tally->n = 0;
	tally->last = tally->too_many = EXPECT_NO_EVENT;
	for (size_t i = 0; i < scope->end; i++) {
		const struct event *e = &scope->run->events[i];
		int64_t n = kinds[count->kind].weight(e);
		if (n == 0 || !scope_has(scope, i) ||
		    (is_of_messages(count) &&
		     !expect_is_message(e, count->protocol, count->message)) ||
		    (count->side != EXPECT_EITHER && scope_side(scope, e) != count->side))
			continue;
		if (tally->n + n > tally->most && tally->too_many == EXPECT_NO_EVENT)
			tally->too_many = (int64_t)i;
		tally->n += n;
		tally->last = (int64_t)i;
	}
}
