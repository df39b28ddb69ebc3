/* lj_debug.h - what a proto's debug information tells: names and lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Follows lj_debug.c, so that names are those of debug.getinfo(). Of live
 * memory, or of what a dump has of it. The includer first defines
 *
 *   LJ_CODE_RD(c, section, ofs, dst, n)  copy n bytes, 1 to 4, at ofs of a
 *                                        section of the proto, ENUM section;
 *                                        0, or -1: it has no such bytes
 *   LJ_CODE_KNAME(c, idx)                the string constant idx into
 *                                        c->name, at most LJ_CALLNAME bytes
 *                                        with the 0 behind; 0, or -1
 *
 * and has strcmp().
 */
#ifndef LJSTAP_LJ_DEBUG_H
#define LJSTAP_LJ_DEBUG_H

#include "bytecode.h"
#include "dump.h"

#define LJ_CALLNAME	256	/* bytes of a name, with the 0 behind */

/* struct lj_code - a proto that is read */
struct lj_code {
	const void *of;		/* the includer's */
	lj_u32 nbc;		/* bytecodes that the VM has */
	lj_u64 *budget;		/* steps that may still be spent, so that no
				 * input costs hours */
	char *name;		/* LJ_CALLNAME bytes */
};

static inline int lj_code_spend(const struct lj_code *c)
{
	if (!*c->budget)
		return -1;
	--*c->budget;
	return 0;
}

static inline int lj_code_byte(const struct lj_code *c, lj_u32 section,
			       lj_u64 ofs)
{
	unsigned char b;

	if (lj_code_spend(c) || LJ_CODE_RD(c, section, ofs, &b, 1))
		return -1;
	return b;
}

/* lj_code_str - copy a zero terminated string; -1: not there, or empty */
static inline int lj_code_str(const struct lj_code *c, lj_u32 section,
			      lj_u64 ofs)
{
	lj_u32 n = 0;
	int b;

	while ((b = lj_code_byte(c, section, ofs + n)) > 0 &&
	       n < LJ_CALLNAME - 1)
		c->name[n++] = (char)b;
	c->name[n] = 0;
	return n && b >= 0 ? 0 : -1;
}

/* lj_code_is - the name is this text */
static inline int lj_code_is(const struct lj_code *c, const char *text,
			     const char *more)
{
	lj_u32 n = 0;

	while (*text)
		c->name[n++] = *text++;
	while (*more)
		c->name[n++] = *more++;
	c->name[n] = 0;
	return 0;
}

static inline int lj_code_ins(const struct lj_code *c, lj_u32 pos, lj_u32 *ins)
{
	if (lj_code_spend(c))
		return -1;
	return LJ_CODE_RD(c, LJD_section_BC, (lj_u64)pos * 4, ins, 4);
}

static inline int lj_code_uvname(const struct lj_code *c, lj_u32 idx)
{
	lj_u64 ofs = 0;
	int b;

	while (idx) {
		b = lj_code_byte(c, LJD_section_UVNAME, ofs++);
		if (b < 0)
			return -1;
		if (!b)
			idx--;
	}
	return lj_code_str(c, LJD_section_UVNAME, ofs);
}

/* -- varinfo: see debug_varname() --------------------------------------- */

#define LJ_VARNAME_MAX	7	/* below: end, and six fixed names */

static inline int lj_code_uleb128(const struct lj_code *c, lj_u64 *ofs,
				  lj_u32 *v)
{
	lj_u32 shift;
	int b;

	*v = 0;
	for (shift = 0; shift < 32; shift += 7) {
		b = lj_code_byte(c, LJD_section_VARINFO, (*ofs)++);
		if (b < 0)
			return -1;
		*v |= (lj_u32)(b & 0x7f) << shift;
		if (b < 0x80)
			return 0;
	}
	return -1;
}

