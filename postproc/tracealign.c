/* tracealign.c - which IR instruction each machine instruction was made for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Dynamic programming over (machine instruction, IR instruction, whether its
 * main instruction and its guard's jump were seen).
 */
#include <config.h>

#include <stdlib.h>

#include "mem.h"
#include "tracealign.h"
#include "tracecode.h"

#define NEVER		1e9f
#define MAXCELLS	(16u << 20)	/* 4 bytes each; beyond that, none */
#define MAXSIDES	1000	/* side traces looked at */
#define EXITS		32	/* EXITSTUBS_PER_GROUP */
#define SPACING		4	/* EXITSTUB_SPACING */
#define NOEXIT		UINT32_MAX
#define ODD		1.2f

enum { MAIN = 1, GUARD = 2, NFLAGS = 4 };
enum { RID_SUNK_LO = 0xfd, RID_SUNK_HI = 0xfe, RID_BASE = 2, RID_SP = 4 };

/* Classes of instructions that an IR instruction becomes. */
struct shape {
	uint32_t main;		/* what it is for */
	uint32_t also;		/* what may come along */
};

#define LOADS	(CODE_MOV | CODE_MOVX)
#define INTOPS	(CODE_ADD | CODE_LOGIC | CODE_SHIFT | CODE_MOV)
#define ARGS	(CODE_MOV | CODE_MOVX | CODE_ADD | CODE_LOGIC | CODE_FLOGIC | \
		 CODE_SHIFT)

static struct shape number_shape(uint8_t o)
{
	switch (o) {
	case IR_ADD: return (struct shape){ CODE_FADD, LOADS | CODE_FLOGIC };
	case IR_SUB: return (struct shape){ CODE_FSUB, LOADS | CODE_FLOGIC };
	case IR_MUL: return (struct shape){ CODE_FMUL, LOADS };
	case IR_DIV: return (struct shape){ CODE_FDIV, LOADS };
	default: return (struct shape){ CODE_FLOGIC, LOADS };
	}
}

static struct shape int_shape(uint8_t o)
{
	switch (o) {
	case IR_MUL: case IR_MULOV:
		return (struct shape){ CODE_MUL, INTOPS | CODE_CALL };
	case IR_DIV: case IR_MOD:
		return (struct shape){ CODE_DIV | CODE_CALL, INTOPS | CODE_CMP };
	default:
		return (struct shape){ CODE_ADD | CODE_LOGIC | CODE_SHIFT,
				       CODE_MOV };
	}
}

static int is_fp(uint8_t t)
{
	return t == IRT_NUM || t == IRT_FLOAT;
}

