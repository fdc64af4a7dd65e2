/* fuzz_filter.c: BPF filters on frames of any link type. Byte 0 chooses the link type, byte 1 the
 * expression and how much longer the frame was on the wire. */
#include <stdlib.h>
#include <string.h>

#include "capture/filter.h"
#include "fuzz.h"

enum { N_FILTERS = 8 };

/* Without names of hosts: the machine's name server is not what is tried here. */
static const char *const expressions[N_FILTERS] = {
        "tcp",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src net 10.0.0.0/8",
        "ip6 and ip6 protochain 6",
        "vlan 5 and tcp port 80",
        "ip[2:2] > 576 or ip6[40] = 6",
        "(tcp[(tcp[12] >> 4) * 4:4] = 0x47455420)",
        "pppoes and tcp",
        "less 60 or greater 1500 or ether[12:2] = 0x0806",
};

static void compile_all(struct filter *filters[N_FILTERS])
{
	struct err err;
	for (size_t i = 0; i < N_FILTERS; i++) {
		filters[i] = filter_new(expressions[i], &err);
		CLAIM(filters[i] != NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct filter *filters[N_FILTERS];
	struct err err = {""};
	if (size < 3)
		return 0;
	if (!filters[0])
		compile_all(filters);
	size_t n = size - 2;
	uint8_t *frame = malloc(n);
	CLAIM(frame != NULL);
	memcpy(frame, data + 2, n);
	struct record record = {
	        .linktype = fuzz_linktype(data[0]),
	        .caplen = (uint32_t)n,
	        .wirelen = (uint32_t)n + (data[1] & 128 ? (uint32_t)data[1] * 20 : 0),
	        .data = frame,
	};
	struct filter *filter = filters[data[1] % N_FILTERS];
	int first = filter_match(filter, &record, &err);
	CLAIM(first >= -1 && first <= 1);
	CLAIM(first >= 0 || err.message[0]); /* the reason is said … */
	CLAIM(filter_match(filter, &record, &err) == (first < 0 ? 0 : first)); /* … once */
	free(frame);
	return 0;
}
