/* privilege.h: what a process may still do, decided just before it executes a program. The only
 * user of libcap in the runner. man 7 capabilities has the rules. */
#ifndef WIRELAB_RUNNER_PRIVILEGE_H
#define WIRELAB_RUNNER_PRIVILEGE_H

/* Keeps CAP_NET_RAW, also over the exec, and nothing else: the tracer. 0, or -1 with errno. */
int privilege_capture_only(void);

/* The same where the tracer brings its own privilege (setcap): reduces root's, and leaves an
 * ordinary user's as they are, for a lost capability would not come back. */
int privilege_capture_by_file(void);

/* Keeps nothing, now or after any later exec, not even as root: a lab program can neither forge a
 * segment nor take the interface down. 0, or -1 with errno. */
int privilege_none(void);

#endif
