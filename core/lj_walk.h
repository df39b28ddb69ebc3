/* lj_walk.h - walk the Lua stack of a sampled thread.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The includer defines what lj_core.h asks for, fills in struct lj_walk's
 * input members and calls lj_sample().
 *
 * A frame on the Lua stack, GC64 (lj_frame.h):
 *
 *        base[-2]        base[-1]       base[0] ...
 *      | func TValue   | link         | first slot      one 64 bit slot each
 *                        ^ f, the "frame pointer" here
 *
 * non-GC64: base[-1] holds both, func in the low and link in the high half;
 * f points at it as well. link & 3 == 0: the return pc into the caller's
 * bytecode (frame_prevl), else the distance to the frame below and its type
 * (frame_prevd).
 */
#ifndef LJSTAP_LJ_WALK_H
#define LJSTAP_LJ_WALK_H

#include "lj_core.h"
#include "lj_find.h"
#include "lj_emit.h"
#include "lj_names.h"
#include "lj_cstack.h"
#include "lj_trace.h"

static inline void lj_push(struct lj_walk *w, lj_u64 frame)
{
	if (w->n < w->depth && w->n < LJD_MAXFRAMES)
		w->rec.w[sizeof(struct ljd_sample) / 8 + w->n++] = frame;
	else
		w->flags |= LJD_sample_DEPTHCAP;
}

static inline int lj_bad(struct lj_walk *w, lj_u32 why)
{
	w->flags |= LJD_sample_DAMAGED;
	lj_push(w, LJD_FRAME(LJD_frame_BAD, 0, why));
	return -1;
}

/* lj_split - the function and the link of the frame at f */
static inline int lj_split(struct lj_walk *w, lj_u64 f, lj_u64 *fn,
			   lj_u64 *link)
{
	lj_u64 v;

	if (lj_slot(w, &v, f))
		return -1;
	if (LJ_GC64(w)) {
		*link = v;
		if (lj_slot(w, &v, f - 8))
			return -1;
		*fn = v & 0x7fffffffffffull;
	} else {
		*fn = (lj_u32)v;
		*link = v >> 32;
	}
	return 0;
}

/* lj_bottom - the lowest frame pointer: not a frame any more */
static inline lj_u64 lj_bottom(const struct lj_walk *w)
{
	return w->stack + (LJ_GC64(w) ? 8 : 0);
}

/* lj_good_base - is there a frame with a function at base?
 * @pc: if not 0: and it is a Lua function with pc in its bytecode; at the
 *      bottom of a coroutine, where no function is, PC is no address
 */
LJ_FN2(int, lj_good_base, lj_u64, base, lj_u64, pc)
{
	struct lj_cached *c;
	lj_u64 fn, link;

	if ((base & 7) || base <= lj_bottom(w) || base > w->maxstack)
		return 0;
	if (lj_split(w, base - 8, &fn, &link))
		return 0;
	if (fn == w->L)
		return !(pc >> 24);
	c = lj_func(w, fn, pc);
	if (!c)
		return 0;
	if (!pc)
		return 1;
	return c->bc && !(pc & 3) && pc >= c->bc &&
	       pc - c->bc <= 4ull * c->sizebc;
}

/* lj_saved_pc - SAVE_PC of the C frame cf, 0 if it has none */
static inline lj_u64 lj_saved_pc(struct lj_walk *w, lj_u64 cf)
{
	if (!cf || lj_cframe(w, cf))
		return 0;
	return lj_cframeref(w, LJ_OBJ(w, cframe_pc));
}

#define LJ_INS(w, pc)	(&(w)->ic[((pc) >> 2 ^ (pc) >> 7) & (LJ_NCACHE - 1)])

/* lj_down - bytes from a frame down to its caller's, from the call there */
static inline lj_u64 lj_down(const struct lj_walk *w, lj_u32 ins)
{
	return 8ull * (1 + LJ_GC64(w) + (ins >> 8 & 0xff));
}

/* lj_same_call - does an instruction of an earlier sample count?
 * @f: frame that it made, or 0
 *
 * It does if the function below f is still the one that it belongs to.
 */
static inline int lj_same_call(struct lj_walk *w, const struct lj_ins *c,
			       lj_u64 f)
{
	struct lj_cached *below;
	lj_u64 fn, link;

	if (!f || !c->owner || lj_split(w, f - lj_down(w, c->ins), &fn, &link))
		return 0;
	below = lj_func(w, fn, c->pc);
	return below && below->frame == c->owner;
}

