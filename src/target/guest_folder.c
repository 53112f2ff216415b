/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/guest_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int guest_folder_make(char *path, size_t size)
{
	const char *tmp = getenv("TMPDIR");

	/* It becomes a word of a command line that knows no quotes, in a name of limited length. */
	if (tmp == NULL || *tmp != '/' || strpbrk(tmp, " \t\n\"") != NULL || strlen(tmp) > size / 2)
		tmp = "/tmp";
	snprintf(path, size, "%s/drillpress.XXXXXX", tmp);
	if (mkdtemp(path) != NULL)
		return 0;
	*path = '\0';
	return -1;
}

int guest_folder_write(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), err;
	ssize_t n = 0;

	if (fd < 0)
		return -1;
	while (len > 0) {
		n = write(fd, bytes, len);
		if (n <= 0)
			break;
		bytes += n;
		len -= n;
	}
	err = errno;
	if (close(fd) == 0 && len == 0)
		return 0;
	errno = err;
	return -1;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	remove(path);
	return 0;
}

void guest_folder_remove(const char *path)
{
	if (*path != '\0')
		nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
