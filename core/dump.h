/* dump.h - C structs and constants of the raw dump, from dump.def.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Freestanding: shared by the tapset, other collectors and the reader.
 * Needs lj_u32 and lj_u64 from the includer (see ljtypes.h).
 */
#ifndef LJSTAP_DUMP_H
#define LJSTAP_DUMP_H

#define LJD_SYNC	0x7d4a4c7bu	/* "{LJ}" in a little-endian file */
#define LJD_VERSION	1
#define LJD_ORDER	0x01020304u
#define LJD_MAXLEN	8064		/* fits SystemTap's print buffer */
#define LJD_MAXFRAMES	512		/* frames of one sample */
#define LJD_MAXPIECE	4096		/* bytes of one pdata piece */
#define LJD_NOPOS	0xffffffffu

/* struct ljd_head - the start of every record
 * @sync: LJD_SYNC; a reader that lost its place looks for the next one
 * @kind: low half: the record's kind; high half: bytes up to the tail
 * @len: bytes of the whole record, this head included, a multiple of 8
 * @sum: ljd_sum() of the record
 * @lane: which of the writer's streams; no order holds between lanes
 * @seq: number of the record in its lane, from 0
 */
struct ljd_head {
	lj_u32 sync;
	lj_u32 kind;
	lj_u32 len;
	lj_u32 sum;
	lj_u32 lane;
	lj_u32 seq;
};

#define LJD_KIND(h)	((h)->kind & 0xffff)
#define LJD_FIXED(h)	((h)->kind >> 16)

#define REC(name, kind, tail, doc)	struct ljd_##name { struct ljd_head h;
#define U32(field, doc)			lj_u32 field;
#define U64(field, doc)			lj_u64 field;
#define END(name)			};
#define ENUM(set, NAME, value, doc)
#include "dump.def"

enum ljd_kind {
#define REC(name, kind, tail, doc)	LJD_KIND_##name = kind,
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)
#include "dump.def"
};

enum ljd_value {
#define REC(name, kind, tail, doc)
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)	LJD_##set##_##NAME = value,
#include "dump.def"
};

#define LJD_FRAME(kind, id, pos) \
	((lj_u64)(kind) << 60 | (lj_u64)((id) & 0xfffffff) << 32 | (lj_u32)(pos))
#define LJD_FRAME_KIND(f)	((lj_u32)((f) >> 60))
#define LJD_FRAME_ID(f)		((lj_u32)((f) >> 32) & 0xfffffff)
#define LJD_FRAME_POS(f)	((lj_u32)(f))

/* ljd_sum - the checksum of a record
 * @r: the whole record, 8-aligned, h.len bytes
 *
 * Covers everything but sync and sum. Finds damage, not malice. About
 * 4 instructions for 8 bytes.
 */
static inline lj_u32 ljd_sum(const void *r)
{
	const struct ljd_head *h = (const struct ljd_head *)r;
	const lj_u64_alias *w = (const lj_u64_alias *)r;
	lj_u32 i, n = h->len / 8;
	lj_u64 s = ((lj_u64)h->kind << 32 | h->len) * 0x9e3779b97f4a7c15ull;

	for (i = 2; i < n && i < LJD_MAXLEN / 8; i++)
		s = ((s << 7 | s >> 57) ^ w[i]) * 0x9e3779b97f4a7c15ull;
	return (lj_u32)(s >> 32) ^ (lj_u32)s;
}

#endif
