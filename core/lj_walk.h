/* lj_walk.h - find the LuaJIT VM of a sampled thread and walk its Lua stack.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one walking core. Every collector includes it: the tapset (kernel
 * module), a BPF object, a user-space reader. Written to the strictest
 * reader's rules: no libc, no pointer into the target, all state in one
 * struct, no recursion, every loop bounded by a constant.
 *
 * The includer first defines
 *
 *   LJ_RD(w, dst, n, addr)   copy n bytes (a multiple of 4, at most 4096)
 *                            from the target; 0, or non-zero on any fault
 *   LJ_OUT(w, rec, len)      append one finished record; 0, or non-zero if
 *                            there is no room
 *   LJ_ID(w, key, flags)     dictionary: the id of a 64 bit key, 1 ..
 *                            2^28-1, a new one if it is not known; 0 if
 *                            full. *flags: LJ_ID_NEW until LJ_ID_SENT(w, key)
 *   LJ_ID_SENT(w, key)       its dictionary record is out
 *   LJ_TASK(w)               struct lj_task * of (pid, tid), zeroed if new;
 *                            NULL if there is no room
 *   LJ_VM(w, g)              struct lj_vm * of (pid, g), zeroed if new; NULL
 *                            if there is no room
 *
 * fills in struct lj_walk's input members and calls lj_sample().
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

#include "ljtypes.h"
#include "dump.h"
#include "layout.h"
#include "lj_memo.h"

#define LJ_MAXSTEP	1024	/* frames looked at, reported or not */
#define LJ_MAXCO	8	/* nested coroutines followed */
#define LJ_MAXCF	64	/* C frames of one coroutine followed */
#define LJ_SCAN		1024	/* stack words scanned for a C frame */
#define LJ_SCANCO	64	/* ... for the resumer of a coroutine */
#define LJ_WIN		64	/* words read from a stack at once */
#define LJ_NCACHE	32	/* functions remembered within a sample */
#ifndef LJ_NPEND
#define LJ_NPEND	64	/* dictionary records written by one sample */
#endif
#define LJ_MAXSECT	65536	/* bytes of one section of a proto */
#define LJ_MAXNAME	128	/* bytes of one name in bytecode */
#define LJ_MAXCHUNK	256	/* bytes of a chunkname */

/* struct lj_regs - user registers of the sampled thread (x86-64 names) */
struct lj_regs {
	lj_u64 ip, sp;
	lj_u64 rdx;		/* BASE */
	lj_u64 rbx;		/* PC: the next instruction */
	lj_u64 rbp;		/* BASE in some C helpers */
	lj_u64 r14;		/* DISPATCH */
};

/* The tallies that the core keeps; fields of the dump's end record. */
#define LJ_TALLIES(T)							\
	T(samples) T(records) T(novm) T(outside) T(kernel) T(fault)	\
	T(damaged) T(depthcap) T(stale) T(dictfail) T(emitfail)

struct lj_tally {
#define T(name) lj_u64 name;
	LJ_TALLIES(T)
#undef T
};

struct lj_cached {
	lj_u64 fn;		/* GCfunc */
	lj_u64 frame;		/* its frame word without pos */
	lj_u64 bc;		/* Lua: first instruction; else 0 */
	lj_u32 sizebc;
	lj_u32 gen;
};

struct lj_ins {
	lj_u64 pc;
	lj_u32 ins;
	lj_u32 gen;
};

struct lj_pend {
	lj_u64 addr;		/* GCproto or GCfunc */
	lj_u64 key;
	lj_u32 id;
	lj_u32 kind;		/* LJD_KIND_proto or LJD_KIND_cfunc */
};

/* struct lj_walk - the state of one lane: input, result and scratch */
struct lj_walk {
	/* input of lj_sample() */
	struct lj_regs regs;
	lj_u64 time, weight;
	lj_u32 pid, tid, cpu, lane;
	lj_u32 depth;
	lj_u32 inkernel;

	/* the VM and coroutine found */
	lj_u64 g, L, cf;	/* cf: raw C frame */
	lj_u64 base, stack, maxstack;
	lj_u32 mode, col, vm;
	lj_u64 vmlo, vmhi;
	lj_i32 vmstate;

	/* the walk */
	lj_u64 f, pc;		/* pc: of the frame at f, 0: unknown */
	lj_u64 walkcf;		/* C frame that belongs to f */
	lj_u64 slot0;		/* L->stack of the coroutine walked */
	lj_u32 n, flags, trace;
	lj_u32 gen, npend;

	lj_u32 seq;
	struct lj_tally t;

	lj_u64 winaddr;
	lj_u32 winlen;		/* words */
	lj_u64 win[LJ_WIN];
	lj_u64 obj[16];		/* one object header */
	struct lj_cached fc[LJ_NCACHE];
	struct lj_ins ic[LJ_NCACHE];
	struct lj_pend pend[LJ_NPEND];
	union {
		struct ljd_head h;
#define REC(name, kind, tail, doc)	struct ljd_##name name;
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)
#include "dump.def"
		lj_u64 w[LJD_MAXLEN / 8];
	} rec;
};

/* -- Reading ------------------------------------------------------------ */

#define LJ_BAD_PTR(p)	((p) - 0x1000 >= 0x7ffffffff000ull - 0x1000)

static inline int lj_rd(struct lj_walk *w, void *dst, lj_u32 n, lj_u64 addr)
{
	if (LJ_BAD_PTR(addr) || LJ_RD(w, dst, n, addr))
		return -1;
	return 0;
}

static inline int lj_rd32(struct lj_walk *w, lj_u32 *v, lj_u64 addr)
{
	return lj_rd(w, v, 4, addr);
}

static inline int lj_rd64(struct lj_walk *w, lj_u64 *v, lj_u64 addr)
{
	return lj_rd(w, v, 8, addr);
}

/* lj_rdref - read a GCRef or MRef: 8 bytes, or 4 in non-GC64 */
static inline int lj_rdref(struct lj_walk *w, lj_u64 *v, lj_u64 addr)
{
	lj_u32 lo;

	if (w->mode == LJ_MODE_gc64)
		return lj_rd64(w, v, addr);
	if (lj_rd32(w, &lo, addr))
		return -1;
	*v = lo;
	return 0;
}

