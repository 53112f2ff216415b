/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/dossier_folder.h"
#include "base/buf.h"
#include "report/dossier_files.h"
#include "report/whole_file.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the 255 bytes of a file name; the rest is for variant, checksum and ".new". */
#define NAME_MAX_KEPT 180
#define VARIANT_MAX_KEPT 32

int dossier_folder_make(const char *path)
{
	struct buf b = { 0 };
	struct stat st;
	size_t i;
	int rc = 0;

	buf_adds(&b, path);
	for (i = 1; rc == 0 && i <= b.len; i++) {
		if (b.s[i] != '/' && i < b.len)
			continue;
		b.s[i] = '\0';
		if (mkdir(b.s, 0777) && (errno != EEXIST || stat(b.s, &st)))
			rc = -1;
		else if (stat(b.s, &st) == 0 && !S_ISDIR(st.st_mode)) {
			errno = ENOTDIR;
			rc = -1;
		}
		if (i < b.len)
			b.s[i] = '/';
	}
	buf_free(&b);
	return rc;
}

/* FNV-1a. */
static uint64_t checksum(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

/* Merged results come from other machines: what is no variant stays a name, too. */
static void add_variant(struct buf *out, const char *variant)
{
	size_t n, end = out->len + VARIANT_MAX_KEPT;

	buf_addc(out, '.');
	for (n = 0; variant[n] && out->len < end; n++) {
		if (isalnum((unsigned char)variant[n]) || variant[n] == '-')
			buf_addc(out, variant[n]);
		else
			buf_printf(out, "%%%02X", (unsigned char)variant[n]);
	}
}

void dossier_folder_name(struct buf *out, const char *script, const char *variant)
{
	struct buf b = { 0 };
	const char *c;

	while (!strncmp(script, "./", 2))
		script += 2;
	for (c = script; *c; c++) {
		if (*c == '/')
			buf_addc(&b, '+');
		else if (*c == '+' || *c == '%' || *c == '[' || *c == ']' || (*c == '.' && c == script))
			buf_printf(&b, "%%%02X", (unsigned char)*c);
		else
			buf_addc(&b, *c);
	}
	if (b.len > NAME_MAX_KEPT)
		buf_printf(out, "%016" PRIx64 "%s", checksum(script),
			   b.s + b.len - NAME_MAX_KEPT);
	else
		buf_adds(out, buf_str(&b));
	buf_free(&b);
	add_variant(out, *variant ? variant : "none");
}

static int write_files(int dir, const struct dossier_case *c)
{
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < dossier_file_count; i++) {
		struct buf b = { 0 };

		dossier_file_table[i].write(&b, c);
		if (b.len)
			rc = whole_file_write(dir, dossier_file_table[i].name, b.s, b.len);
		buf_free(&b);
	}
	return rc;
}

/* Removes a dossier; whoever put a folder into it keeps that, and it. 0, or -1 with errno. */
static int discard(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	const struct dirent *e;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d)
		return errno == ENOENT ? 0 : -1;
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			unlinkat(fd, e->d_name, 0);
	closedir(d);
	return unlinkat(dir, name, AT_REMOVEDIR);
}

/* One name for both is enough: with it, the old one comes under the temporary name. */
static int replace(int dir, const char *fresh, const char *name)
{
	if (renameat(dir, fresh, dir, name) == 0)
		return 0;
	if (errno != EEXIST && errno != ENOTEMPTY)
		return -1;
	if (renameat2(dir, fresh, dir, name, RENAME_EXCHANGE) == 0)
		return discard(dir, fresh);
	/* A file system that cannot exchange: for a moment there is none. */
	return discard(dir, name) ? -1 : renameat(dir, fresh, dir, name);
}

/* The folder for the new files, empty: one a killed run has left is taken over. */
static int make_fresh(int dir, const char *fresh)
{
	if (mkdirat(dir, fresh, 0777) &&
	    (errno != EEXIST || discard(dir, fresh) || mkdirat(dir, fresh, 0777)))
		return -1;
	return openat(dir, fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int dossier_folder_write(const char *dir, const char *name, const struct dossier_case *c)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), fd = -1, rc = -1, err;
	struct buf fresh = { 0 };

	buf_printf(&fresh, ".%s.new", name);
	if (at >= 0)
		fd = make_fresh(at, fresh.s);
	if (fd >= 0) {
		rc = write_files(fd, c);
		if (!rc)
			rc = replace(at, fresh.s, name);
	}
	err = errno;
	if (fd >= 0)
		close(fd);
	if (rc && fd >= 0)
		discard(at, fresh.s);
	if (at >= 0)
		close(at);
	buf_free(&fresh);
	errno = err;
	return rc;
}
