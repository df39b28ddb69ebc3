/* lj_core.h - the state of the walking core; reading the target, writing
 * records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one walking core is lj_core.h, lj_calibrate.h, lj_find.h, lj_emit.h,
 * lj_names.h, lj_trace.h and lj_walk.h, which includes the others; and
 * lj_value.h for those who look at values, lj_debug.h for those who name
 * functions at once. Every collector includes it: the
 * tapset (kernel module), a BPF object, a user-space reader. Written to the
 * strictest reader's rules: no libc, no pointer into the target, all state in
 * one struct, no recursion, every loop bounded by a constant.
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
 *   LJ_VM(w, d, create)      struct lj_vm * of (pid, dispatch table); if it
 *                            is not known, NULL or a zeroed one
 *
 * and, if its code must pass BPF's verifier, what LJ_FN below are.
 */
#ifndef LJSTAP_LJ_CORE_H
#define LJSTAP_LJ_CORE_H

#include "ljtypes.h"
#include "dump.h"
#include "layout.h"
#include "lj_memo.h"

#define LJ_MAXSTEP	1024	/* frames looked at, reported or not */
#define LJ_MAXCO	8	/* nested coroutines followed */
#define LJ_MAXCF	64	/* C frames of one coroutine followed */
#define LJ_SCAN		1024	/* stack words scanned for a C frame */
#define LJ_SCANCO	64	/* ... for the resumer of a coroutine */
#define LJ_WIN		64	/* words read at once to search them */
#define LJ_STACKWIN	128	/* words of a Lua stack read at once */
#define LJ_NCACHE	32	/* functions remembered within a sample */
#ifndef LJ_NPEND
#define LJ_NPEND	64	/* dictionary records written by one sample */
#endif
#ifndef LJ_NCOL
#define LJ_NCOL		LJ_COL_MAX	/* columns to try; 0 tests calibration */
#endif
#define LJ_MAXSECT	65536	/* bytes of one section of a proto */
#define LJ_MAXNAME	128	/* bytes of one name in bytecode */
#define LJ_GIMAGE	1024	/* bytes of global_State looked at */
#define LJ_MAXCHUNK	256	/* bytes of a chunkname */
#define LJ_SPAN		32768	/* bytes of a C stack that are looked at */
#define LJ_OUTSPAN	8192	/* ... of a thread that is not in Lua */
#define LJ_HANDLER	0x80	/* bytes FUNCC and FUNCCW have at most */
#define LJ_GROUP	64	/* words of a C stack read at once */
#define LJ_CWIN		64	/* ... from a C frame on */
#define LJ_MAXMARK	32	/* C code looked at in one sample */
#define LJ_NSPANS	8	/* ... remembered of earlier ones */
#define LJ_MAXSUM	4096	/* bytes of such one */
#define LJ_SPANLIFE	32	/* samples that it is */

/* LJ_SEEN - the function of the frame just pushed, a GCfunc, for an includer
 * who has a use for it
 */
#ifndef LJ_SEEN
#define LJ_SEEN(w, fn)	do { } while (0)
#endif

#define LJ_GC64(w)	((w)->lay.mode == LJ_MODE_gc64)

/* LJ_FN1(type, name, type of a, a) - a function name(w, a). LJ_DO1(name, ...)
 * is one that returns nothing; the digit is the number of arguments behind w.
 *
 * A BPF object makes them global functions: each is verified once, alone,
 * knowing nothing of its arguments, which is what keeps the sum in bounds.
 * Only numbers go in and out, and they nest at most 7 deep.
 */
#ifndef LJ_FN0
#define LJ_FN0(t, name)		static inline t name(struct lj_walk *w)
#define LJ_FN1(t, name, ta, a)	static inline t name(struct lj_walk *w, ta a)
#define LJ_FN2(t, name, ta, a, tb, b) \
	static inline t name(struct lj_walk *w, ta a, tb b)
#define LJ_FN3(t, name, ta, a, tb, b, tc, c) \
	static inline t name(struct lj_walk *w, ta a, tb b, tc c)
#define LJ_FN4(t, name, ta, a, tb, b, tc, c, td, d) \
	static inline t name(struct lj_walk *w, ta a, tb b, tc c, td d)
