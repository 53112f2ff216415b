/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/html_folder.h"
#include "base/buf.h"
#include "report/dossier_folder.h"
#include "report/ladder_svg.h"
#include "report/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Under this name files are written, one after the other. */
static const char fresh[] = ".drillpress.new";
static const char suffix[] = ".html";

static const char style_text[] = "/* " HTML_MARK " */\n"
#include "src/report/html_css.inc"
;
static const char script_text[] = "/* " HTML_MARK " */\n"
#include "src/report/html_js.inc"
;

/* True for a file without our mark, and for what is no file. */
static bool is_foreign(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char head[128];
	ssize_t n;

	if (fd < 0)
		return errno != ENOENT;
	n = read(fd, head, sizeof(head));
	close(fd);
	return n <= 0 || !memmem(head, (size_t)n, HTML_MARK, strlen(HTML_MARK));
}

static bool is_page(const char *name)
{
	size_t n = strlen(name);

	return n > strlen(suffix) && !strcmp(name + n - strlen(suffix), suffix);
}

/* The pages of an earlier report would say what is no longer true. */
static void remove_pages(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	if (!d)
		return;
	while ((e = readdir(d)))
		if (is_page(e->d_name) && !is_foreign(dir, e->d_name))
			unlinkat(dir, e->d_name, 0);
	closedir(d);
}

static int write_text(int dir, const char *name, const char *text, const char *more)
{
	struct buf b = { 0 };
	int rc;

	buf_adds(&b, text);
	buf_adds(&b, more);
	rc = html_folder_write(dir, name, &b);
	buf_free(&b);
	return rc;
}

static int open_folder(const char *path)
{
	return dossier_folder_make(path) ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_runs(int top)
{
	if (mkdirat(top, HTML_RUNS, 0777) && errno != EEXIST)
		return -1;
	return openat(top, HTML_RUNS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int html_folder_open(struct html_folder *f, const char *path, bool runs, const char **why)
{
	static const char *const ours[] = { "index.html", "style.css", "report.js" };
	size_t i;

	f->run = -1;
	*why = NULL;
	f->top = open_folder(path);
	for (i = 0; f->top >= 0 && i < sizeof(ours) / sizeof(ours[0]) && !*why; i++)
		if (is_foreign(f->top, ours[i]))
			*why = "it has files that are of no such report";
	if (f->top >= 0 && !*why && runs)
		f->run = open_runs(f->top);
	if (runs ? f->run >= 0 : f->top >= 0 && !*why)
		return 0;
	if (!*why)
		*why = strerror(errno);
	html_folder_close(f);
	return -1;
}

int html_folder_style(const struct html_folder *f)
{
	return write_text(f->top, "report.js", script_text, "") ||
	       write_text(f->top, "style.css", style_text, ladder_svg_style) ? -1 : 0;
}

int html_folder_begin(const struct html_folder *f)
{
	remove_pages(f->run);
	return html_folder_style(f);
}

void html_folder_close(struct html_folder *f)
{
	if (f->run >= 0)
		close(f->run);
	if (f->top >= 0)
		close(f->top);
	f->run = f->top = -1;
}

int html_folder_write(int dir, const char *name, const struct buf *text)
{
	int err;

	if (is_foreign(dir, name)) {
		errno = EEXIST;
		return -1;
	}
	unlinkat(dir, fresh, 0);
	if (whole_file_write(dir, fresh, buf_str(text), text->len) == 0 &&
	    renameat(dir, fresh, dir, name) == 0)
		return 0;
	err = errno;
	unlinkat(dir, fresh, 0);
	errno = err;
	return -1;
}

int html_folder_read(int dir, const char *name, struct buf *text)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), err;
	char piece[16384];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buf_add(text, piece, (size_t)n);
	err = errno;
	close(fd);
	errno = err;
	return n < 0 ? -1 : 0;
}
