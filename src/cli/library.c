/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/library.h"
#include "base/arena.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* What configure puts beside the program it will make. */
#define BUILT "library"

const char *library_folder(struct arena *a)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash = n > 0 ? memrchr(self, '/', (size_t)n) : NULL;
	const char *folder;

	if (!slash)
		return LIBRARY_DIR;
	folder = arena_printf(a, "%.*s/" BUILT, (int)(slash - self), self);
	if (access(arena_printf(a, "%s/" LIBRARY_CATALOGUE, folder), R_OK))
		return LIBRARY_DIR;
	return folder;
}
