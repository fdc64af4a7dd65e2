/* pipeline.c: frame → packet → segment → event → sinks. */
#include "pipeline.h"

#include <string.h>

#include "base/i18n.h"
#include "decode/packet.h"
#include "explain/explain.h"
#include "passage.h"

/* ---- events ---- */

static void emit(struct pipeline *p, struct event *event)
{
	event->number = ++p->n_events;
	outputs_event(&p->out, event);
}

/* The members that every event of a frame has. */
static struct event *frame_event(struct pipeline *p, enum event_kind kind)
{
	struct event *e = &p->event;
	const struct record *r = p->record;
	e->kind = kind;
	e->time_ns = p->time_ns;
	e->frame = p->n_frames;
	e->caplen = r->caplen;
	e->wirelen = r->wirelen;
	e->linktype = (int16_t)r->linktype;
	if (e->passage.id || p->passage.id)
		e->passage = p->passage;
	e->cause.call = 0;
	e->cause.name[0] = '\0';
	e->n_bytes = (uint16_t)(r->caplen < EVENT_BYTES_MAX ? r->caplen : EVENT_BYTES_MAX);
	memcpy(e->bytes, r->data, e->n_bytes);
	return e;
}

/* An event that stands for no frame. */
static struct event *plain_event(struct pipeline *p, enum event_kind kind)
{
	struct event *e = &p->event;
	e->kind = kind;
	e->time_ns = p->time_ns;
	e->frame = 0;
	e->caplen = e->wirelen = 0;
	e->linktype = -1;
	e->n_bytes = 0;
	e->passage = (struct passage){0};
	e->cause = (struct cause){0};
	event_set_fragments(e, NULL);
	return e;
}

static void make_comment(struct pipeline *p, const struct event *event)
{
	struct explanation explanation;
	struct text comment = text_of(p->comment, sizeof p->comment);
	if (!p->out.save->comments)
		return;
	explain_event(&explanation, event);
	text_add(&comment, explanation.title.bytes);
	text_add_char(&comment, '\n');
	explain_join(&explanation, &comment);
}

static bool is_shown(const struct pipeline *p, uint32_t stream)
{
	return p->stream < 0 || p->stream == stream;
}

/* ---- messages of applications ---- */

static struct payload payload_of(const struct pipeline *p)
{
	const struct packet *packet = p->packet;
	return (struct payload){.bytes = packet->data + packet->payload_at,
	                        .len = packet->payload_len,
	                        .wirelen = packet->payload_wirelen,
	                        .frame = p->n_frames,
	                        .time_ns = p->time_ns};
}

/* The receiver gets it, as far as anybody knows. */
static bool arrives(const struct pipeline *p)
{
	return p->passage.fate != FATE_DROPPED && p->passage.fate != FATE_CORRUPTED;
}

static void on_message(void *arg, const struct message *message)
{
	struct pipeline *p = arg;
	struct event *e = plain_event(p, EVENT_MESSAGE);
	e->frame = message->last_frame;
	e->message = *message;
	emit(p, e);
}

static void look_into_segment(struct pipeline *p, const struct segment *segment)
{
	if (!p->messages || !arrives(p))
		return;
	struct payload payload = payload_of(p);
	messages_segment(p->messages, segment, &payload);
}

static void look_into_datagram(struct pipeline *p, const struct packet *packet)
{
	if (!p->messages || !arrives(p) || packet->kind != KIND_UDP)
		return;
	struct endpoint src = {packet->ip.src, packet->udp.src_port};
	struct endpoint dst = {packet->ip.dst, packet->udp.dst_port};
	struct payload payload = payload_of(p);
	messages_datagram(p->messages, &src, &dst, &payload);
}

static void on_segment(void *arg, const struct segment *segment)
{
	struct pipeline *p = arg;
	p->shown = is_shown(p, segment->stream);
	if (!p->shown)
		return;
	if (!p->keylog && !outputs_want_frames(&p->out)) {
		p->n_events++;
		look_into_segment(p, segment);
		return;
	}
	struct event *e = frame_event(p, EVENT_SEGMENT);
	event_set_fragments(e, p->news);
	e->segment = *segment;
	if (p->causes.n[segment->from] > 0)
		causes_find(&p->causes, e, e->passage.id ? e->passage.sent_ns : e->time_ns);
	make_comment(p, e);
	emit(p, e);
	look_into_segment(p, segment);
}

