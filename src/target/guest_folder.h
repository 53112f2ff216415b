/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder of one guest, for as long as it starts: its job, and what its kernel keeps there. */
#ifndef DP_TARGET_GUEST_FOLDER_H
#define DP_TARGET_GUEST_FOLDER_H

#include <stddef.h>

/* Makes an empty folder where temporary files belong; its path. 0, or -1 with errno set and *path "". */
int guest_folder_make(char *path, size_t size);
/* A new file with these bytes. 0, or -1 with errno set. */
int guest_folder_write(const char *path, const char *bytes, size_t len);
/* Removes it with all that is in it; nothing for "". */
void guest_folder_remove(const char *path);

#endif
