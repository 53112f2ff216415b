/* SPDX-License-Identifier: BSD-2-Clause */
/* The library of scripts that comes with the program. */
#ifndef DP_CLI_LIBRARY_H
#define DP_CLI_LIBRARY_H

struct arena;

/* Its catalogue of requirements, in its folder. */
#define LIBRARY_CATALOGUE "requirements.tsv"

/* The folder of a program that was built and not installed, else the one installed; in the arena. */
const char *library_folder(struct arena *a);

#endif
