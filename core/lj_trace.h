/* lj_trace.h - the trace that runs: its record and all it points at.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h. A trace that has a sample is written
 * once: what it takes to tell, later, which bytecode a machine instruction of
 * it stands for. 1 to 4 KB as a rule.
 */
#ifndef LJSTAP_LJ_TRACE_H
#define LJSTAP_LJ_TRACE_H

#include "lj_core.h"
#include "lj_calibrate.h"
#include "lj_emit.h"

#define LJ_MAXKWIN	64	/* windows of IR constants looked at */
#define LJ_KWIN		(LJ_WIN - 1)	/* constants in one: pairs stay whole */
#define LJ_NUVS		60	/* LJ_MAX_UPVAL */
#define LJ_NSTUBGR	16	/* LJ_MAX_EXITSTUBGR */
#define LJ_REF_BIAS	0x8000u
#define LJ_MAXOBJ	(16 + LJ_NUVS * 4)	/* bytes of one OBJ entry */

/* lj_ir.h: the same numbers in all of 2.1 */
#define LJ_IRT_STR	4
#define LJ_IRT_PROTO	7
#define LJ_IRT_FUNC	8
#define LJ_IR_KGC	24
#define LJ_IR_KPTR	25
#define LJ_IR_KKPTR	26
#define LJ_IR_KNUM	28
#define LJ_IR_KINT64	29
#define LJ_IR_KSLOT	30

/* -- Objects among the constants ------------------------------------------ */

/* lj_obj_tail - where byte `at` of the OBJ piece being built lies */
static inline lj_u64 *lj_obj_tail(struct lj_walk *w, lj_u32 at)
{
	return w->rec.w + sizeof(struct ljd_tdata) / 8 +
	       LJ_ATMOST(at >> 3, LJD_MAXPIECE / 8);
}

/* lj_put_obj - append one OBJ entry, its n bytes already behind it */
static inline void lj_put_obj(struct lj_walk *w, lj_u32 ref, lj_u32 kind,
			      lj_u32 id, lj_u32 n)
{
	lj_u64 *p = lj_obj_tail(w, w->nname);

	p[0] = ref | (lj_u64)kind << 32;
	p[1] = id | (lj_u64)n << 32;
	w->nname += 16 + ((n + 7) & ~7u);
}

/* lj_fn_word - ENUM tobj << 28 | id of a function that may be called; 0: none
 *
 * A proto it gives the id of may never be written.
 */
static inline lj_u32 lj_fn_word(struct lj_walk *w, lj_u64 fn)
{
	lj_u64 key;
	lj_u32 ffid, isnew = 0;

	if ((fn & 7) || lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TFUNC)
		return 0;
	ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	if (ffid != LJ_FF_LUA)
		return ffid == LJ_FF_C ? LJD_tobj_C << 28 :
		       LJD_tobj_FF << 28 | ffid;
	key = lj_proto_key(w, lj_objref(w, LJ_OBJ(w, fn_pc)) -
			   LJ_OBJ(w, pt_size));
	return key ? LJD_tobj_LUA << 28 | LJ_ID(w, key, &isnew) : 0;
}

/* lj_upvalue_fn - the same of the function that an upvalue holds now
 * @at: where GCfuncL.uvptr[i] is
 */
LJ_FN1(lj_u32, lj_upvalue_fn, lj_u64, at)
{
	lj_u64 uv, tv;

	if (lj_rdref(w, &uv, at) || (uv & 7) ||
	    lj_rd(w, w->obj, LJ_OBJ(w, uv_read), uv) ||
	    lj_obj8(w, LJ_OBJ(w, uv_gct)) != LJ_TUPVAL ||
	    lj_rd64(w, &tv, lj_objref(w, LJ_OBJ(w, uv_v))))
		return 0;
	tv = lj_tv_gc(w, tv, LJ_TFUNC);
	return tv ? lj_fn_word(w, tv) : 0;
}

