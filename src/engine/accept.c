/* SPDX-License-Identifier: BSD-2-Clause */
/* Which connection accept() gave, and whether it is the one that the script means. */
#include "config.h"

#include "base/arena.h"
#include "engine/events.h"
#include "engine/flow_named.h"

/* The peer that the call told; false if it was not asked for it. */
static bool told_peer(const struct sys_call *c, struct ip_addr *addr, uint16_t *port)
{
	const struct sockaddr_storage *ss = (const struct sockaddr_storage *)c->live.arg[1];

	return ss && ip_addr_from_sockaddr(ss, addr, port);
}

static const char *by_name(struct run *r, const struct ip_addr *addr, uint16_t port)
{
	const struct flow *f;

	for (f = r->flows.all; f; f = f->next)
		if (f->name && f->live.remote_port == port && ip_addr_equal(&f->live.remote, addr))
			return arena_printf(r->arena, "@%s, ", f->name);
	return "";
}

static const char *check_peer(struct run *r, const struct sys_call *c, const struct flow *f)
{
	char a[IP_ADDR_TEXT], b[IP_ADDR_TEXT];
	struct ip_addr addr;
	uint16_t port;

	if (!told_peer(c, &addr, &port))
		return NULL;
	if (ip_addr_equal(&addr, &f->live.remote) && port == f->live.remote_port)
		return NULL;
	if (f->name)
		return arena_printf(r->arena, "accept() gave %sa connection from %s port %u, expected "
				    "@%s, which is from %s port %u", by_name(r, &addr, port),
				    ip_addr_text(&addr, a), port, f->name,
				    ip_addr_text(&f->live.remote, b), f->live.remote_port);
	return arena_printf(r->arena, "accept() returned a connection from %s port %u; the script's "
			    "is from %s port %u", ip_addr_text(&addr, a), port,
			    ip_addr_text(&f->live.remote, b), f->live.remote_port);
}

/* Where there are several, the call tells which it was. */
static struct flow *given(struct run *r, const struct sys_call *c)
{
	const char *name = c->ast->conn.name;
	struct ip_addr addr = { 0 };
	uint16_t port = 0;
	struct flow *f;

	if (name)
		return flow_named(&r->flows, name);
	if (!told_peer(c, &addr, &port))
		port = 0;
	f = flow_first_acceptable(&r->flows, &addr, port);
	return f ? f : flow_first_acceptable(&r->flows, &addr, 0);
}

const char *accept_done(struct run *r, const struct sys_call *c)
{
	int32_t live = (int32_t)c->live.result;
	struct flow *f;

	if (!r->flows.n_named) {
		f = flow_accepted(&r->flows, c->want, live);
	} else {
		f = given(r, c);
		if (f && f->live_fd >= 0)
			return arena_printf(r->arena, "@%s was accepted before, as descriptor %d",
					    f->name, f->script_fd);
		if (f)
			flow_attach(f, c->want, live);
	}
	return f ? check_peer(r, c, f) : "unable to find socket matching accept() call";
}
