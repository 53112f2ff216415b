/* SPDX-License-Identifier: BSD-2-Clause */
/* The shapes of packetdrill's messages, as tables where there is one for each field. */
#include "config.h"

#include "report/packetdrill_text.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/run_log.h"
#include "sys/args.h"
#include "sys/symbols.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void packetdrill_place(const struct run_log *run, const struct result *r, struct buf *out)
{
	if (r->span.line)
		buf_printf(out, "%s:%u: ", run->script, r->span.line);
	else
		buf_printf(out, "%s: ", run->script);
}

/* ---- times ---- */

static void add_seconds(struct buf *out, nstime t)
{
	format_seconds(out, t, 6);
}

static const char *description(const struct result *r)
{
	static const char *const table[] = {
		[EVK_NONE] = "event",
		[EVK_INBOUND] = "inbound packet",
		[EVK_OUTBOUND] = "outbound packet",
		[EVK_SILENCE] = "outbound packet",
		[EVK_CALL] = "system call start",
		[EVK_CALL_RETURN] = "system call return",
		[EVK_COMMAND] = "command",
		[EVK_CODE] = "data collection for code",
	};

	return table[r->event];
}

static void add_range(const struct result *r, struct buf *out)
{
	nstime from = r->relative ? r->origin : 0, actual = nstime_diff(r->actual, from);
	const char *plus = r->relative ? "+" : "";

	buf_printf(out, " in %stime range %s", r->relative ? "relative " : "", plus);
	add_seconds(out, nstime_diff(r->planned, from));
	buf_printf(out, "~%s", plus);
	add_seconds(out, nstime_diff(r->planned_end, from));
	buf_printf(out, " sec but happened at %s", actual >= 0 ? plus : "");
	add_seconds(out, actual);
	buf_adds(out, " sec");
}

void packetdrill_timing(const struct result *r, struct buf *out)
{
	buf_printf(out, "timing error: expected %s", description(r));
	if (r->planned_end > r->planned) {
		add_range(r, out);
		return;
	}
	buf_adds(out, " at ");
	add_seconds(out, r->planned);
	buf_adds(out, " sec but happened at ");
	add_seconds(out, r->actual);
	buf_adds(out, " sec; tolerance ");
	add_seconds(out, r->tolerance);
	buf_adds(out, " sec");
}

/* ---- packets ---- */

static int count_words(const char *s)
{
	int n = 0;

	for (s += strspn(s, " "); *s; s += strspn(s, " ")) {
		s += strcspn(s, " ");
		n++;
	}
	return n;
}

static void say_layers(const struct mismatch *m, struct buf *out)
{
	int want = count_words(m->want), got = count_words(m->got), i;
	const char *w = m->want, *g = m->got;

	if (want != got) {
		buf_printf(out, "live packet header layers: expected: %d headers vs actual: %d headers",
			   want, got);
		return;
	}
	for (i = 0; *w && *g; i++) {
		int n = (int)strcspn(w, " "), k = (int)strcspn(g, " ");

		if (n != k || strncmp(w, g, (size_t)n)) {
			buf_printf(out, "live packet header layer %d: expected: %.*s header vs "
				   "actual: %.*s header", i, n, w, k, g);
			return;
		}
		w += n + strspn(w + n, " ");
		g += k + strspn(g + k, " ");
	}
}

static void say_gre(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "mismatch in GRE %s", m->field + strlen("gre_"));
}

static void say_mpls_depth(const struct mismatch *m, struct buf *out)
{
	buf_adds(out, "mismatch in MPLS label stack depth");
}

static void say_mpls(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "mismatch in MPLS label %s", m->field + strlen("mpls_label_"));
}

static void say_options(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "bad outbound TCP options: expected: %s actual: %s", m->want, m->got);
}

static void say_ts_val(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "bad outbound TCP timestamp value: expected: %s actual: %s", m->want, m->got);
}

static void say_payload(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "incorrect outbound data payload: expected: %s actual: %s", m->want, m->got);
}

static void say_flowlabel(const struct mismatch *m, struct buf *out)
{
	buf_printf(out, "flowlabel %s, expected %s", m->got, m->want);
}

