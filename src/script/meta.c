/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/meta.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool word_list_has(const struct word_list *l, const char *word)
{
	int i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->word[i], word))
			return true;
	return false;
}

const char *word_list_text(const struct word_list *l, struct buf *b)
{
	int i;

	for (i = 0; i < l->n; i++) {
		if (i)
			buf_addc(b, ' ');
		buf_adds(b, l->word[i]);
	}
	return l->n ? b->s : NULL;
}

/* The next blank-separated word of *text, or NULL at its end. */
static const char *next_word(struct arena *a, const char **text)
{
	const char *from = *text, *end;

	while (isspace((unsigned char)*from))
		from++;
	for (end = from; *end && !isspace((unsigned char)*end); end++)
		;
	*text = end;
	return end > from ? arena_strndup(a, from, (size_t)(end - from)) : NULL;
}

void word_list_add(struct arena *a, struct word_list *l, const char *word)
{
	const char **grown = arena_alloc(a, ((size_t)l->n + 1) * sizeof(*grown));

	if (l->n)
		memcpy(grown, l->word, (size_t)l->n * sizeof(*grown));
	grown[l->n++] = word;
	l->word = grown;
}

static int read_words(const struct script *s, const struct meta *m, struct word_list *l,
		      struct diag_sink *d)
{
	const char *text = m->rest, *word;

	if (!*text)
		return diag_error(d, m->span, "//@ %s wants at least one word", m->key);
	while ((word = next_word(s->arena, &text)))
		word_list_add(s->arena, l, word);
	return 0;
}

static int read_requirements(const struct script *s, const struct meta *m,
			     struct script_info *info, struct diag_sink *d)
{
	return read_words(s, m, &info->requirements, d);
}

static int read_tags(const struct script *s, const struct meta *m, struct script_info *info,
		     struct diag_sink *d)
{
	return read_words(s, m, &info->tags, d);
}

static int read_versions(const struct script *s, const struct meta *m, struct script_info *info,
			 struct diag_sink *d)
{
	enum ip_version v;
	int i;

	if (read_words(s, m, &info->versions, d))
		return -1;
	for (i = 0; i < info->versions.n; i++)
		if (!ip_version_parse(info->versions.word[i], &v))
			return diag_error(d, m->span, "'%s' is not ipv4, ipv6 or ipv4-mapped-ipv6",
					  info->versions.word[i]);
	return 0;
}

/* How the needs that this version knows are written; others are unmet, not wrong. */
static const struct need_form {
	const char *key;
	enum need_op op;
	const char *form;
} need_form_table[] = {
	{ "congestion-control", NEED_EQUAL, "congestion-control=NAME" },
	{ "kernel", NEED_AT_LEAST, "kernel>=VERSION" },
	{ "sysctl", NEED_EQUAL, "sysctl=NAME" },
	{ "command", NEED_EQUAL, "command=NAME" },
	{ "tun", NEED_HAS, "tun" },
	{ NULL, NEED_HAS, NULL }
};

static int check_need(const struct need *n, const char *word, struct diag_sink *d)
{
	const struct need_form *f;

	for (f = need_form_table; f->key && strcmp(f->key, n->key); f++)
		;
	if (f->key && n->op != f->op)
		return diag_error(d, n->span, "'%s': write %s", word, f->form);
	if (n->value && !*n->value)
		return diag_error(d, n->span, "'%s': a value is missing", word);
	if (f->key && n->op == NEED_AT_LEAST && !isdigit((unsigned char)*n->value))
		return diag_error(d, n->span, "'%s': a version is a number like 6.1", word);
	return 0;
}

static int read_needs(const struct script *s, const struct meta *m, struct script_info *info,
		      struct diag_sink *d)
{
	const char *text = m->rest, *word;

	if (!*text)
		return diag_error(d, m->span, "//@ needs wants at least one KEY or KEY=VALUE");
	while ((word = next_word(s->arena, &text))) {
		struct need *n = arena_new_of(s->arena, struct need);
		char *key = arena_strdup(s->arena, word), *op = strpbrk(key, "<>=");

		n->span = m->span;
		n->key = key;
		if (op && op[0] == '>' && op[1] == '=') {
			n->op = NEED_AT_LEAST;
			n->value = op + 2;
		} else if (op && *op == '=') {
			n->op = NEED_EQUAL;
			n->value = op + 1;
		} else if (op) {
			return diag_error(d, m->span, "'%s': write KEY, KEY=VALUE or KEY>=VALUE", word);
		}
		if (op)
			*op = '\0';
		if (check_need(n, word, d))
			return -1;
		STAILQ_INSERT_TAIL(&info->needs, n, next);
	}
	return 0;
}

