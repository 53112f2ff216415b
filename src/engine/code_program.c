/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/code_program.h"
#include "base/buf.h"
#include "sys/tcp_names.h"

#include <inttypes.h>

/* The text of code_runner.py. */
static const char runner[] =
#include "src/engine/code_runner_gen.inc"
;

/* A bytes literal, one source line of it on each line. */
static void add_bytes(struct buf *out, const char *text, const char *indent)
{
	const char *p;

	buf_adds(out, "b\"");
	for (p = text; *p; p++) {
		if (*p == '\n' && p[1])
			buf_printf(out, "\\n\"\n%sb\"", indent);
		else if (*p == '\n')
			buf_adds(out, "\\n");
		else if (*p == '"' || *p == '\\')
			buf_printf(out, "\\%c", *p);
		else if (*p < ' ' || *p > '~')
			buf_printf(out, "\\x%02x", (unsigned char)*p);
		else
			buf_addc(out, *p);
	}
	buf_addc(out, '"');
}

static void add_constants(struct buf *out)
{
	const struct name_value *n;
	int i;

	buf_adds(out, "dp_constants = {\n");
	for (i = 0; tcp_name_tables[i]; i++)
		for (n = tcp_name_tables[i]; n->name; n++)
			buf_printf(out, "    \"%s\": %" PRId64 ",\n", n->name, n->value);
	buf_adds(out, "}\n");
}

static void add_sample(struct buf *out, const struct tcp_sample *s)
{
	uint64_t v;
	size_t i;

	for (i = 0; i < tcp_field_count; i++)
		if (tcp_sample_read(s, &tcp_field_table[i], &v))
			buf_printf(out, "        \"%s\": %" PRIu64 ",\n", tcp_field_table[i].name, v);
	if (!s->cc_name)
		return;
	buf_adds(out, "        \"cc_name\": ");
	add_bytes(out, s->cc_name, "");
	buf_adds(out, ".decode(),\n");
}

void code_program(const struct code_list *blocks, const char *script, int report_fd,
		  struct buf *out)
{
	const struct code_block *b;

	buf_adds(out, runner);
	add_constants(out);
	buf_adds(out, "dp_blocks = [\n");
	STAILQ_FOREACH(b, blocks, next) {
		buf_printf(out, "    (%" PRIu32 ", {\n", b->span.line);
		add_sample(out, &b->sample);
		buf_adds(out, "    },\n     ");
		add_bytes(out, b->text, "     ");
		buf_adds(out, "),\n");
	}
	buf_adds(out, "]\nraise SystemExit(dp_main(");
	add_bytes(out, script, "");
	buf_printf(out, ".decode(\"utf-8\", \"replace\"), %d, dp_constants, dp_blocks))\n", report_fd);
}
