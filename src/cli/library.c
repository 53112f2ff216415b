/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/library.h"
#include "base/arena.h"
#include "cli/data_file.h"

#include <limits.h>
#include <string.h>

/* What configure puts beside the program it will make. */
#define BUILT "library/" LIBRARY_CATALOGUE
#define INSTALLED PKGDATADIR "/scripts"

const char *library_folder(struct arena *a)
{
	char path[PATH_MAX];

	if (!data_file(BUILT, path, sizeof(path)))
		return INSTALLED;
	return arena_strndup(a, path, strlen(path) - strlen("/" LIBRARY_CATALOGUE));
}
