/* tracefit.c - how well an IR instruction fits a bytecode.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "tracefit.h"

#define HARDLY	1.5
#define WRONG	3.0

/* What bytecodes are for. */
enum family {
	F_OTHER, F_ORDER, F_EQUAL, F_TEST, F_MOVE, F_ARITH, F_POW, F_UNM,
	F_LEN, F_CAT, F_UGET, F_USET, F_TNEW, F_TDUP, F_GGET, F_GSET, F_TGETS,
	F_TGET, F_TSETS, F_TSET, F_CALL, F_ITERN, F_VARG, F_RET, F_FOR, F_BIT,
	F_FUNC, F__MAX
};

static enum family family(enum bc op)
{
	switch (op) {
	case BC_ISLT: case BC_ISGE: case BC_ISLE: case BC_ISGT:
		return F_ORDER;
	case BC_ISEQV: case BC_ISNEV: case BC_ISEQS: case BC_ISNES:
	case BC_ISEQN: case BC_ISNEN: case BC_ISEQP: case BC_ISNEP:
		return F_EQUAL;
	case BC_ISTC: case BC_ISFC: case BC_IST: case BC_ISF:
	case BC_ISTYPE: case BC_ISNUM:
		return F_TEST;
	case BC_MOV: case BC_NOT: case BC_KSTR: case BC_KCDATA:
	case BC_KSHORT: case BC_KNUM: case BC_KPRI: case BC_KNIL:
		return F_MOVE;
	case BC_ADDVN: case BC_SUBVN: case BC_MULVN: case BC_DIVVN:
	case BC_MODVN: case BC_ADDNV: case BC_SUBNV: case BC_MULNV:
	case BC_DIVNV: case BC_MODNV: case BC_ADDVV: case BC_SUBVV:
	case BC_MULVV: case BC_DIVVV: case BC_MODVV:
		return F_ARITH;
	case BC_POW: return F_POW;
	case BC_UNM: return F_UNM;
	case BC_LEN: return F_LEN;
	case BC_CAT: return F_CAT;
	case BC_UGET: return F_UGET;
	case BC_USETV: case BC_USETS: case BC_USETN: case BC_USETP:
		return F_USET;
	case BC_TNEW: return F_TNEW;
	case BC_TDUP: return F_TDUP;
	case BC_GGET: return F_GGET;
	case BC_GSET: return F_GSET;
	case BC_TGETS: return F_TGETS;
	case BC_TGETV: case BC_TGETB: case BC_TGETR: return F_TGET;
	case BC_TSETS: return F_TSETS;
	case BC_TSETV: case BC_TSETB: case BC_TSETR: case BC_TSETM:
		return F_TSET;
	case BC_CALLM: case BC_CALL: case BC_CALLMT: case BC_CALLT:
	case BC_ITERC:
		return F_CALL;
	case BC_ITERN: case BC_ISNEXT: return F_ITERN;
	case BC_VARG: return F_VARG;
	case BC_RETM: case BC_RET: case BC_RET0: case BC_RET1: return F_RET;
	case BC_FORI: case BC_JFORI: case BC_FORL: case BC_IFORL:
	case BC_JFORL:
		return F_FOR;
	case BC_BNOT: case BC_BAND: case BC_BOR: case BC_BXOR: case BC_BSHL:
	case BC_BSHR: case BC_BSAR:
		return F_BIT;
	case BC_FUNCF: case BC_IFUNCF: case BC_JFUNCF: case BC_FUNCV:
	case BC_IFUNCV: case BC_JFUNCV:
		return F_FUNC;
	default:
		return F_OTHER;
	}
}

static int is_table(enum family f)
{
	return f >= F_GGET && f <= F_TSET;
}

static int is_store(enum family f)
{
	return f == F_GSET || f == F_TSETS || f == F_TSET;
}

static int is_named(enum family f)
{
	return f == F_GGET || f == F_GSET || f == F_TGETS || f == F_TSETS;
}

/* -- Operands ------------------------------------------------------------ */

