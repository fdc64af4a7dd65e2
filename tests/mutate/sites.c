/* sites.c: walks over pcap and pcapng by itself, and over the frames with the tracer's decoder,
 * which knows where headers begin. */
#include "sites.h"

#include <string.h>

#include "decode/packet.h"
#include "decode/protocol.h"

/* A walk over a file. */
struct walk {
	struct sites *sites;
	const uint8_t *file;
	size_t size;
	bool little;
	int linktypes[64]; /* of the interfaces, in pcapng */
	unsigned n_interfaces;
	unsigned frames_left;
};

static void add(struct walk *w, size_t offset, unsigned size, bool little, const char *what)
{
	struct sites *s = w->sites;
	if (s->n == MOST_SITES || size > w->size || offset > w->size - size)
		return;
	s->all[s->n++] = (struct site){
	        .offset = (uint32_t)offset, .size = (uint8_t)size, .little = little, .what = what};
}

static uint32_t number(const struct walk *w, size_t at, unsigned size)
{
	uint32_t value = 0;
	if (size > w->size || at > w->size - size)
		return 0;
	for (unsigned i = 0; i < size; i++)
		value = value << 8 | w->file[at + (w->little ? size - 1 - i : i)];
	return value;
}

/* ---- frames ---- */

/* Fields of a header, from its start. */
static const struct {
	const char *protocol;
	unsigned at, size;
	const char *what;
} fields[] = {
        {"eth", 12, 2, "ethertype"},
        {"sll", 14, 2, "cooked protocol"},
        {"vlan", 2, 2, "VLAN's type"},
        {"ip", 0, 1, "IP version and header length"},
        {"ip", 2, 2, "IP total length"},
        {"ip", 6, 2, "fragment offset"},
        {"ip", 9, 1, "IP protocol"},
        {"ipv6", 0, 1, "IP version"},
        {"ipv6", 4, 2, "IPv6 payload length"},
        {"ipv6", 6, 1, "IPv6 next header"},
        {"tcp", 4, 4, "sequence number"},
        {"tcp", 8, 4, "acknowledgement number"},
        {"tcp", 12, 1, "TCP data offset"},
        {"tcp", 13, 1, "TCP flags"},
        {"tcp", 14, 2, "window"},
        {"udp", 2, 2, "UDP port"},
        {"udp", 4, 2, "UDP length"},
        {"arp", 2, 4, "ARP types and sizes"},
        {"icmp", 0, 1, "ICMP type"},
        {"icmpv6", 0, 1, "ICMPv6 type"},
};

/* Every byte of what follows the fixed header may be the length of an option. */
static unsigned fixed_len(const char *protocol)
{
	if (strcmp(protocol, "tcp") == 0 || strcmp(protocol, "ip") == 0)
		return 20;
	return strcmp(protocol, "ipv6") == 0 || strcmp(protocol, "eth") == 0 ? UINT32_MAX : 0;
}

static void layer_sites(struct walk *w, const struct layer *layer, size_t at)
{
	const char *name = layer->protocol->name;
	bool known = false;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (strcmp(fields[i].protocol, name) != 0)
			continue;
		add(w, at + fields[i].at, fields[i].size, false, fields[i].what);
		known = true;
	}
	unsigned from = fixed_len(name);
	if (known && from == 0)
		return;
	for (size_t i = from; i < layer->len; i++)
		add(w, at + i, 1, false, known ? "a byte of an option" : "a byte of a header");
}

static void frame_sites(struct walk *w, size_t at, uint32_t caplen, uint32_t wirelen, int linktype)
{
	struct packet packet;
	if (caplen > w->size - at)
		return;
	packet_decode(&packet, linktype, w->file + at, caplen, wirelen < caplen ? caplen : wirelen);
	for (unsigned i = 0; i < packet.n_layers; i++)
		layer_sites(w, &packet.layers[i], at + packet.layers[i].offset);
	w->sites->end = at + caplen;
	w->frames_left--;
}

/* ---- pcap ---- */

