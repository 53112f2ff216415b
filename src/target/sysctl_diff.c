/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads /proc/sys/net here and in a fresh network namespace. */
#include "config.h"

#include "target/sysctl_diff.h"

#include "base/arena.h"
#include "base/buf.h"
#include "target/sysctl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT "/proc/sys/net/"
#define VALUE_MAX 256

/* Folders, each without those below it: neighbour tables and firewalls are no part of a stack. */
static const struct folder {
	const char *here;	/* %s is the device */
	const char *fresh;
} folder_table[] = {
	{ "core", "core" },
	{ "ipv4", "ipv4" },
	{ "ipv4/conf/all", "ipv4/conf/all" },
	{ "ipv4/conf/default", "ipv4/conf/default" },
	{ "ipv4/conf/%s", "ipv4/conf/default" },
	{ "ipv4/route", "ipv4/route" },
	{ "ipv6", "ipv6" },
	{ "ipv6/conf/all", "ipv6/conf/all" },
	{ "ipv6/conf/default", "ipv6/conf/default" },
	{ "ipv6/conf/%s", "ipv6/conf/default" },
	{ "ipv6/icmp", "ipv6/icmp" },
	{ "ipv6/route", "ipv6/route" },
	{ "mptcp", "mptcp" },
};

struct entry {
	char *folder, *name, *value;
	const char *fresh;	/* the folder to compare with */
	struct entry *next;
};

struct entries {
	struct arena *arena;
	struct entry *first, **last;
};

/* The value on one line; NULL if it cannot be read (some can only be written). */
static char *read_value(int dir, const char *name, char value[VALUE_MAX])
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t n, i;

	if (fd < 0)
		return NULL;
	n = read(fd, value, VALUE_MAX - 1);
	close(fd);
	if (n < 0)
		return NULL;
	while (n > 0 && value[n - 1] == '\n')
		n--;
	value[n] = '\0';
	for (i = 0; i < n; i++)
		if ((unsigned char)value[i] < ' ')
			value[i] = ' ';
	return value;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_folder(struct entries *l, const char *folder, const char *fresh)
{
	struct dirent **names;
	char value[VALUE_MAX];
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), n, i;

	if (dir < 0)
		return;		/* a kernel without it */
	n = scandirat(dir, ".", &names, NULL, by_name);
	for (i = 0; i < n; i++) {
		struct entry *e;

		if (names[i]->d_type == DT_REG && read_value(dir, names[i]->d_name, value)) {
			e = arena_new_of(l->arena, struct entry);
			e->folder = arena_strdup(l->arena, folder);
			e->fresh = fresh;
			e->name = arena_strdup(l->arena, names[i]->d_name);
			e->value = arena_strdup(l->arena, value);
			*l->last = e;
			l->last = &e->next;
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	close(dir);
}

/* The kernel writes these itself: what a device is like, not how it was set. */
static bool is_set_by_kernel(const struct entry *e)
{
	return !strcmp(e->name, "mtu") && strstr(e->folder, "/conf/");
}

/* Absent here means: not of a namespace. */
static void print_difference(const struct entry *e, struct buf *out)
{
	char path[PATH_MAX], value[VALUE_MAX];
	const char *c;

	snprintf(path, sizeof(path), ROOT "%s/%s", e->fresh, e->name);
	if (!read_value(AT_FDCWD, path, value) || !strcmp(value, e->value) || is_set_by_kernel(e))
		return;
	buf_adds(out, "  ");
	for (c = e->folder + strlen("/proc/sys/"); *c; c++)
		buf_addc(out, *c == '/' ? '.' : *c);
	buf_printf(out, ".%s = %s (fresh: %s)\n", e->name, e->value, value);
}

static int compare_in_fresh(const struct entries *l, struct buf *out)
{
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), err = 0;
	const struct entry *e;

	if (home < 0)
		return -1;
	if (unshare(CLONE_NEWNET) == 0) {
		sysctl_quiet_ipv6("default");
		for (e = l->first; e; e = e->next)
			print_difference(e, out);
		if (setns(home, CLONE_NEWNET))
			err = errno;
	} else {
		err = errno;
	}
	close(home);
	errno = err;
	return err ? -1 : 0;
}

int sysctl_diff(const char *device, struct buf *out)
{
	struct entries l = { .arena = arena_new() };
	size_t i;
	int rc;

	l.last = &l.first;
	for (i = 0; i < sizeof(folder_table) / sizeof(folder_table[0]); i++) {
		const struct folder *f = &folder_table[i];
		char here[PATH_MAX], *mark;

		snprintf(here, sizeof(here), ROOT "%s", f->here);
		mark = strstr(here, "%s");
		if (mark)
			snprintf(mark, sizeof(here) - (size_t)(mark - here), "%s", device);
		add_folder(&l, here, f->fresh);
	}
	rc = compare_in_fresh(&l, out);
	arena_free(l.arena);
	return rc;
}
