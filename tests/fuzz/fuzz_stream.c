/* fuzz_stream.c: what applications say. Byte 0 chooses the ports, byte 1 how much memory there is;
 * the rest are steps of two bytes and what they announce: who speaks, how it becomes a segment, and
 * how many bytes follow. Whatever they are, each message is sound as an event, no more memory is
 * used than is allowed, and none is left in the end. */
#include <stdlib.h>

#include "fuzz.h"
#include "stream/messages.h"

enum { STEP = 2, MOST_MESSAGES = 2000, MEMORY = 1 << 16 };

enum deed { SAY, SWAP, AGAIN, MISS, CUT_OFF, DATAGRAM, FIN, RESET };

struct play {
	struct messages *messages;
	struct endpoint ends[N_SIDES];
	uint32_t next[N_SIDES];
	uint64_t frame;
	size_t limit;
	unsigned n_messages;
};

static void on_message(void *arg, const struct message *m)
{
	static struct event e; /* large */
	struct play *p = arg;
	const char *name, *value;
	size_t at = 0;
	while (message_next(m, &at, &name, &value))
		CLAIM(name[0] != '\0');
	CLAIM(at == m->fields_len);
	CLAIM(m->n_frames_named <= MESSAGE_FRAMES && m->n_frames_named <= m->n_frames);
	for (unsigned i = 1; i < m->n_frames_named; i++)
		CLAIM(m->frames[i - 1] < m->frames[i]);
	CLAIM(m->protocol[0] != '\0' && m->kind[0] != '\0');
	e = (struct event){.kind = EVENT_MESSAGE, .number = 1, .frame = m->last_frame};
	e.message = *m;
	if (p->n_messages++ < MOST_MESSAGES)
		fuzz_claim_event(&e);
}

/* A segment, its bytes in a block of their own. */
static void segment(struct play *p, enum side from, uint32_t seq, const uint8_t *bytes, size_t n,
                    size_t captured, unsigned flags)
{
	struct segment s = {.from = from,
	                    .src = p->ends[from],
	                    .dst = p->ends[side_other(from)],
	                    .seq_raw = seq,
	                    .ack_raw = p->next[side_other(from)],
	                    .flags = (uint16_t)(flags | TCP_ACK)};
	s.after[from] = (struct tcb){.known = KNOWN_ISS, .iss = UINT32_MAX - 100};
	uint8_t *copy = malloc(captured + 1);
	CLAIM(copy != NULL);
	memcpy(copy, bytes, captured);
	struct payload payload = {.bytes = copy,
	                          .len = (uint32_t)captured,
	                          .wirelen = (uint32_t)n,
	                          .frame = ++p->frame,
	                          .time_ns = (int64_t)p->frame * NS_PER_MS};
	messages_segment(p->messages, &s, &payload);
	CLAIM(messages_memory(p->messages) <= p->limit);
	free(copy);
}

static void datagram(struct play *p, enum side from, const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n + 1);
	CLAIM(copy != NULL);
	memcpy(copy, bytes, n);
	struct payload payload = {.bytes = copy,
	                          .len = (uint32_t)n,
	                          .wirelen = (uint32_t)n,
	                          .frame = ++p->frame,
	                          .time_ns = (int64_t)p->frame * NS_PER_MS};
	messages_datagram(p->messages, &p->ends[from], &p->ends[side_other(from)], &payload);
	free(copy);
}

static void step(struct play *p, enum deed deed, enum side from, const uint8_t *bytes, size_t n)
{
	uint32_t seq = p->next[from];
	size_t half = n / 2;
	if (deed == DATAGRAM) {
		datagram(p, from, bytes, n);
		return;
	}
	p->next[from] += (uint32_t)n;
	if (deed == SWAP)
		segment(p, from, seq + (uint32_t)half, bytes + half, n - half, n - half, 0);
	if (deed == SWAP || deed == AGAIN)
		segment(p, from, seq, bytes, half, half, 0);
	if (deed == SAY || deed == AGAIN)
		segment(p, from, seq, bytes, n, n, 0);
	if (deed == CUT_OFF)
		segment(p, from, seq, bytes, n, half, 0);
	if (deed == FIN)
		segment(p, from, seq, bytes, n, n, TCP_FIN);
	if (deed == RESET)
		segment(p, from, seq, bytes, n, n, TCP_RST);
}

/* Most steps only say something, so that the rest does not hide what comes of that. */
static const enum deed deeds[16] = {SAY,  SAY,  SAY,  SAY,   SAY,     SAY,      SAY, SWAP,
                                    SWAP, SWAP, MISS, AGAIN, CUT_OFF, DATAGRAM, FIN, RESET};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t ports[] = {80, 53, 443, 25, 21, 8080, 5353, 9999};
	if (size < 2)
		return 0;
	struct play p = {.next = {UINT32_MAX - 99, UINT32_MAX - 99},
	                 .limit = data[1] & 1 ? MEMORY : MESSAGES_MEMORY};
	struct messages_config config = {
	        .max_talks = 4, .memory = p.limit, .on_message = on_message, .arg = &p};
	p.ends[CLIENT] = (struct endpoint){.addr = {4, {10, 0, 0, 1}}, .port = 40000};
	p.ends[SERVER] = (struct endpoint){.addr = {4, {10, 0, 0, 2}}, .port = ports[data[0] % 8]};
	p.messages = messages_new(&config);
	CLAIM(p.messages != NULL);
	for (data += 2, size -= 2; size >= STEP;) {
		size_t n = data[1] < size - STEP ? data[1] : size - STEP;
		step(&p, deeds[data[0] >> 4], data[0] & 1 ? SERVER : CLIENT, data + STEP, n);
		data += STEP + n;
		size -= STEP + n;
	}
	messages_end(p.messages);
	CLAIM(messages_memory(p.messages) == 0);
	messages_free(p.messages);
	return 0;
}
