/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/data_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_there(const char *folder, const char *name, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/%s", folder, name);

	return n > 0 && (size_t)n < size && access(path, R_OK) == 0;
}

bool data_file(const char *name, char *path, size_t size)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		if (is_there(self, name, path, size))
			return true;
	}
	return is_there(PKGDATADIR, name, path, size);
}
