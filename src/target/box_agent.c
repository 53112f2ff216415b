/* SPDX-License-Identifier: BSD-2-Clause */
/* A device with an agent: packets go over the wire as ever, calls and questions to the agent. */
#include "config.h"

#include "target/box_agent.h"

#include "base/arena.h"
#include "base/diag.h"
#include "script/settings.h"
#include "target/agent_client.h"
#include "target/box_inside.h"

static struct agent *agent_of(struct target *t)
{
	return ((struct box *)t)->agent;
}

/* Without its agent a device can be neither right nor wrong. */
static void call(struct target *t, struct target_call *c)
{
	agent_call(agent_of(t), c);
	if (agent_lost(agent_of(t)) != NULL)
		c->refused = agent_lost(agent_of(t));
}

static bool settled(struct target *t, const struct target_call *c)
{
	return agent_call_settled(agent_of(t), c);
}

static bool has_call(struct target *t, enum call_id id)
{
	(void)t;
	return agent_has_call(id);
}

static int command(struct target *t, const char *text, nstime patience, struct arena *a,
		   struct command_outcome *o, const char **why)
{
	return agent_command(agent_of(t), text, patience, a, o, why);
}

static int conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	return agent_conn(agent_of(t), tuple, info);
}

static int fd_state(struct target *t, int fd, struct conn_info *info)
{
	return agent_fd_state(agent_of(t), fd, info);
}

static int details(struct target *t, const struct tuple *tuple, struct arena *a,
		   struct conn_details *d)
{
	return agent_details(agent_of(t), tuple, a, d);
}

static const char *environment(struct target *t, struct arena *a)
{
	const char *text = agent_environment(agent_of(t), a);

	return text != NULL ? text : "the agent is lost\n";
}

/* The agent resets what was made through it. */
static void reset(struct target *t)
{
	agent_end(agent_of(t));
}

static int set_sysctls(struct agent *agent, const struct target_config *cfg, struct diag_sink *d)
{
	struct arena *a = cfg->settings->arena;
	const struct sysctl_setting *one;
	const char *why;
	int rc;

	STAILQ_FOREACH(one, &cfg->settings->sysctls, next) {
		rc = agent_sysctl(agent, one->name, one->value, a, &why);
		if (rc > 0)
			*cfg->lacks = arena_printf(a, "--sysctl=%s: the agent has no %s", one->name, why);
		if (rc < 0)
			diag_error(d, one->span, "--sysctl=%s: %s", one->name, why);
		if (rc != 0)
			return -1;
	}
	return 0;
}

int box_agent_join(struct box *b, const struct target_config *cfg, struct diag_sink *d)
{
	b->agent = agent_connect(b->opt.agent, b->opt.secret, d);
	if (b->agent == NULL || set_sysctls(b->agent, cfg, d) < 0)
		return -1;
	b->ops = box_ops;
	b->ops.call = call;
	b->ops.settled = settled;
	b->ops.has_call = has_call;
	b->ops.command = command;
	b->ops.conn = conn;
	b->ops.fd_state = fd_state;
	b->ops.details = details;
	b->ops.environment = environment;
	b->ops.reset = reset;
	b->target.ops = &b->ops;
	return 0;
}
