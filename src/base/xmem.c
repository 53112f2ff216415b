/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "base/xmem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* sysexits(3) EX_SOFTWARE: nothing sensible can go on without memory. */
#define EXIT_NO_MEMORY 70

static void *check(void *p)
{
	if (!p) {
		fputs("drillpress: out of memory\n", stderr);
		exit(EXIT_NO_MEMORY);
	}
	return p;
}

void *xzalloc(size_t n)
{
	return check(calloc(1, n ? n : 1));
}

void *xrealloc(void *p, size_t n)
{
	return check(realloc(p, n ? n : 1));
}

char *xstrdup(const char *s)
{
	return check(strdup(s));
}