/* Whether a bytecode reads a slot of its frame. */
static int reads(enum bc op, uint32_t ins, uint32_t slot, uint32_t fr2)
{
	uint32_t a = bc_a(ins), b = ins >> 24, c = bc_c(ins), d = bc_d(ins);

	switch (op) {
	case BC_ISLT: case BC_ISGE: case BC_ISLE: case BC_ISGT:
	case BC_ISEQV: case BC_ISNEV:
		return slot == a || slot == d;
	case BC_ISEQS: case BC_ISNES: case BC_ISEQN: case BC_ISNEN:
	case BC_ISEQP: case BC_ISNEP: case BC_ISTYPE: case BC_ISNUM:
	case BC_GSET:
		return slot == a;
	case BC_ISTC: case BC_ISFC: case BC_IST: case BC_ISF: case BC_MOV:
	case BC_NOT: case BC_UNM: case BC_LEN: case BC_USETV: case BC_BNOT:
		return slot == d;
	case BC_ADDVN: case BC_SUBVN: case BC_MULVN: case BC_DIVVN:
	case BC_MODVN: case BC_ADDNV: case BC_SUBNV: case BC_MULNV:
	case BC_DIVNV: case BC_MODNV: case BC_TGETS: case BC_TGETB:
		return slot == b;
	case BC_ADDVV: case BC_SUBVV: case BC_MULVV: case BC_DIVVV:
	case BC_MODVV: case BC_POW: case BC_TGETV: case BC_TGETR:
	case BC_BAND: case BC_BOR: case BC_BXOR: case BC_BSHL: case BC_BSHR:
	case BC_BSAR:
		return slot == b || slot == c;
	case BC_TSETV: case BC_TSETR:
		return slot == a || slot == b || slot == c;
	case BC_TSETS: case BC_TSETB:
		return slot == a || slot == b;
	case BC_TSETM:
		return slot + 1 >= a;
	case BC_CAT:
		return slot >= b && slot <= c;
	case BC_CALL: case BC_CALLM:
		return slot >= a && slot <= a + c + fr2;
	case BC_CALLT: case BC_CALLMT:
		return slot >= a && slot <= a + d + fr2;
	case BC_ITERC: case BC_ITERN: case BC_ISNEXT:
		return slot + 3 >= a && slot < a;
	case BC_ITERL: case BC_IITERL: case BC_JITERL:
		return slot == a;
	case BC_RET: case BC_RETM: case BC_RET1:
		return slot >= a && slot + 1 < a + d + (op == BC_RETM);
	case BC_FORI: case BC_JFORI: case BC_FORL: case BC_IFORL:
	case BC_JFORL:
		return slot >= a && slot <= a + 2;
	default:
		return 0;
	}
}

static const char *kname(const struct trace_proto *tp, uint32_t index,
			 uint32_t *n)
{
	for (uint32_t i = 0; i < tp->nknames; i++)
		if (tp->kname[i].index == index) {
			*n = tp->kname[i].n;
			return tp->kname[i].s;
		}
	return NULL;
}

static int same_name(const struct fit_at *at, const struct trace_obj *key)
{
	uint32_t n = 0, index = at->bc->op == BC_GGET || at->bc->op == BC_GSET ?
				bc_d(at->ins) : bc_c(at->ins);
	const char *s = kname(at->tp, index, &n);

	return s && n == key->n && !memcmp(s, key->p, n);
}

static int is_k(const struct trace_ir *ir)
{
	return ir_info[ir->o].kind == IRK_CONST;
}

/* The number a constant is; 0: none. */
static int number(const struct trace *t, uint32_t ref, double *v)
{
	const struct trace_ir *ir = trace_ins(t, ref);
	uint64_t u;

	if (ir->o == IR_KINT) {
		*v = (int32_t)(ir->op1 | (uint32_t)ir->op2 << 16);
		return 1;
	}
	if (ir->o != IR_KNUM)
		return 0;
	u = trace_k64(t, ref);
	memcpy(v, &u, sizeof(*v));
	return 1;
}

/* A number constant of a prototype; integers only where LuaJIT is so built. */
static int kn(const struct trace_proto *tp, uint32_t i, double *v)
{
	if (i >= tp->nkn)
		return 0;
	if (tp->kn[i] >> 47 == 0x1fff2)
		*v = (int32_t)tp->kn[i];
	else
		memcpy(v, &tp->kn[i], sizeof(*v));
	return 1;
}

/* Extra price of arithmetic with another number than the bytecode's. */
static double other_number(const struct fit_at *at, const struct trace_ir *ir)
{
	enum bc op = at->bc->op;
	double want, is;

	if (op < BC_ADDVN || op > BC_MODNV ||
	    !kn(at->tp, bc_c(at->ins), &want))
		return 0;
	if (!number(at->t, ir->op2, &is) && !number(at->t, ir->op1, &is))
		return ir->op1 == ir->op2 && want == 2 ? 0 : 0.5;
	if (is == want || is == -want || is * want == 1 || is == want - 1)
		return 0;
	return 0.6;
}

