/* lj_jit.h - an abort of the JIT compiler, at the moment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h: for collectors that have a probe at
 * lj_err_throw(), by which the compiler gives up, and by which a Lua error
 * stops it.
 */
#ifndef LJSTAP_LJ_JIT_H
#define LJSTAP_LJ_JIT_H

#include "lj_core.h"
#include "lj_emit.h"

#define LJ_TRACE_ACTIVE	0x10	/* in J->state */
#define LJ_VMST_RECORD	4
#define LJ_VMST_ASM	6

#define LJ_AGED(w, name) \
	(LJ_S20(w) ? LJ_OBJ(w, s20_##name) : LJ_OBJ(w, s17_##name))

/* lj_small - the value of a number that is LJ_TRERR_*: an int or a double */
static inline lj_u32 lj_small(const struct lj_walk *w, lj_u64 v)
{
	lj_u32 exp = (lj_u32)(v >> 52) - 1023;

	if (lj_tv_type(w, v) == LJ_TINT)
		return (lj_u32)v;
	if (!v || exp > 15)
		return 0;
	return (lj_u32)((v & 0xfffffffffffffull) >> 36 | 0x10000) >>
	       (16 - exp);
}

/* lj_both_cpcalls - are the C frame at p and the one below it of lj_vm_cpcall()?
 */
static inline int lj_both_cpcalls(struct lj_walk *w, lj_u64 p)
{
	if (lj_cframe(w, p) ||
	    (lj_i32)lj_cframe32(w, LJ_OBJ(w, cframe_nres)) >= 0)
		return 0;
	p = lj_cframe64(w, LJ_OBJ(w, cframe_prev)) & ~3ull;
	return p && !lj_cframe(w, p) &&
	       (lj_i32)lj_cframe32(w, LJ_OBJ(w, cframe_nres)) < 0;
}

/* lj_abort_reason - ENUM trerr + 1 of the error that L is about to throw; 0: it
 * aborts no trace
 *
 * The compiler catches some of its errors itself, in a C frame on top of its
 * own, and goes on, or throws them once more.
 */
LJ_FN1(lj_u32, lj_abort_reason, lj_u64, L)
{
	lj_u64 at = w->g + LJ_REL(w, J_trace), top, v, cf;
	lj_u32 state, vmst = ~(lj_u32)lj_image32(w, LJ_REL(w, vmstate)), type;

	if (!LJ_REL(w, J_trace) ||
	    lj_rd32(w, &state, at - LJ_AGED(w, TJ_state)) ||
	    !(state & LJ_TRACE_ACTIVE) ||
	    lj_rd64(w, &top, L + LJ_OBJ(w, L_top)) ||
	    lj_rd64(w, &v, top - 8) ||
	    lj_rd64(w, &cf, L + LJ_OBJ(w, L_cframe)))
		return 0;
	type = lj_tv_type(w, v);
	if (vmst < LJ_VMST_RECORD || vmst > LJ_VMST_ASM ||
	    (type != LJ_TNUM && type != LJ_TINT))
		return LJD_trerr_RECERR + 1;	/* an error of the program */
	if (lj_both_cpcalls(w, cf & ~3ull) ||
	    lj_small(w, v) == LJD_trerr_MCODELM)	/* tries again */
		return 0;
	return lj_small(w, v) + 1;
}

/* lj_emit_abort - the jit record of it; -1: it cannot be read, or no room
 *
 * The sample is to come next; before it lj_emit_pending().
 */
LJ_FN1(int, lj_emit_abort, lj_u32, reason)
{
	lj_u64 at = w->g + LJ_REL(w, J_trace), pt, pc;
	lj_u64 cur = at - LJ_AGED(w, TJ_cur);
	lj_u32 parent, exitno, traceno, ins = 0, id;

	if (lj_rdref(w, &pt, cur + LJ_OBJ(w, T_startpt)) ||
	    lj_rdref(w, &pc, cur + LJ_OBJ(w, T_startpc)) ||
	    lj_rd32(w, &traceno, cur + LJ_OBJ(w, T_traceno)) ||
	    lj_rd32(w, &parent, at + LJ_AGED(w, J_startpc) + 8) ||
	    lj_rd32(w, &exitno, at + LJ_AGED(w, J_startpc) + 12))
		return -1;
	id = lj_proto_id(w, pt);
	w->rec.jit.proto = id;
	w->rec.jit.pos = (lj_u32)((pc - pt - LJ_OBJ(w, pt_size)) >> 2);
	w->rec.jit.parent = parent;
	w->rec.jit.exitno = exitno;
	w->rec.jit.trace = traceno & 0xffff;
	if (lj_rd64(w, &pt, at - LJ_AGED(w, TJ_pt)) ||
	    lj_rd64(w, &pc, at - LJ_AGED(w, TJ_pc)))
		return -1;
	if (reason == LJD_trerr_NYIBC + 1 && !lj_rd32(w, &ins, pc))
		ins = (ins & 0xff) + 1;
	id = pt ? lj_proto_id(w, pt) : 0;
	w->rec.jit.at = id;
	w->rec.jit.atpos = id ? (lj_u32)((pc - pt - LJ_OBJ(w, pt_size)) >> 2) :
				0;
	w->rec.jit.time = w->rec.jit.since = w->time;
	w->rec.jit.pid = w->pid;
	w->rec.jit.vm = w->vm;
	w->rec.jit.what = LJD_jit_ABORT;
	w->rec.jit.count = 1;
	w->rec.jit.link = w->rec.jit.linktype = w->rec.jit.szmcode = 0;
	w->rec.jit.reason = reason;
	w->rec.jit.op = ins;
	return LJ_EMIT(w, jit, 0);
}

#endif
