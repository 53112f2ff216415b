/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int whole_file_write(int dir, const char *name, const char *text, size_t len)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), err = 0;
	size_t at = 0;

	if (fd < 0)
		return -1;
	while (!err && at < len) {
		ssize_t n = write(fd, text + at, len - at);

		if (n > 0)
			at += (size_t)n;
		else if (n == 0 || errno != EINTR)
			err = n ? errno : ENOSPC;
	}
	if (close(fd) && !err)
		err = errno;
	errno = err;
	return err ? -1 : 0;
}
