/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/evidence.h"
#include "base/arena.h"
#include "engine/events.h"

const struct wire_frame *evidence_frame(struct run *r, nstime stamp, const uint8_t *data,
					size_t len, size_t wire_len)
{
	struct wire_frame *f;

	if (!r->cfg->evidence)
		return NULL;
	f = arena_new_of(r->arena, struct wire_frame);
	*f = (struct wire_frame){ .stamp = stamp, .data = data, .len = len, .wire_len = wire_len };
	return f;
}

const struct wire_frame *evidence_of_script(struct run *r, const struct wire_frame *f)
{
	const struct wire_frame *first = NULL, **last = &first;

	for (; f; f = f->next) {
		struct wire_frame *copy = arena_memdup(r->arena, f, sizeof(*f));

		copy->stamp -= r->time.start;
		*last = copy;
		last = &copy->next;
	}
	return first;
}

void evidence_environment(struct run *r, enum verdict v)
{
	bool wanted = v == VERDICT_FAIL || v == VERDICT_INCONCLUSIVE || v == VERDICT_XPASS;

	if (v == VERDICT_NONE || v == VERDICT_PASS)
		wanted = r->cfg->evidence && r->cfg->evidence_of_pass;
	else
		wanted = wanted && (r->cfg->evidence || r->cfg->environment);
	if (wanted && !r->environment && r->target->ops->environment)
		r->environment = r->target->ops->environment(r->target, r->arena);
}
