/* luaname.c - what the code of a caller calls the function it calls.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names here are those of lj_debug.c, so that the two can be compared.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "bytecode.h"
#include "luaname.h"

struct code {
	const struct profile_proto *pt;
	uint32_t nbc;
	uint64_t *budget;
	char *name;
};

static int spend(const struct code *c)
{
	if (!*c->budget)
		return -1;
	--*c->budget;
	return 0;
}

static int getbyte(const struct code *c, unsigned section, uint64_t ofs)
{
	unsigned char b;

	if (spend(c) || profile_section(c->pt, section, ofs, &b, 1))
		return -1;
	return b;
}

/* Copy a zero terminated string; -1 if it is not there or empty. */
static int getstr(const struct code *c, unsigned section, uint64_t ofs)
{
	size_t n = 0;
	int b;

	while ((b = getbyte(c, section, ofs + n)) > 0 && n < LUANAME_MAX - 1)
		c->name[n++] = b;
	c->name[n] = 0;
	return n && b >= 0 ? 0 : -1;
}

static int fetch(const struct code *c, uint32_t pos, uint32_t *ins)
{
	if (spend(c))
		return -1;
	return profile_section(c->pt, LJD_section_BC, (uint64_t)pos * 4,
			       ins, 4);
}

/* The string constant an operand means. */
static int kname(const struct code *c, uint32_t idx)
{
	uint32_t entry[2];	/* index, length */
	uint64_t ofs = 0;

	while (!spend(c) && !profile_section(c->pt, LJD_section_KNAME, ofs,
					     entry, sizeof(entry))) {
		uint32_t n = entry[1];

		ofs += sizeof(entry);
		if (entry[0] == idx) {
			if (n > LUANAME_MAX - 1)
				n = LUANAME_MAX - 1;
			c->name[n] = 0;
			return !n || profile_section(c->pt, LJD_section_KNAME,
						     ofs, c->name, n) ? -1 : 0;
		}
		ofs += ((uint64_t)n + 7) & ~7ull;
	}
	return -1;
}

static int uvname(const struct code *c, uint32_t idx)
{
	uint64_t ofs = 0;
	int b;

	while (idx) {
		b = getbyte(c, LJD_section_UVNAME, ofs++);
		if (b < 0)
			return -1;
		if (!b)
			idx--;
	}
	return getstr(c, LJD_section_UVNAME, ofs);
}

/* -- varinfo: see debug_varname() --------------------------------------- */

#define VARNAME_MAX	7	/* below: end, and six fixed names */

static int uleb128(const struct code *c, uint64_t *ofs, uint32_t *v)
{
	int b;

	*v = 0;
	for (unsigned shift = 0; shift < 32; shift += 7) {
		b = getbyte(c, LJD_section_VARINFO, (*ofs)++);
		if (b < 0)
			return -1;
		*v |= (uint32_t)(b & 0x7f) << shift;
		if (b < 0x80)
			return 0;
	}
	return -1;
}

static int fixed_varname(const struct code *c, int vn)
{
	static const char *const fixed[VARNAME_MAX] = {
		"", "(for index)", "(for limit)", "(for step)",
		"(for generator)", "(for state)", "(for control)",
	};

	strcpy(c->name, fixed[vn]);
	return 0;
}

static int varname(const struct code *c, uint32_t pc, uint32_t slot)
{
	uint32_t start = 0, length, delta;
	uint64_t ofs = 0, name;
	int vn, b;

	for (;;) {
		name = ofs;
		b = vn = getbyte(c, LJD_section_VARINFO, ofs++);
		if (vn <= 0)
			return -1;
		while (vn >= VARNAME_MAX && b > 0)
			b = getbyte(c, LJD_section_VARINFO, ofs++);
		if (b < 0 || uleb128(c, &ofs, &delta))
			return -1;
		start += delta;
		if (start > pc || uleb128(c, &ofs, &length))
			return -1;
		if (pc - start < length && slot-- == 0)
			break;
	}
	if (vn < VARNAME_MAX)
		return fixed_varname(c, vn);
	return getstr(c, LJD_section_VARINFO, name);
}

/* -- What wrote a slot: see lj_debug_slotname() ------------------------- */

static int written_by(const struct code *c, const struct bc_info *bc,
		      uint32_t ins)
{
	switch (bc->op) {
	case BC_GGET:
		return kname(c, bc_d(ins));
	case BC_TGETS:
		return kname(c, bc_c(ins));
	case BC_UGET:
		return uvname(c, bc_d(ins));
	default:
		return -1;
	}
}

static int slotname(const struct code *c, uint32_t pos, uint32_t slot)
{
	const struct bc_info *bc;
	uint32_t ins;

	if (!varname(c, pos, slot))
		return 0;
	while (pos-- > 1) {
		if (fetch(c, pos, &ins))
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
			return written_by(c, bc, ins);
		slot = bc_d(ins);
		if (!varname(c, pos, slot))
			return 0;
	}
	return -1;
}

int luaname_call(const struct profile *p, const struct profile_proto *pt,
		 uint32_t pos, uint64_t *budget, char *name)
{
	const struct profile_vm *vm = profile_vm(p, pt->r.vm);
	struct code c = { pt, vm ? vm->r.nbc : 97, budget, name };
	const struct bc_info *bc;
	uint32_t ins;

	if (pos == LJD_NOPOS || fetch(&c, pos, &ins))
		return -1;
	bc = bytecode_info(c.nbc, bc_op(ins));
	if (!bc || !strcmp(bc->mm, "none"))
		return -1;
	if (bc->op == BC_ITERC || bc->op == BC_ITERN) {
		strcpy(name, "for iterator");
		return 0;
	}
	if (!strcmp(bc->mm, "call"))
		return slotname(&c, pos, bc_a(ins));
	snprintf(name, LUANAME_MAX, "__%s", bc->mm);
	return 0;
}
