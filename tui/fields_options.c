/* fields_options.c: the options of TCP (RFC 9293 section 3.2 and the RFC named at each) and of IPv4
 * (RFC 791 section 3.1), one by one. Both are lists of the same form: a kind, and for all but two
 * kinds a length that counts itself. A kind is one row of a table. */
#include <string.h>

#include "base/i18n.h"
#include "decode/protocols.h"
#include "fields.h"

enum { KIND_END = 0, KIND_NOP = 1, MAX_DETAILS = 8 };

/* One kind of option; its fields count from the option's first byte, and those beyond its length
 * are absent. */
struct option_row {
	uint8_t kind;
	const char *name, *label, *help;
	struct field details[MAX_DETAILS]; /* behind kind and length */
};

#define EDGES(n, at)                                                                               \
	{"tcp.options.sack_le",                                                                    \
	 N_("Left edge"),                                                                          \
	 N_("First number of a block that has arrived."),                                          \
	 (at),                                                                                     \
	 32,                                                                                       \
	 FIELD_DEC},                                                                               \
	{                                                                                          \
		"tcp.options.sack_re", N_("Right edge"),                                           \
		        N_("The number behind the last one of that block."), (at) + 32, 32,        \
		        FIELD_DEC                                                                  \
	}

static const struct option_row tcp_rows[] = {
        {KIND_END,
         "tcp.options.eol",
         N_("End of options"),
         N_("What comes after it only fills the header up to a multiple of four bytes."),
         {{0}}},
        {KIND_NOP,
         "tcp.options.nop",
         N_("No operation"),
         N_("One byte that says nothing; it puts the next option where four bytes begin."),
         {{0}}},
        {2,
         "tcp.options.mss",
         N_("Maximum segment size"),
         N_("The most payload that this end takes in one segment; only in a SYN. Ethernet's 1500 "
            "bytes less 20 for IP and 20 for TCP make 1460."),
         {{"tcp.options.mss_val", N_("MSS"), N_("Bytes of payload."), 16, 16, FIELD_DEC}}},
        {3,
         "tcp.options.wscale",
         N_("Window scale"),
         N_("By how many bits this end's windows are shifted left, so that they can exceed 65535 "
            "bytes; only in a SYN, and only if both send it (RFC 7323)."),
         {{"tcp.options.wscale.shift", N_("Shift"), N_("7 means: multiply by 128."), 16, 8,
           FIELD_DEC}}},
        {4,
         "tcp.options.sack_perm",
         N_("SACK permitted"),
         N_("This end understands selective acknowledgments (RFC 2018); only in a SYN."),
         {{0}}},
        {5,
         "tcp.options.sack",
         N_("Selective acknowledgment"),
         N_("Blocks that have arrived behind a gap: only what is between them must be sent again "
            "(RFC 2018)."),
         {EDGES(1, 16), EDGES(2, 80), EDGES(3, 144), EDGES(4, 208)}},
        {8,
         "tcp.options.timestamp",
         N_("Timestamps"),
         N_("The sender's clock, and the other end's clock sent back: this measures the round "
            "trip and rejects very old segments (RFC 7323)."),
         {{"tcp.options.timestamp.tsval", N_("TSval"), N_("The sender's clock, in its own units."),
           16, 32, FIELD_DEC},
          {"tcp.options.timestamp.tsecr", N_("TSecr"),
           N_("The other end's clock, as it was in the segment that this one answers."), 48, 32,
           FIELD_DEC}}},
        {19,
         "tcp.options.md5",
         N_("MD5 signature"),
         N_("Proof that the sender knows a shared key (RFC 2385), once used between routers."),
         {{"tcp.options.md5.digest", N_("Digest"), N_("The proof."), 16, 128, FIELD_BYTES}}},
        {28,
         "tcp.options.user_to",
         N_("User timeout"),
         N_("How long this end waits for an acknowledgment before it gives up (RFC 5482)."),
         {{"tcp.options.user_to_granularity", N_("Minutes"), N_("Set: minutes, else seconds."), 16,
           1, FIELD_BOOL},
          {"tcp.options.user_to_val", N_("Time"), N_("In that unit."), 17, 15, FIELD_DEC}}},
        {29,
         "tcp.options.ao",
         N_("Authentication"),
         N_("Proof that the sender knows a shared key (TCP-AO, RFC 5925)."),
         {{"tcp.options.ao.keyid", N_("Key"), N_("Which key the proof was made with."), 16, 8,
           FIELD_DEC},
          {"tcp.options.ao.rnextkeyid", N_("Next key"),
           N_("Which key the sender would like to receive."), 24, 8, FIELD_DEC}}},
        {30,
         "tcp.options.mptcp",
         N_("Multipath TCP"),
         N_("One connection over several paths (RFC 8684)."),
         {{"tcp.options.mptcp.subtype", N_("Subtype"), N_("0 opens, 1 joins, 2 carries data."), 16,
           4, FIELD_DEC}}},
        {34,
         "tcp.options.tfo",
         N_("Fast Open"),
         N_("A cookie that lets data travel in the SYN already; without cookie a request for one "
            "(RFC 7413)."),
         {{0}}},
        {254,
         "tcp.options.experimental",
         N_("Experiment"),
         N_("Shared by experiments, told apart by two bytes (RFC 6994)."),
         {{"tcp.options.experimental.exid", N_("Which one"), N_("0xf989: Fast Open."), 16, 16,
           FIELD_HEX}}},
};