/* A number in decimal and in hex; what is none stands as it is. */
static void add_value(struct buf *out, const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 0);

	if (*text && !*end)
		buf_printf(out, "%lu (0x%lx)", v, v);
	else
		buf_adds(out, text);
}

static void say_field(const struct mismatch *m, struct buf *out)
{
	/* 1 or 2 are no single number: then both are in hex. */
	bool either = strstr(m->want, " or ") != NULL;

	buf_printf(out, "live packet field %s: expected: ", m->field);
	add_value(out, m->want);
	buf_adds(out, " vs actual: ");
	if (either)
		buf_adds(out, m->got);
	else
		add_value(out, m->got);
}

/* By the beginning of a field's name, the first that fits; the rest are numbers of a header. */
static const struct {
	const char *field;
	void (*say)(const struct mismatch *m, struct buf *out);
} packet_table[] = {
	{ "header_layers", say_layers },
	{ "gre_len", say_field },
	{ "gre_", say_gre },
	{ "mpls_stack_depth", say_mpls_depth },
	{ "mpls_label_", say_mpls },
	{ "tcp_options", say_options },
	{ "tcp_ts_val", say_ts_val },
	{ "payload", say_payload },
	{ "flowlabel", say_flowlabel },
	{ "", say_field },
};

static void say_packet(const struct mismatch *m, struct buf *out)
{
	size_t i = 0;

	while (strncmp(m->field, packet_table[i].field, strlen(packet_table[i].field)))
		i++;
	packet_table[i].say(m, out);
}

/* "script packet:  0.100233 F. 1:1001(1000) ack 1 ": a blank follows unless there are options. */
static void add_dump(const char *what, nstime t, const char *text, struct buf *out)
{
	struct buf when = { 0 };
	size_t len = strlen(text);

	add_seconds(&when, t);
	buf_printf(out, "%s packet: %9s %s%s\n", what, buf_str(&when), text,
		   len && text[len - 1] == '>' ? "" : " ");
	buf_free(&when);
}

static const char *unwarned(const char *message)
{
	size_t n = strlen("warning: ");

	return strncmp(message, "warning: ", n) ? message : message + n;
}

/* What is wrong with a packet: its first difference, else its time, else what the engine says. */
static void add_packet_reason(const struct result *r, struct buf *out)
{
	static const char refused[] = "cannot inject this packet: ";
	const char *message = r->message ? unwarned(r->message) : "";

	if (result_is_absence(r))
		buf_adds(out, "Timed out waiting for packet");
	else if (r->mismatches)
		say_packet(r->mismatches, out);
	else if (r->off_time)
		packetdrill_timing(r, out);
	else
		buf_adds(out, strncmp(message, refused, sizeof(refused) - 1) ? message :
			 message + sizeof(refused) - 1);
}

static void say_more(const struct run_log *run, const struct result *r, struct buf *out)
{
	const struct mismatch *m;

	for (m = r->mismatches ? r->mismatches->next : NULL; m; m = m->next) {
		packetdrill_place(run, r, out);
		buf_adds(out, "also: ");
		say_packet(m, out);
		buf_addc(out, '\n');
	}
	if (!r->mismatches || !r->off_time)
		return;
	packetdrill_place(run, r, out);
	buf_adds(out, "also: ");
	packetdrill_timing(r, out);
	buf_addc(out, '\n');
}

static void say_packet_event(const struct run_log *run, const struct result *r, struct buf *out)
{
	packetdrill_place(run, r, out);
	buf_printf(out, "%s handling packet: ", result_is_warning(r) ? "warning" : "error");
	add_packet_reason(r, out);
	buf_addc(out, '\n');
	if (r->event == EVK_OUTBOUND && r->text && r->written && (r->mismatches || r->off_time)) {
		add_dump("script", r->planned, r->written, out);
		add_dump("actual", r->actual, r->text, out);
	}
	say_more(run, r, out);
}

/* ---- system calls ---- */

/* The number of "-1 EAGAIN (Resource temporarily unavailable)"'s errno; 0 if it has none. */
static int errno_of(const char *outcome)
{
	const char *name = strchr(outcome, ' ');
	const struct name_value *s;
	size_t n;

	if (!name)
		return 0;
	n = strcspn(++name, " ");
	for (s = symbol_table; s->name; s++)
		if (strlen(s->name) == n && !strncmp(s->name, name, n))
			return (int)s->value;
	return atoi(name + strcspn(name, "0123456789"));
}

