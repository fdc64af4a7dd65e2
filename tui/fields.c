/* fields.c: see fields.h. Layers and fixed fields; options are in fields_options.c, names of layers
 * in levels.c. Bits are read through the checked reader only. */
#include "fields.h"

#include <string.h>

#include "base/i18n.h"
#include "decode/protocols.h"

enum { MAX_SHOWN_BYTES = 24, MAX_NUMBER_BITS = 56 };

/* ---- parts ---- */

struct part *fields_add(struct fields *fields, enum part_kind kind, const struct protocol *protocol,
                        uint32_t byte_at, uint32_t byte_len)
{
	if (fields->n == FIELDS_MAX) {
		fields->more = true;
		return NULL;
	}
	struct part *part = &fields->parts[fields->n++];
	*part = (struct part){
	        .kind = kind,
	        .level = protocol ? level_of(protocol) : LEVEL_APPLICATION,
	        .protocol = protocol,
	        .name = "",
	        .label = "",
	        .help = "",
	        .bit_at = byte_at * 8,
	        .bit_len = byte_len * 8,
	};
	return part;
}

unsigned part_depth(const struct part *part)
{
	static const uint8_t depths[] = {
	        [PART_LAYER] = 0,  [PART_FIELD] = 1,   [PART_OPTION] = 1,
	        [PART_DETAIL] = 2, [PART_PAYLOAD] = 0, [PART_PADDING] = 0,
	};
	return depths[part->kind];
}

uint32_t part_byte_at(const struct part *part)
{
	return part->bit_at / 8;
}

uint32_t part_byte_len(const struct part *part)
{
	if (part->bit_len == 0)
		return 0;
	return (part->bit_at + part->bit_len + 7) / 8 - part->bit_at / 8;
}

unsigned fields_at_byte(const struct fields *fields, uint32_t byte)
{
	unsigned found = fields->n;
	for (unsigned i = 0; i < fields->n; i++) {
		const struct part *part = &fields->parts[i];
		bool holds = byte >= part_byte_at(part) &&
		             byte - part_byte_at(part) < part_byte_len(part);
		if (holds &&
		    (found == fields->n || part_depth(part) > part_depth(&fields->parts[found])))
			found = i;
	}
	return found;
}

unsigned fields_layer(const struct fields *fields, unsigned i)
{
	while (i > 0 && part_depth(&fields->parts[i]) > 0)
		i--;
	return i;
}

/* ---- values ---- */

/* The field as a number; its bytes were captured. */
static uint64_t read_bits(const struct packet *packet, uint32_t bit_at, uint32_t bit_len)
{
	struct cursor c = cursor_of(packet->data, packet->caplen);
	uint64_t value = 0;
	uint32_t end = bit_at + bit_len;
	cursor_skip(&c, bit_at / 8);
	for (uint32_t at = bit_at / 8 * 8; at < end; at += 8)
		value = value << 8 | cursor_u8(&c);
	value >>= (8 - end % 8) % 8;
	return value & ((UINT64_C(1) << bit_len) - 1);
}

/* Fields that name what comes next, and fields that count in units. */
static const struct {
	const char *name;
	enum key_space space;
} names_next[] = {
        {"ip.proto", KEY_IP_PROTOCOL}, {"ipv6.nxt", KEY_IP_PROTOCOL},
        {"eth.type", KEY_ETHERTYPE},   {"vlan.etype", KEY_ETHERTYPE},
        {"sll.etype", KEY_ETHERTYPE},  {"sll2.etype", KEY_ETHERTYPE},
        {"gre.proto", KEY_ETHERTYPE},  {"arp.proto.type", KEY_ETHERTYPE},
};