static void walk_pcap(struct walk *w)
{
	int linktype = (int)(number(w, 20, 4) & 0xffff);
	add(w, 0, 4, w->little, "magic number");
	add(w, 4, 2, w->little, "version");
	add(w, 16, 4, w->little, "snap length");
	add(w, 20, 4, w->little, "link type");
	for (size_t at = 24; at < w->size && w->size - at >= 16 && w->frames_left > 0;) {
		uint32_t caplen = number(w, at + 8, 4), wirelen = number(w, at + 12, 4);
		add(w, at, 4, w->little, "seconds");
		add(w, at + 4, 4, w->little, "fraction of a second");
		add(w, at + 8, 4, w->little, "captured length");
		add(w, at + 12, 4, w->little, "length on the wire");
		at += 16;
		if (caplen > w->size - at)
			return;
		frame_sites(w, at, caplen, wirelen, linktype);
		at += caplen;
	}
}

/* ---- pcapng ---- */

static void option_sites(struct walk *w, size_t at, size_t end)
{
	while (at < end && end - at >= 4) {
		uint32_t len = number(w, at + 2, 2);
		add(w, at, 2, w->little, "option code");
		add(w, at + 2, 2, w->little, "option length");
		at += 4 + (len + 3) / 4 * 4;
	}
}

static void interface_block(struct walk *w, size_t at, size_t end)
{
	if (w->n_interfaces < 64)
		w->linktypes[w->n_interfaces++] = (int)number(w, at + 8, 2);
	add(w, at + 8, 2, w->little, "link type");
	add(w, at + 12, 4, w->little, "snap length");
	option_sites(w, at + 16, end);
}

static void packet_block(struct walk *w, size_t at, size_t end)
{
	uint32_t interface = number(w, at + 8, 4);
	uint32_t caplen = number(w, at + 20, 4), wirelen = number(w, at + 24, 4);
	add(w, at + 8, 4, w->little, "interface");
	add(w, at + 12, 4, w->little, "time, high part");
	add(w, at + 20, 4, w->little, "captured length");
	add(w, at + 24, 4, w->little, "length on the wire");
	if (interface >= w->n_interfaces || end - at < 28 || caplen > end - at - 28)
		return;
	frame_sites(w, at + 28, caplen, wirelen, w->linktypes[interface]);
	option_sites(w, at + 28 + (caplen + 3) / 4 * 4, end);
}

static void section_block(struct walk *w, size_t at, size_t end)
{
	w->n_interfaces = 0;
	add(w, at + 8, 4, w->little, "byte order");
	add(w, at + 12, 2, w->little, "version");
	option_sites(w, at + 24, end);
}

static void walk_pcapng(struct walk *w)
{
	for (size_t at = 0; at < w->size && w->size - at >= 12 && w->frames_left > 0;) {
		if (memcmp(w->file + at, "\x0a\x0d\x0d\x0a", 4) == 0)
			w->little = w->file[at + 8] == 0x4d;
		uint32_t type = number(w, at, 4), len = number(w, at + 4, 4);
		if (len < 12 || len % 4 != 0 || len > w->size - at)
			return;
		size_t end = at + len;
		add(w, at, 4, w->little, "block type");
		add(w, at + 4, 4, w->little, "block length");
		add(w, end - 4, 4, w->little, "block length at the end");
		if (type == 0x0a0d0d0a)
			section_block(w, at, end - 4);
		else if (type == 1)
			interface_block(w, at, end - 4);
		else if (type == 6)
			packet_block(w, at, end - 4);
		w->sites->end = end;
		at = end;
	}
}

void sites_find(struct sites *sites, const uint8_t *file, size_t size, unsigned most_frames)
{
	struct walk w = {.sites = sites, .file = file, .size = size, .frames_left = most_frames};
	sites->n = 0;
	sites->end = size < 24 ? size : 24;
	if (size < 24)
		return;
	if (memcmp(file, "\x0a\x0d\x0d\x0a", 4) == 0) {
		walk_pcapng(&w);
		return;
	}
	w.little = file[0] == 0xd4 || file[0] == 0x4d;
	walk_pcap(&w);
}
