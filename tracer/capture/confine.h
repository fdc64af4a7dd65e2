/* confine.h: the process gives up everything it will not need, before it parses a byte. */
#ifndef WIRELAB_CAPTURE_CONFINE_H
#define WIRELAB_CAPTURE_CONFINE_H

#include "base/err.h"

/* Closes its own /proc to other processes of the same user (PR_SET_DUMPABLE), drops every
 * capability from all sets, sets no_new_privs, forbids all file access by Landlock where the kernel
 * has it, and installs a seccomp filter that answers EPERM to what a running tracer does not need
 * (open, socket, execve, ptrace …). Irreversible. Call after all files and captures are open,
 * filters with names compiled, and the locale, the message catalogue and the time zone loaded. What
 * is open stays usable: read, write, cut, poll, close. 0, or -1 with a message. */
int confine_self(struct err *err);

/* The same for the helper that opens files (opener.h): openat and sendmsg are allowed, and of the
 * capabilities CAP_DAC_OVERRIDE stays if it was there, so that root may write where it wants. */
int confine_opener(struct err *err);

/* The same as confine_self() for the process that carries frames between two hosts: sendmmsg is
 * allowed, on sockets that are open. */
int confine_wire(struct err *err);

#endif