/* Members of the object whose header is in w->obj. */
static inline lj_u32 lj_obj32(const struct lj_walk *w, lj_u32 ofs)
{
	return (lj_u32)(w->obj[ofs >> 3 & 15] >> (ofs & 4) * 8);
}

static inline lj_u32 lj_obj16(const struct lj_walk *w, lj_u32 ofs)
{
	return lj_obj32(w, ofs) >> (ofs & 2) * 8 & 0xffff;
}

static inline lj_u32 lj_obj8(const struct lj_walk *w, lj_u32 ofs)
{
	return lj_obj32(w, ofs) >> (ofs & 3) * 8 & 0xff;
}

static inline lj_u64 lj_obj64(const struct lj_walk *w, lj_u32 ofs)
{
	return lj_obj32(w, ofs) | (lj_u64)lj_obj32(w, ofs + 4) << 32;
}

static inline lj_u64 lj_objref(const struct lj_walk *w, lj_u32 ofs)
{
	return w->mode == LJ_MODE_gc64 ? lj_obj64(w, ofs) : lj_obj32(w, ofs);
}

/* lj_slot - read one word of a stack through the window
 *
 * The window is filled downwards from addr, as both walks go: about 35
 * instructions a frame instead of two reads.
 */
static inline int lj_slot(struct lj_walk *w, lj_u64 *v, lj_u64 addr)
{
	lj_u64 i = (addr - w->winaddr) >> 3;
	lj_u64 lo;

	if (addr & 7)
		return -1;
	if (addr < w->winaddr || i >= w->winlen) {
		lo = addr + 8 - LJ_WIN * 8;
		if (addr < w->slot0)
			return -1;
		if (lo < w->slot0)
			lo = w->slot0;
		w->winlen = (lj_u32)((addr + 8 - lo) >> 3) & 127;
		if (w->winlen > LJ_WIN)
			return -1;
		w->winaddr = lo;
		if (lj_rd(w, w->win, w->winlen * 8, lo)) {
			w->winlen = 0;
			w->t.fault++;
			return -1;
		}
		i = (addr - lo) >> 3;
	}
	*v = w->win[i & (LJ_WIN - 1)];
	return 0;
}

/* -- Records ------------------------------------------------------------ */

/* lj_emit - finish the record in w->rec and append it
 * @kind: LJD_KIND_*
 * @fixed: sizeof its struct
 * @tail: bytes after it, zero padded by the caller to 8
 */
static inline int lj_emit(struct lj_walk *w, lj_u32 kind, lj_u32 fixed,
			  lj_u32 tail)
{
	w->rec.h.sync = LJD_SYNC;
	w->rec.h.kind = kind | fixed << 16;
	w->rec.h.len = fixed + ((tail + 7) & ~7u);
	w->rec.h.lane = w->lane;
	w->rec.h.seq = w->seq;
	w->rec.h.sum = ljd_sum(&w->rec);
	if (LJ_OUT(w, &w->rec, w->rec.h.len)) {
		w->t.emitfail++;
		return -1;
	}
	w->seq++;
	w->t.records++;
	return 0;
}

