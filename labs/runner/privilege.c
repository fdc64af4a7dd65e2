/* privilege.c: see privilege.h. The order matters: what needs CAP_SETPCAP comes before it is gone.
 */
#include "runner/privilege.h"

#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <linux/securebits.h>
#include <unistd.h>

enum { NONE = -1 };

static bool may_change_bounds(void)
{
	cap_flag_value_t set = CAP_CLEAR;
	cap_t mine = cap_get_proc();
	if (!mine)
		return false;
	bool may = cap_get_flag(mine, CAP_SETPCAP, CAP_EFFECTIVE, &set) == 0 && set == CAP_SET;
	(void)cap_free(mine); /* fails only for what is not a cap_t */
	return may;
}

/* Takes every capability but `keep` out of the bounding set: no exec can give it back. */
static int drop_bounds(cap_value_t keep)
{
	for (cap_value_t cap = 0; CAP_IS_SUPPORTED(cap); cap++) {
		if (cap != keep && cap_drop_bound(cap) < 0)
			return -1;
	}
	return 0;
}

/* Sets effective, permitted and inheritable to `keep` alone. */
static int set_only(cap_value_t keep)
{
	static const cap_flag_t flags[] = {CAP_EFFECTIVE, CAP_PERMITTED, CAP_INHERITABLE};
	cap_t caps = cap_init();
	if (!caps)
		return -1;
	int result = 0;
	for (int i = 0; i < 3 && keep != NONE && result == 0; i++)
		result = cap_set_flag(caps, flags[i], 1, &keep, CAP_SET);
	if (result == 0)
		result = cap_set_proc(caps);
	(void)cap_free(caps); /* fails only for what is not a cap_t */
	return result;
}

int privilege_capture_only(void)
{
	if (drop_bounds(CAP_NET_RAW) < 0 || set_only(CAP_NET_RAW) < 0)
		return -1;
	return cap_set_ambient(CAP_NET_RAW, CAP_SET);
}

int privilege_capture_by_file(void)
{
	return geteuid() == 0 ? privilege_capture_only() : 0;
}

/* Root gets all capabilities of the bounding set at each exec, unless SECBIT_NOROOT says no. */
static int make_root_ordinary(void)
{
	return prctl(PR_SET_SECUREBITS,
	             SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
	                     SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
	                     SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED);
}

int privilege_none(void)
{
	if (may_change_bounds() && (make_root_ordinary() < 0 || drop_bounds(NONE) < 0))
		return -1;
	if (cap_reset_ambient() < 0 || set_only(NONE) < 0)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
