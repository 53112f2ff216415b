/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that drillpress comes with. */
#ifndef DP_CLI_DATA_FILE_H
#define DP_CLI_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The path of such a file, by its name below the source folder: beside the
 * program where that was built, else where it is installed. False if it is in
 * neither place or the path does not fit.
 */
bool data_file(const char *name, char *path, size_t size);

#endif
