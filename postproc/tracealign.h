/* tracealign.h - which IR instruction each machine instruction was made for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * LuaJIT's assembler makes the code of one IR instruction in one piece, in
 * the order of the IR. So this is an alignment of two sequences; what keeps
 * it straight are the exits of the guards, which tell their snapshot, and the
 * registers, which the IR still has. Does not print.
 */
#ifndef LJSTAP_TRACEALIGN_H
#define LJSTAP_TRACEALIGN_H

#include "trace.h"

struct align_insn {
	uint32_t ofs, len;	/* in the machine code */
	uint32_t ref;		/* IR reference; nins: after the last */
	float price;		/* how badly it fits; 0: well */
};

/**
 * trace_align - align machine code with IR
 * @t: the trace
 * @n: set to the number of machine instructions
 *
 * By its own exits only, or with mcofs of the snapshots where there are any.
 * Returns an array that is the caller's; NULL if there is no disassembler, or
 * no code. About 5 us an instruction.
 */
struct align_insn *trace_align(const struct trace *t, size_t *n);

#endif