#define LJ_EMIT(w, name, tail) \
	lj_emit(w, LJD_KIND_##name, sizeof(struct ljd_##name), tail)

/* lj_header - prepare the header record in w->rec
 *
 * Left to the collector, which emits it: hz, duration, cpus, time, realtime.
 */
static inline struct ljd_header *lj_header(struct lj_walk *w, lj_u32 collector,
					   lj_u32 pid, lj_u32 depth)
{
	struct ljd_header *h = &w->rec.header;

	h->version = LJD_VERSION;
	h->order = LJD_ORDER;
	h->collector = collector;
	h->pid = pid;
	h->clock = LJD_clock_MONOTONIC;
	h->weight = LJD_weight_SAMPLES;
	h->hz = h->duration = 0;
	h->depth = depth;
	return h;
}

static inline lj_u64 lj_mix(lj_u64 h, lj_u64 v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

/* -- Finding the VM ------------------------------------------------------ */

/* lj_check_L - is L a lua_State of G? Leaves its members in w.
 * @g: the global_State it must belong to, or 0 to take L's word for it
 */
static inline int lj_check_L(struct lj_walk *w, lj_u64 L, lj_u64 g)
{
	if ((L & 7) || lj_rd(w, w->obj, LJ_OBJ(w, L_read), L))
		return -1;
	if (lj_obj8(w, LJ_OBJ(w, L_gct)) != LJ_TTHREAD)
		return -1;
	if (g && lj_objref(w, LJ_OBJ(w, L_glref)) != g)
		return -1;
	w->L = L;
	w->base = lj_obj64(w, LJ_OBJ(w, L_base));
	w->stack = lj_objref(w, LJ_OBJ(w, L_stack));
	w->maxstack = w->stack + 8ull * lj_obj32(w, LJ_OBJ(w, L_stacksize));
	w->cf = lj_obj64(w, LJ_OBJ(w, L_cframe)) & ~3ull;
	return 0;
}

/* lj_cframe_L - the lua_State saved in the C frame at p */
static inline int lj_cframe_L(struct lj_walk *w, lj_u64 *L, lj_u64 p)
{
	return lj_rdref(w, L, p + LJ_OBJ(w, cframe_L));
}

/* lj_check_g - is there a G of column w->col at g? 1 read. */
static inline int lj_check_g(struct lj_walk *w, lj_u64 g)
{
	lj_u64 mainL;

	if ((g & 7) || lj_rdref(w, &mainL, g + LJ_REL(w, mainthref)))
		return -1;
	return mainL == g - LJ_REL(w, L_size) ? 0 : -1;
}

/* lj_running - is G's cur_L running on this C stack?
 *
 * Its C frame must be on the stack, above sp, and name it. cur_L is stale
 * after lua_resume() came back to a C function: then its cframe is NULL.
 */
static inline int lj_running(struct lj_walk *w, lj_u64 g)
{
	lj_u64 L, saved;

	if (lj_rdref(w, &L, g + LJ_REL(w, cur_L)) || !L)
		return -1;
	if (lj_check_L(w, L, g))
		return -1;
	if (w->cf < w->regs.sp || w->cf - w->regs.sp > 64 << 20)
		return -1;
	if (lj_cframe_L(w, &saved, w->cf) || saved != L)
		return -1;
	w->g = g;
	return 0;
}

/* lj_is_dispatch - is the static half of a dispatch table at d?
 *
 * Its handlers ascend; the word before belongs to a fast function, which
 * lies above all of them.
 */
static inline int lj_is_dispatch(struct lj_walk *w, lj_u64 d)
{
	lj_u32 i;

	d += (LJ_REL(w, nbc) + LJ_NFF) * 8 - 8;
	if (lj_rd(w, w->obj, 128, d))
		return 0;
	if (w->obj[0] <= w->obj[1] || w->obj[0] - w->obj[1] > 0x8000)
		return 0;
	for (i = 1; i < 15; i++)
		if (w->obj[i + 1] <= w->obj[i] ||
		    w->obj[i + 1] - w->obj[i] > 0x1000)
			return 0;
	return 1;
}

/* lj_identify - find the column of the G at g, known to be of w->mode */
static inline int lj_identify(struct lj_walk *w, lj_u64 g)
{
	lj_u32 i;

	for (i = 0; i < LJ_COL_MAX; i++) {
		if (lj_col_mode[i] != w->mode)
			continue;
		w->col = i;
		if (!lj_check_g(w, g) &&
		    lj_is_dispatch(w, g + LJ_REL(w, dispatch)))
			return 0;
	}
	return -1;
}

/* lj_by_register - G from the DISPATCH register, or 0
 * @first: column to try first
 */
static inline lj_u64 lj_by_register(struct lj_walk *w, lj_u32 first)
{
	lj_u32 i;
	lj_u64 r;

	for (i = 0; i <= LJ_COL_MAX; i++) {
		w->col = i ? i - 1 : first % LJ_COL_MAX;
		w->mode = lj_col_mode[w->col];
		r = w->mode == LJ_MODE_gc64 ? w->regs.r14 :
		    (lj_u32)w->regs.r14;
		r -= LJ_REL(w, dispatch);
		if (!lj_check_g(w, r))
			return r;
	}
	return 0;
}

/* lj_scan - search the C stack upwards for the innermost C frame of a VM
 * @from: first address, 8-aligned
 * @words: at most so many
 * @g: only of this VM (w->col is right), or 0: of any VM of w->mode
 *
 * The rule: at p + CFRAME_OFS_L is an L whose cframe is p.
 */
static inline int lj_scan(struct lj_walk *w, lj_u64 from, lj_u32 words,
			  lj_u64 g)
{
	lj_u32 i, n, ofs = LJ_OBJ(w, cframe_L);
	lj_u64 v, last = 0, lastcf = 0, p, found;

	w->winlen = 0;
	for (i = 0; i < LJ_SCAN && i < words; i++) {
		if (!(i & (LJ_WIN - 1)) &&
		    lj_rd(w, w->win, LJ_WIN * 8, from + ofs + i * 8ull)) {
			/* The top of the stack: up to the end of this page. */
			n = 512 - ((from + ofs + i * 8ull) >> 3 & 511);
			if (n > LJ_WIN || lj_rd(w, w->win, n * 8,
						from + ofs + i * 8ull))
				return -1;
			words = i + n;
		}
		v = w->win[i & (LJ_WIN - 1)];
		if (w->mode != LJ_MODE_gc64)
			v = (lj_u32)v;
		p = from + i * 8ull;
		/* The same L is often saved more than once: read it once. */
		if ((v & 7) || LJ_BAD_PTR(v) || (v == last && p != lastcf))
			continue;
		last = v;
		lastcf = lj_check_L(w, v, g) ? 0 : w->cf;
		if (p != lastcf)
			continue;
		found = lj_objref(w, LJ_OBJ(w, L_glref));
		if (!g && lj_identify(w, found))
			continue;
		w->g = found;
		return lj_check_L(w, v, found);
	}
	return -1;
}

static inline int lj_scan_any(struct lj_walk *w)
{
	w->mode = LJ_MODE_gc64;
	if (!lj_scan(w, w->regs.sp, LJ_SCAN, 0))
		return 0;
	w->mode = LJ_MODE_gc32;
	return lj_scan(w, w->regs.sp, LJ_SCAN, 0);
}

/* lj_remember - a thread's VM was found */
static inline int lj_remember(struct lj_walk *w, struct lj_task *task,
			      lj_u32 how)
{
	if (task) {
		task->g = w->g;
		task->col = w->col;
		task->miss = task->skip = 0;
	}
	w->flags |= how;
	return 0;
}

/* lj_not_found - no C frame of any VM is on the stack
 * @g: the VM this thread is known for, 0: none
 *
 * A thread that never had a VM is scanned less and less often.
 */
static inline int lj_not_found(struct lj_walk *w, struct lj_task *task,
			       lj_u64 g, lj_u32 col)
{
	w->g = g;
	w->col = col;
	w->mode = lj_col_mode[col % LJ_COL_MAX];
	if (!task)
		return -1;
	task->g = g;
	task->col = col;
	if (!g) {
		if (task->miss < 6)
			task->miss++;
		task->skip = (1u << task->miss) - 1;
	}
	return -1;
}

/* lj_find - the VM, the running coroutine and its C frame
 *
 * Returns 0; or -1: no VM in this thread (w->g is 0), or none on its stack
 * now. Cheap ways first: the register, what the thread ran last, the scan.
 */
static inline int lj_find(struct lj_walk *w)
{
	struct lj_task *task = LJ_TASK(w);
	lj_u32 col = task ? task->col : 0;
	lj_u64 g = lj_by_register(w, col);

	if (g) {
		col = w->col;
		if (!lj_running(w, g))
			return lj_remember(w, task, LJD_sample_BY_REG);
	} else if (task && task->g) {
		w->col = col;
		w->mode = lj_col_mode[col % LJ_COL_MAX];
		if (!lj_check_g(w, task->g))
			g = task->g;
		if (g && !lj_running(w, g))
			return lj_remember(w, task, LJD_sample_BY_CACHE);
	}
	if (!g && task && task->skip) {
		task->skip--;
		w->g = 0;
		return -1;
	}
	if (!lj_scan_any(w))
		return lj_remember(w, task, LJD_sample_BY_SCAN);
	return lj_not_found(w, task, g, col);
}

/* lj_emit_vm - the vm record: bytecode handlers by opcode, then the fast
 * functions'. Static half for all but FUNC*, which has no static copy.
 */
static inline int lj_emit_vm(struct lj_walk *w, struct lj_vm *vm)
{
	lj_u32 nbc = LJ_REL(w, nbc), i, n = nbc + LJ_NFF;
	lj_u64 d = w->g + LJ_REL(w, dispatch);
	lj_u64 *tail = w->rec.w + sizeof(struct ljd_vm) / 8;

	if (lj_rd(w, tail, (nbc - LJ_NFUNC) * 8, d + n * 8) ||
	    lj_rd(w, tail + nbc - LJ_NFUNC, (LJ_NFUNC + LJ_NFF) * 8,
		  d + (nbc - LJ_NFUNC) * 8)) {
		w->t.fault++;
		return -1;
	}
	vm->lo = tail[0];
	vm->hi = 0;
	for (i = 0; i < 256 && i < n; i++)
		if (tail[i] > vm->hi)
			vm->hi = tail[i];
	vm->hi += 0x900;	/* the code behind the last fast function */
	w->rec.vm.time = w->time;
	w->rec.vm.g = w->g;
	w->rec.vm.id = vm->id;
	w->rec.vm.pid = w->pid;
	w->rec.vm.layout = w->col;
	w->rec.vm.flags = w->mode == LJ_MODE_gc64 ? LJD_vm_GC64 : 0;
	w->rec.vm.nbc = nbc;
	w->rec.vm.n = n;
	return LJ_EMIT(w, vm, n * 8);
}

/* lj_know_vm - give the VM its id and its record */
static inline void lj_know_vm(struct lj_walk *w)
{
	struct lj_vm *vm = LJ_VM(w, w->g);
	lj_u32 isnew = 0;

	w->vm = 0;
	w->vmlo = w->vmhi = 0;
	if (!vm) {
		w->t.dictfail++;
		return;
	}
	if (!vm->id)
		vm->id = LJ_ID(w, lj_mix(lj_mix(2, w->pid), w->g), &isnew);
	if (!vm->sent && vm->id) {
		vm->sent = !lj_emit_vm(w, vm);
		if (!vm->sent)
			w->t.dictfail++;
	}
	w->vm = vm->id;
	w->vmlo = vm->lo;
	w->vmhi = vm->hi;
}

/* -- Dictionary ----------------------------------------------------------- */

/* lj_pending - a dictionary record is to be written after the sample */
static inline void lj_pending(struct lj_walk *w, lj_u32 kind, lj_u64 addr,
			      lj_u64 key, lj_u32 id)
{
	struct lj_pend *p;
	lj_u32 i;

	for (i = 0; i < LJ_NPEND && i < w->npend; i++)
		if (w->pend[i].key == key)
			return;
	if (w->npend >= LJ_NPEND) {
		w->t.dictfail++;
		return;
	}
	p = &w->pend[w->npend++ & (LJ_NPEND - 1)];
	p->addr = addr;
	p->key = key;
	p->id = id;
	p->kind = kind;
}

/* lj_proto_id - dictionary id of a GCproto; its header is left in w->obj
 *
 * The key holds what tells two protos at one address apart, the chunkname's
 * hash included: after a GC both may be recycled. 0: not a proto.
 */
static inline lj_u32 lj_proto_id(struct lj_walk *w, lj_u64 pt)
{
	lj_u64 key, name;
	lj_u32 hl[2], id, isnew = 0;

	if ((pt & 3) || lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt))
		return 0;
	if (lj_obj8(w, LJ_OBJ(w, pt_gct)) != LJ_TPROTO)
		return 0;
	name = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	if (lj_rd(w, hl, 8, name + LJ_REL(w, str_hash)))
		return 0;
	key = lj_mix(lj_mix(pt, w->pid), name);
	key = lj_mix(key, (lj_u64)hl[0] << 32 | hl[1]);
	key = lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_sizebc)) << 32 |
			  lj_obj32(w, LJ_OBJ(w, pt_sizept)));
	key = lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_firstline)) << 32 |
			  lj_obj32(w, LJ_OBJ(w, pt_numline)));
	key = lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_sizekgc)) << 32 |
			  lj_obj32(w, LJ_OBJ(w, pt_sizekn)));
	id = LJ_ID(w, key, &isnew);
	if (!id)
		w->t.dictfail++;
	else if (isnew & LJ_ID_NEW)
		lj_pending(w, LJD_KIND_proto, pt, key, id);
	return id;
}

