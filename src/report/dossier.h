/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The failure dossier: for every run that ends FAIL, XPASS or INCONCLUSIVE a
 * folder with all there is to know about it (dossier_files.h), to be looked at
 * later and elsewhere.
 */
#ifndef DP_REPORT_DOSSIER_H
#define DP_REPORT_DOSSIER_H

#include <stddef.h>
#include <stdio.h>

struct reporter;

struct dossier_options {
	const char *dir;	/* is there (dossier_folder_make); must stay valid */
	FILE *err;		/* for a dossier that could not be written: said once */
	/* The text of a script; NULL if it is not known. May be NULL. */
	const char *(*script)(void *arg, const char *path, size_t *len);
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
