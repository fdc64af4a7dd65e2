/* mounts.h: what the lab programs see of the file system. Everything can be read and nothing
 * written but the folder that the learner called us in and a private /tmp; names resolve from our
 * own hosts file and at a name server that is the same on every machine; /proc shows the run's
 * processes only, and the terminals are not there. */
#ifndef WIRELAB_RUNNER_MOUNTS_H
#define WIRELAB_RUNNER_MOUNTS_H

#include <stdbool.h>

#include "base/text.h"

enum { VIEW_MAX = 160, VIEW_HIDDEN = 4 };

struct view {
	const char *directory;         /* writable, and where the programs run; absolute */
	const char *resolver;          /* the address of the name server */
	const char *kept;              /* a file that nobody may change, even there; or NULL */
	const char *visible[VIEW_MAX]; /* stay visible where /tmp or the like is replaced */
	int n_visible;
	const char
	        *hidden[VIEW_HIDDEN]; /* folders that are empty to the programs, too; or absent */
	int n_hidden;
};

/* Leaves the mount namespace for a new one and locks it down for this process and its later
 * children; earlier ones (the tracer) keep the old one. What cannot be done here (some containers
 * forbid parts of it) is added to `reasons`, and left out. Ends in view->directory. True if the
 * mount namespace is new and private, so that more can be mounted there. */
bool mounts_lock_down(const struct view *view, struct text *reasons);

#endif
