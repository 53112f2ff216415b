/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing to a descriptor until all is written. */
#ifndef DP_BASE_WRITE_ALL_H
#define DP_BASE_WRITE_ALL_H

#include <stddef.h>

/* write(2), again after a signal and after a part. 0, or -1 with errno set and part of it written. */
int write_all(int fd, const void *bytes, size_t len);

#endif
