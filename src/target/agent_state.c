/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/agent_state.h"
#include "base/arena.h"
#include "base/buf.h"
#include "target/agent_pack.h"

#include <stdlib.h>
#include <string.h>

static uint8_t family_number(int family)
{
	return family == AF_INET ? 4 : family == AF_INET6 ? 6 : 0;
}

static void put_addr(struct buf *b, const struct ip_addr *a)
{
	pack_u8(b, family_number(a->family));
	buf_add(b, a->b, sizeof(a->b));
}

static void get_addr(struct unpack *u, struct ip_addr *a)
{
	uint8_t family = unpack_u8(u);
	const uint8_t *p = unpack_raw(u, sizeof(a->b));

	*a = (struct ip_addr){ .family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : 0 };
	if (p)
		memcpy(a->b, p, sizeof(a->b));
	if (family && !a->family)
		u->bad = true;
}

void state_put_tuple(struct buf *b, const struct tuple *t)
{
	put_addr(b, &t->local);
	put_addr(b, &t->remote);
	pack_u16(b, t->local_port);
	pack_u16(b, t->remote_port);
}

void state_get_tuple(struct unpack *u, struct tuple *t)
{
	get_addr(u, &t->local);
	get_addr(u, &t->remote);
	t->local_port = unpack_u16(u);
	t->remote_port = unpack_u16(u);
}

void state_put(struct buf *b, int rc, const struct conn_info *info)
{
	pack_u8(b, rc == 0);
	pack_u8(b, (uint8_t)info->state);
	pack_u8(b, info->listener_only);
	pack_u64(b, info->cookie);
	pack_u8(b, (uint8_t)info->timer);
	pack_u64(b, (uint64_t)info->timer_left);
	pack_u32(b, info->retransmits);
}

int state_get(struct unpack *u, struct conn_info *info)
{
	bool told = unpack_u8(u);
	uint8_t state = unpack_u8(u), timer;

	*info = (struct conn_info){ .state = state < TCPS_COUNT ? state : TCPS_UNKNOWN };
	info->listener_only = unpack_u8(u);
	info->cookie = unpack_u64(u);
	timer = unpack_u8(u);
	info->timer = timer <= CONN_TIMER_PROBE ? timer : CONN_TIMER_NONE;
	info->timer_left = (nstime)unpack_u64(u);
	info->retransmits = unpack_u32(u);
	return told && !u->bad ? 0 : -1;
}

static void put_conn_bytes(struct buf *b, const struct conn_bytes *bytes)
{
	pack_u32(b, (uint32_t)bytes->len);
	if (bytes->len)
		buf_add(b, bytes->data, bytes->len);
}

static void get_conn_bytes(struct unpack *u, struct arena *a, struct conn_bytes *bytes)
{
	size_t n = unpack_u32(u);
	const uint8_t *p = unpack_raw(u, n);

	*bytes = (struct conn_bytes){ 0 };
	if (p && n) {
		bytes->data = arena_memdup(a, p, n);
		bytes->len = n;
	}
}

void state_put_details(struct buf *b, int rc, const struct conn_details *d)
{
	pack_u8(b, rc == 0);
	put_conn_bytes(b, &d->info);
	put_conn_bytes(b, &d->cc);
	put_conn_bytes(b, &d->meminfo);
	pack_text(b, d->cc_name);
}

int state_get_details(struct unpack *u, struct arena *a, struct conn_details *d)
{
	bool told = unpack_u8(u);
	char *name;

	get_conn_bytes(u, a, &d->info);
	get_conn_bytes(u, a, &d->cc);
	get_conn_bytes(u, a, &d->meminfo);
	name = unpack_text(u);
	d->cc_name = *name ? arena_strdup(a, name) : NULL;
	free(name);
	return told && !u->bad ? 0 : -1;
}
