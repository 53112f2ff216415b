/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/pcapng.h"
#include "base/buf.h"

#include <string.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_ENHANCED_PACKET = 6,
};

enum {
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_OS = 3, SHB_USERAPPL = 4,
	IF_NAME = 2, IF_DESCRIPTION = 3, IF_TSRESOL = 9,
	EPB_FLAGS = 2,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define NANOSECONDS 9	/* if_tsresol: 10^-9 s */
#define OPTION_MAX 65535

/* Everything is little-endian, as the magic number tells. */
static void put(struct buf *out, uint64_t v, int bytes)
{
	for (; bytes; bytes--, v >>= 8)
		buf_addc(out, (char)(v & 0xff));
}

static void pad(struct buf *out, size_t n)
{
	buf_pad(out, '\0', (int)(-n & 3));
}

static void put_option(struct buf *out, unsigned code, const void *value, size_t n)
{
	put(out, code, 2);
	put(out, n, 2);
	buf_add(out, value, n);
	pad(out, n);
}

static void put_text(struct buf *out, unsigned code, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (!n)
		return;
	if (n > OPTION_MAX)
		for (n = OPTION_MAX; ((unsigned char)text[n] & 0xc0) == 0x80; n--)
			;
	put_option(out, code, text, n);
}

static void put_end(struct buf *out)
{
	put(out, OPT_END, 2);
	put(out, 0, 2);
}

/* A block has its length before and after; the first is filled in at the end. */
static size_t block_begin(struct buf *out, uint32_t type)
{
	size_t at = out->len;

	put(out, type, 4);
	put(out, 0, 4);
	return at;
}

static void block_end(struct buf *out, size_t at)
{
	size_t n = out->len + 4 - at;
	int i;

	for (i = 0; i < 4; i++)
		out->s[at + 4 + i] = (char)(n >> (8 * i));
	put(out, n, 4);
}

void pcapng_section(struct buf *out, const struct pcapng_section *s)
{
	size_t at = block_begin(out, BLOCK_SECTION);

	put(out, BYTE_ORDER_MAGIC, 4);
	put(out, 1, 2);		/* version 1.0 */
	put(out, 0, 2);
	put(out, UINT64_MAX, 8);	/* the section's length is not given */
	put_text(out, OPT_COMMENT, s->comment);
	put_text(out, SHB_OS, s->os);
	put_text(out, SHB_USERAPPL, s->program);
	put_end(out);
	block_end(out, at);
}

void pcapng_interface(struct buf *out, const struct pcapng_interface *i)
{
	const uint8_t resolution = NANOSECONDS;
	size_t at = block_begin(out, BLOCK_INTERFACE);

	put(out, i->linktype, 2);
	put(out, 0, 2);
	put(out, 0, 4);		/* packets are not cut */
	put_text(out, OPT_COMMENT, i->comment);
	put_text(out, IF_NAME, i->name);
	put_text(out, IF_DESCRIPTION, i->description);
	put_option(out, IF_TSRESOL, &resolution, 1);
	put_end(out);
	block_end(out, at);
}

void pcapng_packet(struct buf *out, const struct pcapng_packet *p)
{
	const uint8_t flags[4] = { p->inbound ? 1 : 2 };
	size_t at = block_begin(out, BLOCK_ENHANCED_PACKET), i;
	uint64_t t = p->t > 0 ? (uint64_t)p->t : 0;

	put(out, 0, 4);		/* the interface */
	put(out, t >> 32, 4);
	put(out, t & UINT32_MAX, 4);
	put(out, p->len, 4);
	put(out, p->wire_len, 4);
	buf_add(out, p->data, p->len);
	pad(out, p->len);
	for (i = 0; i < p->n_comments; i++)
		put_text(out, OPT_COMMENT, p->comments[i]);
	put_option(out, EPB_FLAGS, flags, sizeof(flags));
	put_end(out);
	block_end(out, at);
}