/* lj_callins - the call instruction before a return pc, cached */
static inline int lj_callins(struct lj_walk *w, lj_u32 *ins, lj_u64 pc,
			     lj_u64 f)
{
	struct lj_ins *c = LJ_INS(w, pc);

	if (c->pc != pc || (c->gen != w->gen && !lj_same_call(w, c, f))) {
		c->pc = c->owner = 0;
		if (lj_rd32(w, ins, pc - 4)) {
			w->t.fault++;
			return -1;
		}
		c->ins = *ins;
		c->pc = pc;
	}
	c->gen = w->gen;
	*ins = c->ins;
	return 0;
}

/* lj_own_call - the call before pc is one of the function in a frame word */
static inline void lj_own_call(struct lj_walk *w, lj_u64 pc, lj_u64 frame)
{
	struct lj_ins *c = LJ_INS(w, pc);

	if (c->pc == pc)
		c->owner = frame;
}

/* lj_caller_base - the base of the caller, from the link in PC
 *
 * While a call or a return is under way BASE is already, or still, the
 * callee's, its frame is not whole, and PC is the link to the caller.
 */
static inline lj_u64 lj_caller_base(struct lj_walk *w, lj_u64 base, lj_u64 pc)
{
	lj_u32 ins;

	if ((pc & 3) || lj_callins(w, &ins, pc, 0))
		return 0;
	return base - lj_down(w, ins);
}

/* lj_linked - is base the whole frame of a function called from pc?
 *
 * Fast functions keep the link of their frame in PC.
 */
static inline int lj_linked(struct lj_walk *w, lj_u64 base, lj_u64 pc)
{
	lj_u64 fn, link;

	return lj_good_base(w, base, 0) &&
	       !lj_split(w, base - 8, &fn, &link) && link == pc;
}

/* lj_plausible - does the frame at base lead to a frame below it? */
static inline int lj_plausible(struct lj_walk *w, lj_u64 base)
{
	lj_u64 fn, link;

	if (!lj_good_base(w, base, 0) || lj_split(w, base - 8, &fn, &link))
		return 0;
	if ((link & 3) != LJ_FRAME_LUA)
		return (link & ~7ull) <= base - w->stack;
	return lj_good_base(w, lj_caller_base(w, base, link), link);
}

/* lj_from - start the walk at base and pc if pc is in the function there */
static inline int lj_from(struct lj_walk *w, lj_u64 base, lj_u64 pc)
{
	if (!lj_good_base(w, base, pc))
		return 0;
	w->base = base;
	w->pc = pc;
	return 1;
}

/* lj_drop_cframe - the innermost C frame has no Lua frame: back to that of the
 * C function that calls Lua, or did
 */
static inline int lj_drop_cframe(struct lj_walk *w)
{
	lj_u64 prev;

	if (!w->cf || lj_cframe(w, w->cf))
		return 0;
	prev = lj_cframe64(w, LJ_OBJ(w, cframe_prev)) & ~3ull;
	if (!prev)
		return 0;
	w->cf = prev;
	return 1;
}

/* lj_entering - is C code about to call Lua?
 *
 * lj_vm_call() links its C frame while there is no Lua frame for it yet. PC
 * is the type and size of the frame to be then.
 */
static inline int lj_entering(struct lj_walk *w, lj_u64 pc)
{
	return ((pc & 7) == LJ_FRAME_C || (pc & 7) == LJ_FRAME_CP) &&
	       !(pc >> 24) && lj_saved_pc(w, w->cf) == w->L &&
	       lj_drop_cframe(w);
}

/* lj_leaving - does the VM return to C code, its Lua frame being gone?
 *
 * It says that it runs C then, but is not in the handlers that call C
 * functions, and a C function's is the innermost frame.
 */
static inline void lj_leaving(struct lj_walk *w)
{
	lj_u64 ip = w->regs.ip, h[2], fn, link;
	struct lj_cached *c;

	if (w->cf != w->regs.sp || ip < w->vmlo || ip >= w->vmhi ||
	    lj_rd(w, h, 16, w->d + (LJ_REL(w, nbc) - 2) * 8) ||
	    ip - h[0] < LJ_HANDLER || ip - h[1] < LJ_HANDLER ||
	    lj_split(w, w->base - 8, &fn, &link))
		return;
	c = lj_func(w, fn, 0);
	if (c && !c->bc)
		lj_drop_cframe(w);
}

