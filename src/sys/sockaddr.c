/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/sockaddr.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/eval.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

bool sockaddr_is_literal(const struct expr *e)
{
	return e->kind == EXPR_STRUCT && eval_field(e, "sa_family");
}

static const struct expr *either(const struct expr *e, const char *name, const char *name6)
{
	const struct expr *v = eval_field(e, name);

	return v ? v : eval_field(e, name6);
}

/* htons(N): the port in network byte order. A bare number would leave its order open. */
static int eval_port(const struct expr *e, in_port_t *port, struct diag_sink *d)
{
	const struct expr *n = e->kind == EXPR_CALL ? expr_list_at(e->items, 0) : NULL;
	int64_t v;

	if (!n || strcmp(e->text, "htons") || expr_list_count(e->items) != 1)
		return diag_error(d, e->span, "expected htons(PORT)");
	if (eval_int(n, &v, d))
		return -1;
	if (v < 0 || v > UINT16_MAX)
		return diag_error(d, n->span, "a port is a number from 0 to 65535");
	*port = htons((uint16_t)v);
	return 0;
}

static int eval_address(const struct expr *e, int family, void *addr, struct diag_sink *d)
{
	const char *text = eval_address_text(e);

	if (!text ||
	    (strcmp(e->text, "inet_addr") &&
	     (family != AF_INET6 || strcmp(e->text, "inet6_addr"))))
		return diag_error(d, e->span, "expected inet_addr(\"ADDRESS\")%s",
				  family == AF_INET6 ? " or inet6_addr(\"ADDRESS\")" : "");
	if (inet_pton(family, text, addr) != 1)
		return diag_error(d, expr_list_at(e->items, 0)->span, "'%s' is not an %s address", text,
				  family == AF_INET ? "IPv4" : "IPv6");
	return 0;
}

int sockaddr_eval(const struct expr *e, struct sockaddr_storage *ss, socklen_t *len,
		  struct diag_sink *d)
{
	static const char *const members[] = {
		"sa_family", "sin_port", "sin6_port", "sin_addr", "sin6_addr", NULL
	};
	const struct expr *port = either(e, "sin_port", "sin6_port");
	const struct expr *addr = either(e, "sin_addr", "sin6_addr");
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	int32_t family;

	memset(ss, 0, sizeof(*ss));
	if (eval_members(e, members, d) || eval_s32(eval_field(e, "sa_family"), &family, d))
		return -1;
	if (expr_list_count(e->items) > 3)
		return diag_error(d, e->span, "the address has a port or an address twice");
	if (!port || !addr)
		return diag_error(d, e->span, "the address lacks %s", port ? "sin_addr" : "sin_port");
	ss->ss_family = (sa_family_t)family;
	switch (family) {
	case AF_INET:
		*len = sizeof(*in);
		return eval_port(port, &in->sin_port, d) ||
			eval_address(addr, family, &in->sin_addr, d) ? -1 : 0;
	case AF_INET6:
		*len = sizeof(*in6);
		return eval_port(port, &in6->sin6_port, d) ||
			eval_address(addr, family, &in6->sin6_addr, d) ? -1 : 0;
	default:
		return diag_error(d, eval_field(e, "sa_family")->span,
				  "an address is of the family AF_INET or AF_INET6");
	}
}

bool sockaddr_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const struct sockaddr_in *)a;
	const struct sockaddr_in *b4 = (const struct sockaddr_in *)b;
	const struct sockaddr_in6 *a6 = (const struct sockaddr_in6 *)a;
	const struct sockaddr_in6 *b6 = (const struct sockaddr_in6 *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port &&
			a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port &&
		!memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof(a6->sin6_addr));
}

void sockaddr_print(const struct sockaddr_storage *ss, socklen_t len, struct buf *out)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)ss;
	const struct sockaddr_in *in = (const struct sockaddr_in *)ss;
	char text[INET6_ADDRSTRLEN];

	if (!len)
		buf_adds(out, "no address");
	else if (ss->ss_family == AF_INET)
		buf_printf(out, "{sa_family=AF_INET, sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}",
			   ntohs(in->sin_port), inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text)));
	else if (ss->ss_family == AF_INET6)
		buf_printf(out, "{sa_family=AF_INET6, sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}",
			   ntohs(in6->sin6_port),
			   inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text)));
	else
		buf_printf(out, "an address of family %u", ss->ss_family);
}
