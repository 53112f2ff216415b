/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/source.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct span nowhere;

static void index_lines(struct source *s, struct arena *a)
{
	uint32_t n = 1;
	const char *p;

	for (p = s->text; (p = strchr(p, '\n')); p++)
		n++;
	s->lines = arena_alloc(a, n * sizeof(*s->lines));
	s->n_lines = n;
	s->lines[0] = s->text;
	for (p = s->text, n = 1; (p = strchr(p, '\n')); p++)
		s->lines[n++] = p + 1;
}

struct source *source_from_text(const char *name, const char *text, size_t len, struct arena *a,
				struct diag_sink *d)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	struct source *s = arena_new_of(a, struct source);

	s->name = arena_strdup(a, name);
	if (len >= 3 && !memcmp(text, byte_order_mark, 3)) {
		text += 3;
		len -= 3;
	}
	if (len && memchr(text, '\0', len)) {
		diag_error(d, nowhere, "%s: not a script: it holds NUL bytes (a binary file?)", name);
		return NULL;
	}
	s->text = arena_strndup(a, text, len);
	s->len = len;
	index_lines(s, a);
	return s;
}

/* Reads to the end or past the bound, whichever comes first. */
static int slurp(int fd, struct buf *b)
{
	char chunk[65536];
	ssize_t n;

	while (b->len <= SOURCE_MAX_BYTES) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		buf_add(b, chunk, (size_t)n);
	}
	return 0;
}

struct source *source_load(const char *path, struct arena *a, struct diag_sink *d)
{
	bool is_stdin = !strcmp(path, "-");
	const char *name = is_stdin ? "<stdin>" : path;
	struct source *s = NULL;
	struct buf b = { 0 };
	struct stat st;
	int fd;

	/* O_NONBLOCK: opening a FIFO must not hang. */
	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		diag_error(d, nowhere, "%s: cannot open: %s", name, strerror(errno));
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		diag_error(d, nowhere, "%s: is a directory, not a script", name);
	else if (!is_stdin && !S_ISREG(st.st_mode))
		diag_error(d, nowhere, "%s: is not a regular file", name);
	else if (!is_stdin && st.st_size > (off_t)SOURCE_MAX_BYTES)
		diag_error(d, nowhere, "%s: is %lld bytes; a script may have at most %u", name,
			   (long long)st.st_size, SOURCE_MAX_BYTES);
	else if (slurp(fd, &b) < 0)
		diag_error(d, nowhere, "%s: cannot read: %s", name, strerror(errno));
	else if (b.len > SOURCE_MAX_BYTES)
		diag_error(d, nowhere, "%s: is larger than %u bytes, the most a script may have",
			   name, SOURCE_MAX_BYTES);
	else
		s = source_from_text(name, buf_str(&b), b.len, a, d);
	buf_free(&b);
	if (!is_stdin)
		close(fd);
	return s;
}

const char *source_line(const struct source *s, uint32_t n, size_t *len)
{
	const char *start, *end;

	if (!s || n == 0 || n > s->n_lines)
		return NULL;
	start = s->lines[n - 1];
	end = n < s->n_lines ? s->lines[n] - 1 : s->text + s->len;
	if (end > start && end[-1] == '\r')
		end--;
	*len = (size_t)(end - start);
	return start;
}

struct span span_join(struct span a, struct span b)
{
	if (!a.line)
		return b;
	if (!b.line)
		return a;
	if (b.line < a.line || (b.line == a.line && b.col < a.col)) {
		a.line = b.line;
		a.col = b.col;
	}
	if (b.end_line > a.end_line || (b.end_line == a.end_line && b.end_col > a.end_col)) {
		a.end_line = b.end_line;
		a.end_col = b.end_col;
	}
	return a;
}
