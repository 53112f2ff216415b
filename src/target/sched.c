/* SPDX-License-Identifier: BSD-2-Clause */
/* Real-time scheduling and locked memory, as far as the machine allows. */
#include "config.h"

#include "target/sched.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/*
 * Locking future memory under a finite limit would make later allocations
 * fail, so without the right to lift the limit nothing is locked. Pages are
 * locked when first touched: to fetch them all now costs milliseconds.
 */
static bool lock_memory(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_MEMLOCK, &none) < 0)
		return false;
	return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

bool host_realtime(void)
{
	struct sched_param p = { .sched_priority = sched_get_priority_min(SCHED_RR) };
	bool granted = lock_memory();

	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	return sched_setscheduler(0, SCHED_RR, &p) == 0 && granted;
}