/* -- Prices -------------------------------------------------------------- */

/* What a bytecode's own arithmetic may have become. */
static double arith(const struct fit_at *at, const struct trace_ir *ir)
{
	/* By ADD, SUB, MUL, DIV, MOD: of VN, NV and VV alike. */
	static const struct {
		uint8_t main[3];
		uint8_t also[5];
	} row[] = {
		{ { IR_ADD, IR_ADDOV, IR_ADD }, { IR_SUB } },
		{ { IR_SUB, IR_SUBOV, IR_ADD }, { IR_NEG } },
		{ { IR_MUL, IR_MULOV, IR_MUL }, { IR_ADD, IR_BSHL, IR_NEG } },
		{ { IR_DIV, IR_DIV, IR_MUL }, { 0 } },
		{ { IR_MOD, IR_SUB, IR_BAND },
		  { IR_DIV, IR_FPMATH, IR_MUL, IR_CALLN } },
	};
	unsigned kind = (at->bc->op - BC_ADDVN) % 5;

	for (int i = 0; i < 3; i++)
		if (row[kind].main[i] == ir->o)
			return (i == 2 && row[kind].main[0] != ir->o ? 0.08 :
				0) + other_number(at, ir);
	for (int i = 0; i < 5; i++)
		if (row[kind].also[i] && row[kind].also[i] == ir->o)
			return 0.15 + (kind == 4 ? -0.1 : 0.2);
	return -1;
}

static struct fit price(double p)
{
	return (struct fit){ p, 0, 0 };
}

static struct fit main_price(double p)
{
	return (struct fit){ p, 1, 0 };
}

/* Inside a call of a fast function, the recorder may make anything. */
static double in_call(const struct fit_at *at, double p)
{
	return at->in_lua ? p + 1 : p;
}

/* Addresses: of an upvalue in a stack, and through FFI. */
static struct fit fit_address(const struct fit_at *at, enum family f,
			      const struct trace_ir *ir)
{
	if (trace_ins(at->t, ir->op1)->o == IR_UREFO)
		return price(f == F_UGET || f == F_USET ? 0 : HARDLY);
	if (f == F_CALL)
		return price(in_call(at, 0.02));
	return price(f == F_TGET || f == F_TSET || f == F_TGETS ||
		     f == F_TSETS ? 0.03 : f == F_ARITH ? 0.05 : HARDLY);
}

static struct fit fit_arith(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	double p;

	if (ir->t == IRT_P32 || ir->t == IRT_P64 || ir->t == IRT_I64 ||
	    ir->t == IRT_U64)
		return fit_address(at, f, ir);
	if (f == F_ARITH) {
		p = arith(at, ir);
		if (p >= 0)
			return main_price(ir->t == IRT_NUM ? p : p + 0.1);
		return price(0.7);
	}
	if (f == F_FOR)
		return ir->o == IR_ADD || ir->o == IR_SUB || ir->o == IR_ADDOV ?
		       main_price(ir->o == IR_SUB ? 0.2 : 0) : price(0.6);
	if (f == F_POW)
		return main_price(ir->o == IR_POW || ir->o == IR_MUL ? 0 :
				  0.3);
	if (f == F_UNM)
		return ir->o == IR_NEG || ir->o == IR_SUB ? main_price(0) :
		       price(HARDLY);
	if (f == F_BIT)
		return main_price(0.05);
	if (f == F_CALL)
		return price(in_call(at, ir->o == IR_DIV || ir->o == IR_MUL ?
				     0.25 : 0.1));
	if (f == F_ITERN)
		return price(0.1);
	/* narrowing of an index: only now is it known to be an integer */
	if ((f == F_TGET || f == F_TSET) && ir->t != IRT_NUM)
		return price(0.12);
	if (f == F_LEN || f == F_CAT || is_table(f))
		return price(ir->t == IRT_NUM ? HARDLY : 0.5);
	return price(HARDLY);
}

static int is_meta(const struct trace_obj *key)
{
	return key->n > 2 && !memcmp(key->p, "__", 2);
}