long version_number(const char *text)
{
	int major = 0, minor = 0, patch = 0;

	sscanf(text, "%d.%d.%d", &major, &minor, &patch);
	return major * 1000000L + minor * 1000L + patch;
}

/* Cuts a version off "linux<6.18". -1 if it is none. */
static int split_version(struct expect_fail *known, struct arena *a)
{
	size_t len = strcspn(known->target, "<>=");
	const char *op = known->target + len, *version = op + strspn(op, "<>=");
	size_t op_len = (size_t)(version - op);

	if (!op_len)
		return 0;
	if (op_len == 1 && *op == '<')
		known->until = version;
	else if (op_len == 2 && !strncmp(op, ">=", 2))
		known->since = version;
	else
		return -1;
	known->target = arena_strndup(a, known->target, len);
	return len && version_number(version) > 0 ? 0 : -1;
}

bool expect_fail_is_about(const struct expect_fail *known, const char *name, const char *version)
{
	if (strcmp(known->target, name))
		return false;
	if (!known->since && !known->until)
		return true;
	return version && (!known->since || version_number(version) >= version_number(known->since)) &&
		(!known->until || version_number(version) < version_number(known->until));
}

static int read_expect_fail(const struct script *s, const struct meta *m,
			    struct script_info *info, struct diag_sink *d)
{
	struct expect_fail *known = arena_new_of(s->arena, struct expect_fail);
	const char *text = m->rest, *reason = strchr(text, '"');
	char *words = arena_strndup(s->arena, text, reason ? (size_t)(reason - text) : 0);
	size_t len = reason ? strlen(reason) : 0;
	const char *left = words, *word;

	known->span = m->span;
	known->target = next_word(s->arena, &left);
	if (!known->target || len < 3 || reason[len - 1] != '"' || !isspace((unsigned char)reason[-1]))
		return diag_error(d, m->span, "write //@ expect-fail TARGET [ID...] \"reason\"");
	if (split_version(known, s->arena))
		return diag_error(d, m->span, "write a version as TARGET<VERSION or TARGET>=VERSION, as in "
				  "linux<6.18");
	while ((word = next_word(s->arena, &left)))
		word_list_add(s->arena, &known->deviates, word);
	known->reason = arena_strndup(s->arena, reason + 1, len - 2);
	STAILQ_INSERT_TAIL(&info->expect_fails, known, next);
	return 0;
}

/* A deviation can only be from what the script covers, wherever it says that. */
static int check_deviations(const struct script_info *info, struct diag_sink *d)
{
	const struct expect_fail *known;
	int i, err = 0;

	STAILQ_FOREACH(known, &info->expect_fails, next)
		for (i = 0; i < known->deviates.n; i++)
			if (strcmp(known->deviates.word[i], DEVIATES_NOWHERE) &&
			    !word_list_has(&info->requirements, known->deviates.word[i]))
				err = diag_error(d, known->span, "'%s' is in no //@ requirement of this script",
						 known->deviates.word[i]);
	return err;
}

/* One row per key; packetdrill sees a comment. */
static const struct meta_desc {
	const char *key;
	int (*read)(const struct script *s, const struct meta *m, struct script_info *info,
		    struct diag_sink *d);
} meta_table[] = {
	{ "requirement", read_requirements },
	{ "tags", read_tags },
	{ "ip", read_versions },
	{ "needs", read_needs },
	{ "expect-fail", read_expect_fail },
	{ NULL, NULL }
};

static int read_one(const struct script *s, const struct meta *m, struct script_info *info,
		    struct diag_sink *d)
{
	const struct meta_desc *desc;

	for (desc = meta_table; desc->key; desc++)
		if (!strcmp(desc->key, m->key))
			return desc->read(s, m, info, d);
	for (desc = meta_table; desc->key; desc++)
		if (names_near(m->key, desc->key))
			break;
	diag_warning(d, m->span, "unknown metadata '%s'%s%s%s", m->key,
		     desc->key ? "; did you mean " : "", desc->key ? desc->key : "",
		     desc->key ? "?" : "");
	return 0;
}

int script_info_read(const struct script *s, struct script_info *info, struct diag_sink *d)
{
	const struct meta *m;
	int err = 0;

	*info = (struct script_info){ 0 };
	STAILQ_INIT(&info->needs);
	STAILQ_INIT(&info->expect_fails);
	STAILQ_FOREACH(m, &s->metas, next)
		err |= read_one(s, m, info, d);
	return err | check_deviations(info, d);
}
