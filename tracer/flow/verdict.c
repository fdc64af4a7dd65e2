/* verdict.c: a connection in one word, conn_state, and in one letter for each thing that each end
 * did first, history: both as Zeek has them (base/protocols/conn/main.zeek), so that its users find
 * their way. Upper case is the client's. */
#include "flow/conn.h"

/* In the order in which one segment's letters are noted. */
enum deed {
	DEED_SYN,
	DEED_SYN_ACK,
	DEED_ACK,
	DEED_DATA,
	DEED_FIN,
	DEED_RST,
	DEED_BAD_CHECKSUM,
	DEED_GAP, /* of its data: the capture missed some */
	DEED_RESENT,
	DEED_ZERO_WINDOW,
	DEED_INCONSISTENT, /* FIN and RST together */
	DEED_MULTI_FLAG,   /* SYN together with FIN or RST */
	N_DEEDS
};

static const char letters[N_SIDES][N_DEEDS + 1] = {
        [CLIENT] = "SHADFRCGTWIQ",
        [SERVER] = "shadfrcgtwiq",
};

static uint32_t bit_of(enum deed deed, enum side side)
{
	return UINT32_C(1) << (deed * N_SIDES + side);
}

static bool did(const struct conn *conn, enum deed deed, enum side side)
{
	return (conn->history_seen & bit_of(deed, side)) != 0;
}

static void add_letter(struct conn *conn, char letter)
{
	if (conn->n_history < sizeof conn->history)
		conn->history[conn->n_history++] = letter;
}

static void note(struct conn *conn, enum deed deed, enum side side)
{
	if (did(conn, deed, side))
		return;
	conn->history_seen |= bit_of(deed, side);
	add_letter(conn, letters[side][deed]);
}

static void note_flags(struct conn *conn, const struct segment *s)
{
	const uint16_t flags = s->flags;
	if ((flags & TCP_SYN) && (flags & (TCP_FIN | TCP_RST)))
		note(conn, DEED_MULTI_FLAG, s->from);
	else if ((flags & TCP_FIN) && (flags & TCP_RST))
		note(conn, DEED_INCONSISTENT, s->from);
	else if (flags & TCP_SYN)
		note(conn, flags & TCP_ACK ? DEED_SYN_ACK : DEED_SYN, s->from);
	else if (flags == TCP_ACK && s->len == 0)
		note(conn, DEED_ACK, s->from);
	if (s->len > 0)
		note(conn, DEED_DATA, s->from);
	if ((flags & TCP_FIN) && !(flags & (TCP_SYN | TCP_RST)))
		note(conn, DEED_FIN, s->from);
	if ((flags & TCP_RST) && !(flags & (TCP_SYN | TCP_FIN)))
		note(conn, DEED_RST, s->from);
}

static void note_diagnosis(struct conn *conn, const struct segment *s, enum diagnosis_label label)
{
	if (label >= D_RTO && label <= D_RESENT && label != D_SPURIOUS_SEEN && s->len > 0)
		note(conn, DEED_RESENT, s->from);
	else if (label == D_CAPTURE_GAP)
		note(conn, DEED_GAP, side_other(s->from));
	else if (label == D_CHECKSUM_BAD)
		note(conn, DEED_BAD_CHECKSUM, s->from);
	else if (label == D_ZERO_WINDOW)
		note(conn, DEED_ZERO_WINDOW, s->from);
	else if (label >= D_RST_CLOSED_PORT && label <= D_RST_ABORT && !conn->reset_cause)
		conn->reset_cause = (uint16_t)label;
}

void verdict_count(struct conn *conn, const struct segment *s)
{
	bool first = conn->peers[CLIENT].sent.segments + conn->peers[SERVER].sent.segments == 1;
	if (first && s->from == SERVER)
		add_letter(conn, '^'); /* what we take for the server spoke first */
	note_flags(conn, s);
	for (unsigned i = 0; i < s->n_diagnoses; i++)
		note_diagnosis(conn, s, (enum diagnosis_label)s->diagnoses[i].label);
}

/* How far one end came, as Zeek counts it. */
enum reach { INACTIVE, PARTIAL, SYN_SENT, SYN_ACK_SENT, ESTABLISHED, CLOSED, RESET };

static enum reach reach_of(const struct conn *conn, enum side side)
{
	if (did(conn, DEED_RST, side))
		return RESET;
	if (did(conn, DEED_FIN, side))
		return CLOSED;
	if (conn->peers[side].sent.segments == 0)
		return INACTIVE;
	if (!did(conn, DEED_SYN, side) && !did(conn, DEED_SYN_ACK, side))
		return PARTIAL;
	if (conn->opened)
		return ESTABLISHED;
	return did(conn, DEED_SYN_ACK, side) ? SYN_ACK_SENT : SYN_SENT;
}

static enum conn_state reset_state(const struct conn *conn, enum reach client, enum reach server)
{
	bool no_data = conn->peers[CLIENT].sent.bytes + conn->peers[SERVER].sent.bytes == 0;
	if (server == RESET) {
		bool tried = client == SYN_SENT || client == SYN_ACK_SENT;
		if (tried || (client == RESET && no_data))
			return CONN_STATE_REJ;
		return client <= PARTIAL ? CONN_STATE_RSTRH : CONN_STATE_RSTR;
	}
	return server <= PARTIAL ? CONN_STATE_RSTOS0 : CONN_STATE_RSTO;
}

static enum conn_state state_of(const struct conn *conn)
{
	enum reach client = reach_of(conn, CLIENT), server = reach_of(conn, SERVER);
	if (client == RESET || server == RESET)
		return reset_state(conn, client, server);
	if (client == CLOSED && server == CLOSED)
		return CONN_STATE_SF;
	if (client == CLOSED)
		return server <= PARTIAL ? CONN_STATE_SH : CONN_STATE_S2;
	if (server == CLOSED)
		return client <= PARTIAL ? CONN_STATE_SHR : CONN_STATE_S3;
	if (client == SYN_SENT && server == INACTIVE)
		return CONN_STATE_S0;
	if (client == ESTABLISHED && server == ESTABLISHED)
		return CONN_STATE_S1;
	return CONN_STATE_OTH;
}

void verdict_fill(const struct conn *conn, struct connection *out)
{
	out->conn_state = state_of(conn);
	out->reset_cause = conn->reset_cause;
	memcpy(out->history, conn->history, conn->n_history);
	out->history[conn->n_history] = '\0';
}
