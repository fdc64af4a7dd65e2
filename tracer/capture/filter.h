/* filter.h: BPF expressions (pcap-filter(7)), compiled by libpcap, on files of mixed link types
 * too: one program for each link type met. */
#ifndef WIRELAB_CAPTURE_FILTER_H
#define WIRELAB_CAPTURE_FILTER_H

#include "base/err.h"
#include "capture/record.h"

struct filter;

/* Compiles the expression for the usual link types; name look-ups (hosts, services) are done here,
 * before confinement. NULL with a message when it makes sense for none of them. */
struct filter *filter_new(const char *expression, struct err *err);

/* 1: the record passes, 0: it does not, -1: the expression makes no sense for this link type (said
 * once; later records of that type just do not pass). A NULL filter passes everything. An unusual
 * link type is compiled for when it is first met, without any look-up of names. */
int filter_match(struct filter *filter, const struct record *record, struct err *err);

void filter_free(struct filter *filter);

#endif
