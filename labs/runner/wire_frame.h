/* wire_frame.h: what a frame on the wire is, in the words of the faults: a SYN, the client's second
 * data segment. Read with the tracer's decoder; knows no time and no connection. */
#ifndef WIRELAB_RUNNER_WIRE_FRAME_H
#define WIRELAB_RUNNER_WIRE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vocab.h"

/* One frame can be several: data with a FIN is data and FIN, and all of IP is `any`. A SYN,ACK is
 * no SYN; ACK is a bare one. */
enum wire_kind {
	WIRE_KIND_SYN,
	WIRE_KIND_SYN_ACK,
	WIRE_KIND_ACK,
	WIRE_KIND_DATA, /* of TCP or UDP */
	WIRE_KIND_FIN,
	WIRE_KIND_RST,
	WIRE_KIND_ANY, /* all that is IP */
	N_WIRE_KINDS
};

/* Reads "SYN", "SYN,ACK" (or SYN-ACK), "data" …, in any case. False: it is none. */
bool wire_kind_parse(const char *word, enum wire_kind *kind);

struct wire_frame {
	unsigned kinds;      /* bit 1 << kind for each that it is */
	uint8_t version;     /* of IP; 0: none */
	uint32_t ip_at;      /* where the IP header stands */
	uint32_t ip_len;     /* bytes of the IP packet */
	uint32_t corrupt_at; /* the byte that corruption hits; 0: none */
	bool is_icmp_error;  /* no ICMP error answers one (RFC 1122 section 3.2.2) */
	bool is_host_talk; /* of IPv6 about groups and neighbours: not for the other end's programs
	                    */
	bool is_later_piece; /* nor a fragment that is not the first */
	bool dont_fragment;
};

void wire_frame_read(struct wire_frame *frame, const uint8_t *bytes, uint32_t len);

bool wire_is_kind(const struct wire_frame *frame, enum wire_kind kind);

/* Appends what it is for a person: "SYN,ACK", "data 14 bytes", "ARP". */
void wire_frame_describe(struct text *t, const uint8_t *bytes, uint32_t len);

/* How many frames of each kind each end has sent, resends included, and in what time. */
struct wire_counts {
	uint64_t n[N_SIDES][N_WIRE_KINDS];
	int64_t age_ns; /* from the first frame to the last */
};

void wire_counts_add(struct wire_counts *counts, enum side from, const struct wire_frame *frame);

#endif
