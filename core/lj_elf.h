/* lj_elf.h - the build-id of a mapped ELF file, from the target's memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, by the same rules: see lj_walk.h, which it needs.
 */
#ifndef LJSTAP_LJ_ELF_H
#define LJSTAP_LJ_ELF_H

#include "lj_walk.h"

#define LJ_MAXPHDR	32	/* program headers looked at */
#define LJ_MAXNOTE	16	/* notes looked at */

#define LJ_PT_LOAD	1
#define LJ_PT_NOTE	4
#define LJ_NT_GNU_BUILD_ID	3

/* lj_note - find the build-id among the notes at addr
 *
 * Each is {u32 name size, u32 size, u32 type, name, payload}, both parts
 * padded to 4. Returns the address of the id and its length in *len, or 0.
 */
static inline lj_u64 lj_note(struct lj_walk *w, lj_u64 addr, lj_u64 size,
			     lj_u32 *len)
{
	lj_u64 end = addr + size;
	lj_u32 i, n[4];		/* with the first 4 bytes of the name */

	for (i = 0; i < LJ_MAXNOTE && addr + 16 <= end; i++) {
		if (lj_rd(w, n, 16, addr))
			return 0;
		if (n[0] > 256 || n[1] > 65536)
			return 0;
		addr += 12 + ((n[0] + 3) & ~3u);
		if (n[2] == LJ_NT_GNU_BUILD_ID && n[0] == 4 &&
		    n[3] == 0x00554e47 /* "GNU" */) {
			*len = n[1];
			return addr;
		}
		addr += (n[1] + 3) & ~3u;
	}
	return 0;
}

/* lj_phdr - find a program header in the ELF header at start
 * @type: LJ_PT_*
 * @from: number to start from; set to the one after it
 *
 * Leaves it in w->obj. 0; 1: there is none; -1: it cannot be read now.
 */
static inline int lj_phdr(struct lj_walk *w, lj_u64 start, lj_u32 type,
			  lj_u32 *from)
{
	lj_u64 ph;
	lj_u32 i, n;

	if (lj_rd(w, w->obj, 64, start))
		return -1;
	/* \177ELF, 64 bit, little-endian */
	if (lj_obj32(w, 0) != 0x464c457f || lj_obj16(w, 4) != 0x0102 ||
	    lj_obj16(w, 54) != 56)
		return 1;
	ph = start + lj_obj64(w, 32);
	n = lj_obj16(w, 56);
	for (i = *from; i < LJ_MAXPHDR && i < n; i++) {
		if (lj_rd(w, w->obj, 56, ph + i * 56ull))
			return -1;
		*from = i + 1;
		if (lj_obj32(w, 0) == type)
			return 0;
	}
	return 1;
}

/* lj_find_buildid - where the id of the ELF file mapped at start is
 *
 * The mapping starts with the file's first page. 0; 1: no ELF file, or no id
 * in it; -1: it cannot be read now.
 */
static inline int lj_find_buildid(struct lj_walk *w, lj_u64 start,
				  lj_u64 *addr, lj_u32 *len)
{
	lj_u64 bias;
	lj_u32 i, next = 0;
	int ret;

	ret = lj_phdr(w, start, LJ_PT_LOAD, &next);
	if (ret)
		return ret;
	bias = start - (lj_obj64(w, 16) & ~0xfffull);
	next = 0;
	for (i = 0; i < LJ_MAXPHDR; i++) {
		ret = lj_phdr(w, start, LJ_PT_NOTE, &next);
		if (ret)
			return ret;
		*addr = lj_note(w, bias + lj_obj64(w, 16), lj_obj64(w, 40),
				len);
		if (*addr)
			return 0;
	}
	return 1;
}

/* lj_emit_buildid - write the buildid record of the file mapped at start
 * @pid: the process, which the reader behind LJ_RD must reach now
 *
 * Uses w->rec. Returns -1 if its pages cannot be read now, or there is no
 * room; 0 otherwise, with or without a record. About 1000 instructions.
 */
static inline int lj_emit_buildid(struct lj_walk *w, lj_u32 pid, lj_u64 start)
{
	lj_u64 addr, *tail = w->rec.w + sizeof(struct ljd_buildid) / 8;
	lj_u32 len = 0;
	int ret = lj_find_buildid(w, start, &addr, &len);

	if (ret)
		return ret < 0 ? -1 : 0;
	if (!len || len > 64)
		return 0;
	if (lj_rd(w, tail, (len + 3) & ~3u, addr))
		return -1;
	lj_pad(tail, len);
	w->rec.buildid.start = start;
	w->rec.buildid.pid = pid;
	w->rec.buildid.n = len;
	return LJ_EMIT(w, buildid, len);
}

#endif
