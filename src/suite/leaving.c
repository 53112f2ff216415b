/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/leaving.h"
#include "base/xmem.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

/* While the kernel takes a namespace down, more that end wait and go in one batch. */
#define SPACING (10 * NS_PER_MS)
/* A machine that is never quiet long enough is asked again so often, and so long. */
#define RETRY NS_PER_MS
#define PATIENCE NS_PER_SEC
/* Each holds a few MB, and namespaces, of which a machine may have few. */
#define WAITING_MOST 32

void leaving_add(struct leaving *l, pid_t pid, nstime now)
{
	l->list = xrealloc(l->list, (size_t)(l->n + 1) * sizeof(*l->list));
	l->list[l->n++] = (struct leaver){ .pid = pid, .since = now };
	l->n_waiting++;
}

static void collect(struct leaving *l)
{
	int i, kept = 0;

	for (i = 0; i < l->n; i++)
		if (!l->list[i].told || waitpid(l->list[i].pid, NULL, WNOHANG) == 0)
			l->list[kept++] = l->list[i];
	l->n = kept;
}

static struct leaver *first_waiting(struct leaving *l)
{
	int i;

	for (i = 0; i < l->n; i++)
		if (!l->list[i].told)
			return &l->list[i];
	return NULL;
}

static void tell(struct leaving *l, struct leaver *one)
{
	kill(one->pid, SIGTERM);
	one->told = true;
	l->n_waiting--;
}

nstime leaving_tend(struct leaving *l, nstime now, bool quiet)
{
	struct leaver *one = first_waiting(l);

	while (l->n_waiting > WAITING_MOST) {
		tell(l, one);
		one = first_waiting(l);
	}
	if (one && now >= l->next && (quiet || now >= one->since + PATIENCE)) {
		tell(l, one);
		l->next = now + SPACING;
	}
	collect(l);
	if (!l->n_waiting)
		return NSTIME_NEVER;
	return l->next > now ? l->next : now + RETRY;
}

static void tell_all(struct leaving *l)
{
	struct leaver *one;

	while ((one = first_waiting(l)))
		tell(l, one);
}

void leaving_hurry(struct leaving *l)
{
	int i;

	tell_all(l);
	for (i = 0; i < l->n; i++)
		while (waitpid(l->list[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
	l->n = 0;
}

void leaving_end(struct leaving *l)
{
	tell_all(l);
	collect(l);
	free(l->list);
	*l = (struct leaving){ 0 };
}