/* lj_func - what the frame word of a function is, cached within the sample
 * @fn: address of a GCfunc
 *
 * NULL: there is no function at fn. About 250 instructions when not cached.
 */
static inline struct lj_cached *lj_func(struct lj_walk *w, lj_u64 fn)
{
	struct lj_cached *c = &w->fc[(fn >> 3 ^ fn >> 8) & (LJ_NCACHE - 1)];
	lj_u64 pc, f, key;
	lj_u32 ffid, id, isnew = 0;

	if (c->gen == w->gen && c->fn == fn)
		return c;
	if ((fn & 7) || lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TFUNC)
		return 0;
	ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	pc = lj_objref(w, LJ_OBJ(w, fn_pc));
	f = lj_obj64(w, LJ_OBJ(w, fn_f));
	c->gen = 0;
	c->fn = fn;
	c->bc = 0;
	c->sizebc = 0;
	if (ffid == LJ_FF_LUA) {
		id = lj_proto_id(w, pc - LJ_OBJ(w, pt_size));
		if (!id)
			return 0;
		c->bc = pc;
		c->sizebc = lj_obj32(w, LJ_OBJ(w, pt_sizebc));
		c->frame = LJD_FRAME(LJD_frame_LUA, id, 0);
	} else {
		key = lj_mix(lj_mix(lj_mix(3, w->pid), f), ffid);
		key = lj_mix(key, w->vm);
		id = LJ_ID(w, key, &isnew);
		if (isnew & LJ_ID_NEW)
			lj_pending(w, LJD_KIND_cfunc, fn, key, id);
		c->frame = ffid == LJ_FF_C ? LJD_FRAME(LJD_frame_C, id, 0) :
			   LJD_FRAME(LJD_frame_FF, id, ffid);
	}
	c->gen = w->gen;
	return c;
}

