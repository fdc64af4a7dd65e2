/* linktype.c: LINKTYPE_ and DLT_ values where they differ; all others are the same number. */
#include "capture/linktype.h"

#include <pcap.h>
#include <stddef.h>

struct pair {
	int linktype, dlt;
};

static const struct pair pairs[] = {
        {100, DLT_ATM_RFC1483}, {101, DLT_RAW},      {102, DLT_SLIP_BSDOS},
        {103, DLT_PPP_BSDOS},   {106, DLT_ATM_CLIP}, {246, DLT_PFSYNC},
};

enum { N_PAIRS = sizeof pairs / sizeof pairs[0] };

int linktype_to_dlt(int linktype)
{
	for (size_t i = 0; i < N_PAIRS; i++)
		if (pairs[i].linktype == linktype)
			return pairs[i].dlt;
	return linktype;
}

int linktype_of_dlt(int dlt)
{
	for (size_t i = 0; i < N_PAIRS; i++)
		if (pairs[i].dlt == dlt)
			return pairs[i].linktype;
	return dlt;
}
