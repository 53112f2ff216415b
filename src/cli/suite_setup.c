/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/suite_setup.h"
#include "cli/options.h"
#include "seam/target.h"
#include "suite/suite.h"

#include <stdio.h>
#include <unistd.h>

#define JOBS_MAX 256
/* Scripts mostly wait. What disturbs them is how many are started and ended a second. */
#define JOBS_PER_CPU 16
#define STARTS_PER_CPU 50

static int at_most(int n, int most)
{
	n = n < most ? n : most;
	return n > 0 ? n : 1;
}

void suite_set_jobs(struct suite_config *cfg, const struct options *o,
		    const struct target_desc *target, int n)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (cpus < 1)
		cpus = 1;
	cfg->jobs = o->jobs;
	if (!o->jobs) {
		/* Each takes a few descriptors of this process; many processors do not make them cheaper. */
		cfg->jobs_most = at_most((int)cpus * (target->exact ? 1 : JOBS_PER_CPU),
					 at_most(n, JOBS_MAX));
		cfg->jobs = cfg->jobs_most;
		cfg->jobs_least = at_most((int)cpus, cfg->jobs);
	}
	cfg->jobs = at_most(cfg->jobs, n);
	/* In virtual time nobody is disturbed. */
	if (!target->exact)
		cfg->spacing = NS_PER_SEC / (cpus * STARTS_PER_CPU);
	if (target->one_at_a_time) {
		if (o->jobs > 1)
			fprintf(stderr, "drillpress: scripts on target %s run one at a time\n",
				target->name);
		cfg->jobs = 1;
		cfg->jobs_least = cfg->jobs_most = 0;
	}
}

void suite_set_repeat(struct suite_config *cfg, const struct options *o)
{
	cfg->repeat = o->repeat ? o->repeat : o->until_fail ? REPEAT_FOREVER : 1;
	cfg->fail_fast = o->fail_fast || o->until_fail;
	if (o->deadline)
		cfg->deadline = clock_now(cfg->clock) + o->deadline;
}