static inline int lj_code_varname(const struct lj_code *c, lj_u32 pc,
				  lj_u32 slot)
{
	static const char *const fixed[LJ_VARNAME_MAX] = {
		"", "(for index)", "(for limit)", "(for step)",
		"(for generator)", "(for state)", "(for control)",
	};
	lj_u32 start = 0, length, delta;
	lj_u64 ofs = 0, name;
	int vn, b;

	for (;;) {
		name = ofs;
		b = vn = lj_code_byte(c, LJD_section_VARINFO, ofs++);
		if (vn <= 0)
			return -1;
		while (vn >= LJ_VARNAME_MAX && b > 0)
			b = lj_code_byte(c, LJD_section_VARINFO, ofs++);
		if (b < 0 || lj_code_uleb128(c, &ofs, &delta))
			return -1;
		start += delta;
		if (start > pc || lj_code_uleb128(c, &ofs, &length))
			return -1;
		if (pc - start < length && slot-- == 0)
			break;
	}
	if (vn < LJ_VARNAME_MAX)
		return lj_code_is(c, fixed[vn], "");
	return lj_code_str(c, LJD_section_VARINFO, name);
}

/* -- What wrote a slot: see lj_debug_slotname() ------------------------- */

static inline int lj_code_written(const struct lj_code *c,
				  const struct bc_info *bc, lj_u32 ins)
{
	switch (bc->op) {
	case BC_GGET:
		return LJ_CODE_KNAME(c, bc_d(ins));
	case BC_TGETS:
		return LJ_CODE_KNAME(c, bc_c(ins));
	case BC_UGET:
		return lj_code_uvname(c, bc_d(ins));
	default:
		return -1;
	}
}

static inline int lj_code_slotname(const struct lj_code *c, lj_u32 pos,
				   lj_u32 slot)
{
	const struct bc_info *bc;
	lj_u32 ins;

	if (!lj_code_varname(c, pos, slot))
		return 0;
	while (pos-- > 1) {
		if (lj_code_ins(c, pos, &ins))
			return -1;
		bc = bytecode_info(c->nbc, bc_op(ins));
		if (!bc)
			return -1;
		if (bc->a == BC_A_BASE && slot >= bc_a(ins) &&
		    (bc->op != BC_KNIL || slot <= bc_d(ins)))
			return -1;
		if (bc->a != BC_A_DST || bc_a(ins) != slot)
			continue;
		if (bc->op != BC_MOV)
			return lj_code_written(c, bc, ins);
		slot = bc_d(ins);
		if (!lj_code_varname(c, pos, slot))
			return 0;
	}
	return -1;
}

/* lj_code_callee - the name of what is called at a place, into c->name
 * @pos: bytecode index of the call, or of what called a metamethod
 *
 * 0; -1: it has none. See lj_debug_funcname().
 */
static inline int lj_code_callee(const struct lj_code *c, lj_u32 pos)
{
	const struct bc_info *bc;
	lj_u32 ins;

	if (pos == LJD_NOPOS || lj_code_ins(c, pos, &ins))
		return -1;
	bc = bytecode_info(c->nbc, bc_op(ins));
	if (!bc || !strcmp(bc->mm, "none"))
		return -1;
	if (bc->op == BC_ITERC || bc->op == BC_ITERN)
		return lj_code_is(c, "for iterator", "");
	if (!strcmp(bc->mm, "call"))
		return lj_code_slotname(c, pos, bc_a(ins));
	return lj_code_is(c, "__", bc->mm);
}

/* lj_code_line - the line of an instruction, -1: it is not known
 * @first, @num: the proto's firstline and numline
 *
 * See lj_debug_line().
 */
static inline lj_i32 lj_code_line(const struct lj_code *c, lj_u32 first,
				  lj_u32 num, lj_u32 pos)
{
	lj_u32 size = num < 256 ? 1 : num < 65536 ? 2 : 4;
	lj_u32 line = 0;	/* little-endian, as what is read */

	if (!pos)
		return (lj_i32)first;
	if (pos == LJD_NOPOS ||
	    LJ_CODE_RD(c, LJD_section_LINE, (pos - 1ull) * size, &line, size))
		return -1;
	return (lj_i32)(first + line);
}

#endif