/* lj_pos - bytecode index of the instruction before pc, or LJD_NOPOS
 *
 * Every pc that LuaJIT stores is that of the next instruction.
 */
static inline lj_u32 lj_pos(const struct lj_cached *c, lj_u64 pc)
{
	lj_u64 i = (pc - c->bc) >> 2;

	if (!c->bc || (pc & 3) || pc < c->bc || i - 1 >= c->sizebc)
		return LJD_NOPOS;
	return (lj_u32)i - 1;
}

/* lj_emit_cfunc - the cfunc record of the GCfunc at fn */
static inline int lj_emit_cfunc(struct lj_walk *w, lj_u64 fn, lj_u32 id)
{
	if (lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn))
		return -1;
	w->rec.cfunc.f = lj_obj64(w, LJ_OBJ(w, fn_f));
	w->rec.cfunc.id = id;
	w->rec.cfunc.pid = w->pid;
	w->rec.cfunc.vm = w->vm;
	w->rec.cfunc.ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	return LJ_EMIT(w, cfunc, 0);
}

/* lj_pad - zero what pads a tail of n bytes to 8; writes into the last word */
static inline void lj_pad(lj_u64 *tail, lj_u32 n)
{
	lj_u32 i = n >> 3, r = n & 7;

	if (r)
		tail[i & 1023] &= ((lj_u64)1 << r * 8) - 1;
}

/* lj_emit_piece - one pdata record, its n tail bytes already in place */
static inline int lj_emit_piece(struct lj_walk *w, lj_u32 id, lj_u32 section,
				lj_u32 ofs, lj_u32 total, lj_u32 n)
{
	lj_pad(w->rec.w + sizeof(struct ljd_pdata) / 8, n);
	w->rec.pdata.id = id;
	w->rec.pdata.section = section;
	w->rec.pdata.ofs = ofs;
	w->rec.pdata.total = total;
	w->rec.pdata.n = n;
	w->rec.pdata.spare = 0;
	return LJ_EMIT(w, pdata, n);
}

/* lj_emit_section - a section of a proto, in pieces */
static inline int lj_emit_section(struct lj_walk *w, lj_u32 id,
				  lj_u32 section, lj_u64 addr, lj_u32 total)
{
	lj_u64 *tail = w->rec.w + sizeof(struct ljd_pdata) / 8;
	lj_u32 i, n;

	for (i = 0; i < LJ_MAXSECT && i < total; i += LJD_MAXPIECE) {
		n = total - i < LJD_MAXPIECE ? total - i : LJD_MAXPIECE;
		if (lj_rd(w, tail, (n + 3) & ~3u, addr + i)) {
			w->t.fault++;
			return -1;
		}
		if (lj_emit_piece(w, id, section, i, total, n))
			return -1;
	}
	return 0;
}

/* lj_put_name - append one KNAME entry to the piece being built
 * @at: bytes of the piece so far; the caller leaves room for one entry
 * @str: address of the GCstr
 *
 * Returns the bytes of the piece now. A name that cannot be read is left out.
 */
static inline lj_u32 lj_put_name(struct lj_walk *w, lj_u32 at, lj_u32 index,
				 lj_u64 str)
{
	lj_u64 *p = w->rec.w + sizeof(struct ljd_pdata) / 8 + (at >> 3);
	lj_u32 len;

	if (lj_rd(w, w->obj, 24, str) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TSTR)
		return at;
	len = lj_obj32(w, LJ_REL(w, str_len));
	if (len > LJ_MAXNAME)
		len = LJ_MAXNAME;
	p[0] = index | (lj_u64)len << 32;
	/* Strings are padded to 4 in the target. */
	if (len && lj_rd(w, p + 1, (len + 3) & ~3u, str + LJ_REL(w, str_data)))
		return at;
	lj_pad(p + 1, len);
	return at + 8 + ((len + 7) & ~7u);
}

/* lj_name_index - kgc index of the name an instruction uses, or -1 */
static inline lj_i32 lj_name_index(lj_u32 ins)
{
	if ((ins & 0xff) == LJ_BC_GGET)
		return ins >> 16;
	if ((ins & 0xff) == LJ_BC_TGETS)
		return ins >> 16 & 0xff;
	return -1;
}

/* lj_emit_names - the strings that GGET and TGETS of a proto name
 * @bc, @sizebc: its bytecode
 * @k: its constants; kgc index i is at k[-1-i]
 *
 * Names only: no other string constant of the program leaves it.
 */
