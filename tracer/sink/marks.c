/* marks.c: see marks.h. In the order in which a learner meets them. */
#include "sink/marks.h"

#include <string.h>

#include "base/i18n.h"

const struct mark marks[] = {
        {"R!", "R!", N_("sent again: its acknowledgment did not come in time")},
        {"R3", "R3", N_("sent again at once: what came back says that it was lost")},
        {"TLP", "TLP", N_("the last segment again, as a probe: was the end of the data lost?")},
        {"R?", "R?", N_("sent again although it had arrived, or the report of that")},
        {"X2", "X2", N_("the same segment, captured twice")},
        {"OOO", "OOO", N_("arrived out of order")},
        {"OOO?", "OOO?", N_("out of order or sent again: the capture cannot tell")},
        {"GAP", "GAP", N_("something before it was not seen")},
        {"D", "D2", N_("repeats the acknowledgment before it, here for the second time")},
        {"ZW", "ZW", N_("window 0: the other end must wait")},
        {"WF", "WF", N_("fills the window that the other end has granted")},
        {"WU", "WU", N_("nothing but a new window")},
        {"P0", "P0", N_("asks whether the window is still 0, or answers that")},
        {"KA", "KA", N_("asks whether the other end is still there, or answers that")},
        {"SO", "SO", N_("both ends open at the same time: two SYNs cross")},
        {"SC", "SC", N_("both ends close at the same time: two FINs cross")},
        {"TFO", "TFO", N_("TCP Fast Open: data in the SYN, or its cookie")},
        {MARK_REUSED_PORTS, MARK_REUSED_PORTS, N_("a new connection with the ports of an old one")},
        {"LOST", "LOST", N_("lost on the wire")},
        {"BAD", "BAD", N_("changed on the wire: the receiver drops it")},
        {"COPY", "COPY", N_("a second one, which the wire has made")},
        {MARK_LATE, MARK_LATE, N_("overtaken on the wire by one that was sent later")},
        {MARK_KERNEL, MARK_KERNEL,
         N_("the kernel has the socket in another state than the segments say")},
        {"CA", "CA", N_("challenge: asks whether a doubtful segment was meant")},
        {"?!", "?!", N_("does not fit the connection, so the receiver drops it")},
        {"!C", "!C", N_("wrong checksum: the receiver drops it")},
};

const char *mark_of_fate(enum fate fate)
{
	static const char *const of_fate[N_FATES] = {
	        [FATE_ASSUMED] = "",      [FATE_ARRIVED] = "",       [FATE_DROPPED] = "LOST",
	        [FATE_CORRUPTED] = "BAD", [FATE_DUPLICATE] = "COPY",
	};
	return of_fate[fate];
}

const size_t n_marks = sizeof marks / sizeof marks[0];

const struct mark *mark_find(const char *mark)
{
	for (size_t i = 0; i < n_marks; i++)
		if (strcmp(marks[i].mark, mark) == 0)
			return &marks[i];
	return NULL;
}