/* lj_add_upvalues - the functions in n upvalues, behind the entry to be put */
static inline void lj_add_upvalues(struct lj_walk *w, lj_u64 uvptr, lj_u32 n)
{
	lj_u32 i, ref = LJ_GC64(w) ? 8 : 4, v;
	lj_u64 *p;

	for (i = 0; i < LJ_NUVS && i < n; i++) {
		v = lj_upvalue_fn(w, uvptr + i * ref);
		p = lj_obj_tail(w, w->nname + 16 + i * 4);
		*p = i & 1 ? (*p & 0xffffffffu) | (lj_u64)v << 32 : v;
	}
}

/* lj_add_func - append the function at fn
 *
 * -1: its proto is not out yet and would find no room.
 */
LJ_FN2(int, lj_add_func, lj_u32, ref, lj_u64, fn)
{
	lj_u32 word, n = 0, id;
	lj_u64 pt;

	if (w->npend >= LJ_NPEND)
		return -1;
	word = lj_fn_word(w, fn);
	if (word >> 28 != LJD_tobj_LUA) {
		if (word)
			lj_put_obj(w, ref, word >> 28, word & 0xfffffff, 0);
		return 0;
	}
	if (lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn))
		return 0;
	n = lj_obj8(w, LJ_OBJ(w, fn_nupvalues));
	n = n < LJ_NUVS ? n : LJ_NUVS;
	pt = lj_objref(w, LJ_OBJ(w, fn_pc)) - LJ_OBJ(w, pt_size);
	id = lj_proto_id(w, pt);
	if (!id)
		return 0;
	lj_add_upvalues(w, fn + LJ_OBJ(w, fn_uvptr), n);
	lj_put_obj(w, ref, LJD_tobj_LUA, id, n * 4);
	return 0;
}

/* lj_add_name_of - append the string at str */
LJ_FN2(int, lj_add_name_of, lj_u32, ref, lj_u64, str)
{
	lj_u64 *p = lj_obj_tail(w, w->nname + 16);
	lj_u32 len;

	if (lj_rd(w, w->obj, 24, str) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR)
		return 0;
	len = lj_obj32(w, LJ_REL(w, str_len));
	if (len > LJ_MAXNAME)
		len = LJ_MAXNAME;
	if (len && lj_rd(w, p, (len + 3) & ~3u, str + LJ_REL(w, str_data)))
		return 0;
	lj_pad(p, len);
	lj_put_obj(w, ref, LJD_tobj_NAME, 0, len);
	return 0;
}

/* lj_key_bit - the bit of a constant in w->image: a field's name? */
static inline lj_u64 *lj_key_bit(struct lj_walk *w, lj_u32 ref, lj_u64 *bit)
{
	ref = (LJ_REF_BIAS - ref) & (LJ_GIMAGE * 8 - 1);
	*bit = (lj_u64)1 << (ref & 63);
	return &w->image[ref >> 6 & (LJ_GIMAGE / 8 - 1)];
}

/* lj_add_kgc - append the object of a KGC constant if it helps to know it */
static inline int lj_add_kgc(struct lj_walk *w, lj_u32 ref, lj_u32 type,
			     lj_u64 obj)
{
	lj_u64 bit, *words = lj_key_bit(w, ref, &bit);
	lj_u32 id;

	if (type == LJ_IRT_FUNC)
		return lj_add_func(w, ref, obj);
	if (type == LJ_IRT_STR && (*words & bit))
		return lj_add_name_of(w, ref, obj);
	if (type != LJ_IRT_PROTO)
		return 0;
	if (w->npend >= LJ_NPEND)
		return -1;
	id = lj_proto_id(w, obj);
	if (id)
		lj_put_obj(w, ref, LJD_tobj_PROTO, id, 0);
	return 0;
}

/* lj_emit_objpiece - the OBJ piece built so far */
static inline int lj_emit_objpiece(struct lj_walk *w, lj_u32 id)
{
	lj_u32 n = w->nname, ofs = w->ofsname;

	w->ofsname += n;
	w->nname = 0;
	return lj_emit_piece(w, id, LJ_TSECT(OBJ), ofs, 0,
			     (lj_u32)LJ_ATMOST(n, LJD_MAXPIECE));
}

