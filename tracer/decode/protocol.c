/* protocol.c: the registry. Knows the list of protocols and their keys, nothing else. */
#include "decode/protocols.h"

#include "base/i18n.h"

static const struct protocol *const all[] = {
#define X(id) &protocol_##id,
        PROTOCOLS(X)
#undef X
                NULL,
};

static const char *const unknown_reason[KEY_END] = {
        [KEY_LINKTYPE] = N_("this link type is not decoded"),
        [KEY_ETHERTYPE] = N_("what this EtherType announces is not decoded"),
        [KEY_IP_PROTOCOL] = N_("this protocol inside IP is not decoded"),
        [KEY_PPP] = N_("this protocol inside PPP is not decoded"),
        [KEY_UDP_PORT] = N_("what this UDP port announces is not decoded"),
};

const struct protocol *const *protocol_all(void)
{
	return all;
}

/* A plain search: the commonest keys are met within the first few steps, and a miss takes about 50
 * comparisons. A table by number would be no faster for those and one more thing to keep true. */
const struct protocol *protocol_find(enum key_space space, uint32_t value)
{
	for (const struct protocol *const *p = all; *p; p++)
		for (const struct protocol_key *key = (*p)->keys; key->space != KEY_END; key++)
			if (key->value == value && key->space == space)
				return *p;
	return NULL;
}

const struct protocol *protocol_next(struct packet *packet, enum key_space space, uint32_t value)
{
	const struct protocol *next = protocol_find(space, value);
	if (!next)
		packet_fault(packet, PACKET_UNKNOWN, unknown_reason[space]);
	return next;
}