/* lj_start_interp - base and pc of a thread in the interpreter
 *
 * L->base is stale in most samples there: BASE and PC are in registers. In
 * a C helper rdx is gone, but some helpers are called with BASE in rbp. A
 * candidate counts only if it leads to a frame with this pc.
 */
static inline void lj_start_interp(struct lj_walk *w)
{
	lj_u64 mask = LJ_GC64(w) ? ~0ull : 0xffffffffull;
	lj_u64 rdx = w->regs.rdx & mask, rbx = w->regs.rbx & mask;

	if (w->vmhi && (w->regs.ip < w->vmlo || w->regs.ip >= w->vmhi)) {
		if (!lj_from(w, w->regs.rbp & mask, rbx))
			w->pc = lj_saved_pc(w, w->cf);
		return;
	}
	if (lj_from(w, rdx, rbx))
		return;
	if (lj_linked(w, rdx, rbx)) {
		w->base = rdx;
		return;
	}
	if (lj_entering(w, rbx))
		return;
	/* in a call or a return; or just back from a helper */
	if (lj_from(w, lj_caller_base(w, rdx, rbx), rbx) ||
	    lj_from(w, w->base, rbx))
		return;
	if (lj_plausible(w, rdx)) {
		w->base = rdx;
		return;
	}
	w->pc = lj_saved_pc(w, w->cf);
	w->flags |= LJD_sample_STALE;
	w->t.stale++;
}

/* lj_start - where the walk of the running coroutine starts */
LJ_DO0(lj_start)
{
	lj_u64 jit_base = lj_imageref(w, LJ_REL(w, jit_base));

	w->pc = 0;
	/* L->base is not kept on trace; a GC step there hides it */
	if ((w->vmstate >= 0 || ~w->vmstate == LJ_VMST_GC) && jit_base) {
		w->base = jit_base;
		return;
	}
	if (~w->vmstate == LJ_VMST_INTERP)
		lj_start_interp(w);
	else if (~w->vmstate == LJ_VMST_C)
		lj_leaving(w);
	if (~w->vmstate != LJ_VMST_INTERP)
		w->pc = lj_saved_pc(w, w->cf);
}

/* lj_prev_cframe - move walkcf to the C frame below (lj_debug.c:
 * debug_framepc): the Lua function below a C boundary left its pc there
 */
static inline void lj_prev_cframe(struct lj_walk *w)
{
	lj_u64 prev = 0;

	if (w->walkcf && !lj_cframe(w, w->walkcf)) {
		w->lowcf = w->walkcf;
		prev = lj_cframe64(w, LJ_OBJ(w, cframe_prev));
	}
	w->walkcf = prev & ~3ull;
}

/* lj_pass_c - C code called the frame that is left: to the C frame below */
static inline void lj_pass_c(struct lj_walk *w)
{
	lj_u64 from = w->walkcf;

	lj_prev_cframe(w);
	if (!w->cto)
		w->cfrom = from;
	w->cto = w->walkcf;
}

/* lj_skip_cpcall - pass C frames of lua_cpcall() that have no Lua frame
 *
 * nres < 0 is -savestack(top): such a C frame belongs above that slot.
 */
LJ_DO1(lj_skip_cpcall, lj_u64, f)
{
	lj_i32 nres;
	lj_u32 i;

	for (i = 0; i < LJ_MAXCF && w->walkcf; i++) {
		if (lj_cframe(w, w->walkcf))
			return;
		nres = (lj_i32)lj_cframe32(w, LJ_OBJ(w, cframe_nres));
		if (nres >= 0 || f >= w->stack - nres)
			return;
		lj_prev_cframe(w);
	}
}

/* lj_below - go from the frame at f with this link to the one below it
 *
 * Sets w->f and w->pc. -1: the link does not lead down.
 */
