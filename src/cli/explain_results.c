/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/explain_results.h"
#include "base/arena.h"
#include "cli/cmd.h"
#include "cli/options.h"
#include "report/dossier_files.h"
#include "report/explain.h"
#include "report/json_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* How files begin that explain may be given. JSON is left to its reader. */
static const struct magic {
	const char *start;
	const char *what;	/* NULL: JSON */
} magic_table[] = {
	{ "{", NULL },
	{ "TAP version ", "a TAP report" },
	{ "KTAP version ", "a KTAP report" },
	{ "<?xml", "XML" },
	{ "<svg", "a picture" },
	{ "<!DOCTYPE", "a page" },
	{ "drillpress record ", "the record of earlier runs" },
	{ "\x0a\x0d\x0d\x0a", "a capture" },
	{ "\xd4\xc3\xb2\xa1", "a capture" },
	{ "\x4d\x3c\xb2\xa1", "a capture" },
	{ "\x1f\x8b", "compressed" },
	{ "\x28\xb5\x2f\xfd", "compressed" },
	{ "\xfd" "7zXZ", "compressed" },
};

#define N_MAGIC (sizeof(magic_table) / sizeof(magic_table[0]))

static enum explained kind_of_bytes(const char *text, const char **what)
{
	size_t i;

	for (i = 0; i < N_MAGIC; i++) {
		if (strncmp(text, magic_table[i].start, strlen(magic_table[i].start)))
			continue;
		*what = magic_table[i].what;
		return *what ? EXPLAINED_OTHER : EXPLAINED_RESULTS;
	}
	return EXPLAINED_SCRIPT;
}

static enum explained kind_of_file(int fd, const char **what)
{
	char text[64];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return EXPLAINED_SCRIPT;	/* whose reader says what is wrong */
	text[n] = '\0';
	return kind_of_bytes(text, what);
}

/* Puts a file in the place of a pipe on standard input, so that it can be read twice. */
static int keep_stdin(void)
{
	int fd = lseek(STDIN_FILENO, 0, SEEK_CUR) < 0 ? memfd_create("stdin", MFD_CLOEXEC) : -1;
	char some[65536];
	ssize_t n, m;

	if (fd < 0)
		return 0;
	while ((n = read(STDIN_FILENO, some, sizeof(some))) != 0) {
		m = n < 0 ? -1 : write(fd, some, (size_t)n);
		if (m != n && !(n < 0 && errno == EINTR))
			break;
	}
	if (n == 0 && (lseek(fd, 0, SEEK_SET) || dup2(fd, STDIN_FILENO) < 0))
		n = -1;
	close(fd);
	return n ? -1 : 0;
}

static enum explained kind_of_path(const char *path, const char **what)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum explained kind = EXPLAINED_SCRIPT;
	struct stat st;

	if (fd < 0)
		return kind;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		kind = kind_of_file(fd, what);
	close(fd);
	return kind;
}

/* ---- dossiers ---- */

/* The dossier's results, if this folder is one. */
static char *result_of(struct arena *a, const char *folder)
{
	char *path = arena_printf(a, "%s/%s", folder, DOSSIER_RESULT);
	const char *what;

	return kind_of_path(path, &what) == EXPLAINED_RESULTS ? path : NULL;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* Results of a dossier, or of all dossiers in the folder; NULL when there are none. */
static char **results_in(struct arena *a, const char *folder, int *n)
{
	struct dirent **in = NULL;
	char **found, *one = result_of(a, folder);
	int i, n_in;

	*n = 0;
	n_in = one ? 0 : scandir(folder, &in, visible, alphasort);
	found = arena_alloc(a, (size_t)(n_in > 0 ? n_in : 1) * sizeof(*found));
	if (one)
		found[(*n)++] = one;
	for (i = 0; i < n_in; i++) {
		one = result_of(a, arena_printf(a, "%s/%s", folder, in[i]->d_name));
		if (one)
			found[(*n)++] = one;
		free(in[i]);
	}
	free(in);
	return *n ? found : NULL;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum explained explained_kind(const char *path, const char **what)
{
	struct arena *a;
	bool found;
	int n;

	if (!strcmp(path, "-"))
		return keep_stdin() ? EXPLAINED_SCRIPT : kind_of_file(STDIN_FILENO, what);
	if (!is_folder(path))
		return kind_of_path(path, what);
	a = arena_new();
	found = results_in(a, path, &n) != NULL;
	arena_free(a);
	return found ? EXPLAINED_RESULTS : EXPLAINED_SCRIPT;
}

/* ---- drawing ---- */

/* Tells all files to the reporter. What is wrong with them is said if complaints is not NULL. */
static struct json_totals tell(char **files, int n, struct reporter *to, FILE *complaints)
{
	struct json_joined *j = json_joined_new(to, complaints);
	struct json_totals t;
	FILE *in;
	int i;

	for (i = 0; i < n; i++) {
		bool is_stdin = !strcmp(files[i], "-");

		in = is_stdin ? fdopen(dup(STDIN_FILENO), "r") : fopen(files[i], "re");
		if (in && is_stdin)
			rewind(in);
		if (in)
			json_read(j, in, files[i]);
		else if (complaints)
			fprintf(complaints, "drillpress: %s: %s\n", files[i], strerror(errno));
		if (in)
			fclose(in);
	}
	t = *json_joined_totals(j);
	json_joined_free(j);
	return t;
}

static int draw(struct explain *e, char **files, int n, const char *name)
{
	struct json_totals t = tell(files, n, explain_reporter(e), stderr);
	int chosen;

	if (!t.runs) {
		fprintf(stderr, "drillpress: there is no run in %s to draw; explain reads scripts, JSON "
			"results (run --report json=FILE) and dossiers (run --dossier DIR)\n", name);
		explain_close(e, stderr);
		return EXIT_USAGE;
	}
	chosen = explain_choose(e, name, stderr);
	if (chosen == 0)
		tell(files, n, explain_reporter(e), NULL);
	if (explain_close(e, stderr) || chosen)
		return EXIT_USAGE;
	return t.unfinished || t.repeated ? EXIT_ENVIRONMENT : 0;
}

int explain_results(const struct options *o, int width)
{
	struct explain_options how = { .out = stdout, .svg = o->svg, .width = width,
				       .colour = options_colour(o, STDOUT_FILENO),
				       .words = o->paths + 1, .n_words = o->n_paths - 1 };
	char **files = o->paths;
	int n = 1;

	if (is_folder(o->paths[0])) {
		files = results_in(o->arena, o->paths[0], &n);
		if (n == 1)
			how.script_at = arena_printf(o->arena, "%.*s%s",
				(int)(strlen(files[0]) - strlen(DOSSIER_RESULT)), files[0],
				DOSSIER_SCRIPT);
	}
	return draw(explain_new(&how), files, n, o->paths[0]);
}
