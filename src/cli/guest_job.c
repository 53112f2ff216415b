/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/guest_job.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The flags of a job: their keys and places. */
static const struct {
	const char *key;
	size_t offset;
} flag_table[] = {
	{ "evidence", offsetof(struct guest_job, evidence) },
	{ "environment", offsetof(struct guest_job, environment) },
	{ "evidence-of-pass", offsetof(struct guest_job, evidence_of_pass) },
	{ "stay", offsetof(struct guest_job, stay) },
	{ "commands-aloud", offsetof(struct guest_job, commands_aloud) },
};

#define FLAGS (sizeof(flag_table) / sizeof(flag_table[0]))

static void put(struct buf *out, const char *key, const char *value)
{
	buf_add(out, key, strlen(key) + 1);
	buf_add(out, value, strlen(value) + 1);
}

/* Two words as one value; the first has no newline in it. */
static void put_two(struct buf *out, const char *key, const char *a, const char *b)
{
	struct buf both = { 0 };

	buf_printf(&both, "%s\n%s", a, b);
	put(out, key, buf_str(&both));
	buf_free(&both);
}

void guest_job_write(const struct guest_job *j, struct buf *out)
{
	const struct guest_case *c;
	const struct override *v;
	char seed[24];
	size_t i;

	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)j->seed);
	put(out, "seed", seed);
	put(out, "folder", j->folder);
	for (i = 0; i < FLAGS; i++)
		if (*(const bool *)((const char *)j + flag_table[i].offset))
			put(out, flag_table[i].key, "");
	for (i = 0; j->env && j->env[i]; i++)
		put(out, "env", j->env[i]);
	STAILQ_FOREACH(v, j->overrides, next) {
		if (v->value)
			put_two(out, "override", v->name, v->value);
		else
			put(out, "override", v->name);
	}
	if (j->standard_input)
		put(out, "standard-input", j->standard_input);
	for (c = j->first; c; c = c->next)
		put_two(out, "case", c->version ? c->version : "", c->path);
	put(out, "end", "");
}

struct reading {
	struct guest_job *job;
	struct arena *arena;
	struct override_list *overrides;
	struct guest_case **last;
	char **env;
	size_t n_env;
};

static int read_seed(struct reading *r, char *value)
{
	r->job->seed = strtoull(value, NULL, 10);
	return 0;
}

static int read_folder(struct reading *r, char *value)
{
	r->job->folder = value;
	return 0;
}

static int read_env(struct reading *r, char *value)
{
	char **more = arena_alloc(r->arena, (r->n_env + 2) * sizeof(*more));

	if (r->n_env)
		memcpy(more, r->env, r->n_env * sizeof(*more));
	more[r->n_env++] = value;
	more[r->n_env] = NULL;
	r->env = more;
	return 0;
}

/* Cuts "A\nB"; B, or NULL. */
static char *second(char *value)
{
	char *at = strchr(value, '\n');

	if (at)
		*at++ = '\0';
	return at;
}

static int read_override(struct reading *r, char *value)
{
	struct override *v = arena_new_of(r->arena, struct override);

	v->name = value;
	v->value = second(value);
	STAILQ_INSERT_TAIL(r->overrides, v, next);
	return 0;
}

static int read_standard_input(struct reading *r, char *value)
{
	r->job->standard_input = value;
	return 0;
}

static int read_case(struct reading *r, char *value)
{
	struct guest_case *c = arena_new_of(r->arena, struct guest_case);

	c->path = second(value);
	c->version = *value ? value : NULL;
	*r->last = c;
	r->last = &c->next;
	return c->path ? 0 : -1;
}

static const struct {
	const char *key;
	int (*read)(struct reading *r, char *value);
} key_table[] = {
	{ "seed", read_seed },
	{ "folder", read_folder },
	{ "env", read_env },
	{ "override", read_override },
	{ "standard-input", read_standard_input },
	{ "case", read_case },
};

static int read_pair(struct reading *r, const char *key, char *value)
{
	size_t i;

	for (i = 0; i < sizeof(key_table) / sizeof(key_table[0]); i++)
		if (!strcmp(key_table[i].key, key))
			return key_table[i].read(r, value);
	for (i = 0; i < FLAGS; i++) {
		if (!strcmp(flag_table[i].key, key)) {
			*(bool *)((char *)r->job + flag_table[i].offset) = true;
			return 0;
		}
	}
	return -1;
}

int guest_job_read(const char *bytes, size_t len, struct guest_job *j, struct arena *a)
{
	struct reading r = { .job = j, .arena = a, .last = &j->first };
	char *text = arena_memdup(a, bytes, len), *at, *value, *next;

	*j = (struct guest_job){ 0 };
	r.overrides = arena_new_of(a, struct override_list);
	STAILQ_INIT(r.overrides);
	if (!len || text[len - 1])
		return -1;
	for (at = text; at < text + len && strcmp(at, "end"); at = next) {
		value = at + strlen(at) + 1;
		if (value >= text + len)
			return -1;
		next = value + strlen(value) + 1;
		if (read_pair(&r, at, value))
			return -1;
	}
	j->env = r.env;
	j->overrides = r.overrides;
	return at < text + len && j->folder ? 0 : -1;
}
