/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The failure dossier: for every run that ends FAIL, XPASS or INCONCLUSIVE a
 * folder with all there is to know about it (dossier_files.h), to be looked at
 * later and elsewhere.
 */
#ifndef DP_REPORT_DOSSIER_H
#define DP_REPORT_DOSSIER_H

#include "base/nstime.h"

#include <stddef.h>
#include <stdio.h>

struct arena;
struct reporter;

struct dossier_options {
	const char *dir;	/* is there (dossier_folder_make); must stay valid */
	FILE *err;		/* for a dossier that could not be written: said once */
	/* The text of a script; NULL if it is not known. May be NULL. */
	const char *(*script)(void *arg, const char *path, size_t *len);
	/* Told what a script that passed ran on, if its result says so. May be NULL. */
	void (*passed)(void *arg, const char *path, const char *variant, const char *environment);
	/*
	 * What a script ran on when it last passed, in the arena, and *at when
	 * (since 1970); NULL if that is not known. May be NULL.
	 */
	const char *(*last_pass)(void *arg, const char *path, const char *variant,
				 struct arena *a, nstime *at);
	void *arg;
	struct reporter *next;	/* gets every event before this one does; stays the caller's; may be NULL */
};

/*
 * A reporter for any number of runs, also interleaved. Its close() closes
 * nothing of `next`, and returns -1 if a dossier was lost. What was written stays.
 */
struct reporter *report_dossier_new(const struct dossier_options *o);
/* Dossiers written so far. */
unsigned report_dossier_count(const struct reporter *r);

#endif
