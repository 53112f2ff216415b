/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command line says of a kernel: --target kernel:IMAGE[,KEY=VALUE]... */
#include "config.h"

#include "target/uml.h"

#include "base/arena.h"
#include "base/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct span nowhere;

static int set_seed(struct uml_options *o, const char *value)
{
	char *end;

	errno = 0;
	o->seed = strtoull(value, &end, 0);
	return errno || end == value || *end ? -1 : 0;
}

static int set_memory(struct uml_options *o, const char *value)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;

	errno = 0;
	o->memory = value;
	o->bytes = strtoull(value, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (errno || *value < '0' || *value > '9' || (*end && (unit == NULL || end[1])))
		return -1;
	if (unit != NULL && o->bytes >> (64 - 10 * (unit - units + 1)))
		return -1;
	o->bytes <<= unit != NULL ? 10 * (unit - units + 1) : 0;
	return o->bytes < UML_LEAST_MEMORY ? -1 : 0;
}

static int set_engine(struct uml_options *o, const char *value)
{
	o->engine = value;
	return *value == '\0' ? -1 : 0;
}

static int set_append(struct uml_options *o, const char *value)
{
	o->append = value;
	return 0;
}

static const struct {
	const char *key, *help;
	int (*set)(struct uml_options *o, const char *value);
} option_table[] = {
	{ "seed", "a number", set_seed },
	{ "memory", "32M or more, as in 512M", set_memory },
	{ "engine", "a program: the drillpress that runs in the guest", set_engine },
	{ "append", "a word for the kernel's command line", set_append },
};

#define OPTIONS (sizeof(option_table) / sizeof(option_table[0]))

static int set_option(struct uml_options *o, char *word, struct diag_sink *d)
{
	char *value = strchr(word, '=');
	size_t i;

	if (value != NULL)
		*value++ = '\0';
	for (i = 0; i < OPTIONS; i++)
		if (strcmp(option_table[i].key, word) == 0)
			break;
	if (i == OPTIONS && strchr(word, '/') != NULL)
		return diag_error(d, nowhere, "target kernel: a path with a comma cannot be written here; "
				  "make a link to it");
	if (i == OPTIONS)
		return diag_error(d, nowhere, "target kernel has no option '%s'; there are: engine, "
				  "memory, seed, append", word);
	if (value != NULL && option_table[i].set(o, value) == 0)
		return 0;
	return diag_error(d, nowhere, "target kernel: %s= wants %s", word, option_table[i].help);
}

int uml_options_parse(const char *where, struct uml_options *o, struct arena *a,
		      struct diag_sink *d)
{
	char *text = arena_strdup(a, where), *save = NULL, *word = strtok_r(text, ",", &save);
	char self[4096], *path;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	*o = (struct uml_options){ .memory = "512M", .bytes = 512ULL << 20, .seed = 1 };
	if (word == NULL)
		return diag_error(d, nowhere, "target kernel wants an image: kernel:IMAGE");
	o->image = word;
	o->engine = arena_strndup(a, self, n > 0 ? (size_t)n : 0);
	while ((word = strtok_r(NULL, ",", &save)) != NULL)
		if (set_option(o, word, d) < 0)
			return -1;
	/* The guest starts in another folder. */
	path = realpath(o->image, NULL);
	if (path == NULL)
		return diag_error(d, nowhere, "no kernel image %s: %s; drillpress kernel build makes one",
				  o->image, strerror(errno));
	o->image = arena_strdup(a, path);
	free(path);
	path = realpath(o->engine, NULL);
	if (path == NULL)
		return diag_error(d, nowhere, "target kernel: no program %s: %s", o->engine,
				  strerror(errno));
	o->engine = arena_strdup(a, path);
	free(path);
	return 0;
}

int uml_check(const char *where, struct diag_sink *d)
{
	struct arena *a = arena_new();
	struct uml_options o;
	struct stat st;
	int rc = uml_options_parse(where, &o, a, d);

	if (rc == 0 && (stat(o.image, &st) < 0 || !S_ISREG(st.st_mode) || access(o.image, X_OK) < 0))
		rc = diag_error(d, nowhere, "%s is no kernel image: not a program that may be run",
				o.image);
	arena_free(a);
	return rc;
}
