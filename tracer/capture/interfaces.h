/* interfaces.h: what the kernel says of network interfaces. Needs no privilege. Private to
 * capture/. */
#ifndef WIRELAB_CAPTURE_INTERFACES_H
#define WIRELAB_CAPTURE_INTERFACES_H

#include <stdbool.h>

#include "base/text.h"

enum interface_state { INTERFACE_UP, INTERFACE_DOWN, INTERFACE_GONE };

/* A descriptor to ask with, or -1. */
int interface_socket(void);

/* Whether the interface is there and up. Works under confinement. */
enum interface_state interface_state(int fd, const char *name);

/* True for loopback and veth, where each frame is seen without promiscuous mode. */
bool interface_sees_all(int fd, const char *name);

/* Appends the names of all interfaces, "lo, eth0, any". */
void interface_names(struct text *names);

#endif
