/* confine.h: the process gives up everything it will not need, before it parses a byte. */
#ifndef WIRELAB_CAPTURE_CONFINE_H
#define WIRELAB_CAPTURE_CONFINE_H

#include "base/err.h"

/* Drops every capability from all sets, sets no_new_privs, installs a seccomp filter that answers
 * EPERM to what a running tracer does not need (open, socket, execve, ptrace …), and a Landlock
 * rule without any file access where the kernel has Landlock. Irreversible. Call after all files
 * and captures are open and the locale and time zone are loaded. 0, or -1 with a message. */
int confine_self(struct err *err);

#endif
