/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder that is there with all its files, or not at all. */
#ifndef DP_REPORT_DOSSIER_FOLDER_H
#define DP_REPORT_DOSSIER_FOLDER_H

struct buf;
struct dossier_case;

/* Makes a folder and those above it. 0, or -1 with errno. */
int dossier_folder_make(const char *path);
/*
 * Appends the name of a script's dossier: the path with '+' for '/', then
 * ".VARIANT". No two scripts share one: '+', '%' and a leading '.' of the path
 * become %XX, and of a very long one its end and a checksum remain.
 */
void dossier_folder_name(struct buf *out, const char *script, const char *variant);
/*
 * Writes the dossier into the folder dir/name, in place of what was there: a
 * reader sees the old one or the new one. 0, or -1 with errno set; then
 * nothing of the new one is left.
 */
int dossier_folder_write(const char *dir, const char *name, const struct dossier_case *c);

#endif