static inline int lj_emit_names(struct lj_walk *w, lj_u32 id, lj_u64 bc,
				lj_u32 sizebc, lj_u64 k, lj_u32 sizekgc)
{
	lj_u32 ref = w->mode == LJ_MODE_gc64 ? 8 : 4;
	lj_u32 i, at = 0, ofs = 0;
	lj_u64 str, done[16] = { 0 };
	lj_i32 idx;

	w->winlen = 0;
	for (i = 0; i < LJ_MAXSECT / 4 && i < sizebc; i++) {
		lj_u32 j = i & (2 * LJ_WIN - 1);

		if (!j) {
			lj_u32 n = sizebc - i < 2 * LJ_WIN ? sizebc - i :
				   2 * LJ_WIN;

			if (lj_rd(w, w->win, n * 4, bc + i * 4ull))
				return -1;
		}
		idx = lj_name_index((lj_u32)(w->win[j >> 1] >> (j & 1) * 32));
		if (idx < 0 || (lj_u32)idx >= sizekgc)
			continue;
		if (idx < 1024) {	/* most names are used more than once */
			if (done[idx >> 6 & 15] & (lj_u64)1 << (idx & 63))
				continue;
			done[idx >> 6 & 15] |= (lj_u64)1 << (idx & 63);
		}
		if (lj_rdref(w, &str, k - (idx + 1ull) * ref))
			continue;
		at = lj_put_name(w, at, idx, str);
		if (at > LJD_MAXPIECE - LJ_MAXNAME - 16) {
			if (lj_emit_piece(w, id, LJD_section_KNAME, ofs, 0, at))
				return -1;
			ofs += at;
			at = 0;
		}
	}
	if (!at)
		return 0;
	return lj_emit_piece(w, id, LJD_section_KNAME, ofs, 0, at);
}

/* lj_emit_proto - the proto record and its sections */
static inline int lj_emit_proto(struct lj_walk *w, lj_u64 pt, lj_u32 id)
{
	lj_u64 name, k, lineinfo, uvinfo, varinfo, end, bc;
	lj_u32 sizebc, sizekgc, n, linebytes;

	if (lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt))
		return -1;
	bc = pt + LJ_OBJ(w, pt_size);
	name = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	k = lj_objref(w, LJ_OBJ(w, pt_k));
	lineinfo = lj_objref(w, LJ_OBJ(w, pt_lineinfo));
	uvinfo = lj_objref(w, LJ_OBJ(w, pt_uvinfo));
	varinfo = lj_objref(w, LJ_OBJ(w, pt_varinfo));
	end = pt + lj_obj32(w, LJ_OBJ(w, pt_sizept));
	sizebc = lj_obj32(w, LJ_OBJ(w, pt_sizebc));
	sizekgc = lj_obj32(w, LJ_OBJ(w, pt_sizekgc));

	w->rec.proto.time = w->time;
	w->rec.proto.pt = pt;
	w->rec.proto.id = id;
	w->rec.proto.pid = w->pid;
	w->rec.proto.vm = w->vm;
	w->rec.proto.firstline = lj_obj32(w, LJ_OBJ(w, pt_firstline));
	w->rec.proto.numline = lj_obj32(w, LJ_OBJ(w, pt_numline));
	w->rec.proto.sizebc = sizebc;
	w->rec.proto.sizekgc = sizekgc;
	w->rec.proto.sizeuv = lj_obj8(w, LJ_OBJ(w, pt_sizeuv));
	linebytes = (sizebc - 1) << (w->rec.proto.numline < 256 ? 0 :
				     w->rec.proto.numline < 65536 ? 1 : 2);
	if (lj_rd32(w, &n, name + LJ_REL(w, str_len)))
		return -1;
	w->rec.proto.chunklen = n;
	n = n < LJ_MAXCHUNK ? n : LJ_MAXCHUNK;
	w->rec.proto.n = n;
	if (n && lj_rd(w, w->rec.w + sizeof(struct ljd_proto) / 8,
		       (n + 3) & ~3u, name + LJ_REL(w, str_data)))
		return -1;
	lj_pad(w->rec.w + sizeof(struct ljd_proto) / 8, n);
	if (LJ_EMIT(w, proto, n))
		return -1;
	/* All sections lie inside [pt, end): lj_parse.c: lj_parse() */
	if (lj_emit_section(w, id, LJD_section_BC, bc, sizebc * 4) ||
	    lj_emit_names(w, id, bc, sizebc, k, sizekgc))
		return -1;
	if (lineinfo > pt && lineinfo < end &&
	    lj_emit_section(w, id, LJD_section_LINE, lineinfo, linebytes))
		return -1;
	if (uvinfo > pt && uvinfo < end && varinfo >= uvinfo &&
	    varinfo <= end &&
	    lj_emit_section(w, id, LJD_section_UVNAME, uvinfo,
			    (lj_u32)(varinfo - uvinfo)))
		return -1;
	if (varinfo > pt && varinfo < end &&
	    lj_emit_section(w, id, LJD_section_VARINFO, varinfo,
			    (lj_u32)(end - varinfo)))
		return -1;
	return 0;
}

/* lj_emit_pending - dictionary records of what the sample met first */
static inline void lj_emit_pending(struct lj_walk *w)
{
	lj_u32 i;

	for (i = 0; i < LJ_NPEND && i < w->npend; i++) {
		struct lj_pend *p = &w->pend[i];
		int bad = p->kind == LJD_KIND_cfunc ?
			  lj_emit_cfunc(w, p->addr, p->id) :
			  lj_emit_proto(w, p->addr, p->id);

		if (bad)
			w->t.dictfail++;	/* again at the next sample */
		else
			LJ_ID_SENT(w, p->key);
	}
	w->npend = 0;
}

/* lj_trace - the trace that runs: its id and where it starts
 *
 * Uses w->rec: before the frames are collected.
 */
