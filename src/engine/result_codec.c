/* SPDX-License-Identifier: BSD-2-Clause */
/* Result events to bytes and back, driven by the table in result_fields.c. */
#include "config.h"

#include "engine/result_codec.h"
#include "base/arena.h"
#include "base/buf.h"

#include <string.h>

static void put_u32(struct buf *out, uint32_t v)
{
	const uint8_t b[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			       (uint8_t)(v >> 24) };

	buf_add(out, b, sizeof(b));
}

static void put_u64(struct buf *out, uint64_t v)
{
	put_u32(out, (uint32_t)v);
	put_u32(out, (uint32_t)(v >> 32));
}

/* The length is written plus one, so that 0 can say NULL. */
static void put_string(struct buf *out, const char *s)
{
	static const char more[] = "...";
	size_t n;

	if (!s) {
		put_u32(out, 0);
		return;
	}
	n = strlen(s);
	if (n <= RESULT_MAX_STRING) {
		put_u32(out, (uint32_t)n + 1);
		buf_add(out, s, n);
		return;
	}
	put_u32(out, RESULT_MAX_STRING + 1);
	buf_add(out, s, RESULT_MAX_STRING - strlen(more));
	buf_adds(out, more);
}

static void put_span(struct buf *out, const struct span *s)
{
	put_u32(out, s->line);
	put_u32(out, s->col);
	put_u32(out, s->end_line);
	put_u32(out, s->end_col);
}

static void put_mismatches(struct buf *out, const struct mismatch *m)
{
	const struct mismatch *one;
	uint32_t n = 0;

	for (one = m; one && n < RESULT_MAX_MISMATCHES; one = one->next)
		n++;
	put_u32(out, n);
	for (; n; n--, m = m->next) {
		put_string(out, m->field);
		put_string(out, m->want);
		put_string(out, m->got);
	}
}

static void put_frames(struct buf *out, const struct wire_frame *f)
{
	const struct wire_frame *one;
	uint32_t n = 0, len;

	for (one = f; one && n < RESULT_MAX_FRAMES; one = one->next)
		n++;
	put_u32(out, n);
	for (; n; n--, f = f->next) {
		len = (uint32_t)(f->len < RESULT_MAX_FRAME ? f->len : RESULT_MAX_FRAME);
		put_u64(out, (uint64_t)f->stamp);
		put_u32(out, (uint32_t)f->wire_len);
		put_u32(out, len);
		buf_add(out, f->data, len);
	}
}

static void put_field(struct buf *out, const struct result_field *f, const void *p)
{
	switch (f->kind) {
	case RESULT_ENUM:
		put_u32(out, *(const unsigned *)p);
		break;
	case RESULT_BOOL:
		buf_addc(out, *(const bool *)p);
		break;
	case RESULT_TIME:
		put_u64(out, (uint64_t)*(const nstime *)p);
		break;
	case RESULT_STRING:
		put_string(out, *(const char *const *)p);
		break;
	case RESULT_SPAN:
		put_span(out, p);
		break;
	case RESULT_MISMATCHES:
		put_mismatches(out, *(struct mismatch *const *)p);
		break;
	case RESULT_FRAMES:
		put_frames(out, *(const struct wire_frame *const *)p);
		break;
	}
}

void result_encode(const struct result *r, struct buf *out)
{
	size_t i, start = out->len;
	uint32_t n;

	put_u32(out, 0);
	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];

		put_field(out, f, result_field_at(r, f));
	}
	n = (uint32_t)(out->len - start - 4);
	for (i = 0; i < 4; i++)
		out->s[start + i] = (char)(n >> (8 * i));
}

/* What is left of one event. Past a bad byte everything reads as zero. */
struct reader {
	const uint8_t *p, *end;
	struct arena *arena;
	bool bad;
};

static const uint8_t *take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || (size_t)(r->end - r->p) < n) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	return p;
}