static void say(struct pipeline *p, const struct text *words)
{
	struct event *e = plain_event(p, EVENT_NOTE);
	e->note = (struct note_event){0};
	struct text note = text_of(e->note.text, sizeof e->note.text);
	text_add_bytes(&note, words->bytes, words->len);
	emit(p, e);
}

static void on_connection(void *arg, const struct connection *connection)
{
	struct pipeline *p = arg;
	if (p->messages && connection->action != CONNECTION_OPENED)
		messages_close(p->messages, connection->stream);
	struct event *e = plain_event(p, EVENT_CONNECTION);
	e->connection = *connection;
	if (is_shown(p, connection->stream))
		emit(p, e);
	TEXT(note, EVENT_TEXT_MAX);
	if (crowd_count(&p->crowd, connection, &note))
		say(p, &note);
}

/* An attack loses many datagrams: each is told that doubles their number. */
static void on_loss(void *arg, const struct fragment_loss *loss)
{
	struct pipeline *p = arg;
	if (loss->count & (loss->count - 1))
		return;
	struct event *e = plain_event(p, EVENT_NOTE);
	event_from_loss(e, loss);
	if (p->stream < 0)
		emit(p, e);
}

/* ---- frames ---- */

/* Fragments are collected; with the last one the datagram takes the place of the packet. What is
 * inside may be a fragment in its turn (a tunnel whose packets were cut up). */
static void reassemble(struct pipeline *p, struct packet *packet)
{
	enum { INSIDE = 3 };
	struct fragment_news *news = &p->fragment_news;
	p->news = NULL;
	if (p->passage.fate == FATE_DROPPED)
		return; /* the receiver does not get this piece */
	for (int i = 0; packet->kind == KIND_FRAGMENT && i < INSIDE; i++) {
		fragments_add(p->fragments, packet, p->time_ns, p->n_frames, news);
		p->news = news;
		if (news->fate != FRAGMENT_COMPLETES)
			return;
		packet_decode_ip_payload(packet, &news->first, news->data, news->total);
	}
}

static void frame_to_event(struct pipeline *p, struct event *e, const struct packet *packet)
{
	bool piece = p->news && packet->kind == KIND_FRAGMENT;
	event_from_packet(e, packet);
	event_set_fragments(e, piece ? NULL : p->news);
	if (piece)
		event_from_fragment(e, p->news);
}

static void analyse(struct pipeline *p, const struct record *record)
{
	struct packet packet;
	packet_decode(&packet, record->linktype, record->data, record->caplen, record->wirelen);
	p->comment[0] = '\0';
	reassemble(p, &packet);
	p->packet = &packet;
	if (packet.kind == KIND_TCP) {
		compare_disturb(&p->compare);
		flow_packet_of_fate(p->flow, &packet, p->passage.fate, record->time_ns,
		                    p->n_frames);
		return;
	}
	struct event *e = frame_event(p, EVENT_FRAME);
	frame_to_event(p, e, &packet);
	p->shown = p->stream < 0;
	if (!p->shown)
		return;
	make_comment(p, e);
	emit(p, e);
	look_into_datagram(p, &packet);
}

/* Decryption Secrets Block (draft-ietf-opsawg-pcapng section 4.7). */
static void take_secrets(struct pipeline *p, const struct meta *meta)
{
	struct cursor c = cursor_of(meta->body, meta->len);
	uint32_t type = order_u32(&c, meta->order);
	size_t n = order_u32(&c, meta->order);
	const uint8_t *lines = cursor_take(&c, n);
	if (!p->secrets || !lines || type != SECRETS_TLS_KEY_LOG)
		return;
	secrets_feed(p->secrets, (const char *)lines, n);
	secrets_end(p->secrets);
}

void pipeline_meta(void *pipeline, const struct meta *meta)
{
	struct pipeline *p = pipeline;
	if (meta->kind == META_SECRETS)
		take_secrets(p, meta);
	if (outputs_meta(&p->out, meta))
		return;
	TEXT(note, EVENT_TEXT_MAX);
	text_add(&note, _("a block of the file contradicts itself and is not copied"));
	say(p, &note);
}