static struct shape shape_of(const struct trace_ir *ir)
{
	switch (ir->o) {
	case IR_ADD: case IR_SUB: case IR_MUL: case IR_DIV: case IR_NEG:
	case IR_ABS: case IR_ADDOV: case IR_SUBOV: case IR_MULOV:
		return is_fp(ir->t) ? number_shape(ir->o) : int_shape(ir->o);
	case IR_MOD: case IR_POW: case IR_LDEXP: case IR_ATAN2:
		return (struct shape){ CODE_CALL | CODE_DIV, ARGS | CODE_CMP };
	case IR_MIN: case IR_MAX:
		return (struct shape){ CODE_MINMAX | CODE_SET | CODE_CMP,
				       LOADS };
	case IR_FPMATH:
		return (struct shape){ CODE_FSQRT | CODE_ROUND | CODE_CALL,
				       LOADS | CODE_FLOGIC };
	case IR_BNOT: case IR_BAND: case IR_BOR: case IR_BXOR:
		return (struct shape){ CODE_LOGIC, CODE_MOV | CODE_ADD };
	case IR_BSHL: case IR_BSHR: case IR_BSAR: case IR_BROL: case IR_BROR:
	case IR_BSWAP:
		return (struct shape){ CODE_SHIFT | CODE_ADD,
				       CODE_MOV | CODE_LOGIC };
	case IR_TOBIT:
		return (struct shape){ CODE_FADD | CODE_MOVX | CODE_CVT,
				       LOADS };
	case IR_CONV:
		return (struct shape){ CODE_CVT | CODE_MOV | CODE_MOVX,
			CODE_FCMP | CODE_FLOGIC | CODE_CMP | CODE_FADD |
			CODE_ADD | CODE_LOGIC | CODE_SHIFT };
	case IR_SLOAD: case IR_ALOAD: case IR_HLOAD: case IR_ULOAD:
	case IR_FLOAD: case IR_XLOAD: case IR_VLOAD:
		if (ir->r >= RID_NONE)
			return (struct shape){ CODE_CMP, CODE_MOV | CODE_MOVX |
				CODE_SHIFT | CODE_ADD | CODE_FCMP | CODE_CVT };
		if (is_fp(ir->t))
			return (struct shape){ CODE_MOVX, CODE_CMP |
				CODE_CVT | CODE_MOV | CODE_FLOGIC |
				CODE_SHIFT };
		return (struct shape){ CODE_MOV | CODE_CVT, CODE_CMP |
			CODE_SHIFT | CODE_ADD | CODE_LOGIC | CODE_FCMP |
			CODE_MOVX | CODE_FLOGIC };
	case IR_LT: case IR_GE: case IR_LE: case IR_GT: case IR_ULT:
	case IR_UGE: case IR_ULE: case IR_UGT: case IR_EQ: case IR_NE:
	case IR_ABC:
		return (struct shape){ CODE_CMP | CODE_FCMP, LOADS |
			CODE_LOGIC | CODE_SHIFT };
	case IR_HREFK: case IR_UREFO: case IR_UREFC:
		return (struct shape){ CODE_CMP | CODE_MOV | CODE_ADD,
				       CODE_SHIFT | CODE_LOGIC };
	case IR_RETF:
		return (struct shape){ CODE_CMP, CODE_MOV | CODE_ADD };
	case IR_AREF: case IR_FREF: case IR_STRREF: case IR_LREF:
	case IR_BUFHDR: case IR_TMPREF:
		return (struct shape){ CODE_ADD | CODE_MOV,
				       CODE_SHIFT | CODE_MOVX };
	case IR_HREF:
		return (struct shape){ CODE_CMP | CODE_CALL, INTOPS | LOADS |
			CODE_FCMP | CODE_MUL | CODE_FADD | CODE_JMP };
	case IR_ASTORE: case IR_HSTORE: case IR_USTORE: case IR_FSTORE:
	case IR_XSTORE:
		return (struct shape){ LOADS, CODE_ADD | CODE_LOGIC |
			CODE_SHIFT | CODE_FLOGIC };
	case IR_TBAR:
		return (struct shape){ CODE_CMP, CODE_MOV | CODE_LOGIC };
	case IR_OBAR: case IR_NEWREF: case IR_SNEW: case IR_XSNEW:
	case IR_TNEW: case IR_TDUP: case IR_CNEW: case IR_CNEWI:
	case IR_BUFPUT: case IR_BUFSTR: case IR_TOSTR: case IR_STRTO:
	case IR_CALLN: case IR_CALLA: case IR_CALLL: case IR_CALLS:
	case IR_CALLXS: case IR_ALEN: case IR_GCSTEP:
		return (struct shape){ CODE_CALL, ARGS | CODE_CMP };
	default:
		return (struct shape){ 0, LOADS };
	}
}

/* Whether an IR instruction must have code, as a price for having none. */
static float needs_code(const struct trace_ir *ir)
{
	if (ir->o == IR__MAX || ir_info[ir->o].kind == IRK_CONST)
		return 0;
	switch (ir->o) {
	case IR_NOP: case IR_BASE: case IR_PVAL: case IR_HIOP: case IR_LOOP:
	case IR_USE: case IR_PHI: case IR_RENAME: case IR_CARG: case IR_XBAR:
		return 0;
	}
	if (ir->r == RID_SUNK_LO || ir->r == RID_SUNK_HI)
		return 0;
	if (ir->guard)
		return 1;
	if (ir_info[ir->o].kind == IRK_STORE || ir_info[ir->o].kind ==
						IRK_ALLOC)
		return 1.5f;
	if (ir->o == IR_SLOAD && ir->op2 & 1)	/* in its parent's register */
		return 0.1f;
	return ir->r < RID_NONE ? 0.8f : ir->s ? 0.3f : 0;
}

struct align {
	const struct trace *t;
	struct code_insn *in;
	size_t n;
	uint32_t first, nrefs;	/* references first .. first + nrefs - 1 */
	uint32_t *lo, *hi;	/* of each instruction */
	uint32_t *exit;		/* number of the exit jumped to, NOEXIT */
	unsigned sides;		/* side traces that were looked at */
	float *skip;		/* sum of needs_code() of refs before */
	float *cell;		/* nrefs * NFLAGS, of this and the last one */
	uint32_t *from;		/* how each cell of each was reached */
};

/* -- Exits --------------------------------------------------------------- */