static inline int lj_below(struct lj_walk *w, lj_u64 f, lj_u64 link)
{
	lj_u32 fr2 = LJ_GC64(w), ins;
	lj_u64 down, v;

	w->pc = 0;
	if ((link & 3) == LJ_FRAME_LUA) {
		if (lj_callins(w, &ins, link, f))
			return -1;
		down = lj_down(w, ins);
		w->pc = link;
	} else {
		down = link & ~7ull;
		if ((link & 7) == LJ_FRAME_CONT && fr2) {
			if (lj_slot(w, &w->pc, f - 16))
				return -1;
			if (lj_slot(w, &v, f - 24))
				return -1;
			if (v == 1)	/* FFI callback: from C */
				lj_pass_c(w);
			if (v <= 1)
				w->pc = 0;
		} else if ((link & 7) == LJ_FRAME_CONT) {
			if (lj_slot(w, &v, f - 8))
				return -1;
			w->pc = v >> 32;
			if ((lj_u32)v == 1)
				lj_pass_c(w);
			if ((lj_u32)v <= 1)
				w->pc = 0;
		} else if ((link & 7) == LJ_FRAME_C ||
			   (link & 7) == LJ_FRAME_CP) {
			lj_skip_cpcall(w, f);
			lj_pass_c(w);
			lj_skip_cpcall(w, f - down);
			w->cto = w->walkcf;
			w->pc = lj_saved_pc(w, w->walkcf);
		}
	}
	if (down < 8 || down > f - w->stack)
		return -1;
	w->f = f - down;
	return 0;
}

/* lj_mark - a frame follows: mark what C code was passed before it */
static inline void lj_mark(struct lj_walk *w)
{
	if (!w->cto)
		return;
	lj_push(w, LJD_FRAME(LJD_frame_CFRAME,
			     lj_cframe_id(w, w->cfrom, w->cto), 0));
	w->cto = 0;
}

/* lj_step - push the frame at w->f and go to the one below it
 *
 * 1: there may be more; 0: there was none; -1: the walk ends here
 */
LJ_FN0(int, lj_step)
{
	struct lj_cached *c;
	lj_u64 fn, link;
	lj_u32 pos;

	if (w->f <= lj_bottom(w))
		return 0;
	if (w->flags & LJD_sample_DEPTHCAP)
		return -1;
	if (lj_split(w, w->f, &fn, &link))
		return lj_bad(w, LJD_bad_READ);
	if (fn == w->L || w->vararg) {	/* dummy frame of an error; pseudo */
		w->vararg = 0;
	} else {
		c = lj_func(w, fn, w->pc);
		if (!c)
			return lj_bad(w, LJD_bad_FUNC);
		pos = c->bc ? lj_pos(c, w->pc) : LJD_FRAME_POS(c->frame);
		if (c->bc && pos != LJD_NOPOS)
			lj_own_call(w, w->pc, c->frame);
		lj_mark(w);
		lj_push(w, c->frame | pos);
		if (!(w->flags & LJD_sample_DEPTHCAP))
			LJ_SEEN(w, fn);
	}
	if ((link & 7) == LJ_FRAME_VARG)
		w->vararg = 1;
	if (lj_below(w, w->f, link))
		return lj_bad(w, LJD_bad_LINK);
	return 1;
}

/* lj_walk_L - push the frames of the coroutine in w, from w->base, w->pc */
LJ_FN0(int, lj_walk_L)
{
	lj_u32 i;
	int ret;

	if ((w->base & 7) || w->base <= w->stack || w->base > w->maxstack + 64)
		return lj_bad(w, LJD_bad_BASE);
	w->f = w->base - 8;
	w->walkcf = w->lowcf = w->cf;
	w->vararg = 0;
	w->cto = 0;
	for (i = 0; i < LJ_MAXSTEP; i++) {
		ret = lj_step(w);
		if (ret <= 0)
			return ret;
	}
	return lj_bad(w, LJD_bad_LIMIT);
}

/* lj_bottom_cframe - the outermost C frame of the coroutine in w, or 0 */
LJ_FN0(lj_u64, lj_bottom_cframe)
{
	lj_u64 p = w->lowcf, prev;
	lj_u32 i;

	for (i = 0; i < LJ_MAXCF && p; i++) {
		if (lj_cframe(w, p))
			return 0;
		prev = lj_cframe64(w, LJ_OBJ(w, cframe_prev)) & ~3ull;
		if (!prev)
			break;
		p = prev;
	}
	return p;
}

/* lj_resumer - leave in w the coroutine that resumed w->L; -1: none
 * @p: right above the coroutine's first C frame
 *
 * coroutine.resume() and wrap() call lj_vm_resume() with an unchanged stack
 * pointer: the resumer's C frame is at p. lua_resume() from C puts C frames
 * between.
 */
