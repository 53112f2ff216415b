/* SPDX-License-Identifier: BSD-2-Clause */
/* What a stack did when its script did not ask: what a packet capture and netstat would show. */
#include "config.h"

#include "report/observed.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/page.h"
#include "report/run_log.h"
#include "report/states.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Two dozen lines tell the story; a bulk transfer has thousands. */
#define MOST_PACKETS 24

/*
 * The part of a packet's text that its retransmission shares: up to the
 * sequence numbers, "S 0:0(0)". Length 0 for a packet that takes no sequence
 * number, since a pure ACK is repeated for other reasons.
 */
static size_t identity(const char *text)
{
	const char *paren = strchr(text, '('), *flags = text, *p;
	unsigned from, to, len;
	int n = 0;

	for (; paren; paren = strchr(paren + 1, '(')) {
		p = paren;
		while (p > text && (isdigit((unsigned char)p[-1]) || p[-1] == ':'))
			p--;
		if (sscanf(p, "%u:%u(%u)%n", &from, &to, &len, &n) == 3 && n)
			break;
	}
	if (!paren)
		return 0;
	if (p > text && p[-1] == ' ')
		for (flags = p - 1; flags > text && flags[-1] != ' '; flags--)
			;
	if (!len && !memchr(flags, 'S', (size_t)(p - flags)) &&
	    !memchr(flags, 'F', (size_t)(p - flags)))
		return 0;
	return (size_t)(p + n - text);
}

/* Earlier packets with the same identity: how many, and the latest of them. */
static const struct result *earlier(const struct run_log *run, const struct record *rec,
				    size_t n, unsigned *count)
{
	const struct record *old = NULL;
	const struct result *last = NULL;

	*count = 0;
	while ((old = run_log_next(run, old, RES_PACKET)) && old != rec) {
		if (old->r.event != rec->r.event || !old->r.text ||
		    identity(old->r.text) != n || strncmp(old->r.text, rec->r.text, n))
			continue;
		last = &old->r;
		++*count;
	}
	return last;
}

static void print_packet(struct page *p, const struct run_log *run, const struct record *rec)
{
	const char *text = rec->r.text ? rec->r.text : "";
	size_t n = identity(text);
	const struct result *before;
	struct buf b = { 0 };
	unsigned count;

	format_seconds(&b, rec->r.actual, 6);
	page_printf(p, "  %12s", buf_str(&b));
	buf_clear(&b);
	before = n ? earlier(run, rec, n, &count) : NULL;
	if (!before) {
		buf_printf(&b, "  %s", format_event(run->arena, &rec->r, text));
		page_wrapped(p, "", 18, INK_PLAIN, buf_str(&b));
	} else {
		buf_printf(&b, "%s%s", arena_strndup(run->arena, text, n), text[n] ? " ..." : "");
		page_printf(p, "  %s", format_event(run->arena, &rec->r, buf_str(&b)));
		buf_clear(&b);
		format_interval(&b, nstime_diff(rec->r.actual, before->actual));
		page_printf(p, "   retransmission %u, %s after the one before\n", count,
			    buf_str(&b));
	}
	buf_free(&b);
}

static bool asks_for_packets(const struct run_log *run)
{
	const struct record *rec = NULL;

	while ((rec = run_log_next(run, rec, RES_EVENT)))
		if (rec->r.event == EVK_OUTBOUND)
			return true;
	return false;
}

void observed_print(struct page *p, const struct run_log *run)
{
	const struct record *rec = NULL;
	unsigned n = 0;

	if (asks_for_packets(run) || !run_log_next(run, NULL, RES_PACKET))
		return;
	page_puts(p, "  observed  (the script expects no packet; these were seen)\n");
	while ((rec = run_log_next(run, rec, RES_PACKET)))
		if (++n <= MOST_PACKETS)
			print_packet(p, run, rec);
	if (n > MOST_PACKETS)
		page_printf(p, "  %12s  and %u more (-v shows them)\n", "...", n - MOST_PACKETS);
	states_print(p, run);
	page_gap(p);
}