/* Loads and stores of hash slots: names tell most. */
static struct fit fit_hash(const struct fit_at *at, enum family f,
			   uint32_t ref, const struct trace_ir *ir)
{
	const struct trace_obj *key = trace_key(at->t, ref);
	int main = ir->o == IR_HLOAD ? !is_store(f) : ir->o == IR_HSTORE;

	if (is_named(f) && key) {
		if (same_name(at, key)) {
			if (ir->o == IR_HSTORE && !is_store(f))
				return price(WRONG);
			return main ? main_price(0) : price(0);
		}
		return price(is_meta(key) ? 0.06 :
			     WRONG);
	}
	if (is_table(f)) {
		if (ir->o == IR_HSTORE || ir->o == IR_NEWREF)
			return is_store(f) ? main_price(0.03) : price(WRONG);
		if (key)
			return price(0.3);
		return main ? main_price(0.03) : price(0.03);
	}
	if (f == F_CALL)
		return price(in_call(at, key && !is_meta(key) ? 0.6 :
				     0.15));
	if (key && is_meta(key))
		return price(f == F_RET || f == F_MOVE ? HARDLY : 0.15);
	return price(f == F_ITERN ? 0.1 : HARDLY);
}

static struct fit fit_array(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	int load = ir->o == IR_ALOAD, store = ir->o == IR_ASTORE;

	if (f == F_TGET)
		return store ? price(WRONG) : load ? main_price(0) : price(0);
	if (f == F_TSET)	/* what it replaces is looked at first */
		return store ? main_price(0) : price(0.02);
	if (f == F_CALL || f == F_ITERN)
		return price(in_call(at, 0.1));
	if (f == F_FOR && ir->o == IR_ABC)
		return price(0);
	return price(is_table(f) ? 2 : HARDLY);
}

/* The slot of the function of a frame, counted from its base. */
static int is_func_slot(const struct fit_at *at, uint32_t slot)
{
	return at->base && slot + 1 + at->t->gc64 == at->base;
}

static struct fit fit_sload(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	if (is_func_slot(at, ir->op1))
		return price(f == F_UGET || f == F_USET || f == F_GGET ||
			     f == F_GSET ? 0.01 : f == F_FUNC ? 0.05 : 0.5);
	if (!at->base)
		return price(f == F_OTHER || f == F_FUNC ? 0.5 : 0.1);
	if (ir->op1 >= at->base &&
	    reads(at->bc->op, at->ins, ir->op1 - at->base, at->t->gc64))
		return price(0.01);
	if (f == F_UGET)	/* of a function that is on the trace, too */
		return ir->op1 < at->base ? main_price(0.04) : price(0.3);
	return price(f == F_VARG ? 0.15 : 0.7);
}

static int is_kfunc(const struct trace *t, uint32_t ref)
{
	const struct trace_ir *ir = trace_ins(t, ref);

	return ir->o == IR_KGC && (ir->t == IRT_FUNC || ir->t == IRT_PROTO);
}

static struct fit fit_equal(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	const struct trace_ir *a = trace_ins(at->t, ir->op1);
	struct fit x;

	if (is_kfunc(at->t, ir->op2) || is_kfunc(at->t, ir->op1)) {
		if (a->o == IR_SLOAD && is_func_slot(at, a->op1))
			return price(f == F_UGET || f == F_USET ? 0 : 0.8);
		x = price(f == F_CALL || f == F_ITERN ? 0 : f == F_EQUAL ? 0.4 :
			  is_table(f) || f == F_ARITH ? 0.5 : HARDLY);
		x.callee = is_kfunc(at->t, ir->op2) ? ir->op2 : ir->op1;
		return x;
	}
	if (a->o == IR_FLOAD && (a->t == IRT_TAB || a->t == IRT_INT ||
				 a->t == IRT_U8)) {
		if (is_table(f) || f == F_LEN)
			return price(0);
		if (f == F_CALL || f == F_ITERN)
			return price(in_call(at, 0.08));
		return price(f == F_EQUAL || f == F_ARITH ? 0.35 : HARDLY);
	}
	if (a->o == IR_FLOAD)
		return price(f == F_CALL ? 0 : is_table(f) ? 0.1 : 0.6);
	if (a->o == IR_HREF || a->o == IR_UREFO || ir->t == IRT_P64 ||
	    ir->t == IRT_P32)
		return price(is_table(f) || f == F_UGET || f == F_USET ? 0.01 :
			     f == F_CALL ? in_call(at, 0.1) : HARDLY);
	if (f == F_EQUAL)
		return main_price(0);
	if (f == F_FOR)
		return price(0.1);
	if (f == F_CALL || f == F_ITERN)
		return price(in_call(at, 0.15));
	return price(f == F_TEST ? 0.3 : is_table(f) || f == F_ARITH ? 0.5 :
		     HARDLY);
}

