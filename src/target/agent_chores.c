/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_chores.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "engine/command.h"
#include "script/settings.h"
#include "target/agent_channel.h"
#include "target/agent_pack.h"
#include "target/sysctl.h"

#include <stdlib.h>

/* A device of this name there is not: none is made here, so there is no sooner or later. */
#define NO_DEVICE "\n"
/* A command that is not awaited for longer by anybody. */
#define MOST_PATIENCE (3600 * NS_PER_SEC)

struct changed_sysctl {
	const struct sysctl_value *was;
	struct changed_sysctl *next;
};

struct running {
	struct chores *chores;
	uint32_t number;
	char *text;
	nstime patience;
};

void chores_init(struct chores *c, struct agent_channel *channel)
{
	*c = (struct chores){ .channel = channel, .arena = arena_new() };
}

/* NULL, or what went wrong. */
static const char *set(struct chores *c, const char *name, const char *value)
{
	const char *why = NULL, *text = arena_printf(c->arena, "%s=%s", name, value);
	struct changed_sysctl *changed = arena_new_of(c->arena, struct changed_sysctl);
	struct settings s;
	struct diag_sink d;

	diag_init(&d, c->arena);
	settings_init(&s, c->arena);
	if (settings_set(&s, "sysctl", text, (struct span){ 0 }, &why) != SETTING_OK)
		return why ? why : "that is no sysctl";
	*changed = (struct changed_sysctl){ sysctl_save(&s, c->arena), c->changed };
	c->changed = changed;
	if (sysctl_apply(&s, SYSCTL_BEFORE_DEVICE, NO_DEVICE, &d) == 0)
		return NULL;
	return d.first ? d.first->msg : "it cannot be set";
}

void chores_sysctl(struct chores *c, uint32_t number, const char *name, const char *value)
{
	struct buf b = { 0 };

	pack_u32(&b, number);
	pack_text(&b, set(c, name, value));
	channel_send(c->channel, AGENT_SYSCTL_DONE, &b);
	buf_free(&b);
}

static void *run_command(void *arg)
{
	struct running *r = arg;
	struct arena *a = arena_new();
	struct command_outcome o = command_run(r->text, r->patience, false, a);
	struct buf b = { 0 };

	pack_u32(&b, r->number);
	pack_u8(&b, o.not_run);
	pack_text(&b, o.output);
	pack_text(&b, o.failed);
	atomic_store(&r->chores->busy, false);
	channel_send(r->chores->channel, AGENT_COMMAND_DONE, &b);
	buf_free(&b);
	arena_free(a);
	free(r->text);
	free(r);
	return NULL;
}

const char *chores_command(struct chores *c, uint32_t number, const char *text, nstime patience)
{
	struct running *r;
	pthread_t thread;

	if (atomic_load(&c->busy))
		return "room for two commands at a time";
	r = xzalloc(sizeof(*r));
	*r = (struct running){ c, number, xstrdup(text),
			       patience > MOST_PATIENCE ? MOST_PATIENCE : patience };
	atomic_store(&c->busy, true);
	if (pthread_create(&thread, NULL, run_command, r) == 0) {
		pthread_detach(thread);
		return NULL;
	}
	atomic_store(&c->busy, false);
	free(r->text);
	free(r);
	return "a thread left for a command";
}

void chores_end(struct chores *c)
{
	const struct changed_sysctl *one;

	for (one = c->changed; one; one = one->next)
		sysctl_restore(one->was);
	c->changed = NULL;
}
