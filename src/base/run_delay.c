/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/run_delay.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int run_delay_open(void)
{
	return open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
}

nstime run_delay(int fd)
{
	unsigned long long ran, delay;
	char text[128];
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return 0;
	text[n] = '\0';
	return sscanf(text, "%llu %llu", &ran, &delay) == 2 ? (nstime)delay : 0;
}