static uint32_t load_u32(const uint8_t *b)
{
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint32_t get_u32(struct reader *r)
{
	const uint8_t *b = take(r, 4);

	return b ? load_u32(b) : 0;
}

static uint64_t get_u64(struct reader *r)
{
	uint64_t low = get_u32(r);

	return low | (uint64_t)get_u32(r) << 32;
}

static const char *get_string(struct reader *r)
{
	uint32_t n = get_u32(r);
	const uint8_t *b;

	if (!n)
		return NULL;
	b = take(r, n - 1);
	if (b && memchr(b, '\0', n - 1))
		r->bad = true;
	return b && !r->bad ? arena_strndup(r->arena, (const char *)b, n - 1) : NULL;
}

static struct mismatch *get_mismatches(struct reader *r)
{
	struct mismatch *first = NULL, **last = &first;
	uint32_t n = get_u32(r);

	if (n > RESULT_MAX_MISMATCHES)
		r->bad = true;
	for (; n && !r->bad; n--) {
		struct mismatch *m = arena_new_of(r->arena, struct mismatch);

		m->field = get_string(r);
		m->want = get_string(r);
		m->got = get_string(r);
		*last = m;
		last = &m->next;
	}
	return first;
}

static const struct wire_frame *get_frames(struct reader *r)
{
	const struct wire_frame *first = NULL, **last = &first;
	uint32_t n = get_u32(r);

	if (n > RESULT_MAX_FRAMES)
		r->bad = true;
	for (; n && !r->bad; n--) {
		struct wire_frame *f = arena_new_of(r->arena, struct wire_frame);
		const uint8_t *bytes;

		f->stamp = (nstime)get_u64(r);
		f->wire_len = get_u32(r);
		f->len = get_u32(r);
		bytes = take(r, f->len);
		if (!bytes || f->len > RESULT_MAX_FRAME || f->wire_len < f->len) {
			r->bad = true;
			break;
		}
		f->data = arena_memdup(r->arena, bytes, f->len);
		*last = f;
		last = &f->next;
	}
	return first;
}

static bool get_bool(struct reader *r)
{
	const uint8_t *b = take(r, 1);

	if (b && *b > 1)
		r->bad = true;
	return b && *b == 1;
}

static unsigned get_enum(struct reader *r, const struct result_field *f)
{
	uint32_t v = get_u32(r);

	if (v >= f->n_names)
		r->bad = true;
	return v;
}

static void get_field(struct reader *r, const struct result_field *f, void *p)
{
	switch (f->kind) {
	case RESULT_ENUM:
		*(unsigned *)p = get_enum(r, f);
		break;
	case RESULT_BOOL:
		*(bool *)p = get_bool(r);
		break;
	case RESULT_TIME:
		*(nstime *)p = (nstime)get_u64(r);
		break;
	case RESULT_STRING:
		*(const char **)p = get_string(r);
		break;
	case RESULT_SPAN:
		((struct span *)p)->line = get_u32(r);
		((struct span *)p)->col = get_u32(r);
		((struct span *)p)->end_line = get_u32(r);
		((struct span *)p)->end_col = get_u32(r);
		break;
	case RESULT_MISMATCHES:
		*(struct mismatch **)p = get_mismatches(r);
		break;
	case RESULT_FRAMES:
		*(const struct wire_frame **)p = get_frames(r);
		break;
	}
}

int result_decode(const uint8_t *bytes, size_t len, size_t *used, struct arena *a,
		  struct result *out)
{
	struct result r = { 0 };
	struct reader in;
	uint32_t n;
	size_t i;

	*used = 0;
	if (len < 4)
		return 0;
	n = load_u32(bytes);
	if (n > RESULT_MAX_BYTES)
		return -1;
	if (len - 4 < n)
		return 0;
	in = (struct reader){ .p = bytes + 4, .end = bytes + 4 + n, .arena = a };
	for (i = 0; i < result_field_count; i++) {
		const struct result_field *f = &result_field_table[i];

		get_field(&in, f, (char *)&r + f->offset);
	}
	if (in.bad || in.p != in.end)
		return -1;
	*out = r;
	*used = 4 + (size_t)n;
	return 1;
}
