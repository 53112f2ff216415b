/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

static int adjust(uint64_t raised, uint64_t lowered)
{
	struct __user_cap_header_struct h = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3];
	int k;

	if (syscall(SYS_capget, &h, d) < 0)
		return -1;
	for (k = 0; k < _LINUX_CAPABILITY_U32S_3; k++) {
		d[k].effective |= (uint32_t)(raised >> (32 * k));
		d[k].effective &= ~(uint32_t)(lowered >> (32 * k));
	}
	return syscall(SYS_capset, &h, d) < 0 ? -1 : 0;
}

int caps_change(struct caps *caps, int cap, bool raise)
{
	uint64_t bit;

	if (cap < 0 || cap > CAP_LAST_CAP) {
		errno = EINVAL;
		return -1;
	}
	bit = UINT64_C(1) << cap;
	if (adjust(raise ? bit : 0, raise ? 0 : bit) < 0)
		return -1;
	atomic_fetch_and(raise ? &caps->lowered : &caps->raised, ~bit);
	atomic_fetch_or(raise ? &caps->raised : &caps->lowered, bit);
	return 0;
}

int caps_apply(const struct caps *caps)
{
	uint64_t raised = atomic_load(&caps->raised), lowered = atomic_load(&caps->lowered);

	return raised | lowered ? adjust(raised, lowered) : 0;
}