LJ_FN1(int, lj_resumer, lj_u64, p)
{
	lj_u64 L, main = w->g - LJ_REL(w, L_size), self = w->L;

	if (self == main)
		return -1;
	if (!lj_cframe_L(w, &L, p) && L != self && !lj_check_L(w, L, w->g) &&
	    w->cf == p)
		return 0;
	/* No Lua below if the main thread is not running: nginx. */
	if (lj_check_L(w, main, w->g))
		return -1;
	return lj_scan(w, p, w->cf ? LJ_SCAN : LJ_SCANCO, w->g);
}

/* lj_outer - leave in w what called the coroutine in w: ENUM frame, 0: none
 *
 * Its resumer; or, in a thread with several VMs, the VM whose C function
 * entered this one.
 */
LJ_FN0(lj_u32, lj_outer)
{
	lj_u64 p, g = w->g;
	struct lj_task *task;
	struct lj_vm *vm;

	p = lj_bottom_cframe(w);
	if (!p)
		return 0;
	w->cfrom = p;
	p += LJ_OBJ(w, cframe_size);
	if (!lj_resumer(w, p))
		return LJD_frame_CO;
	if (!w->many || lj_scan_any(w, p, LJ_SCAN, 1) || w->check ||
	    w->g == g)
		return 0;
	task = LJ_TASK(w);
	if (task)
		task->many = 1;
	lj_vm_id(w);
	vm = LJ_ENTRY(w);
	if (vm && !vm->sent)
		lj_pending(w, LJD_KIND_vm, 0, w->d, w->vm);
	return LJD_frame_VM;
}

/* lj_walk_all - the running coroutine and those that resumed it */
static inline void lj_walk_all(struct lj_walk *w)
{
	lj_u32 i, kind;

	w->slot0 = w->stack;
	w->winlen = 0;
	lj_start(w);
	w->walkcf = w->cf;
	lj_skip_cpcall(w, w->base - 8);
	w->leafcf = w->walkcf;
	for (i = 0; i < LJ_MAXCO; i++) {
		if (lj_walk_L(w))
			return;
		/* Nothing resumed the main thread. */
		if (!w->many && w->L == w->g - LJ_REL(w, L_size))
			return;
		kind = lj_outer(w);
		if (!kind)
			return;
		lj_push(w, LJD_FRAME(kind, lj_cframe_id(w, w->cfrom, w->cf),
				     kind == LJD_frame_VM ? w->vm : 0));
		w->slot0 = w->stack;
		w->winlen = 0;
		w->pc = lj_saved_pc(w, w->cf);
	}
	lj_bad(w, LJD_bad_LIMIT);
}

/* lj_judge - has the walk shown that the layout of the VM is wrong?
 * @entry: the VM
 *
 * If none of the first stacks can be walked to its end.
 */
static inline void lj_judge(struct lj_walk *w, struct lj_vm *entry)
{
	if (!(w->flags & (LJD_sample_DAMAGED | LJD_sample_NOFRAME))) {
		entry->whole = 1;
		return;
	}
	if (!(w->flags & LJD_sample_DAMAGED) || entry->whole ||
	    ++entry->bad < LJ_BADWALKS)
		return;
	entry->check = LJD_check_FRAMES;
	entry->sent = 0;
}

/* lj_stack - the trace that runs, and the frames */
static inline void lj_stack(struct lj_walk *w, struct lj_vm *entry)
{
	if (w->vmstate >= 0)
		lj_trace(w);
	lj_walk_all(w);
	if (!w->n)
		w->flags |= LJD_sample_NOFRAME;
	if (entry)
		lj_judge(w, entry);
}

/* lj_emit_sample - the sample record; the frames are in place */
static inline int lj_emit_sample(struct lj_walk *w)
{
	w->rec.sample.time = w->time;
	w->rec.sample.ip = w->regs.ip;
	w->rec.sample.weight = w->weight;
	w->rec.sample.pid = w->pid;
	w->rec.sample.tid = w->tid;
	w->rec.sample.cpu = w->cpu;
	w->rec.sample.vm = w->vm;
	w->rec.sample.vmstate = (lj_u32)w->vmstate;
	w->rec.sample.trace = w->trace;
	w->rec.sample.flags = w->flags;
	w->rec.sample.n = w->n;
	w->rec.sample.bytes = w->bytes;
	w->rec.sample.call = w->call;
	w->rec.sample.file = w->file;
	return LJ_EMIT(w, sample, w->n * 8);
}

