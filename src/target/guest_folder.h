/* SPDX-License-Identifier: BSD-2-Clause */
/* The folders of a guest: its own, for as long as it starts, and the one of its memory. */
#ifndef DP_TARGET_GUEST_FOLDER_H
#define DP_TARGET_GUEST_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct guest_folder {
	char path[PATH_MAX];	/* "" once it is gone */
	int life;		/* closed, however this process ends: somebody else removes it then */
};

/*
 * Makes an empty folder where temporary files belong. It is removed when this
 * process ends, be it killed. 0, or -1 with errno set and path "".
 */
int guest_folder_make(struct guest_folder *f);
/* A new file of this name in it. 0, or -1 with errno set. */
int guest_folder_write(const struct guest_folder *f, const char *name, const char *bytes, size_t len);
/* A symbolic link of this name in it. 0, or -1 with errno set. */
int guest_folder_link(const struct guest_folder *f, const char *name, const char *to);
/* Removes it with all that is in it, now; nothing if it is gone. */
void guest_folder_remove(struct guest_folder *f);

/*
 * Where a file of so many bytes can be that is to be mapped as a guest's
 * memory and run from: in memory if there is room, else where temporary files
 * belong. The path of the folder; false: nowhere.
 */
bool guest_memory_folder(unsigned long long bytes, char path[PATH_MAX]);

#endif
