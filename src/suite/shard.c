/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/shard.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "suite/order.h"

#include <stdlib.h>
#include <string.h>

#define SHARDS_MAX 10000

/* Engines that start the same job several times, and how they number it. */
static const struct engine {
	const char *index, *first, *step, *count;	/* variables; NULL = there is none */
	long base;					/* number of the first, without a variable */
} engine_table[] = {
	/* GitLab, `parallel:` */
	{ "CI_NODE_INDEX", NULL, NULL, "CI_NODE_TOTAL", 1 },
	/* Buildkite, `parallelism:` */
	{ "BUILDKITE_PARALLEL_JOB", NULL, NULL, "BUILDKITE_PARALLEL_JOB_COUNT", 0 },
	/* Slurm, --array=MIN-MAX:STEP */
	{ "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP",
	  "SLURM_ARRAY_TASK_COUNT", 0 },
	/* CircleCI, `parallelism:` */
	{ "CIRCLE_NODE_INDEX", NULL, NULL, "CIRCLE_NODE_TOTAL", 0 },
	/* Semaphore, `parallelism:` */
	{ "SEMAPHORE_JOB_INDEX", NULL, NULL, "SEMAPHORE_JOB_COUNT", 1 },
	/* Bitbucket, `parallel:` */
	{ "BITBUCKET_PARALLEL_STEP", NULL, NULL, "BITBUCKET_PARALLEL_STEP_COUNT", 0 },
	/* Azure Pipelines, `strategy: parallel:` */
	{ "SYSTEM_JOBPOSITIONINPHASE", NULL, NULL, "SYSTEM_TOTALJOBSINPHASE", 1 },
	/* Kubernetes, completionMode: Indexed */
	{ "JOB_COMPLETION_INDEX", NULL, NULL, NULL, 0 },
};

#define N_ENGINES (sizeof(engine_table) / sizeof(engine_table[0]))

static bool number(const char *text, long *n)
{
	char *end;

	*n = strtol(text, &end, 10);
	return *text && !*end && *n >= 0;
}

/* The number in a variable, or the default when it is not set. */
static bool variable(const char *name, long missing, long *n, const char **bad)
{
	const char *text = name ? getenv(name) : NULL;

	*n = missing;
	if (!text || number(text, n))
		return true;
	*bad = name;
	return false;
}

static bool from_engine(struct shard *s, const struct engine *e, long n, struct arena *a,
			const char **why)
{
	long index, first, step, count;
	const char *bad = NULL;

	if (!variable(e->index, 0, &index, &bad) || !variable(e->first, e->base, &first, &bad) ||
	    !variable(e->step, 1, &step, &bad) || !variable(e->count, n, &count, &bad)) {
		*why = arena_printf(a, "%s is not a number: '%s'", bad, getenv(bad));
		return false;
	}
	if (!count) {
		*why = arena_printf(a, "%s is set, but nothing says of how many: use --shard=auto/N",
				    e->index);
		return false;
	}
	step = step ? step : 1;
	if ((index - first) % step) {
		*why = arena_printf(a, "%s is not %ld and a multiple of %ld", e->index, first, step);
		return false;
	}
	index = (index - first) / step;
	if ((n && n != count) || index < 0 || index >= count || count > SHARDS_MAX) {
		*why = arena_printf(a, "by the environment (%s) this is shard %ld of %ld", e->index,
				    index + 1, count);
		return false;
	}
	*s = (struct shard){ .k = (int)index + 1, .n = (int)count };
	return true;
}

static bool from_environment(struct shard *s, long n, struct arena *a, const char **why)
{
	size_t i;

	for (i = 0; i < N_ENGINES; i++)
		if (getenv(engine_table[i].index))
			return from_engine(s, &engine_table[i], n, a, why);
	*why = "no CI engine numbers this job:";
	for (i = 0; i < N_ENGINES; i++)
		*why = arena_printf(a, "%s%s %s", *why, i ? "," : "", engine_table[i].index);
	*why = arena_printf(a, "%s are not set; use --shard=K/N", *why);
	return false;
}

bool shard_parse(struct shard *s, const char *text, struct arena *a, const char **why)
{
	const char *slash = strchr(text, '/');
	char *first = slash ? arena_strndup(a, text, (size_t)(slash - text)) : arena_strdup(a, text);
	long k, n = 0;

	*why = NULL;
	if (slash && (!number(slash + 1, &n) || n < 1 || n > SHARDS_MAX))
		return false;
	if (!strcmp(first, "auto"))
		return from_environment(s, n, a, why);
	if (!slash || !number(first, &k) || k < 1 || k > n)
		return false;
	*s = (struct shard){ .k = (int)k, .n = (int)n };
	return true;
}

/* Says of each case whether it is for another shard. */
static void deal(const struct shard *s, const struct suite_list *list)
{
	nstime *load = xzalloc((size_t)s->n * sizeof(*load));
	struct suite_case **order = suite_order(list, true);
	int i, j, least;

	for (i = 0; i < list->n; i++) {
		for (j = 1, least = 0; j < s->n; j++)
			if (load[j] < load[least])
				least = j;
		load[least] += suite_case_expected(order[i]) + SUITE_CASE_COST;
		order[i]->elsewhere = least != s->k - 1;
	}
	free(load);
	free(order);
}

static bool dealt_elsewhere(const struct suite_case *c, const void *arg)
{
	return c->elsewhere;
}

int shard_apply(const struct shard *s, struct suite_list *list)
{
	deal(s, list);
	return suite_list_drop(list, dealt_elsewhere, NULL);
}
