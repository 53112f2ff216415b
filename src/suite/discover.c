/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/discover.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "script/about.h"
#include "script/check.h"
#include "script/duration.h"
#include "script/template.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An IPv6 header is 20 bytes longer: this MTU gives the MSS a script written for IPv4 expects. */
#define IPV6_MTU "1520"

void suite_list_init(struct suite_list *l)
{
	*l = (struct suite_list){ .last = &l->first };
}

const char *suite_case_version(const struct suite_case *c)
{
	return c->version ? c->version : SUITE_NO_VERSION;
}

void suite_case_free(struct suite_case *c)
{
	arena_free(c->arena);
	free(c);
}

void suite_list_free(struct suite_list *l)
{
	struct suite_case *c, *next;

	for (c = l->first; c; c = next) {
		next = c->next;
		suite_case_free(c);
	}
}

int suite_list_drop(struct suite_list *l, bool (*drop)(const struct suite_case *c, const void *arg),
		    const void *arg)
{
	struct suite_case **at = &l->first, *c;
	int dropped = 0;

	while ((c = *at)) {
		if (!drop(c, arg)) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		suite_case_free(c);
		dropped++;
	}
	l->last = at;
	l->n -= dropped;
	return dropped;
}

static struct suite_case *case_new(const char *file, const char *which)
{
	struct suite_case *c = xzalloc(sizeof(*c));

	c->arena = arena_new();
	c->file = arena_strdup(c->arena, file);
	c->which = which ? arena_strdup(c->arena, which) : NULL;
	c->path = template_name(c->file, c->which, c->arena);
	diag_init(&c->diag, c->arena);
	return c;
}

static void add(struct suite_list *l, struct suite_case *c)
{
	*l->last = c;
	l->last = &c->next;
	l->n++;
}

static void set(struct suite_case *c, const char *name, const char *value)
{
	const char *why;

	settings_set(&c->script->settings, name, value, (struct span){ 0 }, &why);
}

/* Settings the IP version brings, then all checks. */
static void finish(struct suite_case *c, const struct discover_options *o, const char *version)
{
	struct script *s = c->script;

	c->asked_version = version;
	if (version) {
		set(c, "ip_version", version);
		if (s->settings.ip_version == IP_VERSION_6 && !s->settings.mtu)
			set(c, "mtu", IPV6_MTU);
	}
	settings_finish(&s->settings, &c->diag);
	script_check(s, &c->diag);
	o->check(s, &c->diag);
	diag_sort(&c->diag);
	if (c->diag.errors) {
		c->script = NULL;
		return;
	}
	c->version = ip_version_name(s->settings.ip_version);
	c->unsupported = o->unsupported(s);
	c->estimate = script_duration(s);
}

/* The file, or a copy of its text if that was read before (standard input can be read once). */
static bool read_text(struct suite_case *c, const struct source *known)
{
	if (known)
		c->text = source_from_text(known->name, known->text, known->len, c->arena, &c->diag);
	else
		c->text = source_load(c->file, c->arena, &c->diag);
	return c->text != NULL;
}

static void parse(struct suite_case *c, const struct discover_options *o)
{
	const struct source *src = template_expand(c->text, c->which, c->arena, &c->diag);

	c->how = o;
	c->about = script_about(src ? src : c->text, c->arena);
	if (src)
		c->script = script_parse_all(src, o->overrides, c->arena, &c->diag);
	if (c->script)
		script_info_read(c->script, &c->info, &c->diag);
}

static struct suite_case *load(const char *file, const char *which, const struct source *known,
			       const struct discover_options *o)
{
	struct suite_case *c = case_new(file, which);

	if (read_text(c, known))
		parse(c, o);
	return c;
}

struct suite_case *suite_case_load(const char *path, const struct discover_options *o)
{
	struct arena *a = arena_new();
	const char *file, *which;
	struct suite_case *c;

	template_path(path, a, &file, &which);
	c = load(file, which, NULL, o);
	arena_free(a);
	if (c->script)
		finish(c, o, NULL);
	return c;
}

bool suite_case_is_bad(const struct suite_case *c)
{
	return c->diag.errors > 0;
}

static struct word_list copy_words(const struct word_list *l, struct arena *a)
{
	struct word_list copy = { 0 };
	int i;

	for (i = 0; i < l->n; i++)
		word_list_add(a, &copy, arena_strdup(a, l->word[i]));
	return copy;
}

/* The name of an IP version that outlives the script that asks for it. */
static const char *lasting(const char *version)
{
	enum ip_version v;

	return version && ip_version_parse(version, &v) ? ip_version_name(v) : version;
}

void suite_case_sleep(struct suite_case *c)
{
	struct arena *a;

	if ((c->users && --c->users) || !c->script || c->diag.first || !strcmp(c->file, "-"))
		return;
	a = arena_new();
	c->file = arena_strdup(a, c->file);
	c->which = c->which ? arena_strdup(a, c->which) : NULL;
	c->path = template_name(c->file, c->which, a);
	c->text = NULL;
	c->about = c->about ? arena_strdup(a, c->about) : NULL;
	c->unsupported = c->unsupported ? arena_strdup(a, c->unsupported) : NULL;
	c->asked_version = lasting(c->asked_version);
	c->info = (struct script_info){ .requirements = copy_words(&c->info.requirements, a),
					.tags = copy_words(&c->info.tags, a) };
	STAILQ_INIT(&c->info.needs);
	arena_free(c->arena);
	c->arena = a;
	diag_init(&c->diag, a);
	c->script = NULL;
	c->asleep = true;
}

