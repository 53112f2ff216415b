/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of the headers of other systems that Linux has no equal of. A name that
 * ends in * stands for all that begin so. -D NAME=NUMBER gives one a meaning
 * here: the parser then puts the number in its place.
 */
#include "config.h"

#include "sys/foreign.h"
#include "base/arena.h"
#include "sys/expr_find.h"

#include <string.h>

static const char *const freebsd_symbols[] = {
	"IPV6_FLOWID", "IPV6_FLOWTYPE", "IPV6_PORTRANGE", "IPV6_RECVFLOWID",
	"IPV6_RECVRSSBUCKETID", "IPV6_RSSBUCKETID", "IPV6_RSS_LISTEN_BUCKET", "IPV6_USE_MIN_MTU",
	"IP_DONTFRAG", "IP_FLOWID", "IP_FLOWTYPE", "IP_PORTRANGE", "IP_RECVDSTADDR",
	"IP_RECVFLOWID", "IP_RECVIF", "IP_RECVRSSBUCKETID", "IP_RSSBUCKETID",
	"IP_RSS_LISTEN_BUCKET", "IP_SENDSRCADDR", "MSG_EOF", "MSG_NBIO", "SF_MNOWAIT",
	"SF_NOCACHE", "SF_NODISKIO", "SF_SYNC", "SO_ACCEPTFILTER", "SO_BINTIME", "SO_LABEL",
	"SO_LISTENINCQLEN", "SO_LISTENQLEN", "SO_LISTENQLIMIT", "SO_NOSIGPIPE", "SO_NO_DDP",
	"SO_NO_OFFLOAD", "SO_PEERLABEL", "SO_PROTOTYPE", "SO_REUSEPORT_LB", "SO_SETFIB",
	"SO_TS_CLOCK", "SO_USELOOPBACK", "SO_USER_COOKIE", "TCP_BBR_*", "TCP_CCALGOOPT",
	"TCP_DATA_AFTER_CLOSE", "TCP_DEFER_OPTIONS", "TCP_DELACK", "TCP_FAST_RSM_HACK",
	"TCP_FIN_IS_RST", "TCP_FUNCTION_ALIAS", "TCP_FUNCTION_BLK", "TCP_HDWR_RATE_CAP",
	"TCP_HDWR_UP_ONLY", "TCP_HYBRID_PACING", "TCP_IDLE_REDUCE", "TCP_IWND_NB",
	"TCP_IWND_NSEG", "TCP_KEEPINIT", "TCP_LOG*", "TCP_LRD", "TCP_MAXPEAKRATE",
	"TCP_MAXUNACKTIME", "TCP_NOOPT", "TCP_NOPUSH", "TCP_NO_PRR", "TCP_PACING_DND",
	"TCP_PACING_RATE_CAP", "TCP_PCAP_IN", "TCP_PCAP_OUT", "TCP_PERF_INFO",
	"TCP_PROC_ACCOUNTING", "TCP_RACK_*", "TCP_REC_ABC_VAL", "TCP_REMOTE_UDP_ENCAPS_PORT",
	"TCP_REUSPORT_LB_NUMA", "TCP_RR_RST_ON_CLOSE", "TCP_RST_REASON_*", "TCP_RXTLS_*",
	"TCP_RXT_CLAMP", "TCP_SHARED_CWND_*", "TCP_STATS", "TCP_TIMELY_DYN_ADJ", "TCP_TXTLS_*",
	"TCP_USER_LOG", "TCP_USE_CMP_ACKS", "EAUTH", "EBADRPC", "ECAPMODE", "EDOOFUS", "EFTYPE",
	"ENEEDAUTH", "ENOATTR", "ENOTCAPABLE", "EPROCLIM", "EPROCUNAVAIL", "EPROGMISMATCH",
	"EPROGUNAVAIL", "ERPCMISMATCH",
	NULL
};