static struct fit fit_order(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	if (f == F_ORDER)
		return main_price(0);
	if (f == F_FOR)
		return main_price(0);
	if (f == F_CALL || f == F_ITERN)
		return price(in_call(at, 0.12));
	/* hoisted checks of an index */
	if ((f == F_TGET || f == F_TSET) && ir->t != IRT_NUM)
		return price(0.4);
	return price(f == F_ARITH ? 0.5 : HARDLY);
}

/* Reached through FFI, or a fast function's own. */
static struct fit fit_memory(const struct fit_at *at, enum family f,
			     const struct trace_ir *ir)
{
	int store = ir->o == IR_XSTORE;

	if (f == F_CALL)
		return price(in_call(at, 0.04));
	if (f == F_TGET || f == F_TGETS)
		return store ? price(WRONG) : main_price(0.03);
	if (f == F_TSET || f == F_TSETS)
		return store ? main_price(0.02) : price(0.1);
	if (f == F_ARITH || f == F_EQUAL || f == F_ORDER || f == F_UNM)
		return price(store ? WRONG : 0.15);
	if (f == F_TEST && !store)
		return price(0.5);
	return price(HARDLY);
}

static struct fit fit_field(const struct fit_at *at, enum family f,
			    const struct trace_ir *ir)
{
	if (is_table(f) || f == F_LEN)
		return price(0.01);
	if (f == F_CALL || f == F_ITERN)
		return price(in_call(at, ir->t == IRT_P64 ? 0.02 : 0.05));
	if (f == F_FOR)
		return price(0.3);
	return price(f == F_ARITH || f == F_EQUAL || f == F_ORDER ||
		     f == F_UNM || f == F_CAT ? 0.25 : HARDLY);
}

static struct fit fit_helper(const struct fit_at *at, enum family f)
{
	switch (f) {
	case F_CALL: return price(in_call(at, 0.03));
	case F_POW: case F_ITERN: case F_LEN: case F_CAT:
		return main_price(0.02);
	case F_ORDER: case F_TSETS: case F_TSET: case F_GSET:
		return price(0.08);
	case F_ARITH: return price(0.12);
	case F_TGET: case F_TGETS: case F_EQUAL: case F_TNEW: case F_TDUP:
		return price(0.2);
	default: return price(HARDLY);
	}
}

/* Those that only one family makes, or calls. */
static struct fit only(const struct fit_at *at, enum family f,
		       enum family one, double in_others)
{
	if (f == one)
		return main_price(0);
	if (f == F_CALL)
		return price(in_call(at, 0.06));
	return price(in_others);
}

/* Those that only few bytecodes make. */
static struct fit fit_rest(const struct fit_at *at, enum family f,
			   const struct trace_ir *ir)
{
	switch (ir->o) {
	case IR_UREFO: case IR_UREFC: case IR_ULOAD:
		return f == F_UGET ? main_price(0) :
		       f == F_USET && ir->o != IR_ULOAD ? price(0) :
		       price(HARDLY);
	case IR_USTORE:
		return f == F_USET ? main_price(0) : price(WRONG);
	case IR_OBAR:
		return price(f == F_USET ? 0 : HARDLY);
	case IR_FLOAD: case IR_FREF:
		return fit_field(at, f, ir);
	case IR_XLOAD: case IR_XSTORE: case IR_CALLXS: case IR_XBAR:
	case IR_CNEW: case IR_CNEWI: case IR_XSNEW:
		return fit_memory(at, f, ir);
	case IR_TBAR: case IR_FSTORE:
		return price(is_store(f) ? 0 : f == F_CALL ?
			     in_call(at, 0.08) : HARDLY);
	case IR_TNEW:
		return only(at, f, F_TNEW, HARDLY);
	case IR_TDUP:
		return only(at, f, F_TDUP, HARDLY);
	case IR_RETF:
		return only(at, f, F_RET, WRONG);
	case IR_BUFHDR: case IR_BUFPUT: case IR_BUFSTR: case IR_TOSTR:
	case IR_SNEW:
		return only(at, f, F_CAT, 0.8);
	case IR_STRREF:
		return only(at, f, F_CAT, 0.8);
	case IR_ALEN:
		return only(at, f, F_LEN, HARDLY);
	case IR_VLOAD:
		return f == F_VARG ? main_price(0) : only(at, f, F_ITERN, 0.8);
	case IR_TMPREF: case IR_CALLN: case IR_CALLA: case IR_CALLL:
	case IR_CALLS: case IR_CARG: case IR_LREF:
		return fit_helper(at, f);
	case IR_CONV: case IR_STRTO:
		return price(f == F_ARITH || f == F_ORDER || f == F_EQUAL ||
			     f == F_FOR || f == F_TGET || f == F_TSET ||
			     f == F_POW || f == F_UNM ? 0.03 :
			     f == F_CALL ? in_call(at, 0.05) :
			     is_store(f) || f == F_USET ? 0.05 : 0.25);
	case IR_GCSTEP:
		return price(f == F_TNEW || f == F_TDUP || f == F_CAT ||
			     f == F_CALL ? 0.02 : 0.15);
	case IR_HIOP:
		return price(0.05);
	default:
		return price(is_k(ir) ? 0 : 0.05);
	}
}

