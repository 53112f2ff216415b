/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/environments.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "suite/state_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY (24 * 60 * 60 * NS_PER_SEC)

struct text {
	char id[ENVIRONMENT_ID + 1];
	const char *text;
	struct text *next;
};

struct environments {
	struct arena *arena;
	struct text *first;
};

bool environment_is_id(const char *id)
{
	return strspn(id, "0123456789abcdef") == ENVIRONMENT_ID && !id[ENVIRONMENT_ID];
}

/* FNV-1a, forwards and backwards: nobody gains by a text with the name of another. */
static void name(const char *text, char id[ENVIRONMENT_ID + 1])
{
	const uint64_t basis = 0xcbf29ce484222325, prime = 0x100000001b3;
	uint64_t there = basis, back = basis;
	size_t i, n = strlen(text);

	for (i = 0; i < n; i++) {
		there = (there ^ (unsigned char)text[i]) * prime;
		back = (back ^ (unsigned char)text[n - 1 - i]) * prime;
	}
	snprintf(id, ENVIRONMENT_ID + 1, "%016" PRIx64 "%016" PRIx64, there, back);
}

struct environments *environments_new(void)
{
	struct environments *e = xzalloc(sizeof(*e));

	e->arena = arena_new();
	return e;
}

void environments_free(struct environments *e)
{
	if (e)
		arena_free(e->arena);
	free(e);
}

static const struct text *find(const struct environments *e, const char *id)
{
	const struct text *t = e->first;

	while (t && strcmp(t->id, id))
		t = t->next;
	return t;
}

const char *environments_add(struct environments *e, const char *text)
{
	char id[ENVIRONMENT_ID + 1];
	const struct text *known;
	struct text *t;

	if (strlen(text) > ENVIRONMENT_MAX)
		return NULL;
	name(text, id);
	known = find(e, id);
	if (known)
		return known->id;
	t = arena_new_of(e->arena, struct text);
	strcpy(t->id, id);
	t->text = arena_strdup(e->arena, text);
	t->next = e->first;
	e->first = t;
	return t->id;
}

static const char *read_text(const char *path, const char *id, struct arena *a)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = arena_alloc(a, ENVIRONMENT_MAX + 1), real[ENVIRONMENT_ID + 1];
	ssize_t n = fd < 0 ? -1 : read(fd, text, ENVIRONMENT_MAX);

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return NULL;
	text[n] = '\0';
	name(text, real);
	return strcmp(real, id) ? NULL : text;
}

const char *environments_get(const struct environments *e, const char *folder, const char *id,
			     struct arena *a)
{
	const struct text *t = e ? find(e, id) : NULL;

	if (t)
		return arena_strdup(a, t->text);
	return environment_is_id(id) ? read_text(arena_printf(a, "%s/%s", folder, id), id, a) : NULL;
}

static void write_text(FILE *f, const void *text)
{
	fputs(text, f);
}

int environments_save(const struct environments *e, const char *folder)
{
	struct arena *a = arena_new();
	const struct text *t;
	int err = 0;

	for (t = e->first; t && !err; t = t->next) {
		const char *path = arena_printf(a, "%s/%s", folder, t->id);

		/* One that is there, and so is of use, is young again. */
		if (read_text(path, t->id, a) && utimensat(AT_FDCWD, path, NULL, 0) == 0)
			continue;
		if (state_file_make_folders(path) || state_file_replace(path, write_text, t->text))
			err = errno;
	}
	arena_free(a);
	errno = err;
	return err ? -1 : 0;
}

void environments_tidy(const char *folder, nstime now,
		       bool (*used)(const void *arg, const char *id), const void *arg)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		/* Also what a killed run has left half done: its name goes on after the id. */
		if (strspn(e->d_name, "0123456789abcdef") != ENVIRONMENT_ID ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode) || now - nstime_from_timespec(st.st_mtim) <= DAY)
			continue;
		if (!environment_is_id(e->d_name) || !used(arg, e->d_name))
			unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
}