bool pipeline_frame(struct pipeline *p, const struct record *record)
{
	struct err why;
	p->n_frames++;
	p->time_ns = record->time_ns;
	p->record = record;
	if (p->passage.id || record->options_len)
		passage_read(&p->passage, record);
	if (p->passage.id)
		compare_ended(&p->compare, p->passage.id);
	int passes = p->filter ? filter_match(p->filter, record, &why) : 1;
	if (passes < 0) {
		struct event *e = plain_event(p, EVENT_NOTE);
		e->note = (struct note_event){0};
		memcpy(e->note.text, why.message, sizeof why.message);
		emit(p, e);
	}
	if (passes <= 0)
		return !p->out.failed;
	p->n_passed++;
	analyse(p, record);
	if (p->shown)
		outputs_frame(&p->out, record, p->comment, p->keylog);
	return !p->out.failed && !p->out.save->ended && (p->count == 0 || p->n_passed < p->count);
}

void pipeline_event(struct pipeline *p, const struct event *event)
{
	p->event = *event;
	p->time_ns = event->time_ns;
	causes_take(&p->causes, event);
	if (event->kind == EVENT_WIRE && event->wire.action == WIRE_SENT)
		compare_sent(&p->compare, event->wire.id);
	emit(p, &p->event);
}

void pipeline_sample(struct pipeline *p, const struct event *event, bool later)
{
	p->event = *event;
	p->time_ns = event->time_ns;
	compare_sample(&p->compare, p->flow, &p->event.kernel, event->time_ns, later);
	emit(p, &p->event);
}

void pipeline_rest(struct pipeline *p, int64_t time_ns)
{
	struct kernel_event sample;
	while (compare_at_rest(&p->compare, p->flow, time_ns, &sample)) {
		p->time_ns = time_ns;
		struct event *e = plain_event(p, EVENT_KERNEL);
		e->kernel = sample;
		emit(p, e);
	}
}

/* ---- beginning and end ---- */

/* A key log that is saved needs the messages, too. */
static bool wants_messages(const struct pipeline *p)
{
	if (p->look_for_messages != MESSAGES_IF_SHOWN)
		return p->look_for_messages == MESSAGES_ALWAYS;
	return p->keylog || outputs_want_messages(&p->out);
}

int pipeline_start(struct pipeline *p, uint32_t max_connections, uint64_t seed)
{
	struct flow_config config = {
	        .max_connections = max_connections,
	        .seed = seed,
	        .on_segment = on_segment,
	        .on_connection = on_connection,
	        .arg = p,
	};
	bool looks = wants_messages(p);
	p->secrets = looks ? secrets_new() : NULL;
	struct messages_config talks = {.on_message = on_message, .arg = p, .secrets = p->secrets};
	p->messages = looks ? messages_new(&talks) : NULL;
	p->flow = flow_new(&config);
	p->fragments = fragments_new(seed, on_loss, p);
	if (!p->flow || !p->fragments || (looks && (!p->messages || !p->secrets)))
		return err_set(&p->out.err, "%s", _("not enough memory for the connections"));
	return 0;
}

void pipeline_session(struct pipeline *p, const char *lab, int64_t time_ns)
{
	p->time_ns = time_ns;
	struct event *e = plain_event(p, EVENT_SESSION);
	e->session = (struct session_event){.format = EVENT_FORMAT,
	                                    .program = "wirelab-trace " WIRELAB_VERSION};
	if (lab) {
		struct text name = text_of(e->session.lab, sizeof e->session.lab);
		text_add(&name, lab);
	}
	emit(p, e);
}

/* What has come to the key log since the last frame that needed it. */
static void save_secrets(struct pipeline *p)
{
	(void)secrets_look_again(p->secrets); /* there may be nothing */
	outputs_secrets(&p->out, p->keylog);
}

void pipeline_end(struct pipeline *p)
{
	if (p->keylog && !p->out.failed)
		save_secrets(p);
	fragments_end(p->fragments);
	flow_end(p->flow);
	uint64_t n = flow_total_count(p->flow);
	if (p->stream >= 0 && (uint64_t)p->stream >= n) {
		struct err err;
		(void)err_set(&err,
		              _("there is no connection %lld here: %llu were seen, counted from 0"),
		              (long long)p->stream, (unsigned long long)n);
		outputs_complain(&p->out, &err);
	}
	TEXT(note, EVENT_TEXT_MAX);
	if (crowd_sum(&p->crowd, &note))
		say(p, &note);
}

int pipeline_close(struct pipeline *p)
{
	int result = outputs_close(&p->out);
	messages_free(p->messages);
	secrets_free(p->secrets);
	fragments_free(p->fragments);
	flow_free(p->flow);
	return result;
}