/* A jump to a side trace was one to the exit it is for. */
static uint32_t side_exit(struct align *a, uint64_t target)
{
	const struct trace *t = a->t;
	const struct profile *p = tracedb_profile(t->db);

	for (size_t i = 0; i < p->ntraces; i++) {
		const struct profile_trace *s = &p->trace[i];
		uint64_t *ir, base;
		size_t n;

		if (s->r.mcode != target || s->r.vm != t->r->r.vm ||
		    s->r.nk > REF_BIAS || a->sides++ > MAXSIDES)
			continue;
		ir = profile_tsection(s, LJD_tsection_IR, 1 << 20, &n);
		base = n / 8 > REF_BIAS - s->r.nk ? ir[REF_BIAS - s->r.nk] : 0;
		free(ir);
		if ((base & 0xffff) == t->r->r.traceno)
			return base >> 16 & 0xffff;
	}
	return NOEXIT;
}

static uint32_t exit_of(struct align *a, uint64_t target)
{
	const struct trace *t = a->t;

	for (unsigned g = 0; g < 16; g++)
		if (t->stub[g] && target >= t->stub[g] &&
		    target - t->stub[g] < EXITS * SPACING)
			return g * EXITS + (target - t->stub[g]) / SPACING;
	return side_exit(a, target);
}

static int is_inside(const struct trace *t, uint64_t target)
{
	return target >= t->r->r.mcode &&
	       target - t->r->r.mcode < t->szmcode;
}

static void find_exits(struct align *a)
{
	a->exit = xcalloc(a->n, sizeof(*a->exit));
	for (size_t i = 0; i < a->n; i++) {
		a->exit[i] = NOEXIT;
		if (a->in[i].cls == CODE_JCC && !is_inside(a->t,
							   a->in[i].target))
			a->exit[i] = exit_of(a, a->in[i].target);
		if (a->exit[i] != NOEXIT && a->exit[i] >= a->t->nsnaps)
			a->exit[i] = NOEXIT;
	}
}

/* -- Bounds -------------------------------------------------------------- */

/* Where snapshots say how far the code is. */
static void bound_by_mcofs(struct align *a)
{
	const struct trace *t = a->t;

	for (size_t i = 0; i < a->n; i++)
		for (uint32_t k = 0; k < t->nsnaps; k++) {
			if (t->snap[k].mcofs == TRACE_NOMCOFS)
				return;
			if (t->snap[k].mcofs <= a->in[i].ofs) {
				if (k)
					a->lo[i] = t->snap[k].ref;
			} else {
				a->hi[i] = t->snap[k].ref;
				break;
			}
		}
}

/* An exit's guard is behind its snapshot; exits ascend. */
static void bound_by_exits(struct align *a)
{
	const struct trace *t = a->t;
	uint32_t end = a->first + a->nrefs - 1;
	uint32_t lo = a->first, hi = end, last = 0;

	for (size_t i = 0; i < a->n; i++) {
		uint32_t x = a->exit[i];

		if (x != NOEXIT && x >= last) {
			last = x;
			if (x && t->snap[x].ref > lo && t->snap[x].ref <= end)
				lo = t->snap[x].ref;
		}
		if (x != NOEXIT && a->lo[i] < lo)
			a->lo[i] = lo;
		else if (a->lo[i] < lo)
			a->lo[i] = lo;
	}
	last = UINT32_MAX;
	for (size_t i = a->n; i-- > 0;) {
		uint32_t x = a->exit[i];

		if (x != NOEXIT && x <= last) {
			last = x;
			if (x + 1 < t->nsnaps && t->snap[x + 1].ref < hi &&
			    t->snap[x + 1].ref > a->first)
				hi = t->snap[x + 1].ref - 1;
		}
		if (a->hi[i] > hi)
			a->hi[i] = hi;
	}
}

static void find_bounds(struct align *a)
{
	a->lo = xcalloc(a->n, sizeof(*a->lo));
	a->hi = xcalloc(a->n, sizeof(*a->hi));
	for (size_t i = 0; i < a->n; i++) {
		a->lo[i] = a->first;
		a->hi[i] = a->first + a->nrefs - 1;
	}
	bound_by_mcofs(a);
	bound_by_exits(a);
	for (size_t i = 0; i < a->n; i++) {
		if (a->lo[i] < a->first)
			a->lo[i] = a->first;
		if (a->hi[i] >= a->first + a->nrefs)
			a->hi[i] = a->first + a->nrefs - 1;
		if (a->lo[i] > a->hi[i]) {
			a->lo[i] = a->first;
			a->hi[i] = a->first + a->nrefs - 1;
		}
		/* bounds never go back */
		if (i && a->hi[i] < a->lo[i - 1])
			a->hi[i] = a->first + a->nrefs - 1;
	}
}