static void say_result(const struct result *r, const struct mismatch *m, struct buf *out)
{
	const struct call_desc *d = call_find(r->call);
	int err = errno_of(m->got);
	long want = strtol(m->want, NULL, 0);

	if (d && d->result == RESULT_FD && want >= 0)
		buf_adds(out, "Expected non-negative result");
	else
		buf_printf(out, "Expected result %ld", want);
	buf_printf(out, " but got %ld with errno %d (%s)", strtol(m->got, NULL, 0), err, strerror(err));
}

static void say_errno(const struct mismatch *m, struct buf *out)
{
	int want = errno_of(m->want), got = errno_of(m->got);

	buf_printf(out, "Expected errno %d (%s) but got %d (%s)", want, strerror(want), got,
		   strerror(got));
}

static void say_outcome(const struct result *r, const struct mismatch *m, struct buf *out)
{
	if (!strcmp(m->field, "result"))
		say_result(r, m, out);
	else if (!strcmp(m->field, "errno"))
		say_errno(m, out);
	else
		buf_printf(out, "Bad %s: expected: %s actual: %s", m->field, m->want, m->got);
}

/* All differences but the first, which packetdrill's own line has told. */
static void say_also(const struct run_log *run, const struct result *r, struct buf *out)
{
	const struct mismatch *m = r->mismatches;

	for (m = m ? m->next : NULL; m; m = m->next) {
		packetdrill_place(run, r, out);
		buf_adds(out, "also: ");
		say_outcome(r, m, out);
		buf_addc(out, '\n');
	}
}

static void say_call(const struct run_log *run, const struct result *r, struct buf *out)
{
	const struct mismatch *m = r->mismatches;

	packetdrill_place(run, r, out);
	if (r->off_time && !m) {
		packetdrill_timing(r, out);
	} else if (!m && r->message && !strncmp(r->message, "exiting while ", 14)) {
		buf_printf(out, "runtime error: %s", r->message);
	} else {
		buf_printf(out, "%s in %s call: ", result_is_warning(r) ? "warning" : "runtime error",
			   r->call);
		if (m)
			say_outcome(r, m, out);
		else
			buf_adds(out, unwarned(r->message ? r->message : ""));
	}
	buf_addc(out, '\n');
	say_also(run, r, out);
}

/* ---- the rest ---- */

/* Python's words with the place first, then packetdrill's about the whole script. */
static void say_code(const struct run_log *run, const struct result *r, struct buf *out)
{
	static const char prefix[] = "error executing code: ";
	const char *message = r->message ? r->message : "it failed";
	struct result block = *r;

	if (!strncmp(message, prefix, sizeof(prefix) - 1)) {
		buf_printf(out, "%s: %s\n", run->script, message);
		return;
	}
	/* The place is that of the block; the line within it is in the message. */
	if (r->whole.line)
		block.span = r->whole;
	packetdrill_place(run, &block, out);
	buf_adds(out, "error in Python code\n");
	buf_printf(out, "%s: %s%s\n", run->script, prefix, message);
}

static void say_message(const struct run_log *run, const struct result *r, struct buf *out)
{
	static const char init[] = "error executing init command";
	static const char cleanup[] = "error executing cleanup command";
	const char *message = r->message ? r->message : "";

	/* These two are about the script as a whole. */
	if (!strncmp(message, init, sizeof(init) - 1) ||
	    !strncmp(message, cleanup, sizeof(cleanup) - 1))
		buf_printf(out, "%s: ", run->script);
	else
		packetdrill_place(run, r, out);
	buf_printf(out, "%s\n", message);
	say_also(run, r, out);
}

void packetdrill_event(const struct run_log *run, const struct result *r, struct buf *out)
{
	if (r->call)
		say_call(run, r, out);
	else if (r->written || r->event == EVK_SILENCE)
		say_packet_event(run, r, out);
	else if (r->event == EVK_CODE)
		say_code(run, r, out);
	else
		say_message(run, r, out);
}
