/* hostmode.c: see hostmode.h. The kernel lists a thread's children in /proc; where it does not
 * (CONFIG_PROC_CHILDREN off), PR_SET_PDEATHSIG, which each program has, must do. */
#include "runner/hostmode.h"

#include <errno.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "runner/sockdiag.h"

int hostmode_adopt_orphans(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

int hostmode_port_is_free(uint16_t port, struct err *err)
{
	struct census census;
	struct netlink *diag = netlink_open(NETLINK_SOCK_DIAG, err);
	if (!diag)
		return -1;
	int result = census_take(&census, diag, port, true, true, err);
	netlink_close(diag);
	if (result < 0)
		return -1;
	if (census.listening || census.bound)
		return err_set(err,
		               _("port %u is in use on this machine: stop the program that has it "
		                 "(ss -lntup 'sport = %u' names it), or choose another with "
		                 "--port %u"),
		               port, port, port < UINT16_MAX ? port + 1U : port - 1U);
	return 0;
}

/* Kills the first children in the list. False when there are none, or no list of them. */
static bool kill_children(void)
{
	char path[64], list[4096];
	(void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	char *at = fgets(list, sizeof list, file), *end;
	(void)fclose(file); /* was only read */
	bool any = false;
	while (at) {
		long pid = strtol(at, &end, 10);
		if (*end != ' ') /* each number has a blank behind it; the list may have been cut */
			break;
		any = true;
		(void)kill((pid_t)pid, SIGKILL); /* it may just have ended */
		at = end + 1;
	}
	return any;
}

void hostmode_end_children(void)
{
	while (kill_children()) {
		/* waits for one of those just killed; its children are ours then */
		if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
			return;
	}
}