/* lj_add_const - look at the constant in word i of the window
 *
 * 1: the next word belongs to it, 0: it does not; -1: no room. A KSLOT, which
 * names the key of a field, is below its key.
 */
LJ_FN3(int, lj_add_const, lj_u32, id, lj_u32, ref, lj_u32, i)
{
	lj_u64 k = w->win[i & (LJ_WIN - 1)], next, bit, *words;
	lj_u32 op = (lj_u32)(k >> 40) & 0xff, pair;

	next = w->win[(i + 1) & (LJ_WIN - 1)];
	pair = op == LJ_IR_KNUM || op == LJ_IR_KINT64 ||
	       (LJ_GC64(w) && (op == LJ_IR_KGC || op == LJ_IR_KPTR ||
			       op == LJ_IR_KKPTR));
	if (op == LJ_IR_KSLOT) {
		words = lj_key_bit(w, (lj_u32)k & 0xffff, &bit);
		*words |= bit;
	} else if (op == LJ_IR_KGC) {
		if (lj_add_kgc(w, ref, (lj_u32)(k >> 32) & 0x1f,
			       LJ_GC64(w) ? next : (lj_u32)k))
			return -1;
		if (w->nname > LJD_MAXPIECE - LJ_MAXOBJ &&
		    lj_emit_objpiece(w, id))
			return -1;
	}
	return (int)pair;
}

/* lj_add_consts - look at a window of constants from ref on, at addr
 * @pair: the first word belongs to the constant before
 *
 * Returns 1 if the last one's second word is behind them; -1: no room.
 */
LJ_FN4(int, lj_add_consts, lj_u32, id, lj_u32, ref, lj_u64, addr, lj_u32, pair)
{
	lj_u32 i, n = LJ_REF_BIAS - ref;
	int skip = (int)pair;

	if (n > LJ_KWIN)
		n = LJ_KWIN;
	if (lj_rd(w, w->win, (n + 1) * 8, addr)) {
		w->t.fault++;
		return -1;
	}
	for (i = 0; i < LJ_KWIN && i < n; i++) {
		skip = skip ? 0 : lj_add_const(w, id, ref + i, i);
		if (skip < 0)
			return -1;
	}
	return skip;
}

/* lj_root_func - the closure that a trace runs in: at jit_base */
static inline lj_u64 lj_root_func(struct lj_walk *w)
{
	lj_u64 base, v;

	if (lj_rdref(w, &base, w->g + LJ_REL(w, jit_base)) || !base ||
	    lj_rd64(w, &v, base - (LJ_GC64(w) ? 16 : 8)))
		return 0;
	return LJ_GC64(w) ? v & 0x7fffffffffffull : (lj_u32)v;
}

/* lj_emit_objs - the objects among the constants of the trace at T */
LJ_FN2(int, lj_emit_objs, lj_u64, T, lj_u32, id)
{
	lj_u64 fn = lj_root_func(w), ir;
	lj_u32 i, ref;
	int skip = 0;

	if (lj_rd(w, w->obj, LJ_OBJ(w, T_size), T))
		return -1;
	ir = lj_obj64(w, LJ_OBJ(w, T_ir));
	ref = lj_obj32(w, LJ_OBJ(w, T_nk));
	w->winlen = w->nname = w->ofsname = 0;
	for (i = 0; i < LJ_GIMAGE / 8; i++)
		w->image[i] = 0;
	if (fn && lj_add_func(w, LJ_REF_BIAS, fn))
		return -1;
	for (i = 0; i < LJ_MAXKWIN && ref < LJ_REF_BIAS; i++) {
		skip = lj_add_consts(w, id, ref, ir + ref * 8ull,
				     (lj_u32)skip);
		if (skip < 0)
			return -1;
		ref += LJ_KWIN;
	}
	return w->nname ? lj_emit_objpiece(w, id) : 0;
}

/* -- The trace ------------------------------------------------------------- */

