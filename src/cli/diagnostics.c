/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/diagnostics.h"
#include "cli/options.h"
#include "suite/discover.h"

#include <string.h>
#include <unistd.h>

static bool same_place(const struct suite_case *a, const struct diag *x, const struct suite_case *b,
		       const struct diag *y)
{
	const char *p = diag_place(&a->diag, x), *q = diag_place(&b->diag, y);

	return p && q && !strcmp(p, q);
}

/* True if a case has nothing to say that another one of its table did not say. */
static bool repeats(const struct suite_case *before, const struct suite_case *c)
{
	const struct diag *a = before->diag.first, *b = c->diag.first;

	if (!before->which || !c->which || strcmp(before->file, c->file))
		return false;
	for (; a && b; a = a->next, b = b->next)
		if (strcmp(a->msg, b->msg) || !same_place(before, a, c, b))
			return false;
	return !a && !b;
}

static void tell_repeats(int n)
{
	if (n)
		fprintf(stderr, "    (and the same in %d more case%s)\n", n, n == 1 ? "" : "s");
}

void diagnostics_print(const struct suite_list *l, const struct options *o, bool reported)
{
	const struct suite_case *c, *told = NULL;
	int n = 0;

	for (c = l->first; c; c = c->next) {
		if (!c->diag.first || (reported && c->diag.errors == 1 && !c->diag.warnings))
			continue;
		if (told && repeats(told, c)) {
			n++;
			continue;
		}
		tell_repeats(n);
		n = 0;
		told = c;
		diag_print_all(stderr, &c->diag, options_colour(o, STDERR_FILENO));
	}
	tell_repeats(n);
}