static const struct option_row ip_rows[] = {
        {KIND_END,
         "ip.opt.eol",
         N_("End of options"),
         N_("What comes after it only fills the header up to a multiple of four bytes."),
         {{0}}},
        {KIND_NOP,
         "ip.opt.nop",
         N_("No operation"),
         N_("One byte that says nothing; it puts the next option where four bytes begin."),
         {{0}}},
        {7,
         "ip.opt.rr",
         N_("Record route"),
         N_("Routers on the way write down their addresses."),
         {{"ip.opt.ptr", N_("Pointer"), N_("Where the next address goes."), 16, 8, FIELD_DEC}}},
        {68,
         "ip.opt.ts",
         N_("Timestamps of routers"),
         N_("Routers on the way write down the time."),
         {{"ip.opt.ptr", N_("Pointer"), N_("Where the next time goes."), 16, 8, FIELD_DEC}}},
        {130, "ip.opt.sec", N_("Security"), N_("A classification; out of use."), {{0}}},
        {131,
         "ip.opt.lsr",
         N_("Loose source route"),
         N_("Stops that the packet must visit. Most routers drop such packets."),
         {{"ip.opt.ptr", N_("Pointer"), N_("The next stop."), 16, 8, FIELD_DEC}}},
        {137,
         "ip.opt.ssr",
         N_("Strict source route"),
         N_("Every stop of the way. Most routers drop such packets."),
         {{"ip.opt.ptr", N_("Pointer"), N_("The next stop."), 16, 8, FIELD_DEC}}},
        {148,
         "ip.opt.ra",
         N_("Router alert"),
         N_("Asks each router on the way to look at the packet itself (RFC 2113)."),
         {{"ip.opt.ra", N_("Value"), N_("Always 0."), 16, 16, FIELD_DEC}}},
};

static const struct option_row other_tcp = {255,
                                            "tcp.options.unknown",
                                            N_("Other option"),
                                            N_("A kind that is not known here."),
                                            {{0}}};
static const struct option_row other_ip = {
        255, "ip.opt.type", N_("Other option"), N_("A kind that is not known here."), {{0}}};

/* Kind and length, for TCP and for IPv4. */
#define HEAD(kind, len)                                                                            \
	{                                                                                          \
		{(kind), N_("Kind"), N_("Which option this is."), 0, 8, FIELD_DEC},                \
		{                                                                                  \
			(len), N_("Length"),                                                       \
			        N_("Bytes of this option, kind and length included."), 8, 8,       \
			        FIELD_DEC                                                          \
		}                                                                                  \
	}
static const struct field head_tcp[2] = HEAD("tcp.option_kind", "tcp.option_len");
static const struct field head_ip[2] = HEAD("ip.opt.type", "ip.opt.len");

static const struct option_row *find_row(const struct protocol *protocol, uint8_t kind)
{
	bool is_tcp = protocol == &protocol_tcp;
	const struct option_row *rows = is_tcp ? tcp_rows : ip_rows;
	size_t n =
	        is_tcp ? sizeof tcp_rows / sizeof tcp_rows[0] : sizeof ip_rows / sizeof ip_rows[0];
	for (size_t i = 0; i < n; i++)
		if (rows[i].kind == kind)
			return &rows[i];
	return is_tcp ? &other_tcp : &other_ip;
}

