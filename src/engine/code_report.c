/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/code_report.h"
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 4

struct reading {
	struct arena *arena;
	struct code_report *rep;
	struct mismatch **mismatch;	/* where the next one goes */
	struct code_printed **printed;
	char *field[FIELDS_MAX];	/* of the line being read; "" for those it lacks */
};

static void read_syntax(struct reading *k)
{
	k->rep->end = CODE_SYNTAX;
	k->rep->line = (uint32_t)strtoul(k->field[1], NULL, 10);
	k->rep->message = k->field[2];
}

static void read_block(struct reading *k)
{
	k->rep->block = atoi(k->field[1]);
}

static void read_print(struct reading *k)
{
	struct code_printed *p = arena_new_of(k->arena, struct code_printed);

	*p = (struct code_printed){ k->rep->block, k->field[1], NULL };
	*k->printed = p;
	k->printed = &p->next;
}

/* The outermost frame is the statement of a block; what it calls may be defined in another. */
static void read_frame(struct reading *k)
{
	k->rep->inner_line = (uint32_t)strtoul(k->field[1], NULL, 10);
	k->rep->function = k->field[2];
	if (!k->rep->line)
		k->rep->line = k->rep->inner_line;
}

static void read_differs(struct reading *k)
{
	struct mismatch *m = arena_new_of(k->arena, struct mismatch);

	*m = (struct mismatch){ k->field[1], k->field[2], k->field[3], NULL };
	*k->mismatch = m;
	k->mismatch = &m->next;
}

static void read_value(struct reading *k)
{
	const char *before = k->rep->values;

	k->rep->values = arena_printf(k->arena, "%s%s%s = %s", before, *before ? ", " : "",
				      k->field[1], k->field[2]);
}

static void read_failed(struct reading *k)
{
	k->rep->end = CODE_FAILED;
	k->rep->type = k->field[1];
	k->rep->message = k->field[2];
}

static void read_exit(struct reading *k)
{
	k->rep->end = CODE_EXITED;
	k->rep->message = k->field[1];
}

static void read_end(struct reading *k)
{
	k->rep->end = CODE_ENDED;
}

static const struct {
	const char *name;
	void (*read)(struct reading *k);
} line_table[] = {
	{ "syntax", read_syntax }, { "block", read_block }, { "print", read_print },
	{ "frame", read_frame }, { "differs", read_differs }, { "value", read_value },
	{ "failed", read_failed }, { "exit", read_exit }, { "end", read_end },
};

/* In place: \t, \n and \\ become what they stand for; other escapes stay as they are. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		char c = s[0] != '\\' ? 0 : s[1] == 't' ? '\t' : s[1] == 'n' ? '\n' :
			 s[1] == '\\' ? '\\' : 0;

		*to++ = c ? c : *s;
		s += c != 0;
	}
	*to = '\0';
}

static void read_line(struct reading *k, char *line)
{
	char *nothing = arena_strdup(k->arena, "");
	size_t i;
	int n;

	for (n = 0; n < FIELDS_MAX; n++) {
		k->field[n] = line ? strsep(&line, "\t") : nothing;
		if (*k->field[n])
			unescape(k->field[n]);
	}
	for (i = 0; i < sizeof(line_table) / sizeof(line_table[0]); i++)
		if (!strcmp(line_table[i].name, k->field[0]))
			line_table[i].read(k);
}

void code_report_read(const char *text, size_t len, struct arena *a, struct code_report *rep)
{
	struct reading k = { .arena = a, .rep = rep, .mismatch = &rep->mismatches,
			     .printed = &rep->printed };
	char *rest = arena_strndup(a, text, len), *line;

	*rep = (struct code_report){ .block = -1, .type = "", .message = "", .values = "",
				     .function = "" };
	while ((line = strsep(&rest, "\n")))
		if (*line)
			read_line(&k, line);
}