static const struct {
	const char *name;
	unsigned unit; /* bytes */
} counts_in[] = {
        {"tcp.hdr_len", 4},
        {"ip.hdr_len", 4},
        {"ip.frag_offset", 8},
        {"ipv6.fraghdr.offset", 8},
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* "6 (tcp)", "5 (20 bytes)": what a number stands for, if it is known. */
static void add_meaning(struct text *t, const struct field *field, uint64_t value)
{
	for (size_t i = 0; i < LENGTH(names_next); i++) {
		if (strcmp(field->name, names_next[i].name) != 0 || value > UINT32_MAX)
			continue;
		const struct protocol *next = protocol_find(names_next[i].space, (uint32_t)value);
		if (next)
			text_addf(t, " (%s)", next->name);
	}
	for (size_t i = 0; i < LENGTH(counts_in); i++)
		if (strcmp(field->name, counts_in[i].name) == 0)
			text_addf(t, _(" (%u bytes)"), (unsigned)value * counts_in[i].unit);
}

static void add_number(struct text *t, const struct packet *packet, const struct field *field,
                       uint32_t bit_at)
{
	uint64_t value = read_bits(packet, bit_at, field->bit_len);
	if (field->format == FIELD_BOOL) {
		text_add(t, value ? _("1 set") : _("0 not set"));
		return;
	}
	if (field->format == FIELD_HEX) {
		text_add(t, "0x");
		text_add_hex(t, value, (field->bit_len + 3) / 4);
	} else {
		text_add_uint(t, value);
	}
	add_meaning(t, field, value);
}

/* "0a1b2c…": the first bytes of many. */
static void add_bytes(struct text *t, const uint8_t *bytes, uint32_t n)
{
	uint32_t shown = n > MAX_SHOWN_BYTES ? MAX_SHOWN_BYTES : n;
	text_add_hex_bytes(t, bytes, shown);
	if (n > shown)
		text_add(t, "…");
}

static void add_address(struct text *t, const uint8_t *bytes, uint8_t version)
{
	struct addr addr = {.version = version};
	memcpy(addr.bytes, bytes, version == 4 ? 4 : 16);
	text_add_addr(t, &addr);
}

static void add_mac(struct text *t, const uint8_t *bytes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			text_add_char(t, ':');
		text_add_hex_bytes(t, bytes + i, 1);
	}
}

static void add_whole_bytes(struct text *t, const struct packet *packet, const struct field *field,
                            uint32_t bit_at)
{
	struct cursor c = cursor_of(packet->data, packet->caplen);
	uint32_t n = field->bit_len / 8u;
	cursor_skip(&c, bit_at / 8);
	const uint8_t *bytes = cursor_take(&c, n);
	if (!bytes)
		return;
	if (field->format == FIELD_IPV4 && n == 4)
		add_address(t, bytes, 4);
	else if (field->format == FIELD_IPV6 && n == 16)
		add_address(t, bytes, 6);
	else if (field->format == FIELD_MAC && n <= 8)
		add_mac(t, bytes, n);
	else
		add_bytes(t, bytes, n);
}

static bool is_number(const struct field *field)
{
	return field->bit_len <= MAX_NUMBER_BITS &&
	       (field->format == FIELD_DEC || field->format == FIELD_HEX ||
	        field->format == FIELD_BOOL);
}

void fields_value(struct part *part, const struct packet *packet, const struct field *field,
                  uint32_t at, uint32_t end)
{
	struct text t = text_of(part->value, sizeof part->value);
	part->field = field;
	part->name = field->name;
	part->label = field->label;
	part->help = field->help;
	part->bit_at = at * 8 + field->bit_offset;
	part->bit_len = field->bit_len;
	if ((uint64_t)part->bit_at + part->bit_len > (uint64_t)end * 8) {
		part->cut = true;
		part->bit_len = part->bit_at < end * 8 ? end * 8 - part->bit_at : 0;
		text_add(&t, _("not captured"));
	} else if (is_number(field)) {
		add_number(&t, packet, field, part->bit_at);
	} else {
		add_whole_bytes(&t, packet, field, part->bit_at);
	}
}

/* ---- layers ---- */

/* True when the capture stopped inside this header. */
static bool layer_is_cut(const struct packet *packet, unsigned i)
{
	return packet->status == PACKET_TRUNCATED && i + 1u == packet->n_layers &&
	       packet->payload_len == 0;
}

static void add_layer_part(struct fields *fields, const struct packet *packet, unsigned i)
{
	const struct layer *layer = &packet->layers[i];
	struct part *part =
	        fields_add(fields, PART_LAYER, layer->protocol, layer->offset, layer->len);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->name = layer->protocol->name;
	part->label = layer->protocol->title;
	part->help = layer->protocol->rfc;
	part->cut = layer_is_cut(packet, i);
	text_addf(&t, ngettext("%u byte", "%u bytes", layer->len), layer->len);
	if (part->cut)
		text_add(&t, _(", the rest was not captured"));
}

/* The protocol's fixed fields. Returns the byte behind the last one. */
static uint32_t add_fixed(struct fields *fields, const struct packet *packet, unsigned i)
{
	const struct layer *layer = &packet->layers[i];
	uint32_t end = layer->offset + layer->len, behind = layer->offset;
	for (const struct field *f = layer->protocol->fields; f->name; f++) {
		uint32_t field_end = layer->offset + ((uint32_t)f->bit_offset + f->bit_len + 7) / 8;
		if (field_end > end && !layer_is_cut(packet, i))
			continue; /* absent from this packet */
		struct part *part = fields_add(fields, PART_FIELD, layer->protocol, 0, 0);
		if (part)
			fields_value(part, packet, f, layer->offset, end);
		if (field_end <= end && field_end > behind)
			behind = field_end;
	}
	return behind;
}

