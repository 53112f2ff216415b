/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/json_shards.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/json.h"

#include <stdlib.h>

/* A number from 1 to most, and where it ends; 0 if there is none. */
static unsigned number(const char **text, unsigned most)
{
	unsigned n = 0;

	for (; **text >= '0' && **text <= '9' && n <= most; ++*text)
		n = 10 * n + (unsigned)(**text - '0');
	return n <= most ? n : 0;
}

static bool read_shard(const char *text, unsigned *k, unsigned *n)
{
	*k = number(&text, JSON_MAX_SHARDS);
	if (*text++ != '/')
		return false;
	*n = number(&text, JSON_MAX_SHARDS);
	return *k && *k <= *n && !*text;
}

bool json_shards_add(struct json_shards *s, const char *text, const char *name, struct buf *wrong)
{
	unsigned k, n;

	if (!read_shard(text, &k, &n))
		return false;
	if (!s->n) {
		s->of = xzalloc(n * sizeof(*s->of));
		s->n = n;
		s->first = name;
	}
	if (n != s->n)
		buf_printf(wrong, "is shard %u of %u, but %s is of %u", k, n, s->first, s->n);
	else if (s->of[k - 1])
		buf_printf(wrong, "is shard %u of %u of another run than %s; both count", k, n,
			   s->of[k - 1]);
	else
		s->of[k - 1] = name;
	return true;
}

unsigned json_shards_missing(const struct json_shards *s, struct buf *out)
{
	unsigned k, last, missing = 0;

	for (k = 0; k < s->n; k = last + 1) {
		last = k;
		if (s->of[k])
			continue;
		while (last + 1 < s->n && !s->of[last + 1])
			last++;
		buf_printf(out, "%s%u", missing ? ", " : "", k + 1);
		if (last > k)
			buf_printf(out, "%s%u", last == k + 1 ? ", " : "-", last + 1);
		missing += last - k + 1;
	}
	if (missing)
		buf_printf(out, " of %u %s missing", s->n, missing == 1 ? "is" : "are");
	return missing;
}

void json_shards_free(struct json_shards *s)
{
	free(s->of);
}