static const char *const macos_symbols[] = {
	"TCP_KEEPALIVE", "TCP_CONNECTIONTIMEOUT", "TCP_RXT_CONNDROPTIME", "TCP_RXT_FINDROP",
	"TCP_SENDMOREACKS",
	NULL
};

static const char *const openbsd_symbols[] = {
	"TCP_SACK_ENABLE", "SO_RTABLE", "SO_SPLICE",
	NULL
};

static const char *const solaris_symbols[] = {
	"TCP_KEEPALIVE_THRESHOLD", "TCP_KEEPALIVE_ABORT_THRESHOLD", "TCP_CONN_NOTIFY_THRESHOLD",
	"TCP_CONN_ABORT_THRESHOLD", "TCP_INIT_CWND", "TCP_ANONPRIVBIND", "TCP_EXCLBIND",
	"TCP_RTO_INITIAL", "TCP_LINGERTIME",
	NULL
};

/* Members of struct accept_filter_arg, tcp_function_set, tcp_fastopen and of the RST reason. */
static const char *const freebsd_members[] = {
	"af_name", "af_arg", "function_set_name", "pcbcnt", "enable", "psk", "trr_*",
	NULL
};

static const struct {
	const char *name;
	const char *const *symbols, *const *members;
} system_table[] = {
	{ "FreeBSD", freebsd_symbols, freebsd_members },
	{ "macOS", macos_symbols, NULL },
	{ "OpenBSD", openbsd_symbols, NULL },
	{ "Solaris", solaris_symbols, NULL },
};

#define N_SYSTEMS (sizeof(system_table) / sizeof(system_table[0]))

static bool has_name(const char *const *table, const char *name)
{
	size_t len;

	for (; table && *table; table++) {
		len = strlen(*table);
		if ((*table)[len - 1] == '*' ? !strncmp(*table, name, len - 1) : !strcmp(*table, name))
			return true;
	}
	return false;
}

const char *foreign_symbol(const char *name)
{
	size_t i;

	for (i = 0; i < N_SYSTEMS; i++)
		if (has_name(system_table[i].symbols, name))
			return system_table[i].name;
	return NULL;
}

const char *foreign_member(const char *name)
{
	size_t i;

	for (i = 0; i < N_SYSTEMS; i++)
		if (has_name(system_table[i].members, name))
			return system_table[i].name;
	return NULL;
}

bool foreign_call(const struct syscall_ast *c)
{
	return !strcmp(c->name, "sendfile") && expr_list_count(c->args) > 4;
}

static bool is_foreign(const struct expr *e)
{
	return (e->kind == EXPR_WORD && foreign_symbol(e->text)) ||
		(e->kind == EXPR_FIELD && foreign_member(e->text));
}

static bool is_option(const char *name)
{
	return !strncmp(name, "TCP_", 4) || !strncmp(name, "SO_", 3) || !strncmp(name, "IP", 2);
}

static const char *call_reason(const struct syscall_ast *c, struct arena *a)
{
	const struct expr *e = call_find_expr(c, is_foreign);

	if (e && e->kind == EXPR_FIELD)
		return arena_printf(a, "a struct with %s is an option value of %s; Linux has none",
				    e->text, foreign_member(e->text));
	if (e)
		return arena_printf(a, "%s is %s of %s; Linux has none", e->text,
				    is_option(e->text) ? "an option" : "a name", foreign_symbol(e->text));
	if (c->err && foreign_symbol(c->err))
		return arena_printf(a, "%s is an error of %s; Linux has none", c->err,
				    foreign_symbol(c->err));
	return foreign_call(c) ? "sendfile() with headers is a call of FreeBSD; Linux has none" : NULL;
}

const char *foreign_reason(const struct script *s)
{
	const struct event *e;
	const char *why;

	STAILQ_FOREACH(e, &s->events, next) {
		why = e->kind == EVENT_SYSCALL ? call_reason(e->call, s->arena) : NULL;
		if (why)
			return why;
	}
	return NULL;
}
