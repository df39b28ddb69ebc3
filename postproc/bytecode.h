/* bytecode.h - LuaJIT's bytecodes, whatever their numbers in a version.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything returned is constant. Does not print.
 */
#ifndef LJSTAP_BYTECODE_H
#define LJSTAP_BYTECODE_H

#include <stdint.h>

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

/**
 * bytecode_info - what an opcode is
 * @nbc: bytecodes the VM has; tells its version
 * @op: the opcode in that VM
 *
 * Returns NULL if that VM has no such opcode.
 */
const struct bc_info *bytecode_info(uint32_t nbc, uint32_t op);

/* Fields of an instruction, as in lj_bc.h. */
static inline uint32_t bc_op(uint32_t ins) { return ins & 0xff; }
static inline uint32_t bc_a(uint32_t ins) { return ins >> 8 & 0xff; }
static inline uint32_t bc_c(uint32_t ins) { return ins >> 16 & 0xff; }
static inline uint32_t bc_d(uint32_t ins) { return ins >> 16; }
static inline int32_t bc_j(uint32_t ins) { return (int32_t)bc_d(ins) - 0x8000; }

#endif
