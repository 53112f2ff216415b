/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a script cannot be done to a device, found before anything is sent to it. */
#include "config.h"

#include "target/box.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "script/ast.h"
#include "script/meta.h"
#include "seam/target.h"
#include "sys/assertion.h"
#include "target/box_calls.h"
#include "target/box_options.h"

#include <net/if.h>
#include <string.h>

/* What the walk through a script works with. */
struct walk {
	const struct script *script;
	const struct box_options *opt;
	struct arena *a;
	struct box_story story;
};

static const char *at(const struct walk *w, struct span span, const char *what, const char *why)
{
	return arena_printf(w->a, "%s:%d:%d: %s: %s", w->script->src->name, span.line, span.col, what,
			    why);
}

/* The time a line is due, as far as the script says; `*` is whenever. */
static nstime time_of(const struct event *e, nstime before)
{
	switch (e->when.kind) {
	case WHEN_ABS:
	case WHEN_ABS_RANGE:
		return e->when.t;
	case WHEN_REL:
	case WHEN_REL_RANGE:
		return before + e->when.t;
	case WHEN_ANY:
		break;
	}
	return before;
}

static bool no_packet_after(const struct event *e)
{
	while ((e = STAILQ_NEXT(e, next)) != NULL)
		if (e->kind == EVENT_GROUP ||
		    (e->kind == EVENT_PACKET && e->pkt->kind != SPEC_NOTHING))
			return false;
	return true;
}

static const char *call_refused(struct walk *w, const struct event *e)
{
	struct buf b = { 0 };
	const char *why, *text;

	if (w->opt->hook != NULL || w->opt->agent != NULL)
		return NULL;
	w->story.over = no_packet_after(e);
	why = box_call_refused(&w->story, e, w->a);
	if (why == NULL)
		return NULL;
	call_print(e->call, &b);
	text = arena_strdup(w->a, buf_str(&b));
	buf_free(&b);
	return at(w, e->span, text, why);
}

/* The sequence numbers of a script begin with 0 for its SYN, so data ends at 1 + its length. */
static void note_injected(struct walk *w, const struct event *e)
{
	const struct spec_tcp *t = &e->pkt->tcp;
	/* Where it begins may not be known yet: then it is what comes next. */
	uint32_t end = t->seq_value ? w->story.received + t->len : t->end - 1;

	w->story.injected_at = w->story.now;
	if (e->pkt->kind != SPEC_TCP)
		return;
	if (t->len > 0 && !t->seq_absolute && (int32_t)(end - w->story.received) > 0)
		w->story.received = end;
	if (t->flags & TCPF_FIN)
		w->story.fin = true;
	if (t->flags & TCPF_SYN && !(t->flags & TCPF_ACK)) {
		w->story.received = w->story.taken = w->story.owed = 0;
		w->story.fin = false;
	}
}

static const char *event_refused(struct walk *w, const struct event *e)
{
	w->story.now = time_of(e, w->story.now);
	switch (e->kind) {
	case EVENT_PACKET:
		if (e->pkt->dir == PKT_IN)
			note_injected(w, e);
		return NULL;
	case EVENT_GROUP:
		return NULL;
	case EVENT_SYSCALL:
		return call_refused(w, e);
	case EVENT_COMMAND:
		return w->opt->commands ? NULL : at(w, e->span, "a command", "it would run on this machine, not "
						    "on the device (the key commands allows that)");
	case EVENT_CODE:
		return w->opt->agent ? NULL : at(w, e->span, "%{ code }%", "the device tells no TCP_INFO");
	case EVENT_ASSERT:
		return w->opt->agent || !assertion_wants_sample(e->assertion) ? NULL : at(w, e->span, "assert", "the device tells no TCP_INFO");
	}
	return NULL;
}

/* Needs that only who knows the device can tell. */
static const char *need_refused(const struct walk *w, const struct need *n)
{
	static const char *const of_stack[] = { "congestion-control", "kernel", "sysctl", "option" };
	size_t i;

	for (i = 0; i < sizeof(of_stack) / sizeof(of_stack[0]); i++)
		if (strcmp(of_stack[i], n->key) == 0)
			return at(w, n->span, arena_printf(w->a, "//@ needs %s", n->key),
				  "nobody can ask the device (the key configured says that it is so)");
	return NULL;
}

static const char *set_up_refused(struct walk *w, const struct script_info *info)
{
	const struct settings *s = &w->script->settings;
	const struct sysctl_setting *one = STAILQ_FIRST(&s->sysctls);
	const struct text_ast *t = w->script->init != NULL ? w->script->init : w->script->cleanup;
	const char *why = NULL, *here = w->opt->agent ?
		"it would run on this machine; the agent runs those between the events only" :
		"it would run on this machine, not on the device (the key commands allows that)";
	const struct need *n;

	if (s->mss > 0)
		return "--mss: GRO is of the host target";
	if ((!w->opt->commands || w->opt->agent) && t != NULL)
		return at(w, t->span, "a command", here);
	if ((!w->opt->commands || w->opt->agent) && s->init_scripts != NULL)
		return arena_printf(w->a, "--init_scripts: %s", here);
	if (w->opt->configured)
		return NULL;
	if (one != NULL && !w->opt->agent)
		return at(w, one->span, arena_printf(w->a, "--sysctl=%s", one->name), "it cannot be set on the "
			  "device (the key configured says that the device is so)");
	STAILQ_FOREACH(n, &info->needs, next)
		if (why == NULL)
			why = need_refused(w, n);
	return why;
}

const char *box_refuses(const struct target_config *cfg, const struct script *s,
			const struct script_info *info, struct arena *a)
{
	struct box_options opt;
	struct walk w = { .script = s, .opt = &opt, .a = a };
	const struct event *e;
	struct diag_sink d;
	const char *why;

	diag_init(&d, a);
	/* What box_open() says is more: not that a script is skipped on an interface that is not there. */
	if (box_options_parse(cfg->where, &opt, a, &d) < 0 || if_nametoindex(opt.device) == 0)
		return NULL;
	if (cfg->need_plain_oversize)
		return "the script injects packets above the MTU, which a wire does not carry";
	w.story = (struct box_story){ .settings = &s->settings, .app = opt.app, .listener = -1,
				      .connection = -1 };
	why = set_up_refused(&w, info);
	STAILQ_FOREACH(e, &s->events, next)
		if (why == NULL)
			why = event_refused(&w, e);
	return why;
}
