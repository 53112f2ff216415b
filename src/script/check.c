/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/check.h"
#include "script/check_conns.h"
#include "base/arena.h"
#include "base/diag.h"
#include "script/value_bind.h"
#include "wire/pkt.h"
#include "wire/tcp_md5.h"

int script_refuse_sctp(struct diag_sink *d, struct span at)
{
	return diag_refuse(d, at, "SCTP is not supported: drillpress tests TCP, UDP, UDP-Lite and ICMP");
}

static bool is_outbound(const struct event *e)
{
	return e->kind == EVENT_GROUP || (e->kind == EVENT_PACKET && e->pkt->dir == PKT_OUT);
}

static bool is_silence(const struct event *e)
{
	return e->kind == EVENT_PACKET && e->pkt->kind == SPEC_NOTHING;
}

static int check_when(const struct event *e, struct diag_sink *d)
{
	const struct when *w = &e->when;

	if (w->kind == WHEN_ANY && (!is_outbound(e) || is_silence(e)))
		return diag_error(d, w->span, "event time <star> can only be used with outbound packets");
	if ((w->kind == WHEN_ABS_RANGE || w->kind == WHEN_REL_RANGE) &&
	    (!is_outbound(e) || is_silence(e)))
		return diag_error(d, w->span, "event time range can only be used with outbound packets");
	if (w->has_end && e->kind != EVENT_SYSCALL && !is_silence(e))
		return diag_error(d, w->span, "T...END is for system calls that block and for `> nothing`");
	if (is_silence(e) && e->pkt->dir == PKT_IN)
		return diag_error(d, e->pkt->span, "silence is expected of the stack: write `> nothing`");
	if (is_silence(e) && !w->has_end)
		return diag_error(d, w->span, "`> nothing` needs an end: +0...1.5 > nothing");
	return 0;
}

/* Two absolute times in a row must not go backwards; anything relative resets that. */
static int check_order(const struct event *before, const struct event *e, struct diag_sink *d)
{
	const struct when *w = &e->when;
	bool absolute = w->kind == WHEN_ABS || w->kind == WHEN_ABS_RANGE;

	if (!before) {
		if (w->kind != WHEN_ANY && w->t != 0)
			return diag_error(d, w->span, "first event should be at time 0");
		return 0;
	}
	/* Connections with a name have an order each. */
	if (e->kind == EVENT_PACKET && e->pkt->dir == PKT_OUT && e->pkt->conn.name)
		return 0;
	if (absolute && (before->when.kind == WHEN_ABS || before->when.kind == WHEN_ABS_RANGE) &&
	    w->t < before->when.t)
		return diag_error(d, w->span, "time goes backward in script from %lld usec to %lld usec",
				  (long long)(before->when.t / NS_PER_US), (long long)(w->t / NS_PER_US));
	return 0;
}

/* The event that the next one's time is compared with. */
static const struct event *later_event(const struct event *before, const struct event *e)
{
	bool named = e->kind == EVENT_PACKET && e->pkt->dir == PKT_OUT && e->pkt->conn.name;

	return before && named && e->when.kind == WHEN_ABS && before->when.kind == WHEN_ABS &&
		before->when.t > e->when.t ? before : e;
}

/* One signature a segment: `md5 valid` comes first or not at all. */
static const struct spec_opt *second_signature(const struct pkt_spec *spec)
{
	const struct spec_opt *o = tcpopt_written(spec, "md5");

	while (o && (o = STAILQ_NEXT(o, next)))
		if (tcpopt_is_signature(o))
			return o;
	return NULL;
}

/* What a packet line may say only when an option gives it its meaning. */
static int check_settings(const struct script *s, const struct pkt_spec *spec, struct diag_sink *d)
{
	if (tcp_md5_wanted(spec) && !s->settings.tcp_md5_secret)
		return diag_error(d, tcpopt_written(spec, "md5")->span,
				  "`md5 valid` needs a key: --tcp_md5_secret=TEXT");
	if (second_signature(spec))
		return diag_error(d, second_signature(spec)->span,
				  "`md5 valid` stands behind another md5 option: only the first is "
				  "looked at");
	if (spec->tunnel.set && s->settings.udp_encapsulation != UDP_ENCAP_TCP)
		return diag_error(d, spec->tunnel.span, "/udp() needs --udp_encapsulation=tcp");
	return 0;
}

static int check_packet(const struct script *s, const struct event *e, struct diag_sink *d)
{
	struct arena *scratch;
	int err;

	if (is_silence(e))
		return 0;
	if (check_settings(s, e->pkt, d))
		return -1;
	scratch = arena_new();
	e = value_bind_any(e, scratch, d);
	err = e && pkt_build(e->pkt, s->settings.ip_version, scratch, d) ? 0 : -1;
	arena_free(scratch);
	return err;
}

static int check_packets(const struct script *s, const struct event *e, struct diag_sink *d)
{
	const struct event *member;
	int err = 0;

	if (e->kind == EVENT_PACKET)
		return check_packet(s, e, d);
	if (e->kind == EVENT_GROUP)
		STAILQ_FOREACH(member, &e->group->events, next)
			err |= check_packet(s, member, d);
	return err;
}

int script_check(const struct script *s, struct diag_sink *d)
{
	const struct event *e, *before = NULL;
	bool whole = !d->errors;
	int err = 0;

	STAILQ_FOREACH(e, &s->events, next) {
		if (e->faulty || iteration_is_again(e->loop)) {
			before = e;
			continue;
		}
		err |= check_when(e, d);
		err |= check_order(before, e, d);
		err |= check_packets(s, e, d);
		before = later_event(before, e);
	}
	return err | check_conns(s, whole, d);
}

bool script_injects_oversize(const struct script *s)
{
	int header = ip_version_family(s->settings.ip_version) == AF_INET ? 20 : 40;
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next)
		if (e->kind == EVENT_PACKET && e->pkt->dir == PKT_IN && e->pkt->kind == SPEC_TCP &&
		    e->pkt->tcp.len + header + 20 > s->settings.mtu)
			return true;
	return false;
}

static nstime later(nstime a, nstime b)
{
	return a > b ? a : b;
}

nstime script_written_time(const struct script *s)
{
	const struct event *e;
	nstime sum = 0;

	STAILQ_FOREACH(e, &s->events, next) {
		nstime t = later(e->when.t, later(e->when.t2, e->when.has_end ? e->when.end : 0));

		/* What cannot be added up is for ever. */
		sum = t < NSTIME_NEVER / 2 - sum ? sum + later(t, 0) : NSTIME_NEVER / 2;
	}
	return sum;
}