void suite_case_wake(struct suite_case *c)
{
	struct suite_case *fresh;

	if (c->users++ || !c->asleep)
		return;
	fresh = load(c->file, c->which, NULL, c->how);
	if (fresh->script)
		finish(fresh, c->how, c->asked_version);
	arena_free(c->arena);
	c->path = fresh->path;
	c->file = fresh->file;
	c->which = fresh->which;
	c->text = fresh->text;
	c->about = fresh->about;
	c->version = fresh->version;
	c->arena = fresh->arena;
	c->diag = fresh->diag;
	if (!c->diag.first)
		c->diag.last = &c->diag.first;
	c->script = fresh->script;
	c->info = fresh->info;
	c->unsupported = fresh->unsupported;
	c->asleep = false;
	free(fresh);
}

/* Takes a case that was loaded, in the first of its IP versions, and the others beside it. */
static void add_versions(struct suite_case *c, const struct discover_options *o, bool named,
			 struct suite_list *l)
{
	const struct word_list *versions = &c->info.versions;
	int i;

	if (c->script && !named && !o->slow && word_list_has(&c->info.tags, "slow")) {
		l->slow_left_out++;
		suite_case_free(c);
		return;
	}
	add(l, c);
	if (!c->script)
		return;
	if (o->ip_version || !versions->n) {
		finish(c, o, o->ip_version);
		suite_case_sleep(c);
		return;
	}
	finish(c, o, versions->word[0]);
	/* Each further version is a case of its own, with a parse of its own. */
	for (i = 1; c->script && i < versions->n; i++) {
		struct suite_case *other = load(c->file, c->which, c->text, o);

		add(l, other);
		if (other->script)
			finish(other, o, versions->word[i]);
		suite_case_sleep(other);
	}
	suite_case_sleep(c);
}

static int no_case(const char *file, const char *pattern, const struct word_list *names)
{
	int i;

	fprintf(stderr, "drillpress: %s: no case fits '%s'; ", file, pattern);
	if (!names->n)
		fprintf(stderr, "it has no table of cases\n");
	for (i = 0; i < names->n; i++)
		fprintf(stderr, "%s%s%s", i ? " " : "its cases: ", names->word[i],
			i + 1 < names->n ? "" : "\n");
	return -1;
}

/* pattern: of the names of its cases, or NULL for all of them. */
static int load_all(const char *file, const char *pattern, const struct discover_options *o,
		    bool named, struct suite_list *l)
{
	struct suite_case *c = case_new(file, NULL);
	struct word_list names = { 0 };
	int i, n = 0;

	if (!read_text(c, NULL) || template_cases(c->text, &names, c->arena, &c->diag)) {
		add(l, c);
		return 0;
	}
	if (!names.n && !pattern) {
		parse(c, o);
		add_versions(c, o, named, l);
		return 0;
	}
	for (i = 0; i < names.n; i++) {
		if (pattern && strcmp(pattern, names.word[i]) && fnmatch(pattern, names.word[i], 0))
			continue;
		add_versions(load(file, names.word[i], c->text, o), o, named, l);
		n++;
	}
	if (!n)
		no_case(file, pattern, &names);
	suite_case_free(c);
	return n ? 0 : -1;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_script(const char *name)
{
	size_t len = strlen(name);

	return name[0] != '.' && len > 4 && !strcmp(name + len - 4, ".pkt");
}

/* Scripts that could not be looked for must not count as scripts that passed. */
static int lost_folder(const FTSENT *f)
{
	fprintf(stderr, "drillpress: %s: %s\n", f->fts_path, strerror(f->fts_errno));
	return -1;
}

static int walk(const char *path, const struct discover_options *o, struct suite_list *l)
{
	char *roots[] = { (char *)path, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
	int before = l->n + l->slow_left_out, lost = 0;
	FTSENT *f;

	if (!fts) {
		fprintf(stderr, "drillpress: %s: %s\n", path, strerror(errno));
		return -1;
	}
	while ((f = fts_read(fts))) {
		if (f->fts_info == FTS_D && f->fts_level > 0 && f->fts_name[0] == '.')
			fts_set(fts, f, FTS_SKIP);
		else if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS)
			lost = lost_folder(f);
		else if ((f->fts_info == FTS_F || f->fts_info == FTS_SL) && is_script(f->fts_name))
			load_all(f->fts_path, NULL, o, false, l);
	}
	fts_close(fts);
	if (lost || l->n + l->slow_left_out > before)
		return lost;
	fprintf(stderr, "drillpress: %s: no scripts (*.pkt) in this folder\n", path);
	return -1;
}

int discover(const char *path, const struct discover_options *o, struct suite_list *l)
{
	struct arena *a = arena_new();
	const char *file, *which;
	struct stat st;
	int err;

	template_path(path, a, &file, &which);
	if (strcmp(file, "-") && stat(file, &st)) {
		fprintf(stderr, "drillpress: %s: %s\n", file, strerror(errno));
		err = -1;
	} else if (strcmp(file, "-") && S_ISDIR(st.st_mode) && !which) {
		err = walk(file, o, l);
	} else {
		err = load_all(file, which, o, true, l);
	}
	arena_free(a);
	return err;
}
