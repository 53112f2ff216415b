/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests of the text report: a report written to memory, events to feed it, lines to find. */
#ifndef DP_TESTS_REPORT_SHEET_H
#define DP_TESTS_REPORT_SHEET_H

#include "base/nstime.h"
#include "report/text.h"
#include "seam/reporter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define US NS_PER_US
#define MS NS_PER_MS

/* Tests run side by side: each defines a SCRIPT_PATH of its own, which is made and removed. */
static const char script[] =
	"0  socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
	"+0 listen(3, 1) = 0\n"
	"+.1 < S 0:0(0) win 65535 <mss 1460>\n"
	"+0 > S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,nop,wscale 7>\n";

/* A report under way, written to memory. */
struct sheet {
	struct reporter *r;
	FILE *out;
	char *text;
	size_t len;
};

static inline void sheet_open(struct sheet *s, struct text_options o)
{
	*s = (struct sheet){ 0 };
	s->out = open_memstream(&s->text, &s->len);
	assert_non_null(s->out);
	o.out = s->out;
	if (!o.width)
		o.width = 80;
	s->r = report_text_new(&o);
}

static inline void tell(struct sheet *s, unsigned run, struct result e)
{
	reporter_event(s->r, run, &e);
	fflush(s->out);
}

static inline void sheet_close(struct sheet *s)
{
	assert_int_equal(s->r->ops->close(s->r), 0);
	fclose(s->out);
}

static inline void begin(struct sheet *s, unsigned run, const char *name)
{
	tell(s, run, (struct result){ .kind = RES_BEGIN, .script = name, .variant = "ipv4",
				      .text = "what it tests" });
}

static inline void end(struct sheet *s, unsigned run, enum verdict v, const char *message)
{
	tell(s, run, (struct result){ .kind = RES_END, .verdict = v, .message = message,
				      .duration = 410 * MS, .lateness = 210 * US });
}

static inline void call(struct sheet *s, unsigned run, unsigned line, nstime t, const char *text)
{
	tell(s, run, (struct result){ .kind = RES_EVENT, .event = EVK_CALL,
				      .verdict = VERDICT_PASS, .span = { line, 4, line, 9 },
				      .actual = t, .text = text });
}

static inline void state_change(struct sheet *s, unsigned run, unsigned line, nstime t,
				const char *from, const char *to, bool unobservable)
{
	tell(s, run, (struct result){ .kind = RES_STATE, .span = { line, 1, line, 9 },
				      .actual = t, .state_from = from, .state_to = to,
				      .unobservable = unobservable });
}

/* A handshake whose SYN/ACK is not as the script has it. */
static inline void tell_failure(struct sheet *s, unsigned run, const char *name)
{
	struct mismatch wscale = { .field = "wscale", .want = "7", .got = "8" };
	struct mismatch ack = { .field = "ack", .want = "1", .got = "123", .next = &wscale };

	begin(s, run, name);
	call(s, run, 1, 12 * US, "socket(..., SOCK_STREAM, IPPROTO_TCP) = 3");
	call(s, run, 2, 30 * US, "listen(3, 1) = 0");
	state_change(s, run, 2, 40 * US, "CLOSED", "LISTEN", false);
	tell(s, run, (struct result){
		.kind = RES_EVENT, .event = EVK_INBOUND, .verdict = VERDICT_PASS,
		.span = { 3, 5, 3, 36 }, .actual = 100 * MS, .planned = 100 * MS,
		.planned_end = 100 * MS, .text = "S 0:0(0) win 65535 <mss 1460>" });
	state_change(s, run, 3, 100 * MS + 80 * US, "LISTEN", "SYN-RECEIVED", false);
	tell(s, run, (struct result){
		.kind = RES_EVENT, .event = EVK_OUTBOUND, .verdict = VERDICT_FAIL,
		.span = { 4, 4, 4, 62 }, .planned = 100 * MS, .planned_end = 100 * MS,
		.actual = 112345 * US, .tolerance = 4 * MS, .lateness = 12 * US,
		.text = "S. 0:0(0) ack 123 win 65535 <mss 1460,sackOK,nop,wscale 8>",
		.got = "S. 0:0(0) ack 123 win 65535 <mss 1460,sackOK,nop,wscale 8>",
		.want = "S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,nop,wscale 7>",
		.message = "the acknowledgement number differs", .hint = "look at line 3",
		.mismatches = &ack });
	end(s, run, VERDICT_FAIL, NULL);
}

/* The start of the line that holds the words; fails if there is none. */
static inline const char *line_with(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	if (!at)
		fail_msg("\"%s\" is not in:\n%s", words, text);
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

static inline const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	assert_non_null(line);
	return line + 1;
}

static inline size_t column(const char *line, const char *words)
{
	const char *at = strstr(line, words);

	assert_non_null(at);
	assert_true(at < next_line(line));
	return (size_t)(at - line);
}

static inline void assert_line(const char *line, const char *words)
{
	if (strncmp(line, words, strlen(words)) || line[strlen(words)] != '\n')
		fail_msg("expected the line \"%s\" at:\n%s", words, line);
}

static inline void assert_in_order(const char *text, const char *const words[])
{
	size_t i;

	for (i = 0; words[i]; i++) {
		text = strstr(text, words[i]);
		if (!text)
			fail_msg("\"%s\" is missing or in the wrong place", words[i]);
	}
}

static inline void assert_narrow(const char *text, size_t width)
{
	const char *p;

	for (p = text; *p; p = next_line(p))
		if (strcspn(p, "\n") > width)
			fail_msg("wider than %zu: %.*s", width, (int)strcspn(p, "\n"), p);
}

static inline int write_script(void **state)
{
	FILE *f = fopen(SCRIPT_PATH, "w");

	return !f || fputs(script, f) == EOF || fclose(f);
}

static inline int remove_script(void **state)
{
	return unlink(SCRIPT_PATH);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, write_script, remove_script)

#endif
