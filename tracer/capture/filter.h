/* filter.h: BPF expressions (pcap-filter(7)), compiled by libpcap, on files of mixed link types
 * too: one program for each link type met. */
#ifndef WIRELAB_CAPTURE_FILTER_H
#define WIRELAB_CAPTURE_FILTER_H

#include <stdbool.h>

#include "base/err.h"
#include "capture/record.h"

struct filter;

/* Checks the expression (against Ethernet); name look-ups are done here, before confinement.
 * NULL with a message. */
struct filter *filter_new(const char *expression, struct err *err);

/* 1: the record passes, 0: it does not, -1: the expression makes no sense for this link type (said
 * once; later records of that type just do not pass). A NULL filter passes everything. */
int filter_match(struct filter *filter, const struct record *record, struct err *err);

void filter_free(struct filter *filter);

#endif
