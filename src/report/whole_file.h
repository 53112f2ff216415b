/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that is written at once. */
#ifndef DP_REPORT_WHOLE_FILE_H
#define DP_REPORT_WHOLE_FILE_H

#include <stddef.h>

/*
 * Makes a file that must not be there yet, in the folder that is open as dir.
 * 0, or -1 with errno; a part of it may be there then.
 */
int whole_file_write(int dir, const char *name, const char *text, size_t len);

#endif
