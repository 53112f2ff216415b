/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwIP's time is host->now(), in milliseconds rounded down, and its timers run
 * when drillpress says so. The functions marked INTERPOSED are found by
 * liblwip.so in place of its own ones of the same name, which use the machine's
 * clock, threads and locks.
 */
#include "adapter.h"

#include "lwip/ip4_frag.h"
#include "lwip/ip6_frag.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "lwip/timeouts.h"

#define NS_PER_MS 1000000

INTERPOSED u32_t sys_now(void)
{
	const struct dp_host *host = adapter_stack()->host;

	return host ? (u32_t)(host->now(host) / NS_PER_MS) : 0;
}

INTERPOSED u32_t sys_jiffies(void)
{
	return sys_now();
}

/* Where RFC 9293, section 3.4.1 has a clock and a hash, here the seed gives the numbers. */
INTERPOSED u32_t tcp_next_iss(struct tcp_pcb *pcb)
{
	const struct dp_host *host = adapter_stack()->host;

	return host ? host->random(host) : 0;
}

/* One thread: there is nothing to lock. */
INTERPOSED void sys_lock_tcpip_core(void)
{
}

INTERPOSED void sys_unlock_tcpip_core(void)
{
}

INTERPOSED void sys_check_core_locking(void)
{
}

INTERPOSED void sys_mark_tcpip_thread(void)
{
}

/* What lwIP leaves to its thread (packets to itself) is due at once. */
INTERPOSED err_t tcpip_try_callback(tcpip_callback_fn function, void *arg)
{
	sys_timeout(0, function, arg);
	return ERR_OK;
}

/*
 * lwIP would tick up to ten times a second for ever, for Ethernet, multicast
 * and neighbours that this interface does not have. TCP's own ticks begin with
 * a connection, those of reassembly with a fragment: nothing pending is DP_NEVER.
 */
INTERPOSED void sys_timeouts_init(void)
{
}

static void tcp_tick(void *arg);

static void arm_tcp(struct dp_stack *s)
{
	s->tcp_timer_on = tcp_active_pcbs || tcp_tw_pcbs;
	if (!s->tcp_timer_on)
		return;
	s->tcp_timer_due = sys_now() + TCP_TMR_INTERVAL;
	sys_timeout(TCP_TMR_INTERVAL, tcp_tick, NULL);
}

/* Every second tick is a slow one, which retransmits; tcp_ticks counts those. */
static void tcp_tick(void *arg)
{
	struct dp_stack *s = adapter_stack();
	u32_t slow = tcp_ticks;

	tcp_tmr();
	s->next_is_fast = tcp_ticks != slow;
	arm_tcp(s);
}

INTERPOSED void tcp_timer_needed(void)
{
	if (!adapter_stack()->tcp_timer_on)
		arm_tcp(adapter_stack());
}

static bool is_before(u32_t a, u32_t b)
{
	return (s32_t)(a - b) < 0;
}

static void reassembly_tick(void *arg)
{
	struct dp_stack *s = adapter_stack();

	ip_reass_tmr();
	ip6_reass_tmr();
	s->reassembly_on = is_before(sys_now(), s->reassembly_until);
	if (s->reassembly_on)
		sys_timeout(IP_TMR_INTERVAL, reassembly_tick, NULL);
}

void clock_fragment(struct dp_stack *s)
{
	u32_t longest = LWIP_MAX(IP_REASS_MAXAGE, IPV6_REASS_MAXAGE) + 2;

	s->reassembly_until = sys_now() + longest * IP_TMR_INTERVAL;
	if (!s->reassembly_on)
		sys_timeout(IP_TMR_INTERVAL, reassembly_tick, NULL);
	s->reassembly_on = true;
}

/* The time that a number of milliseconds from now on sys_now() is. */
static int64_t after(const struct dp_stack *s, u32_t ms)
{
	return (s->host->now(s->host) / NS_PER_MS + ms) * NS_PER_MS;
}

int64_t clock_deadline(struct dp_stack *s)
{
	u32_t sleep = sys_timeouts_sleeptime();
	int64_t linger = linger_deadline(s), timers = DP_NEVER;

	if (sleep != SYS_TIMEOUTS_SLEEPTIME_INFINITE)
		timers = after(s, sleep);
	return timers < linger ? timers : linger;
}

void clock_run(struct dp_stack *s)
{
	sys_check_timeouts();
	linger_run(s);
}

int64_t clock_slow_ticks(const struct dp_stack *s, uint32_t ticks)
{
	s32_t left = (s32_t)(s->tcp_timer_due - sys_now());

	if (!s->tcp_timer_on)
		return DP_NEVER;
	if (s->next_is_fast)
		left += TCP_TMR_INTERVAL;
	return after(s, (u32_t)(left < 0 ? 0 : left)) +
	       (int64_t)(ticks - 1) * TCP_SLOW_INTERVAL * NS_PER_MS;
}
