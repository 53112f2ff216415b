/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/xmem.h"
#include "script/settings.h"
#include "target/pdstack.h"
#include "target/stack_call.h"
#include "target/stack_load.h"
#include "target/stack_time.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEER_PORT_MIN 40001

/* ---- what the stack is given ---- */

static struct stack_target *of_host(const struct dp_host *host)
{
	return (struct stack_target *)((char *)(uintptr_t)host - offsetof(struct stack_target, host));
}

static void host_output(const struct dp_host *host, const void *packet, size_t len)
{
	struct stack_target *s = of_host(host);
	struct stack_packet *p = xzalloc(sizeof(*p) + len);

	p->stamp = s->now;
	p->len = len;
	memcpy(p->data, packet, len);
	STAILQ_INSERT_TAIL(&s->out, p, next);
}

static int64_t host_now(const struct dp_host *host)
{
	return of_host(host)->now;
}

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static uint32_t host_random(const struct dp_host *host)
{
	uint64_t z = of_host(host)->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

static void host_log(const struct dp_host *host, const char *text)
{
	struct stack_target *s = of_host(host);

	fprintf(stderr, "%s: %.6f: %s\n", s->target.name, (double)s->now / NS_PER_SEC, text);
}

/* ---- the target seam ---- */

static void stack_begin(struct target *t, struct target_call *c)
{
	struct stack_target *s = stack_of(t);

	s->still = 0;
	stack_call_begin(s, c);
	stack_settle(s);
}

static bool call_is_done(struct stack_target *s, void *arg)
{
	(void)s;
	return ((struct target_call *)arg)->done;
}

static void stack_await(struct target *t, struct target_call *c, nstime until)
{
	stack_pass(stack_of(t), until, call_is_done, c);
}

/* The engine makes no call this way where there is begin(). */
static void stack_call(struct target *t, struct target_call *c)
{
	stack_begin(t, c);
	stack_await(t, c, NSTIME_NEVER - 1);
}

static bool has_call(struct target *t, enum call_id id)
{
	return stack_has_call(stack_of(t), id);
}

static int stack_inject(struct target *t, const struct target_frame *f, struct arena *a,
			const char **why)
{
	struct stack_target *s = stack_of(t);

	(void)a;
	(void)why;
	s->still = 0;
	s->ops->input(s->stack, f->data, f->len);
	stack_settle(s);
	return 0;
}

static bool has_packet(struct stack_target *s, void *arg)
{
	(void)arg;
	return !STAILQ_EMPTY(&s->out);
}

static int stack_next_packet(struct target *t, nstime until, struct arena *a,
			     struct target_packet *p, const char **why)
{
	struct stack_target *s = stack_of(t);
	struct stack_packet *one;

	(void)why;
	if (STAILQ_EMPTY(&s->out) && until > s->now)
		stack_pass(s, until, has_packet, NULL);
	one = STAILQ_FIRST(&s->out);
	if (!one)
		return 0;
	STAILQ_REMOVE_HEAD(&s->out, next);
	*p = (struct target_packet){ .data = arena_memdup(a, one->data, one->len), .len = one->len,
				     .wire_len = one->len, .stamp = one->stamp };
	free(one);
	return 1;
}

static void to_address(const struct ip_addr *a, int prefix, struct dp_address *out)
{
	*out = (struct dp_address){ .family = (uint16_t)a->family, .prefix = (uint16_t)prefix };
	memcpy(out->bytes, a->b, sizeof(out->bytes));
}

static enum tcp_state to_state(enum dp_tcp_state s)
{
	static const enum tcp_state table[] = {
		[DP_TCP_CLOSED] = TCPS_CLOSED, [DP_TCP_LISTEN] = TCPS_LISTEN,
		[DP_TCP_SYN_SENT] = TCPS_SYN_SENT, [DP_TCP_SYN_RECEIVED] = TCPS_SYN_RECV,
		[DP_TCP_ESTABLISHED] = TCPS_ESTABLISHED, [DP_TCP_FIN_WAIT_1] = TCPS_FIN_WAIT1,
		[DP_TCP_FIN_WAIT_2] = TCPS_FIN_WAIT2, [DP_TCP_CLOSE_WAIT] = TCPS_CLOSE_WAIT,
		[DP_TCP_CLOSING] = TCPS_CLOSING, [DP_TCP_LAST_ACK] = TCPS_LAST_ACK,
		[DP_TCP_TIME_WAIT] = TCPS_TIME_WAIT,
	};

	return (unsigned)s < sizeof(table) / sizeof(table[0]) ? table[s] : TCPS_UNKNOWN;
}

static enum conn_timer to_timer(enum dp_timer t)
{
	static const enum conn_timer table[] = {
		[DP_TIMER_NONE] = CONN_TIMER_NONE, [DP_TIMER_RETRANSMIT] = CONN_TIMER_RETRANSMIT,
		[DP_TIMER_KEEPALIVE] = CONN_TIMER_KEEPALIVE,
		[DP_TIMER_TIME_WAIT] = CONN_TIMER_TIMEWAIT, [DP_TIMER_PROBE] = CONN_TIMER_PROBE,
	};

	return (unsigned)t < sizeof(table) / sizeof(table[0]) ? table[t] : CONN_TIMER_NONE;
}

static void to_info(const struct stack_target *s, const struct dp_conn *c, struct conn_info *info)
{
	*info = (struct conn_info){
		.state = to_state(c->state), .listener_only = c->listening != 0,
		.timer = c->timer_at == DP_NEVER ? CONN_TIMER_NONE : to_timer(c->timer),
		.retransmits = c->retransmits,
	};
	if (info->timer != CONN_TIMER_NONE && c->timer_at > s->now)
		info->timer_left = c->timer_at - s->now;
}

static int stack_conn(struct target *t, const struct tuple *tuple, struct conn_info *info)
{
	struct stack_target *s = stack_of(t);
	struct dp_conn c = { .size = sizeof(c), .timer_at = DP_NEVER };
	struct dp_tuple asked = { .local_port = tuple->local_port,
				  .remote_port = tuple->remote_port };

	to_address(&tuple->local, 0, &asked.local);
	to_address(&tuple->remote, 0, &asked.remote);
	if (!s->ops->conn || s->ops->conn(s->stack, &asked, &c) < 0)
		return -1;
	to_info(s, &c, info);
	/* Asked for no connection in particular. */
	if (!tuple->remote_port && info->listener_only)
		info->state = TCPS_LISTEN;
	return 0;
}

static int stack_fd_state(struct target *t, int fd, struct conn_info *info)
{
	struct stack_target *s = stack_of(t);
	struct dp_conn c = { .size = sizeof(c), .timer_at = DP_NEVER };

	if (!s->ops->socket_conn || s->ops->socket_conn(s->stack, fd, &c) < 0)
		return -1;
	to_info(s, &c, info);
	return 0;
}

static const char *stack_environment(struct target *t, struct arena *a)
{
	struct stack_target *s = stack_of(t);

	return arena_printf(a, "stack: %s %s\n", s->ops->name, s->ops->version);
}

static unsigned stack_lost(struct target *t)
{
	(void)t;
	return 0;
}

static uint16_t stack_peer_port(struct target *t)
{
	return stack_of(t)->peer_port++;
}

static void stack_reset(struct target *t)
{
	struct stack_target *s = stack_of(t);
	struct stack_packet *p;

	stack_calls_free(s);
	if (s->stack)
		s->ops->destroy(s->stack);
	s->stack = NULL;
	while ((p = STAILQ_FIRST(&s->out))) {
		STAILQ_REMOVE_HEAD(&s->out, next);
		free(p);
	}
}

static void stack_close(struct target *t)
{
	stack_reset(t);
	free(stack_of(t)->fd);
	free(t);
}

static const struct target_ops stack_ops = {
	.name = "stack",
	.call = stack_call,
	.has_call = has_call,
	.begin = stack_begin,
	.await = stack_await,
	.inject = stack_inject,
	.next_packet = stack_next_packet,
	.conn = stack_conn,
	.fd_state = stack_fd_state,
	.environment = stack_environment,
	.lost = stack_lost,
	.peer_port = stack_peer_port,
	.reset = stack_reset,
	.close = stack_close,
};

/* ---- making one ---- */

static int create(struct stack_target *s, const struct stack_file *f, const struct target_config *cfg,
		  struct diag_sink *d)
{
	const struct settings *set = cfg->settings;
	struct dp_address local;
	struct dp_config config = { .size = sizeof(config), .mtu = (uint32_t)set->mtu,
				    .local = &local, .n_local = 1, .options = f->options };
	const char *why = NULL;

	to_address(&set->local_ip, set->local_prefix, &local);
	to_address(&set->gateway_ip, 0, &config.gateway);
	s->stack = s->ops->create(&s->host, &config, &why);
	if (s->stack)
		return 0;
	return diag_error(d, (struct span){ 0 }, "%s: %s", f->path, why ? why : "cannot be created");
}

/* An IP version that the script wants and the stack does not have, in words, or NULL. */
static const char *lacks_version(struct stack_target *s, const struct settings *set,
				 struct arena *a)
{
	unsigned family = ip_version_family(set->ip_version) == AF_INET6 ? DP_CAP_IPV6 : DP_CAP_IPV4;

	if (set->ip_version == IP_VERSION_MAPPED)
		family |= DP_CAP_IPV6;
	if ((s->ops->caps & family) == family)
		return NULL;
	return arena_printf(a, "%s has no %s", s->ops->name, ip_version_name(set->ip_version));
}

/* A setting that it does not have, in the same way. */
static const char *lacks_setting(struct stack_target *s, const struct settings *set,
				 struct arena *a)
{
	const struct sysctl_setting *one;

	STAILQ_FOREACH(one, &set->sysctls, next)
		if (!s->ops->setting || s->ops->setting(s->stack, one->name, one->value) < 0)
			return arena_printf(a, "%s cannot do what %s=%s makes Linux do", s->ops->name,
					    one->name, one->value);
	return NULL;
}

struct target *stack_open(const struct target_config *cfg, struct diag_sink *d)
{
	struct arena *a = cfg->settings->arena;
	struct stack_target *s;
	struct stack_file f;

	if (stack_load(cfg->where, &f, a, d))
		return NULL;
	if (!f.ops)
		return pdstack_open(f.handle, f.path, f.flags, cfg, d);
	s = xzalloc(sizeof(*s));
	s->target.ops = &stack_ops;
	s->target.name = f.ops->name;
	s->target.foreign = true;
	s->target.exact = true;
	s->ops = f.ops;
	s->random = f.seed;
	s->peer_port = PEER_PORT_MIN;
	s->host = (struct dp_host){ .size = sizeof(s->host), .output = host_output,
				    .now = host_now, .random = host_random,
				    .log = host_log };
	STAILQ_INIT(&s->out);
	TAILQ_INIT(&s->pending);
	stack_time_init(s);
	/* Addresses of a version that it does not have are nothing to make it with. */
	*cfg->lacks = lacks_version(s, cfg->settings, a);
	if (!*cfg->lacks && create(s, &f, cfg, d) == 0) {
		*cfg->lacks = lacks_setting(s, cfg->settings, a);
		if (!*cfg->lacks)
			return &s->target;
	}
	stack_close(&s->target);
	return NULL;
}
