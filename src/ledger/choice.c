/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "ledger/choice.h"

#include <string.h>

bool choice_has(const char *words, const struct requirement *r)
{
	size_t n = strlen(r->group);

	if (!strcmp(words, r->id) || !strcmp(words, r->group))
		return true;
	return !strncmp(words, r->group, n) && words[n] == ':' &&
	       !strcmp(words + n + 1, strength_name(r->strength));
}

bool choice_is_known(const char *words, const struct catalogue *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (choice_has(words, &c->row[i]))
			return true;
	return false;
}
