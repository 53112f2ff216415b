/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack_load.h"
#include "base/arena.h"
#include "base/diag.h"
#include "target/stack.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct span nowhere;

static int read_seed(struct stack_file *f, const char *text, struct diag_sink *d)
{
	char *end;

	errno = 0;
	f->seed = strtoull(text, &end, 0);
	return *text && !*end && !errno ? 0 : diag_error(d, nowhere, "--target: seed=%s is not a number",
							 text);
}

/* FILE, and options of which `seed` is drillpress's own. */
static int read_where(const char *where, struct stack_file *f, struct arena *a, struct diag_sink *d)
{
	char *text = arena_strdup(a, where), *save = NULL, *one;
	int n = 0;

	f->options = arena_alloc(a, (strlen(where) + 2) * sizeof(*f->options));
	f->path = strtok_r(text, ",", &save);
	if (!f->path || *where == ',')
		return diag_error(d, nowhere, "--target: write stack:FILE[,KEY=VALUE...]");
	while ((one = strtok_r(NULL, ",", &save))) {
		if (!strchr(one, '='))
			return diag_error(d, nowhere, "--target: '%s': write KEY=VALUE", one);
		if (strncmp(one, "seed=", 5))
			f->options[n++] = one;
		else if (read_seed(f, one + 5, d))
			return -1;
	}
	f->options[n] = NULL;
	/* The dynamic linker looks for a name without a slash in other places. */
	if (!strchr(f->path, '/'))
		f->path = arena_printf(a, "./%s", f->path);
	return 0;
}

int stack_check(const char *where, struct diag_sink *d)
{
	struct stack_file f = { 0 };

	return read_where(where, &f, d->arena, d);
}

/* What version 1 of the interface has. */
#define OPS_LEAST (offsetof(struct dp_stack_ops, setting) + sizeof(((struct dp_stack_ops *)0)->setting))
/* A stack made for packetdrill takes one string and nothing else. */
static int read_flags(struct stack_file *f, struct diag_sink *d)
{
	const char **o;

	for (o = f->options; *o; o++) {
		if (strncmp(*o, "flags=", 6))
			return diag_error(d, nowhere, "--target: '%s': %s was made for packetdrill, whose "
					  "stacks take flags=TEXT only", *o, f->path);
		f->flags = *o + 6;
	}
	return 0;
}

#define NEEDED(member) { #member, offsetof(struct dp_stack_ops, member) }

static const struct {
	const char *name;
	size_t at;
} needed[] = {
	NEEDED(name), NEEDED(version), NEEDED(create), NEEDED(destroy), NEEDED(input),
	NEEDED(deadline), NEEDED(run),
};

static int check_ops(const struct stack_file *f, struct diag_sink *d)
{
	const struct dp_stack_ops *ops = f->ops;
	size_t i;

	if (ops->abi != DP_STACK_ABI || ops->size < OPS_LEAST)
		return diag_error(d, nowhere, "%s: its interface has version %u and %u bytes, this "
				  "drillpress wants version %u and at least %zu; build it against this "
				  "drillpress/stack.h", f->path, ops->abi, ops->size, DP_STACK_ABI,
				  OPS_LEAST);
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!*(void *const *)((const char *)ops + needed[i].at))
			return diag_error(d, nowhere, "%s: dp_stack_ops.%s is missing", f->path,
					  needed[i].name);
	return 0;
}

int stack_load(const char *where, struct stack_file *f, struct arena *a, struct diag_sink *d)
{
	const struct dp_stack_ops *(*adapter)(uint32_t abi);

	*f = (struct stack_file){ .seed = 1 };
	if (read_where(where, f, a, d))
		return -1;
	f->handle = dlopen(f->path, RTLD_NOW | RTLD_LOCAL);
	if (!f->handle)
		return diag_error(d, nowhere, "cannot load the stack: %s", dlerror());
	*(void **)&adapter = dlsym(f->handle, "dp_stack_adapter");
	if (!adapter && dlsym(f->handle, "packetdrill_interface_init"))
		return read_flags(f, d);
	if (!adapter)
		return diag_error(d, nowhere, "%s does not export dp_stack_adapter(); see "
				  "drillpress/stack.h", f->path);
	f->ops = adapter(DP_STACK_ABI);
	if (!f->ops)
		return diag_error(d, nowhere, "%s cannot serve version %u of drillpress/stack.h",
				  f->path, DP_STACK_ABI);
	return check_ops(f, d);
}
