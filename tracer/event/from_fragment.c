/* from_fragment.c: what became of a fragment, as words of the stream (which is English always), and
 * the frames that a datagram was put together from. */
#include "event/event.h"

static const struct {
	const char *words; /* behind "bytes 0 to 1479 of an IP datagram" */
	bool malformed;
} fates[N_FRAGMENT_FATES] = {
        [FRAGMENT_KEPT] = {"", false},
        [FRAGMENT_COMPLETES] = {", the last that was missing", false},
        [FRAGMENT_REPEATS] = {", which came before", false},
        [FRAGMENT_CUT] = {", not all of it captured, so the datagram cannot be put together",
                          false},
        [FRAGMENT_EMPTY] = {": it carries nothing", true},
        [FRAGMENT_UNEVEN] = {": dropped, its length is no multiple of 8", true},
        [FRAGMENT_TOO_FAR] = {": dropped, it ends behind byte 65535, where no datagram can", true},
        [FRAGMENT_END_DIFFERS] = {": dropped, it contradicts where the datagram ends", true},
        [FRAGMENT_OVERLAPS] = {": it overlaps another fragment, so the whole datagram is dropped "
                               "(RFC 5722)",
                               true},
        [FRAGMENT_NO_ROOM] = {": no room to keep it", false},
};

static void add_progress(struct text *t, const struct fragment_news *news)
{
	text_add(t, "; ");
	text_add_uint(t, news->have);
	if (news->total) {
		text_add(t, " of ");
		text_add_uint(t, news->total);
	}
	text_add(t, news->have == 1 && !news->total ? " byte is" : " bytes are");
	text_add(t, " there");
	if (news->n_frames > 1) {
		text_add(t, " since frame ");
		text_add_uint(t, news->frames[0]);
	}
	if (news->conflicts)
		text_add(t, "; it contradicts bytes that came before, which stay");
}

void event_from_fragment(struct event *event, const struct fragment_news *news)
{
	struct frame_event *frame = &event->frame_info;
	struct text t = text_of(frame->reason, sizeof frame->reason);
	text_add(&t, "bytes ");
	text_add_uint(&t, news->at);
	if (news->len > 1) {
		text_add(&t, " to ");
		text_add_uint(&t, (uint64_t)news->at + news->len - 1);
	}
	text_add(&t, " of an IP datagram");
	text_add(&t, fates[news->fate].words);
	if (news->n_frames > 0 && !fates[news->fate].malformed)
		add_progress(&t, news);
	if (fates[news->fate].malformed)
		frame->status = PACKET_MALFORMED;
}

void event_set_fragments(struct event *event, const struct fragment_news *news)
{
	event->n_fragments =
	        news ? (uint16_t)(news->n_frames < UINT16_MAX ? news->n_frames : UINT16_MAX) : 0;
	event->n_fragment_frames = 0;
	for (size_t i = 0; i < event->n_fragments && i < FRAGMENTS_FRAMES; i++)
		event->fragment_frames[event->n_fragment_frames++] = news->frames[i];
}

void event_from_loss(struct event *event, const struct fragment_loss *loss)
{
	static const char *const reasons[] = {
	        [LOSS_TIMEOUT] = "its other fragments did not come within 30 s",
	        [LOSS_NO_ROOM] = "too many datagrams wait for fragments, the oldest made room",
	        [LOSS_TRACE_ENDED] = "the trace ended before its other fragments came",
	};
	struct note_event *note = &event->note;
	*note = (struct note_event){.about = 0};
	struct text t = text_of(note->text, sizeof note->text);
	text_add(&t, "the IP datagram ");
	text_add_addr(&t, &loss->src);
	text_add(&t, " > ");
	text_add_addr(&t, &loss->dst);
	text_add(&t, " id ");
	text_add_uint(&t, loss->id);
	text_add(&t, " that began in frame ");
	text_add_uint(&t, loss->frame);
	text_add(&t, " was not put together: ");
	text_add(&t, reasons[loss->reason]);
	text_add(&t, " (");
	text_add_uint(&t, loss->have);
	if (loss->total) {
		text_add(&t, " of ");
		text_add_uint(&t, loss->total);
	}
	text_add(&t, " bytes were there");
	if (loss->count > 1) {
		text_add(&t, "; so far ");
		text_add_uint(&t, loss->count);
		text_add(&t, " datagrams");
	}
	text_add_char(&t, ')');
}
