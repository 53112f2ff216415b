/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the user's that outlive a run: replaced as a whole or not at all. */
#ifndef DP_SUITE_STATE_FILE_H
#define DP_SUITE_STATE_FILE_H

#include <stdio.h>

/* Makes the folders above a file. 0, or -1 with errno. */
int state_file_make_folders(const char *path);
/*
 * Puts what write() writes into the file, whose folder is there. A reader sees
 * the old content or the new. 0, or -1 with errno, and the old one stays.
 */
int state_file_replace(const char *path, void (*write)(FILE *f, const void *arg), const void *arg);

#endif
