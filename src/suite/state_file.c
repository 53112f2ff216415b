/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/state_file.h"
#include "base/xmem.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int state_file_make_folders(const char *path)
{
	char *copy = xstrdup(path), *slash;
	int err = 0;

	for (slash = copy; !err && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(copy, 0700) && errno != EEXIST)
			err = errno;
		*slash = '/';
	}
	free(copy);
	errno = err;
	return err ? -1 : 0;
}

int state_file_replace(const char *path, void (*write)(FILE *f, const void *arg), const void *arg)
{
	char temporary[PATH_MAX];
	int fd, lost, err;
	FILE *f;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(temporary);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return -1;
	write(f, arg);
	lost = fflush(f) || ferror(f);
	err = errno;
	if (fclose(f) && !lost) {
		lost = 1;
		err = errno;
	}
	if (!lost && rename(temporary, path) == 0)
		return 0;
	err = lost ? err : errno;
	unlink(temporary);
	errno = err;
	return -1;
}