/* lj_emit_stubs - where the exits of all traces lead to
 *
 * Unknown in a layout that was worked out from memory: jit_State.trace alone
 * tells where they are.
 */
static inline void lj_emit_stubs(struct lj_walk *w, lj_u32 id)
{
	lj_emit_section(w, id, LJ_TSECT(STUB), w->g + LJ_REL(w, J_trace) +
			LJ_OBJ(w, J_exitstub), LJ_NSTUBGR * 8);
}

/* lj_trace_nsnapmap - nsnapmap of the GCtrace in w->obj
 *
 * It follows nk: a u32, but the high half of one before 2019.
 */
static inline lj_u32 lj_trace_nsnapmap(const struct lj_walk *w)
{
	return lj_obj32(w, LJ_OBJ(w, T_nk) + 4) >>
	       (LJ_REL(w, snapsize) == 8 ? 16 : 0);
}

/* lj_emit_tdata - the sections of the trace at T, its objects excepted */
LJ_FN2(int, lj_emit_tdata, lj_u64, T, lj_u32, id)
{
	lj_u64 ir, snap, snapmap, mcode;
	lj_u32 nk, nins, nsnap, nmap, szmcode;

	if (lj_rd(w, w->obj, LJ_OBJ(w, T_size), T))
		return -1;
	ir = lj_obj64(w, LJ_OBJ(w, T_ir));
	snap = lj_obj64(w, LJ_OBJ(w, T_snap));
	snapmap = lj_obj64(w, LJ_OBJ(w, T_snapmap));
	mcode = lj_obj64(w, LJ_OBJ(w, T_mcode));
	nk = lj_obj32(w, LJ_OBJ(w, T_nk));
	nins = lj_obj32(w, LJ_OBJ(w, T_nins));
	nsnap = lj_obj16(w, LJ_REL(w, T_nsnap));
	nmap = lj_trace_nsnapmap(w);
	szmcode = lj_obj32(w, LJ_OBJ(w, T_szmcode));
	if (nk > LJ_REF_BIAS || nins < LJ_REF_BIAS || nins > 0xffff)
		return -1;
	/* One that fails is tallied, and comes with the next round of records:
	 * the others are of use alone. */
	lj_emit_section(w, id, LJ_TSECT(IR), ir + nk * 8ull, (nins - nk) * 8);
	lj_emit_section(w, id, LJ_TSECT(SNAP), snap,
			nsnap * LJ_REL(w, snapsize));
	lj_emit_section(w, id, LJ_TSECT(SNAPMAP), snapmap, nmap * 4);
	/* Reads are of 4 bytes each; behind it there may be no memory. */
	lj_emit_section(w, id, LJ_TSECT(MCODE), mcode & ~3ull,
			szmcode + (lj_u32)(mcode & 3));
	lj_emit_stubs(w, id);
	return 0;
}

