/* tracecode.c - the machine code of a trace, instruction by instruction.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "mem.h"
#include "tracecode.h"

#ifdef HAVE_CAPSTONE
#include <capstone/capstone.h>

/* x86 instructions that LuaJIT's assembler makes (lj_target_x86.h). */
static uint32_t class_of(unsigned id)
{
	switch (id) {
	case X86_INS_MOV: case X86_INS_MOVABS: case X86_INS_MOVZX:
	case X86_INS_MOVSX: case X86_INS_MOVSXD: case X86_INS_PUSH:
	case X86_INS_POP: case X86_INS_XCHG:
		return CODE_MOV;
	case X86_INS_MOVSD: case X86_INS_MOVSS: case X86_INS_MOVAPS:
	case X86_INS_MOVAPD: case X86_INS_MOVUPS: case X86_INS_MOVD:
	case X86_INS_MOVQ: case X86_INS_MOVLPD: case X86_INS_UNPCKLPS:
		return CODE_MOVX;
	case X86_INS_ADD: case X86_INS_SUB: case X86_INS_LEA:
	case X86_INS_INC: case X86_INS_DEC: case X86_INS_SBB:
	case X86_INS_ADC:
		return CODE_ADD;
	case X86_INS_IMUL: case X86_INS_MUL:
		return CODE_MUL;
	case X86_INS_DIV: case X86_INS_IDIV: case X86_INS_CDQ:
	case X86_INS_CQO:
		return CODE_DIV;
	case X86_INS_AND: case X86_INS_OR: case X86_INS_XOR:
	case X86_INS_NOT: case X86_INS_NEG:
		return CODE_LOGIC;
	case X86_INS_SHL: case X86_INS_SHR: case X86_INS_SAR:
	case X86_INS_ROL: case X86_INS_ROR: case X86_INS_RORX:
	case X86_INS_SHLX: case X86_INS_SHRX: case X86_INS_SARX:
	case X86_INS_BSWAP: case X86_INS_SAL:
		return CODE_SHIFT;
	case X86_INS_CMP: case X86_INS_TEST:
		return CODE_CMP;
	case X86_INS_UCOMISD: case X86_INS_UCOMISS: case X86_INS_COMISD:
		return CODE_FCMP;
	case X86_INS_ADDSD: case X86_INS_ADDSS: return CODE_FADD;
	case X86_INS_SUBSD: case X86_INS_SUBSS: return CODE_FSUB;
	case X86_INS_MULSD: case X86_INS_MULSS: return CODE_FMUL;
	case X86_INS_DIVSD: case X86_INS_DIVSS: return CODE_FDIV;
	case X86_INS_SQRTSD: return CODE_FSQRT;
	case X86_INS_ROUNDSD: return CODE_ROUND;
	case X86_INS_MINSD: case X86_INS_MAXSD: return CODE_MINMAX;
	case X86_INS_XORPS: case X86_INS_XORPD: case X86_INS_ANDPS:
	case X86_INS_ANDPD: case X86_INS_ANDNPS: case X86_INS_ANDNPD:
	case X86_INS_ORPS: case X86_INS_ORPD:
		return CODE_FLOGIC;
	case X86_INS_CVTSI2SD: case X86_INS_CVTTSD2SI: case X86_INS_CVTSD2SI:
	case X86_INS_CVTSS2SD: case X86_INS_CVTSD2SS: case X86_INS_CVTSI2SS:
	case X86_INS_CVTTSS2SI:
		return CODE_CVT;
	case X86_INS_CALL: return CODE_CALL;
	case X86_INS_JMP: return CODE_JMP;
	default: return CODE_OTHER;
	}
}

