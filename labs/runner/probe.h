/* probe.h: tries what the kit needs, one thing at a time and for real, in a child process where it
 * could leave something behind. Each probe returns 0 when it works, or an errno value. */
#ifndef WIRELAB_RUNNER_PROBE_H
#define WIRELAB_RUNNER_PROBE_H

#include <stdbool.h>

/* Namespaces of our own, made and set up as `wirelab run` does it. */
int probe_namespaces(void);

/* A packet socket inside such namespaces: what a capture needs. */
int probe_capture_inside(void);

/* A pair of virtual Ethernet interfaces inside such namespaces. */
int probe_veth(void);

/* A child that lets itself be traced. */
int probe_ptrace(void);

/* The kernel's list of TCP sockets. */
int probe_sock_diag(void);

/* Capture on the real interfaces: we may do it ourselves, or the program at this path has been
 * given CAP_NET_RAW (`make setcap`). */
int probe_capture_here(const char *tracer_path);

/* True if a program of this name is in PATH. */
bool probe_tool(const char *name);

#endif