#define LJ_DO0(name)		LJ_FN0(void, name)
#define LJ_DO1(name, ...)	LJ_FN1(void, name, __VA_ARGS__)
#define LJ_DO4(name, ...)	LJ_FN4(void, name, __VA_ARGS__)
/* n, which is at most max, where the verifier cannot know it */
#define LJ_ATMOST(n, max)	(n)
/* what is known of the VM in w: its memory holds no usable pointers there */
#define LJ_ENTRY(w)		((w)->entry)
#endif

/* struct lj_regs - user registers of the sampled thread, in DWARF's order
 * @rdx: BASE
 * @rbx: PC: the next instruction
 * @rbp: BASE in some C helpers
 * @r14: DISPATCH
 */
struct lj_regs {
	lj_u64 rax, rdx, rcx, rbx, rsi, rdi, rbp, sp;
	lj_u64 r8, r9, r10, r11, r12, r13, r14, r15, ip;
};

/* LJ_REGS - fill in a struct lj_regs
 * @get: macro that reads a register by its name
 * @r: what the names of the old ones begin with: r, or nothing
 */
#define LJ_REGS(to, get, r) do {					\
	(to)->rax = get(r##ax); (to)->rdx = get(r##dx);			\
	(to)->rcx = get(r##cx); (to)->rbx = get(r##bx);			\
	(to)->rsi = get(r##si); (to)->rdi = get(r##di);			\
	(to)->rbp = get(r##bp); (to)->sp = get(r##sp);			\
	(to)->r8 = get(r8); (to)->r9 = get(r9);				\
	(to)->r10 = get(r10); (to)->r11 = get(r11);			\
	(to)->r12 = get(r12); (to)->r13 = get(r13);			\
	(to)->r14 = get(r14); (to)->r15 = get(r15);			\
	(to)->ip = get(r##ip);						\
} while (0)

/* The tallies that the core keeps; fields of the dump's end record. */
#define LJ_TALLIES(T)							\
	T(samples) T(records) T(novm) T(outside) T(kernel) T(fault)	\
	T(damaged) T(depthcap) T(stale) T(dictfail) T(emitfail) T(layout)

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
	lj_u64 owner;		/* frame word of its function, 0: not known */
	lj_u32 ins;
	lj_u32 gen;
};

/* struct lj_span - C code between two runs of Lua, as it was seen last */
struct lj_span {
	lj_u64 from, to;
	lj_u64 sum;		/* of all its words */
	lj_u32 pid;
	lj_u32 id;		/* of its cframe record */
	lj_u32 left;		/* samples to believe it */
};

struct lj_pend {
	lj_u64 d;		/* the VM's dispatch table */
	lj_u64 addr;		/* GCproto, GCfunc or GCtrace */
	lj_u64 key;
	lj_u32 id;
	lj_u32 kind;		/* LJD_KIND_proto, _cfunc, _trace or _vm */
};

/* struct lj_walk - the state of one lane: input, result and scratch */
struct lj_walk {
	/* input of lj_sample() */
	struct lj_regs regs;
	lj_u64 time, weight, bytes;
	lj_u32 pid, tid, cpu, lane;
	lj_u32 depth;
	lj_u32 inkernel;
	lj_u32 call, file;	/* of a system call's sample: lj_io.h */
	lj_u32 why;		/* BIT sample: it leaves its CPU */

	struct lj_layout given;	/* use this one only; dispatch is 0: none */

	/* the VM and coroutine found */
	lj_u64 d;		/* its dispatch table */
	lj_u64 g, L, cf;	/* cf: raw C frame */
	lj_u64 base, stack, maxstack;
	struct lj_layout lay;
	struct lj_vm *entry;	/* what is known of the VM, or NULL */
	lj_u32 vm;		/* its dictionary id */
	lj_u32 check;		/* ENUM check */
	lj_u32 many;		/* the thread runs more than one VM */
	lj_u32 settled;		/* nothing more to tell of the VM itself */
	lj_u64 table;		/* a dispatch table of a VM not known yet */
	lj_u64 vmlo, vmhi;
	lj_i32 vmstate;

	/* the walk */
	lj_u64 f, pc;		/* pc: of the frame at f, 0: unknown */
	lj_u64 walkcf;		/* C frame that belongs to f */
	lj_u64 lowcf;		/* the lowest one that the walk has met */
	lj_u64 slot0;		/* L->stack of the coroutine walked */
	lj_u64 leafcf;		/* the sample's innermost C frame, 0: none */
	lj_u64 cfrom, cto;	/* C code passed since the last frame, if cto */
	lj_u64 mclo, mchi;	/* machine code of the trace that runs */
	lj_u32 n, flags, trace;
	lj_u32 vararg;		/* the frame above was a vararg pseudo-frame */
	lj_u32 nmark;		/* C code passed in this sample */
	lj_u32 npack;		/* words of the record in crec */
	lj_u32 packlo, packhi;	/* words of a group that are wanted */
	lj_u64 packkey;		/* sum of those of its tail */
	lj_u64 name, namehash;	/* the chunkname met last in this sample */
	lj_u32 gen, npend;
	lj_u32 sizekgc;		/* of the proto whose names are read */
	lj_u32 nname, ofsname;	/* bytes of the piece built, and before it */

	lj_u32 seq;
	struct lj_tally t;

	lj_u64 seen, seencf;	/* the lua_State a scan met last, its cframe */
	lj_u64 winaddr;
	lj_u32 winlen;		/* words */
	lj_u64 win[LJ_STACKWIN];
	lj_u64 obj[16];		/* one object header */
	lj_u64 cfaddr;		/* where the words below were... */
	lj_u32 cflen, cfat;	/* how many; where the C frame is among them */
	lj_u64 cframe[LJ_CWIN + LJ_GROUP];	/* of the C stack, from a C frame
				 * upwards; a verifier thinks of the rest */
	lj_u64 kv[2];		/* one node of a table: value, key */
	lj_u64 image[LJ_GIMAGE / 8];	/* of G: lj_load() */
	struct lj_cached fc[LJ_NCACHE];
	struct lj_ins ic[LJ_NCACHE];
	struct lj_span span[LJ_NSPANS];
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
	/* Seldom used, so behind what each sample needs. */
	struct lj_pend pend[LJ_NPEND];
	lj_u64 group[2 * LJ_GROUP];	/* of a C stack; half of it is used */
	union {		/* while a sample is in rec */
		struct ljd_head h;
		struct ljd_cstack cstack;
		struct ljd_cframe cframe;
		lj_u64 w[LJD_MAXLEN / 8 + 1];
	} crec;
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

	if (LJ_GC64(w))
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
	return LJ_GC64(w) ? lj_obj64(w, ofs) : lj_obj32(w, ofs);
}

/* lj_cwin - have n words of the C stack at p, the first at w->cfat
 *
 * Reads as many as there is room for: behind a C frame comes the C code that
 * called the VM, and its C frame.
 */
LJ_FN2(int, lj_cwin, lj_u64, p, lj_u32, n)
{
	lj_u64 at = p - w->cfaddr;

	w->cfat = (lj_u32)(at >> 3);
	if (!(at & 7) && at < LJ_CWIN * 8 && w->cfat + n <= w->cflen)
		return 0;
	w->cflen = w->cfat = 0;
	w->cfaddr = p;
	if (!lj_rd(w, w->cframe, LJ_CWIN * 8, p))
		w->cflen = LJ_CWIN;
	else if (!lj_rd(w, w->cframe, LJ_ATMOST(n, LJ_CWIN) * 8, p))
		w->cflen = n;	/* the top of the stack */
	else
		return -1;
	return 0;
}

/* lj_cframe - have the C frame at p */
static inline int lj_cframe(struct lj_walk *w, lj_u64 p)
{
	return lj_cwin(w, p, LJ_OBJ(w, cframe_read) / 8);
}

/* Members of that C frame. */
static inline lj_u64 lj_cframe64(const struct lj_walk *w, lj_u32 ofs)
{
	return w->cframe[(w->cfat + (ofs >> 3)) & (LJ_CWIN - 1)];
}

static inline lj_u32 lj_cframe32(const struct lj_walk *w, lj_u32 ofs)
{
	return (lj_u32)(lj_cframe64(w, ofs) >> (ofs & 4) * 8);
}

static inline lj_u64 lj_cframeref(const struct lj_walk *w, lj_u32 ofs)
{
	return LJ_GC64(w) ? lj_cframe64(w, ofs) : lj_cframe32(w, ofs);
}

/* lj_fill - fill the window downwards from addr, as both walks go
 *
 * A read costs the time of some 500 bytes, however short it is.
 */
LJ_FN1(int, lj_fill, lj_u64, addr)
{
	lj_u64 lo = addr + 8 - LJ_STACKWIN * 8;

	if (addr < w->slot0)
		return -1;
	if (lo < w->slot0)
		lo = w->slot0;
	w->winlen = (lj_u32)((addr + 8 - lo) >> 3) & 255;
	if (w->winlen > LJ_STACKWIN)
		return -1;
	w->winaddr = lo;
	if (lj_rd(w, w->win, w->winlen * 8, lo)) {
		w->winlen = 0;
		w->t.fault++;
		return -1;
	}
	return 0;
}

/* lj_slot - read one word of a stack through the window: about 35
 * instructions a frame instead of two reads
 */
static inline int lj_slot(struct lj_walk *w, lj_u64 *v, lj_u64 addr)
{
	if (addr & 7)
		return -1;
	if ((addr < w->winaddr || (addr - w->winaddr) >> 3 >= w->winlen) &&
	    lj_fill(w, addr))
		return -1;
	*v = w->win[(addr - w->winaddr) >> 3 & (LJ_STACKWIN - 1)];
	return 0;
}

/* -- TValues ------------------------------------------------------------- */

/* lj_tv_type - LJ_T* of a TValue: of numbers LJ_TNUM, or LJ_TINT (DUALNUM) */
static inline lj_u32 lj_tv_type(const struct lj_walk *w, lj_u64 v)
{
	lj_u32 hi = (lj_u32)(v >> 32);

	if (LJ_GC64(w)) {
		hi = (lj_u32)(v >> 47);
		return hi >= 0x1fff2 ? 0x1ffff - hi : LJ_TNUM;
	}
	/* lj_obj.h: LJ_TISNUM is 0xfffeffff, light userdata have 47 bits */
	if (hi < 0xfffeffff)
		return LJ_TNUM;
	if (hi == 0xfffeffff)
		return LJ_TINT;
	if (hi >= 0xffff0000 && hi <= 0xffff7fff)
		return LJ_TLIGHTUD;
	return hi > 0xfffffff2 ? 0xffffffff - hi : LJ_TBAD;
}

/* lj_tv_ref - the object a TValue of type LJ_TSTR to LJ_TUDATA refers to */
static inline lj_u64 lj_tv_ref(const struct lj_walk *w, lj_u64 v)
{
	return LJ_GC64(w) ? v & 0x7fffffffffffull : (lj_u32)v;
}

/* lj_tv_gc - the object that a TValue refers to, 0 if it is not of this type
 * @type: LJ_T*
 */
static inline lj_u64 lj_tv_gc(const struct lj_walk *w, lj_u64 v, lj_u32 type)
{
	return lj_tv_type(w, v) == type ? lj_tv_ref(w, v) : 0;
}

/* -- Records ------------------------------------------------------------ */

static inline int lj_append(struct lj_walk *w, struct ljd_head *h, lj_u32 kind,
			    lj_u32 fixed, lj_u32 tail)
{
	h->sync = LJD_SYNC;
	h->kind = kind | fixed << 16;
	h->len = fixed + ((tail + 7) & ~7u);
	h->lane = w->lane;
	h->seq = w->seq;
	h->sum = ljd_sum(h);
	if (LJ_OUT(w, h, h->len)) {
		w->t.emitfail++;
		return -1;
	}
	w->seq++;
	w->t.records++;
	return 0;
}

/* lj_emit - finish the record in w->rec and append it
 * @kind: LJD_KIND_*
 * @fixed: sizeof its struct
 * @tail: bytes after it, zero padded by the caller to 8
 */
LJ_FN3(int, lj_emit, lj_u32, kind, lj_u32, fixed, lj_u32, tail)
{
	return lj_append(w, &w->rec.h, kind, fixed, tail);
}

/* lj_emit_c - the same for the record in w->crec */
LJ_FN3(int, lj_emit_c, lj_u32, kind, lj_u32, fixed, lj_u32, tail)
{
	return lj_append(w, &w->crec.h, kind, fixed, tail);
}

#define LJ_EMIT(w, name, tail) \
	lj_emit(w, LJD_KIND_##name, sizeof(struct ljd_##name), tail)

/* lj_pad - zero what pads a tail of n bytes to 8; writes into the last word */
static inline void lj_pad(lj_u64 *tail, lj_u32 n)
{
	lj_u32 i = n >> 3, r = n & 7;

	if (r)
		tail[i & (LJD_MAXPIECE / 8 - 1)] &= ((lj_u64)1 << r * 8) - 1;
}

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

#endif
