/* tracecode.h - the machine code of a trace, instruction by instruction.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one user of the disassembler library (Capstone), which ljstap may be
 * built without. Does not print.
 */
#ifndef LJSTAP_TRACECODE_H
#define LJSTAP_TRACECODE_H

#include <stddef.h>
#include <stdint.h>

/* What an instruction does; a bit each. */
enum code_class {
	CODE_MOV = 1 << 0,	/* between general registers and memory */
	CODE_MOVX = 1 << 1,	/* the same with vector registers */
	CODE_ADD = 1 << 2,	/* add, sub, lea, inc, dec */
	CODE_MUL = 1 << 3,	/* of integers */
	CODE_LOGIC = 1 << 4,	/* and, or, xor, not, neg */
	CODE_SHIFT = 1 << 5,
	CODE_CMP = 1 << 6,	/* cmp, test */
	CODE_FCMP = 1 << 7,
	CODE_FADD = 1 << 8,
	CODE_FSUB = 1 << 9,
	CODE_FMUL = 1 << 10,
	CODE_FDIV = 1 << 11,
	CODE_FSQRT = 1 << 12,
	CODE_ROUND = 1 << 13,
	CODE_MINMAX = 1 << 14,
	CODE_FLOGIC = 1 << 15,
	CODE_CVT = 1 << 16,
	CODE_CALL = 1 << 17,
	CODE_JCC = 1 << 18,
	CODE_JMP = 1 << 19,
	CODE_SET = 1 << 20,	/* setcc, cmov */
	CODE_DIV = 1 << 21,	/* of integers */
	CODE_OTHER = 1 << 22,
};

/* Registers are numbered as in IRIns.r: 0 .. 15, vector ones from 16 on. */
struct code_insn {
	uint32_t ofs;		/* from the start of the code */
	uint32_t len;
	uint32_t cls;		/* enum code_class */
	int dst;		/* register written, -1: none */
	int base;		/* of its memory operand, -1: none */
	int64_t disp;
	int stores;		/* the memory operand is written */
	uint64_t target;	/* of a jump or call; 0: none */
};

/**
 * code_disasm - the instructions of a piece of code
 * @p: the code
 * @size: bytes of it
 * @addr: where it was
 * @n: set to how many
 *
 * Up to the first one that is none. The array is the caller's; NULL if there
 * are none, or no disassembler. 1 us an instruction.
 */
struct code_insn *code_disasm(const unsigned char *p, size_t size,
			      uint64_t addr, size_t *n);

#endif
