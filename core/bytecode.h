/* bytecode.h - LuaJIT's bytecodes, whatever their numbers in a version.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything returned is constant. Does not print.
 */
#ifndef LJSTAP_BYTECODE_H
#define LJSTAP_BYTECODE_H

#include "ljtypes.h"

enum bc {
#define BC(name, a, mm, since)	BC_##name,
#include "bytecode.def"
	BC__MAX
};

enum bc_a { BC_A_DST, BC_A_BASE, BC_A_OTHER };

struct bc_info {
	enum bc op;
	const char *name;
	enum bc_a a;
	const char *mm;		/* "none", "call", "index", ... */
};

/* Fields of an instruction, as in lj_bc.h. */
static inline lj_u32 bc_op(lj_u32 ins) { return ins & 0xff; }
static inline lj_u32 bc_a(lj_u32 ins) { return ins >> 8 & 0xff; }
static inline lj_u32 bc_c(lj_u32 ins) { return ins >> 16 & 0xff; }
static inline lj_u32 bc_d(lj_u32 ins) { return ins >> 16; }
static inline lj_i32 bc_j(lj_u32 ins) { return (lj_i32)bc_d(ins) - 0x8000; }

#define BC_ROW(name, a, mm)	{ BC_##name, #name, BC_A_##a, #mm },
#define BC_NO_ROW(name, a, mm)
#define BC_ROWS(name, a, mm, since)	BC_##since(name, a, mm)
#define BC_COUNT(a)	((lj_u32)(sizeof(a) / sizeof((a)[0])))

/**
 * bytecode_info - what an opcode is
 * @nbc: bytecodes the VM has; tells its version
 * @op: the opcode in that VM
 *
 * Returns NULL if that VM has no such opcode.
 */
static inline const struct bc_info *bytecode_info(lj_u32 nbc, lj_u32 op)
{
#define BC_ALWAYS	BC_ROW
#define BC_SINCE21	BC_NO_ROW
#define BC_SINCE26	BC_NO_ROW
	static const struct bc_info v20[] = {
#define BC	BC_ROWS
#include "bytecode.def"
	};
#undef BC_SINCE21
#define BC_SINCE21	BC_ROW
	static const struct bc_info v21[] = {
#define BC	BC_ROWS
#include "bytecode.def"
	};
#undef BC_SINCE26
#define BC_SINCE26	BC_ROW
	static const struct bc_info v26[] = {
#define BC	BC_ROWS
#include "bytecode.def"
	};

	if (nbc >= BC_COUNT(v26))
		return op < BC_COUNT(v26) ? &v26[op] : 0;
	if (nbc >= BC_COUNT(v21))
		return op < BC_COUNT(v21) ? &v21[op] : 0;
	return op < BC_COUNT(v20) ? &v20[op] : 0;
}

#endif
