/* levels.c: on which layer of the textbooks' models a protocol stands. */
#include "base/i18n.h"
#include "decode/protocols.h"
#include "fields.h"

static const struct {
	const char *five, *four, *unit;
} names[N_LEVELS] = {
        [LEVEL_APPLICATION] = {N_("Application"), N_("Application"), N_("message")},
        [LEVEL_TRANSPORT] = {N_("Transport"), N_("Transport"), N_("segment")},
        [LEVEL_NETWORK] = {N_("Network"), N_("Internet"), N_("packet")},
        [LEVEL_LINK] = {N_("Data link"), N_("Link"), N_("frame")},
        [LEVEL_PHYSICAL] = {N_("Physical"), N_("Link"), N_("bits")},
};

const char *level_name5(enum level level)
{
	return names[level].five;
}

const char *level_name4(enum level level)
{
	return names[level].four;
}

const char *level_unit(enum level level)
{
	return names[level].unit;
}

/* All others frame what a link carries. */
static const struct {
	const struct protocol *protocol;
	enum level level;
} places[] = {
        {&protocol_tcp, LEVEL_TRANSPORT},      {&protocol_udp, LEVEL_TRANSPORT},
        {&protocol_ipv4, LEVEL_NETWORK},       {&protocol_ipv6, LEVEL_NETWORK},
        {&protocol_icmp, LEVEL_NETWORK},       {&protocol_icmpv6, LEVEL_NETWORK},
        {&protocol_hop_by_hop, LEVEL_NETWORK}, {&protocol_routing, LEVEL_NETWORK},
        {&protocol_fragment, LEVEL_NETWORK},   {&protocol_destination, LEVEL_NETWORK},
        {&protocol_ah, LEVEL_NETWORK},         {&protocol_mobility, LEVEL_NETWORK},
        {&protocol_gre, LEVEL_NETWORK},        {&protocol_vxlan, LEVEL_APPLICATION},
};

enum level level_of(const struct protocol *protocol)
{
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (places[i].protocol == protocol)
			return places[i].level;
	return LEVEL_LINK;
}
