/* linktype.h: the two numberings of link types. Capture files have LINKTYPE_ values, the same on
 * every system; libpcap's functions take DLT_ values, which for old types differ by system. Private
 * to capture/. Source: https://www.tcpdump.org/linktypes.html */
#ifndef WIRELAB_CAPTURE_LINKTYPE_H
#define WIRELAB_CAPTURE_LINKTYPE_H

/* The DLT_ value for a LINKTYPE_ value, and back. */
int linktype_to_dlt(int linktype);
int linktype_of_dlt(int dlt);

#endif