/* lj_emit_trace - the trace record and the sections that are copies */
LJ_FN2(int, lj_emit_trace, lj_u64, T, lj_u32, id)
{
	lj_u64 pt, pc;

	if (w->npend >= LJ_NPEND || lj_rd(w, w->obj, LJ_OBJ(w, T_size), T) ||
	    lj_obj8(w, LJ_OBJ(w, T_gct)) != LJ_TTRACE)
		return -1;
	pt = lj_objref(w, LJ_OBJ(w, T_startpt));
	pc = lj_objref(w, LJ_OBJ(w, T_startpc));
	w->rec.trace.time = w->time;
	w->rec.trace.addr = T;
	w->rec.trace.mcode = lj_obj64(w, LJ_OBJ(w, T_mcode));
	w->rec.trace.szmcode = lj_obj32(w, LJ_OBJ(w, T_szmcode));
	w->rec.trace.id = id;
	w->rec.trace.pid = w->pid;
	w->rec.trace.vm = w->vm;
	w->rec.trace.traceno = lj_obj16(w, LJ_OBJ(w, T_traceno));
	w->rec.trace.startins = lj_obj32(w, LJ_OBJ(w, T_startins));
	w->rec.trace.root = lj_obj16(w, LJ_OBJ(w, T_root));
	w->rec.trace.link = lj_obj16(w, LJ_OBJ(w, T_link));
	w->rec.trace.linktype = lj_obj8(w, LJ_REL(w, T_linktype));
	w->rec.trace.startpos = (lj_u32)((pc - pt - LJ_OBJ(w, pt_size)) >> 2);
	w->rec.trace.spare = 0;
	w->rec.trace.nk = lj_obj32(w, LJ_OBJ(w, T_nk));
	w->rec.trace.nins = lj_obj32(w, LJ_OBJ(w, T_nins));
	w->rec.trace.nsnap = lj_obj16(w, LJ_REL(w, T_nsnap));
	w->rec.trace.nsnapmap = lj_trace_nsnapmap(w);
	w->rec.trace.snapsize = LJ_REL(w, snapsize);
	w->rec.trace.mcloop = lj_obj32(w, LJ_OBJ(w, T_mcloop));
	w->rec.trace.proto = lj_proto_id(w, pt);
	if (LJ_EMIT(w, trace, 0))
		return -1;
	return lj_emit_tdata(w, T, id);
}

/* lj_trace - the id of the trace that runs */
LJ_DO0(lj_trace)
{
	lj_u32 no, id, isnew = 0;
	lj_u64 arr, T, pt, pc, key;

	no = (lj_u32)w->vmstate;
	if (!LJ_REL(w, J_trace) && no)
		lj_find_traces(w, no);
	if (!LJ_REL(w, J_trace) ||
	    lj_rd64(w, &arr, w->g + LJ_REL(w, J_trace)) ||
	    !lj_is_trace(w, arr, no) ||
	    lj_rdref(w, &T, arr + (lj_u64)no * (LJ_GC64(w) ? 8 : 4))) {
		w->t.fault++;
		return;
	}
	pt = lj_objref(w, LJ_OBJ(w, T_startpt));
	pc = lj_objref(w, LJ_OBJ(w, T_startpc));
	w->mclo = lj_obj64(w, LJ_OBJ(w, T_mcode));
	w->mchi = w->mclo + lj_obj32(w, LJ_OBJ(w, T_szmcode));
	key = lj_mix(lj_mix(lj_mix(5, w->pid), T), w->mclo);
	key = lj_mix(lj_mix(key, pc), (lj_u64)pt << 16 ^ no);
	id = LJ_ID(w, key, &isnew);
	w->trace = id;
	if (!(isnew & LJ_ID_NEW) || !id)
		return;
	lj_trace_family(w);
	lj_pending(w, LJD_KIND_trace, T, key, id);
}

/* -- Dictionary records ---------------------------------------------------- */

/* lj_emit_pended - the dictionary record that p stands for */
static inline int lj_emit_pended(struct lj_walk *w, const struct lj_pend *p)
{
	if (p->d != w->d) {
		if (lj_load(w, p->d))
			return -1;
		lj_vm_id(w);
	}
	if (p->kind == LJD_KIND_proto)
		return lj_emit_proto(w, p->addr, p->id);
	if (p->kind == LJD_KIND_cfunc)
		return lj_emit_cfunc(w, p->addr, p->id);
	if (p->kind == LJD_KIND_trace)
		return lj_emit_trace(w, p->addr, p->id) ||
		       lj_emit_objs(w, p->addr, p->id);
	lj_know_vm(w);
	return 0;
}

/* lj_emit_pending - dictionary records of what the sample met first */
LJ_DO0(lj_emit_pending)
{
	lj_u32 i;

	for (i = 0; i < LJ_NPEND && i < w->npend; i++) {
		struct lj_pend *p = &w->pend[i];

		if (lj_emit_pended(w, p))
			w->t.dictfail++;	/* again at the next sample */
		else if (p->kind != LJD_KIND_vm)
			LJ_ID_SENT(w, p->key);
	}
	w->npend = 0;
}

#endif
