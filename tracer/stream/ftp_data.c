/* ftp_data.c: FTP's data connection (RFC 959 section 3.2): all of a direction is one file or list,
 * and its FIN is the end. It has no beginning of its own: the control connection has announced it
 * (expected.h), and has said what it carries. */
#include "stream/protocol.h"

struct ftp_data {
	struct half {
		uint64_t n;      /* bytes so far */
		int64_t time_ns; /* of the first one */
	} halves[N_SIDES];
};

static enum feed ftp_data_feed(struct talk *talk, enum side from, struct cursor *in)
{
	(void)in; /* nothing of it is read */
	talk_skip(talk, from, UINT64_MAX);
	return FEED_TOOK;
}

static void ftp_data_skipped(struct talk *talk, enum side from, const uint8_t *bytes, size_t n)
{
	struct half *half = &((struct ftp_data *)talk_state(talk))->halves[from];
	(void)bytes; /* only how many */
	if (half->n == 0)
		half->time_ns = talk_time_ns(talk);
	half->n += n;
}

/* Which command the data belongs to. */
static void tie(struct message *m, const struct expected *e, int64_t first_ns)
{
	message_say(m, e->what, strlen(e->what));
	message_add_text(m, "ftp-data.setup-method", e->method);
	message_add_uint(m, "ftp-data.setup-frame", e->setup_frame);
	if (e->what[0] == '\0')
		return;
	message_add_text(m, "ftp-data.command", e->what);
	message_add_uint(m, "ftp-data.command-frame", e->frame);
	m->request_frame = e->frame;
	if (first_ns >= e->time_ns)
		m->latency_ns = first_ns - e->time_ns;
}

static void ftp_data_end(struct talk *talk, enum side from, bool whole)
{
	struct half *half = &((struct ftp_data *)talk_state(talk))->halves[from];
	const struct expected *expected = talk_expected(talk);
	struct message m;
	TEXT(size, 48);
	if (half->n == 0)
		return;
	message_begin(&m, "ftp", "data");
	if (expected)
		tie(&m, expected, half->time_ns);
	text_addf(&size, "%s%llu %s", m.summary[0] ? ", " : "data, ", (unsigned long long)half->n,
	          half->n == 1 ? "byte" : "bytes");
	message_say(&m, size.bytes, size.len);
	m.length = half->n;
	m.incomplete = !whole;
	half->n = 0;
	talk_emit(talk, from, &m);
}

const struct app_protocol app_ftp_data = {
        .name = "ftp-data",
        .state_size = sizeof(struct ftp_data),
        .feed = ftp_data_feed,
        .skipped = ftp_data_skipped,
        .end = ftp_data_end,
};