static inline void lj_trace(struct lj_walk *w)
{
	lj_u32 ref = w->mode == LJ_MODE_gc64 ? 8 : 4, no, id, isnew = 0;
	lj_u64 arr, T, pt, pc, mcode, key;

	no = (lj_u32)w->vmstate;
	if (lj_rd64(w, &arr, w->g + LJ_REL(w, J_trace)) ||
	    lj_rdref(w, &T, arr + (lj_u64)no * ref) ||
	    lj_rd(w, w->obj, LJ_OBJ(w, T_size), T) ||
	    lj_obj8(w, LJ_OBJ(w, T_gct)) != LJ_TTRACE ||
	    lj_obj16(w, LJ_OBJ(w, T_traceno)) != no) {
		w->t.fault++;
		return;
	}
	pt = lj_objref(w, LJ_OBJ(w, T_startpt));
	pc = lj_objref(w, LJ_OBJ(w, T_startpc));
	mcode = lj_obj64(w, LJ_OBJ(w, T_mcode));
	key = lj_mix(lj_mix(lj_mix(5, w->pid), T), mcode);
	key = lj_mix(lj_mix(key, pc), (lj_u64)pt << 16 ^ no);
	id = LJ_ID(w, key, &isnew);
	w->trace = id;
	if (!(isnew & LJ_ID_NEW) || !id)
		return;
	w->rec.trace.time = w->time;
	w->rec.trace.addr = T;
	w->rec.trace.mcode = mcode;
	w->rec.trace.szmcode = lj_obj32(w, LJ_OBJ(w, T_szmcode));
	w->rec.trace.id = id;
	w->rec.trace.pid = w->pid;
	w->rec.trace.vm = w->vm;
	w->rec.trace.traceno = no;
	w->rec.trace.startins = lj_obj32(w, LJ_OBJ(w, T_startins));
	w->rec.trace.root = lj_obj16(w, LJ_OBJ(w, T_root));
	w->rec.trace.link = lj_obj16(w, LJ_OBJ(w, T_link));
	w->rec.trace.linktype = lj_obj8(w, LJ_REL(w, T_linktype));
	w->rec.trace.proto = lj_proto_id(w, pt);
	w->rec.trace.startpos = (lj_u32)((pc - pt - LJ_OBJ(w, pt_size)) >> 2);
	w->rec.trace.spare = 0;
	if (LJ_EMIT(w, trace, 0))
		w->t.dictfail++;
	else
		LJ_ID_SENT(w, key);
}

/* -- Walking -------------------------------------------------------------- */

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
	if (w->mode == LJ_MODE_gc64) {
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
	return w->stack + (w->mode == LJ_MODE_gc64 ? 8 : 0);
}

/* lj_good_base - is there a frame with a function at base?
 * @pc: if not 0: and it is a Lua function with pc in its bytecode
 */
static inline int lj_good_base(struct lj_walk *w, lj_u64 base, lj_u64 pc)
{
	struct lj_cached *c;
	lj_u64 fn, link;

	if ((base & 7) || base <= lj_bottom(w) || base > w->maxstack)
		return 0;
	if (lj_split(w, base - 8, &fn, &link))
		return 0;
	if (fn == w->L)
		return 1;
	c = lj_func(w, fn);
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
	lj_u64 pc;

	if (!cf || lj_rdref(w, &pc, cf + LJ_OBJ(w, cframe_pc)))
		return 0;
	return pc;
}

/* lj_callins - the call instruction before a return pc, cached */
static inline int lj_callins(struct lj_walk *w, lj_u32 *ins, lj_u64 pc)
{
	struct lj_ins *c = &w->ic[(pc >> 2 ^ pc >> 7) & (LJ_NCACHE - 1)];

	if (c->gen != w->gen || c->pc != pc) {
		c->gen = 0;
		if (lj_rd32(w, &c->ins, pc - 4)) {
			w->t.fault++;
			return -1;
		}
		c->pc = pc;
		c->gen = w->gen;
	}
	*ins = c->ins;
	return 0;
}

/* lj_caller_base - the base of the caller, from the link in PC
 *
 * While a call or a return is under way BASE is already, or still, the
 * callee's, its frame is not whole, and PC is the link to the caller.
 */