static int reg_of(x86_reg reg)
{
	static const struct { x86_reg r64, r32, r16, r8; } gpr[16] = {
#define R(a)	X86_REG_##a
		{ R(RAX), R(EAX), R(AX), R(AL) },
		{ R(RCX), R(ECX), R(CX), R(CL) },
		{ R(RDX), R(EDX), R(DX), R(DL) },
		{ R(RBX), R(EBX), R(BX), R(BL) },
		{ R(RSP), R(ESP), R(SP), R(SPL) },
		{ R(RBP), R(EBP), R(BP), R(BPL) },
		{ R(RSI), R(ESI), R(SI), R(SIL) },
		{ R(RDI), R(EDI), R(DI), R(DIL) },
		{ R(R8), R(R8D), R(R8W), R(R8B) },
		{ R(R9), R(R9D), R(R9W), R(R9B) },
		{ R(R10), R(R10D), R(R10W), R(R10B) },
		{ R(R11), R(R11D), R(R11W), R(R11B) },
		{ R(R12), R(R12D), R(R12W), R(R12B) },
		{ R(R13), R(R13D), R(R13W), R(R13B) },
		{ R(R14), R(R14D), R(R14W), R(R14B) },
		{ R(R15), R(R15D), R(R15W), R(R15B) },
#undef R
	};

	if (reg >= X86_REG_XMM0 && reg <= X86_REG_XMM15)
		return 16 + (int)(reg - X86_REG_XMM0);
	for (int i = 0; i < 16; i++)
		if (reg != X86_REG_INVALID &&
		    (reg == gpr[i].r64 || reg == gpr[i].r32 ||
		     reg == gpr[i].r16 || reg == gpr[i].r8))
			return i;
	return -1;
}

static void operands(struct code_insn *out, const cs_x86 *x)
{
	for (int i = 0; i < x->op_count; i++) {
		const cs_x86_op *op = &x->operands[i];

		if (op->type == X86_OP_REG && !i &&
		    !(out->cls & (CODE_CMP | CODE_FCMP)))
			out->dst = reg_of(op->reg);
		if (op->type == X86_OP_MEM) {
			out->base = reg_of(op->mem.base);
			out->disp = op->mem.disp;
			out->stores = !i && !(out->cls & CODE_CMP) &&
				      out->cls != CODE_FCMP;
		}
		if (op->type == X86_OP_IMM &&
		    out->cls & (CODE_JCC | CODE_JMP | CODE_CALL))
			out->target = op->imm;
	}
}

static struct code_insn decode(csh cs, const cs_insn *in, uint64_t addr)
{
	struct code_insn out = { .ofs = in->address - addr, .len = in->size,
				 .dst = -1, .base = -1 };

	out.cls = class_of(in->id);
	if (out.cls == CODE_OTHER && cs_insn_group(cs, in, CS_GRP_JUMP))
		out.cls = CODE_JCC;
	else if (out.cls == CODE_OTHER &&
		 (in->mnemonic[0] == 's' || in->mnemonic[0] == 'c'))
		out.cls = CODE_SET;
	operands(&out, &in->detail->x86);
	return out;
}

struct code_insn *code_disasm(const unsigned char *p, size_t size,
			      uint64_t addr, size_t *n)
{
	struct code_insn *all = NULL;
	uint64_t at = addr;
	size_t max = 0;
	cs_insn *in;
	csh cs;

	*n = 0;
	if (cs_open(CS_ARCH_X86, CS_MODE_64, &cs))
		return NULL;
	cs_option(cs, CS_OPT_DETAIL, CS_OPT_ON);
	in = cs_malloc(cs);
	while (in && size && cs_disasm_iter(cs, &p, &size, &at, in)) {
		all = xgrow(all, *n, &max, sizeof(*all));
		all[(*n)++] = decode(cs, in, addr);
	}
	if (in)
		cs_free(in, 1);
	cs_close(&cs);
	return all;
}

#else

struct code_insn *code_disasm(const unsigned char *p, size_t size,
			      uint64_t addr, size_t *n)
{
	(void)p;
	(void)size;
	(void)addr;
	*n = 0;
	return NULL;
}

#endif