/* Where the header ends by its own length field, which the capture may not reach. */
static uint32_t header_end(const struct packet *packet, const struct layer *layer)
{
	uint32_t units = 0;
	if (layer->protocol == &protocol_tcp && layer->len > 12)
		units = (uint32_t)read_bits(packet, (layer->offset + 12) * 8, 4);
	if (layer->protocol == &protocol_ipv4 && layer->len > 0)
		units = (uint32_t)read_bits(packet, layer->offset * 8 + 4, 4);
	uint32_t have = layer->offset + layer->len, end = layer->offset + units * 4;
	return end > have ? end : have;
}

/* What the tables have no name for. */
static void add_rest(struct fields *fields, const struct packet *packet, const struct layer *layer,
                     uint32_t at)
{
	uint32_t end = layer->offset + layer->len;
	struct part *part = fields_add(fields, PART_FIELD, layer->protocol, at, end - at);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	struct cursor c = cursor_of(packet->data, packet->caplen);
	part->label = N_("Further bytes");
	part->help = N_("Part of this header; optional parts are not taken apart here.");
	cursor_skip(&c, at);
	const uint8_t *bytes = cursor_take(&c, end - at);
	if (bytes)
		add_bytes(&t, bytes, end - at);
}

static void add_layer(struct fields *fields, const struct packet *packet, unsigned i)
{
	const struct layer *layer = &packet->layers[i];
	bool has_options = layer->protocol == &protocol_tcp || layer->protocol == &protocol_ipv4;
	add_layer_part(fields, packet, i);
	uint32_t behind = add_fixed(fields, packet, i);
	uint32_t have = layer->offset + layer->len;
	if (has_options && layer->len >= 20)
		fields_add_options(fields, packet, layer->protocol, layer->offset + 20, have,
		                   header_end(packet, layer));
	else if (behind < have && !layer_is_cut(packet, i))
		add_rest(fields, packet, layer, behind);
}

/* The beginning of the payload as text, if it looks like one. */
static void add_preview(struct text *t, const struct packet *packet)
{
	enum { SHOWN = 24 };
	struct cursor c = cursor_of(packet->data, packet->caplen);
	uint32_t n = packet->payload_len < SHOWN ? packet->payload_len : SHOWN;
	cursor_skip(&c, packet->payload_at);
	const uint8_t *bytes = cursor_take(&c, n);
	if (!bytes || n == 0 || bytes[0] < ' ' || bytes[0] >= 0x7f)
		return;
	text_add(t, " \"");
	text_add_safe(t, (const char *)bytes, n);
	text_add(t, n < packet->payload_wirelen ? "…" : "\"");
}

static void add_payload(struct fields *fields, const struct packet *packet)
{
	bool in_header = packet->payload_len == 0 && packet->status == PACKET_TRUNCATED;
	if (packet->payload_wirelen == 0 || in_header)
		return; /* there is none, or the capture stops before it */
	struct part *part =
	        fields_add(fields, PART_PAYLOAD, NULL, packet->payload_at, packet->payload_len);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->name = "data";
	part->label = N_("Payload");
	part->help = N_("What the innermost header carries: for TCP, bytes of the stream that the "
	                "program wrote.");
	part->cut = packet->payload_len < packet->payload_wirelen;
	text_addf(&t, ngettext("%u byte", "%u bytes", packet->payload_wirelen),
	          packet->payload_wirelen);
	if (part->cut)
		text_addf(&t, _(", %u of them here"), packet->payload_len);
	add_preview(&t, packet);
}

static void add_padding(struct fields *fields, const struct packet *packet)
{
	uint32_t at = packet->payload_at + packet->payload_len;
	bool all = packet->payload_len == packet->payload_wirelen;
	if (at >= packet->caplen || !all || packet->n_layers == 0)
		return;
	struct part *part = fields_add(fields, PART_PADDING, NULL, at, packet->caplen - at);
	if (!part)
		return;
	struct text t = text_of(part->value, sizeof part->value);
	part->name = "eth.padding";
	part->label = N_("Padding");
	part->level = LEVEL_LINK;
	part->help = N_("Bytes behind the packet that belong to nobody: Ethernet fills up frames "
	                "that are too short.");
	text_addf(&t, ngettext("%u byte", "%u bytes", packet->caplen - at), packet->caplen - at);
}

void fields_of(struct fields *fields, const struct packet *packet)
{
	fields->n = 0;
	fields->more = false;
	for (unsigned i = 0; i < packet->n_layers; i++)
		add_layer(fields, packet, i);
	add_payload(fields, packet);
	add_padding(fields, packet);
}