/* -- Prices -------------------------------------------------------------- */

static float jump_price(const struct align *a, size_t i, uint32_t ref,
			const struct trace_ir *ir, unsigned *flags)
{
	if (is_inside(a->t, a->in[i].target))
		return ir->o == IR_HREF || ir->o == IR_TBAR ||
		       ir->o == IR_OBAR || ir->o == IR_USTORE ||
		       ir->o == IR_GCSTEP || ir->o == IR_CONV ||
		       ir_info[ir->o].kind == IRK_ALLOC ? 0.05f : 0.8f;
	if (!ir->guard)
		return 3;
	*flags |= GUARD;
	if (a->exit[i] == NOEXIT)
		return 0;
	return a->exit[i] == trace_snap_of(a->t, ref) ? 0 : 4;
}

/* A stack slot is loaded from BASE, and spilled values from the C stack. */
static float memory_price(const struct align *a, const struct code_insn *in,
			  const struct trace_ir *ir)
{
	int64_t slot = ((int64_t)ir->op1 - 1 - a->t->gc64) * 8;

	if (in->base == RID_BASE && ir->o == IR_SLOAD)
		return in->disp - slot >= 0 && in->disp - slot < 8 ? -0.3f :
		       0.6f;
	if (in->base == RID_BASE && !in->stores &&
	    (in->cls & (CODE_MOVX | CODE_CVT)))
		return 0.2f;
	return 0;
}

static float price(const struct align *a, size_t i, uint32_t ref,
		   unsigned *flags)
{
	const struct code_insn *in = &a->in[i];
	const struct trace_ir *ir = trace_ins(a->t, ref);
	struct shape s;
	float p;

	if (ref == REF_BASE)	/* the head: sets vmstate, makes room */
		return in->cls & (CODE_JCC | CODE_CALL) ? ODD : 0.04f;
	if (ref >= a->t->nins)	/* the tail: puts slots back */
		return in->cls & (LOADS | CODE_ADD | CODE_JMP | CODE_FLOGIC |
				  CODE_LOGIC | CODE_SHIFT) ? 0.03f :
		       in->cls & CODE_JCC ? 0.3f : ODD;
	if (ir->o == IR__MAX)
		return ODD;
	if (in->cls == CODE_JCC)
		return jump_price(a, i, ref, ir, flags);
	if (ir->o == IR_LOOP || ir->o == IR_PHI)
		return in->cls & (LOADS | CODE_JMP) ? 0.06f : ODD;
	s = shape_of(ir);
	if (in->cls & s.main) {
		p = 0;
		/* a store writes memory, others write their register */
		if (ir_info[ir->o].kind == IRK_STORE && in->cls & LOADS &&
		    !(s.main & CODE_CALL))
			p = in->stores ? 0 : 0.1f;
		else if (in->cls & (CODE_CMP | CODE_FCMP | CODE_CALL))
			p = 0;
		else if (in->stores)
			p = 0.6f;
		else if (ir->r < RID_NONE && in->dst != ir->r)
			p = in->cls & LOADS ? 0.35f : 0.5f;
		else if (ir->r >= RID_NONE)
			p = ir->s ? 0.1f : 0.3f;
		if (p < 0.35f && (in->stores || ir_info[ir->o].kind !=
						IRK_STORE))
			*flags |= MAIN;
		return p + memory_price(a, in, ir);
	}
	if (in->base == RID_SP && in->cls & LOADS)
		return 0.08f;
	if (in->cls & s.also)
		return 0.06f + memory_price(a, in, ir) +
		       (in->dst >= 0 && in->dst == ir->r ? -0.03f : 0);
	if (in->cls & LOADS)
		return 0.3f;
	if (in->cls == CODE_FLOGIC || in->cls == CODE_LOGIC)
		return 0.4f;	/* a register made 0 */
	return ODD;
}

/* What it costs to leave an instruction whose code is not all there. */
static float leave(const struct align *a, uint32_t j, unsigned flags)
{
	const struct trace_ir *ir = trace_ins(a->t, a->first + j);
	float p = 0;

	if (needs_code(ir) == 0)
		return 0;
	if (!(flags & MAIN))
		p += 0.4f;
	if (ir->guard && !(flags & GUARD))
		p += 0.8f;
	return p;
}

/* -- The alignment ------------------------------------------------------- */