struct fit fit(const struct fit_at *at, uint32_t ref)
{
	const struct trace_ir *ir = trace_ins(at->t, ref);
	enum family f = family(at->bc->op);

	switch (ir->o) {
	case IR_SLOAD:
		return fit_sload(at, f, ir);
	case IR_ADD: case IR_SUB: case IR_MUL: case IR_DIV: case IR_MOD:
	case IR_POW: case IR_NEG: case IR_ADDOV: case IR_SUBOV:
	case IR_MULOV:
		return fit_arith(at, f, ir);
	case IR_BAND: case IR_BSHL: case IR_BNOT: case IR_BOR: case IR_BXOR:
	case IR_BSHR: case IR_BSAR: case IR_BROL: case IR_BROR: case IR_BSWAP:
	case IR_TOBIT:
		if (f == F_CALL)
			return price(in_call(at, 0.02));
		return fit_arith(at, f, ir);
	case IR_ABS: case IR_LDEXP: case IR_MIN: case IR_MAX: case IR_FPMATH:
	case IR_ATAN2:
		if (f == F_CALL)
			return price(in_call(at, 0.01));
		return f == F_ARITH || f == F_POW ? fit_arith(at, f, ir) :
		       price(HARDLY);
	case IR_LT: case IR_GE: case IR_LE: case IR_GT: case IR_ULT:
	case IR_UGE: case IR_ULE: case IR_UGT:
		return fit_order(at, f, ir);
	case IR_EQ: case IR_NE:
		return fit_equal(at, f, ir);
	case IR_ABC: case IR_AREF: case IR_ALOAD: case IR_ASTORE:
		return fit_array(at, f, ir);
	case IR_HREFK: case IR_HREF: case IR_HLOAD: case IR_HSTORE:
	case IR_NEWREF:
		return fit_hash(at, f, ref, ir);
	default:
		return fit_rest(at, f, ir);
	}
}

/* Whether a field of the bytecode's name was loaded before. */
static int was_loaded(const struct fit_at *at, uint32_t ref)
{
	const struct trace *t = at->t;

	for (uint32_t i = 0; i < t->nobjs; i++)
		if (t->named[i] && t->named[i] < ref &&
		    same_name(at, &t->obj[i]))
			return 1;
	return 0;
}

double fit_missing(const struct fit_at *at, uint32_t ref)
{
	const struct bc_info *bc = at->bc;

	switch (family(bc->op)) {
	case F_ARITH:	/* with a constant it is one itself more often */
		return bc->op <= BC_MODNV ? 0.12 : 0.25;
	case F_UNM: case F_POW: case F_BIT:
		return 0.3;
	case F_TGETS:
		return was_loaded(at, ref) ? 0.02 : 0.3;
	case F_TGET: case F_LEN:
		return 0.3;
	case F_TSET: case F_TSETS: case F_GSET:
		return 1.2;
	case F_USET:
		return 0.3;
	case F_TNEW: case F_TDUP:
		return 1;
	case F_CAT:
		return 0.6;
	case F_FOR:
		return bc->op == BC_FORI || bc->op == BC_JFORI ? 0.1 : 0.5;
	case F_GGET:
		return was_loaded(at, ref) ? 0.02 : 0.1;
	case F_ORDER: case F_EQUAL:
		return 0.1;
	case F_UGET:
		return 0.01;
	case F_VARG: case F_ITERN:
		return 0.1;
	default:
		return 0;
	}
}
