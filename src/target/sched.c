/* SPDX-License-Identifier: BSD-2-Clause */
/* Real-time scheduling and locked memory, as far as the machine allows. */
#include "config.h"

#include "target/sched.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/*
 * Locking future memory under a finite limit makes later allocations fail, so
 * it is done without limit or not at all: with the limit at 0 the call succeeds
 * only for those whom no limit binds. Pages are locked when first touched; to
 * fetch them all now costs milliseconds.
 */
static bool lock_memory(void)
{
	struct rlimit limit, strict;
	bool locked;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return false;
	strict = limit;
	if (limit.rlim_cur != RLIM_INFINITY)
		strict.rlim_cur = 0;
	if (setrlimit(RLIMIT_MEMLOCK, &strict) < 0)
		return false;
	locked = mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	return locked;
}

bool host_realtime(void)
{
	struct sched_param p = { .sched_priority = sched_get_priority_min(SCHED_RR) };
	bool granted = lock_memory();

	prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	return sched_setscheduler(0, SCHED_RR, &p) == 0 && granted;
}

void host_ordinary(void)
{
	struct sched_param p = { 0 };

	sched_setscheduler(0, SCHED_OTHER, &p);
}