static void sum_skips(struct align *a)
{
	a->skip = xcalloc(a->nrefs + 1, sizeof(*a->skip));
	for (uint32_t j = 0; j < a->nrefs; j++)
		a->skip[j + 1] = a->skip[j] +
				 needs_code(trace_ins(a->t, a->first + j));
}

#define CELL(j, f)	((size_t)(j) * NFLAGS + (f))

static void put(float *cell, uint32_t *from, size_t at, float v, uint32_t how)
{
	if (v < cell[at]) {
		cell[at] = v;
		from[at] = how;
	}
}

/* One machine instruction more. */
static void advance(struct align *a, size_t i, const float *old, float *now)
{
	uint32_t *from = a->from + i * a->nrefs * NFLAGS;
	uint32_t jlo = a->lo[i] - a->first, jhi = a->hi[i] - a->first;
	float best = NEVER;	/* of leaving any before j, less skip[] */
	uint32_t bestfrom = 0;

	for (size_t c = 0; c < (size_t)a->nrefs * NFLAGS; c++)
		now[c] = NEVER;
	for (uint32_t j = 0; j <= jhi; j++) {
		unsigned flags = 0;
		float p;

		if (j >= jlo) {
			p = price(a, i, a->first + j, &flags);
			if (best < NEVER)
				put(now, from, CELL(j, flags), best +
				    a->skip[j] + p, bestfrom);
			else if (!i)
				put(now, from, CELL(j, flags), a->skip[j] + p,
				    UINT32_MAX);
			for (unsigned f = 0; f < NFLAGS; f++)
				if (old[CELL(j, f)] < NEVER)
					put(now, from, CELL(j, f | flags),
					    old[CELL(j, f)] + p +
					    (f & flags & MAIN ? 0.05f : 0),
					    CELL(j, f));
		}
		for (unsigned f = 0; f < NFLAGS; f++) {
			float v = old[CELL(j, f)];

			if (v >= NEVER)
				continue;
			v += leave(a, j, f) - a->skip[j + 1];
			if (v < best || best >= NEVER) {
				best = v;
				bestfrom = CELL(j, f);
			}
		}
	}
}

static struct align_insn *trace_back(const struct align *a, const float *last)
{
	struct align_insn *out = xcalloc(a->n, sizeof(*out));
	size_t best = 0;
	uint32_t end = a->nrefs;
	float min = NEVER;

	for (uint32_t j = 0; j < a->nrefs; j++)
		for (unsigned f = 0; f < NFLAGS; f++) {
			float v = last[CELL(j, f)];

			if (v >= NEVER)
				continue;
			v += leave(a, j, f) + a->skip[end] - a->skip[j + 1];
			if (v < min) {
				min = v;
				best = CELL(j, f);
			}
		}
	if (min >= NEVER) {
		free(out);
		return NULL;
	}
	for (size_t i = a->n; i-- > 0;) {
		uint32_t ref = a->first + best / NFLAGS;
		unsigned flags = 0;

		out[i].ofs = a->in[i].ofs;
		out[i].len = a->in[i].len;
		out[i].ref = ref;
		out[i].price = price(a, i, ref, &flags);
		best = a->from[i * a->nrefs * NFLAGS + best];
		if (best == UINT32_MAX)
			break;
	}
	return out;
}

static struct align_insn *align(struct align *a)
{
	size_t row = (size_t)a->nrefs * NFLAGS;
	struct align_insn *out;
	float *old, *now, *x;

	a->cell = xcalloc(2 * row, sizeof(*a->cell));
	a->from = xcalloc(a->n * row, sizeof(*a->from));
	old = a->cell;
	now = a->cell + row;
	for (size_t c = 0; c < row; c++)
		old[c] = NEVER;
	for (size_t i = 0; i < a->n; i++) {
		advance(a, i, old, now);
		x = old;
		old = now;
		now = x;
	}
	out = trace_back(a, old);
	free(a->cell);
	free(a->from);
	return out;
}

struct align_insn *trace_align(const struct trace *t, size_t *n)
{
	struct align a = { .t = t, .first = REF_BASE };
	struct align_insn *out = NULL;

	a.nrefs = t->nins - REF_BASE + 1;
	*n = 0;
	if (!t->szmcode)
		return NULL;
	a.in = code_disasm(t->mcode, t->szmcode, t->r->r.mcode, &a.n);
	if (a.n && a.n * a.nrefs * NFLAGS <= MAXCELLS) {
		find_exits(&a);
		find_bounds(&a);
		sum_skips(&a);
		out = align(&a);
	}
	if (out)
		*n = a.n;
	free(a.in);
	free(a.exit);
	free(a.lo);
	free(a.hi);
	free(a.skip);
	return out;
}