static inline lj_u64 lj_caller_base(struct lj_walk *w, lj_u64 base, lj_u64 pc)
{
	lj_u32 ins;

	if ((pc & 3) || lj_callins(w, &ins, pc))
		return 0;
	return base - 8ull * (1 + (w->mode == LJ_MODE_gc64) + (ins >> 8 & 0xff));
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

/* lj_start_interp - base and pc of a thread in the interpreter
 *
 * L->base is stale in most samples there: BASE and PC are in registers. In
 * a C helper rdx is gone, but some helpers are called with BASE in rbp. A
 * candidate counts only if it leads to a frame with this pc.
 */
static inline void lj_start_interp(struct lj_walk *w)
{
	lj_u64 mask = w->mode == LJ_MODE_gc64 ? ~0ull : 0xffffffffull;
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
static inline void lj_start(struct lj_walk *w)
{
	lj_u64 jit_base = 0;

	w->pc = 0;
	if (w->vmstate >= 0 || ~w->vmstate == LJ_VMST_GC) {
		/* L->base is not kept on trace; a GC step there hides it */
		if (!lj_rdref(w, &jit_base, w->g + LJ_REL(w, jit_base)) &&
		    jit_base) {
			w->base = jit_base;
			return;
		}
	}
	if (~w->vmstate == LJ_VMST_INTERP)
		lj_start_interp(w);
	else
		w->pc = lj_saved_pc(w, w->cf);
}

/* lj_prev_cframe - move walkcf to the C frame below (lj_debug.c:
 * debug_framepc): the Lua function below a C boundary left its pc there
 */
static inline void lj_prev_cframe(struct lj_walk *w)
{
	lj_u64 prev;

	if (!w->walkcf ||
	    lj_rd64(w, &prev, w->walkcf + LJ_OBJ(w, cframe_prev)))
		prev = 0;
	w->walkcf = prev & ~3ull;
}

/* lj_skip_cpcall - pass C frames of lua_cpcall() that have no Lua frame
 *
 * nres < 0 is -savestack(top): such a C frame belongs above that slot.
 */
static inline void lj_skip_cpcall(struct lj_walk *w, lj_u64 f)
{
	lj_i32 nres;
	lj_u32 i;

	for (i = 0; i < LJ_MAXCF && w->walkcf; i++) {
		if (lj_rd32(w, (lj_u32 *)&nres,
			    w->walkcf + LJ_OBJ(w, cframe_nres)))
			return;
		if (nres >= 0 || f >= w->stack - (lj_i32)nres)
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
	lj_u32 fr2 = w->mode == LJ_MODE_gc64, ins;
	lj_u64 down, v;

	w->pc = 0;
	if ((link & 3) == LJ_FRAME_LUA) {
		if (lj_callins(w, &ins, link))
			return -1;
		down = 8ull * (1 + fr2 + (ins >> 8 & 0xff));
		w->pc = link;
	} else {
		down = link & ~7ull;
		if ((link & 7) == LJ_FRAME_CONT && fr2) {
			if (lj_slot(w, &w->pc, f - 16))
				return -1;
			if (lj_slot(w, &v, f - 24))
				return -1;
			if (v == 1)	/* FFI callback: from C */
				lj_prev_cframe(w);
			if (v <= 1)
				w->pc = 0;
		} else if ((link & 7) == LJ_FRAME_CONT) {
			if (lj_slot(w, &v, f - 8))
				return -1;
			w->pc = v >> 32;
			if ((lj_u32)v == 1)
				lj_prev_cframe(w);
			if ((lj_u32)v <= 1)
				w->pc = 0;
		} else if ((link & 7) == LJ_FRAME_C ||
			   (link & 7) == LJ_FRAME_CP) {
			lj_skip_cpcall(w, f);
			lj_prev_cframe(w);
			lj_skip_cpcall(w, f - down);
			w->pc = lj_saved_pc(w, w->walkcf);
		}
	}
	if (down < 8 || down > f - w->stack)
		return -1;
	w->f = f - down;
	return 0;
}

/* lj_walk_L - push the frames of the coroutine in w, from w->base, w->pc */
static inline int lj_walk_L(struct lj_walk *w)
{
	struct lj_cached *c;
	lj_u64 fn, link, bottom = lj_bottom(w);
	lj_u32 i, skip = 0, pos;

	if ((w->base & 7) || w->base <= w->stack || w->base > w->maxstack + 64)
		return lj_bad(w, LJD_bad_BASE);
	w->f = w->base - 8;
	w->walkcf = w->cf;
	for (i = 0; i < LJ_MAXSTEP; i++) {
		if (w->f <= bottom)
			return 0;
		if (w->flags & LJD_sample_DEPTHCAP)
			return -1;
		if (lj_split(w, w->f, &fn, &link))
			return lj_bad(w, LJD_bad_READ);
		if (fn == w->L) {		/* dummy frame of an error */
			skip = 0;
		} else if (skip) {		/* vararg pseudo-frame */
			skip = 0;
		} else {
			c = lj_func(w, fn);
			if (!c)
				return lj_bad(w, LJD_bad_FUNC);
			pos = c->bc ? lj_pos(c, w->pc) :
			      LJD_FRAME_POS(c->frame);
			lj_push(w, c->frame | pos);
		}
		if ((link & 7) == LJ_FRAME_VARG)
			skip = 1;
		if (lj_below(w, w->f, link))
			return lj_bad(w, LJD_bad_LINK);
	}
	return lj_bad(w, LJD_bad_LIMIT);
}

/* lj_resumer - leave in w the coroutine that resumed w->L; -1: none
 *
 * coroutine.resume() and wrap() call lj_vm_resume() with an unchanged stack
 * pointer: the resumer's C frame is right above the coroutine's first one.
 * lua_resume() from C puts C frames between.
 */
static inline int lj_resumer(struct lj_walk *w)
{
	lj_u64 p, prev, L, main = w->g - LJ_REL(w, L_size), self = w->L;
	lj_u32 i;

	if (self == main)
		return -1;
	p = w->cf;
	for (i = 0; i < LJ_MAXCF && p; i++) {
		if (lj_rd64(w, &prev, p + LJ_OBJ(w, cframe_prev)))
			return -1;
		if (!(prev & ~3ull))
			break;
		p = prev & ~3ull;
	}
	if (!p)
		return -1;
	p += LJ_OBJ(w, cframe_size);
	if (!lj_cframe_L(w, &L, p) && L != self && !lj_check_L(w, L, w->g) &&
	    w->cf == p)
		return 0;
	/* No Lua below if the main thread is not running: nginx. */
	if (lj_check_L(w, main, w->g))
		return -1;
	return lj_scan(w, p, w->cf ? LJ_SCAN : LJ_SCANCO, w->g);
}

/* lj_walk_all - the running coroutine and those that resumed it */
static inline void lj_walk_all(struct lj_walk *w)
{
	lj_u32 i;

	w->slot0 = w->stack;
	w->winlen = 0;
	lj_start(w);
	for (i = 0; i < LJ_MAXCO; i++) {
		if (lj_walk_L(w))
			return;
		if (lj_resumer(w))
			return;
		lj_push(w, LJD_FRAME(LJD_frame_CO, 0, 0));
		w->slot0 = w->stack;
		w->winlen = 0;
		w->pc = lj_saved_pc(w, w->cf);
	}
	lj_bad(w, LJD_bad_LIMIT);
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
	return LJ_EMIT(w, sample, w->n * 8);
}

/* lj_sample - take one sample of the thread described by w's input members
 *
 * Writes one sample record and the dictionary records it needs. Returns 0,
 * or -1 if the sample found no room. Never fails for what the target holds:
 * that is told in the sample's flags and in w->t. Cost, all cached: about
 * 2000 instructions and 100 a frame (tests/bench).
 */
static inline int lj_sample(struct lj_walk *w)
{
	lj_u32 state = 0;
	int found;

	w->flags = w->inkernel ? LJD_sample_KERNEL : 0;
	w->n = w->trace = w->vm = w->npend = 0;
	w->vmstate = 0;
	if (!++w->gen)
		w->gen = 1;	/* 0 marks unused cache entries */
	if (w->inkernel)
		w->t.kernel++;
	found = !lj_find(w);
	if (w->g) {
		lj_know_vm(w);
		if (!lj_rd32(w, &state, w->g + LJ_REL(w, vmstate)))
			w->vmstate = (lj_i32)state;
	}
	if (found) {
		if (w->vmstate >= 0)
			lj_trace(w);
		lj_walk_all(w);
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
	if (lj_emit_sample(w))
		return -1;
	w->t.samples++;
	lj_emit_pending(w);
	return 0;
}

#endif
