/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/ledger_report.h"
#include "cli/options.h"
#include "report/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int page_width(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return PAGE_DEFAULT_WIDTH;
	return w.ws_col < PAGE_MIN_WIDTH ? PAGE_MIN_WIDTH : w.ws_col;
}

static int write_text(FILE *out, const struct options *o, const struct ledger_view *v)
{
	struct page page = { .out = out, .width = out == stdout ? page_width() : PAGE_DEFAULT_WIDTH,
			     .colour = out == stdout && options_colour(o, STDOUT_FILENO) };

	ledger_print(&page, v);
	return fflush(out) || ferror(out) ? -1 : 0;
}

static int write_json(FILE *out, const struct options *o, const struct ledger_view *v)
{
	(void)o;
	return ledger_write_json(out, v);
}

static const struct kind {
	const char *name;
	int (*write)(FILE *out, const struct options *o, const struct ledger_view *v);
	bool folder;
} kind_table[] = {
	{ "text", write_text, false },
	{ "json", write_json, false },
	{ "html", NULL, true },
};

#define N_KINDS (sizeof(kind_table) / sizeof(kind_table[0]))

/* Of what the user wrote; *to is what follows "=", or NULL. */
static const struct kind *kind_of(const char *spec, const char **to)
{
	const char *eq = strchr(spec, '=');
	size_t n = eq ? (size_t)(eq - spec) : strlen(spec), i;

	*to = eq ? eq + 1 : NULL;
	for (i = 0; i < N_KINDS; i++)
		if (strlen(kind_table[i].name) == n && !strncmp(kind_table[i].name, spec, n))
			return &kind_table[i];
	return NULL;
}

int ledger_reports_check(const struct options *o)
{
	const struct kind *k;
	const char *to;
	int i;

	for (i = 0; i < o->n_reports; i++) {
		k = kind_of(o->reports[i], &to);
		if (!k) {
			fprintf(stderr, "drillpress: --report %s: the ledger has text, json and html=DIR\n",
				o->reports[i]);
			return -1;
		}
		if (k->folder && (!to || !*to || !strcmp(to, "-"))) {
			fprintf(stderr, "drillpress: --report %s wants a folder to make: "
				"--report %s=DIR\n", o->reports[i], k->name);
			return -1;
		}
		if (to && !*to) {
			fprintf(stderr, "drillpress: --report %s wants the name of a file\n",
				o->reports[i]);
			return -1;
		}
	}
	return 0;
}

static int write_file(const struct kind *k, const char *to, const struct options *o,
		      const struct ledger_view *v, const char **why)
{
	FILE *out = to ? fopen(to, "we") : stdout;
	int err;

	if (!out) {
		*why = strerror(errno);
		return -1;
	}
	err = k->write(out, o, v);
	*why = err ? strerror(errno) : NULL;
	if (out != stdout && fclose(out) && !err) {
		*why = strerror(errno);
		err = -1;
	}
	return err;
}

static int write_one(const char *spec, const struct options *o, const struct ledger_view *v)
{
	const char *to, *why;
	const struct kind *k = kind_of(spec, &to);

	if (to && !strcmp(to, "-"))
		to = NULL;
	if (k->folder ? !ledger_write_html(to, v, &why) : !write_file(k, to, o, v, &why))
		return 0;
	/* Of standard output main() tells. */
	if (to)
		fprintf(stderr, "drillpress: the %s report cannot be written: %s: %s\n", k->name, to, why);
	return -1;
}

int ledger_reports_write(const struct options *o, const struct ledger_view *v)
{
	int i, err = 0;

	if (!o->n_reports)
		return write_one("text", o, v);
	for (i = 0; i < o->n_reports; i++)
		err |= write_one(o->reports[i], o, v);
	return err;
}