/* Where the options stand in the frame. */
struct walk {
	struct fields *fields;
	const struct packet *packet;
	const struct protocol *protocol;
	uint32_t have, end;
};

static void add_detail(const struct walk *walk, const struct field *field, uint32_t at,
                       uint32_t option_end)
{
	uint32_t have = option_end < walk->have ? option_end : walk->have;
	struct part *part = fields_add(walk->fields, PART_DETAIL, walk->protocol, 0, 0);
	if (part)
		fields_value(part, walk->packet, field, at, have);
}

/* The option's fields, and "1460" or "TSval 1, TSecr 2" from them into t. */
static void add_details(const struct walk *walk, const struct option_row *row, uint32_t at,
                        uint32_t len, struct text *t)
{
	const struct field *head = walk->protocol == &protocol_tcp ? head_tcp : head_ip;
	add_detail(walk, &head[0], at, at + len);
	add_detail(walk, &head[1], at, at + len);
	const struct field *d = row->details;
	for (unsigned i = 0; i < MAX_DETAILS && d[i].name; i++) {
		if ((d[i].bit_offset + d[i].bit_len + 7u) / 8 > len)
			break; /* this one is shorter */
		add_detail(walk, &d[i], at, at + len);
		bool alone = i == 0 && !d[1].name;
		text_add(t, i > 0 ? ", " : "");
		if (!alone)
			text_addf(t, "%s ", _(d[i].label));
		text_add(t, walk->fields->parts[walk->fields->n - 1].value);
	}
}

/* The option at byte `at`, `len` bytes long by its own word. */
static void add_option(const struct walk *walk, uint8_t kind, uint32_t at, uint32_t len)
{
	const struct option_row *row = find_row(walk->protocol, kind);
	uint32_t left = walk->have - at;
	unsigned index = walk->fields->n;
	struct part *part =
	        fields_add(walk->fields, PART_OPTION, walk->protocol, at, len < left ? len : left);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->name = row->name;
	part->label = row->label;
	part->help = row->help;
	part->cut = len > left;
	if (row == &other_tcp || row == &other_ip)
		text_addf(&t, _("kind %u, %u bytes"), kind, len);
	if (kind != KIND_END && kind != KIND_NOP)
		add_details(walk, row, at, len, &t);
	if (walk->fields->parts[index].cut)
		text_add(&t, _(", the rest was not captured"));
}

/* An option whose length cannot be: the walk ends there. */
static void add_lie(const struct walk *walk, uint32_t at)
{
	struct part *part =
	        fields_add(walk->fields, PART_OPTION, walk->protocol, at, walk->have - at);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->label = N_("Malformed options");
	part->help = N_("An option's length is impossible, so what follows cannot be read.");
	text_addf(&t, ngettext("%u byte", "%u bytes", walk->have - at), walk->have - at);
}

static void add_missing(const struct walk *walk, uint32_t at)
{
	struct part *part = fields_add(walk->fields, PART_OPTION, walk->protocol, at, 0);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->label = N_("More options");
	part->help = N_("The capture stops before the options end.");
	part->cut = true;
	text_add(&t, _("not captured"));
}

/* One option; returns where the next one begins, or walk->have when there is none to read. */
static uint32_t step(const struct walk *walk, uint32_t at)
{
	struct cursor c = cursor_of(walk->packet->data, walk->have);
	cursor_skip(&c, at);
	uint8_t kind = cursor_u8(&c);
	if (kind == KIND_END) {
		add_option(walk, kind, at, walk->have - at);
		return walk->have;
	}
	if (kind == KIND_NOP) {
		add_option(walk, kind, at, 1);
		return at + 1;
	}
	uint8_t len = cursor_u8(&c);
	if (!cursor_ok(&c) && walk->have < walk->end)
		len = 2; /* its length was not captured */
	if (len < 2 || len > walk->end - at) {
		add_lie(walk, at);
		return walk->have;
	}
	add_option(walk, kind, at, len);
	return len < walk->have - at ? at + len : walk->have;
}

void fields_add_options(struct fields *fields, const struct packet *packet,
                        const struct protocol *protocol, uint32_t at, uint32_t have, uint32_t end)
{
	struct walk walk = {fields, packet, protocol, have, end};
	while (at < have)
		at = step(&walk, at);
	if (have < end)
		add_missing(&walk, have);
}