/* lj_forget - forget the sample before */
static inline void lj_forget(struct lj_walk *w)
{
	w->n = w->trace = w->npend = w->nmark = 0;
	w->mclo = w->mchi = w->leafcf = 0;
	w->name = w->cflen = 0;
	w->vmstate = 0;
	if (!++w->gen)
		w->gen = 1;	/* 0 marks unused cache entries */
}

/* lj_sample - take one sample of the thread described by w's input members
 *
 * If w->depth is 0, of the VM's state alone, without a stack.
 *
 * Writes one sample record and the dictionary records it needs. Returns 0,
 * or -1 if the sample found no room. Never fails for what the target holds:
 * that is told in the sample's flags and in w->t. Cost, all cached: about
 * 2000 instructions and 100 a frame (tests/bench).
 */
static inline int lj_sample(struct lj_walk *w)
{
	struct lj_vm *entry = 0;
	lj_u32 vm;
	int found;

	w->flags = w->why | (w->inkernel ? LJD_sample_KERNEL : 0);
	lj_forget(w);
	if (w->inkernel)
		w->t.kernel++;
	found = !lj_find(w);
	if (!w->settled) {
		lj_know_vm(w);
		entry = LJ_ENTRY(w);
	}
	vm = w->vm;
	if (w->g && !w->check)
		w->vmstate = lj_image32(w, LJ_REL(w, vmstate));
	if (w->check) {
		w->flags |= LJD_sample_LAYOUT;
		w->t.layout++;
	} else if (found) {
		if (w->depth)
			lj_stack(w, entry);
	} else if (w->g) {
		w->flags |= LJD_sample_OUTSIDE;
		w->t.outside++;
	} else {
		w->flags |= LJD_sample_NOVM;
		w->t.novm++;
	}
	if (w->flags & LJD_sample_DEPTHCAP)
		w->t.depthcap++;
	if (w->flags & LJD_sample_DAMAGED)
		w->t.damaged++;
	w->vm = vm;
	if (w->depth && !w->check && lj_in_c(w) && !lj_emit_cstack(w))
		w->flags |= LJD_sample_CSTACK;
	if (lj_emit_sample(w))
		return -1;
	w->t.samples++;
	if (w->npend)
		lj_emit_pending(w);
	if (w->depth && entry && entry->d == w->d && !w->check &&
	    entry->named != LJ_NAMED)
		lj_name_some(w);
	return 0;
}

/* lj_stack_L - the frames of the coroutine L of the VM in w, from memory alone
 *
 * For one that does not run: where it yielded, or what it resumed. For one
 * that runs, without registers: in machine code and in C exact at one moment,
 * in the interpreter as of the last call of C code or so. Returns 0; -1: there
 * is no such coroutine.
 */
static inline int lj_stack_L(struct lj_walk *w, lj_u64 L)
{
	w->flags = 0;
	lj_forget(w);
	w->regs = (struct lj_regs){ 0 };
	w->vmstate = ~LJ_VMST_C;
	w->many = 0;
	if (lj_check_L(w, L, w->g))
		return -1;
	if (w->cf && lj_imageref(w, LJ_REL(w, cur_L)) == L) {
		w->vmstate = lj_image32(w, LJ_REL(w, vmstate));
		if (w->vmstate >= 0)
			lj_trace(w);
		lj_walk_all(w);
	} else {
		w->slot0 = w->stack;
		w->winlen = 0;
		w->pc = lj_saved_pc(w, w->cf);
		lj_walk_L(w);
	}
	if (!w->n)
		w->flags |= LJD_sample_NOFRAME;
	return 0;
}

/* lj_sample_L - a sample of the coroutine L, from memory alone
 * @d: the dispatch table of its VM, which is known
 *
 * Of w's input members only pid, tid, time, weight and depth count. Returns 0;
 * -1: there is no such coroutine, or no room.
 */
static inline int lj_sample_L(struct lj_walk *w, lj_u64 d, lj_u64 L)
{
	if (lj_load(w, d) || w->check)
		return -1;
	lj_know_vm(w);
	if (lj_stack_L(w, L) || lj_emit_sample(w))
		return -1;
	w->t.samples++;
	lj_emit_pending(w);
	return 0;
}

#endif
