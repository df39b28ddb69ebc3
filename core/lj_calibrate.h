/* lj_calibrate.h - does a layout fit a VM, and which one does?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h. Done once for a VM, from the target's
 * memory alone: no version string, no symbol, no file. A build that is not in
 * layout.def is worked out from what its structures refer to.
 */
#ifndef LJSTAP_LJ_CALIBRATE_H
#define LJSTAP_LJ_CALIBRATE_H

#include "lj_core.h"

#define LJ_MAXGG	1280	/* words from G to the end of the dispatch table */
#define LJ_VMSPAN	0x10000	/* bytes of the VM's assembler code, at most */

/* lj_is_L - is there a lua_State of G at L? 1 read; leaves it in w->obj
 * @g: the global_State it must belong to, or 0 to take L's word for it
 */
static inline int lj_is_L(struct lj_walk *w, lj_u64 L, lj_u64 g)
{
	return !(L & 7) && !lj_rd(w, w->obj, LJ_OBJ(w, L_read), L) &&
	       lj_obj8(w, LJ_OBJ(w, L_gct)) == LJ_TTHREAD &&
	       (!g || lj_objref(w, LJ_OBJ(w, L_glref)) == g);
}

/* lj_is_table - is the TValue v a table? 1 read if its tag says so */
static inline int lj_is_table(struct lj_walk *w, lj_u64 v)
{
	v = lj_tv_gc(w, v, LJ_TTAB);
	return v && !lj_rd(w, w->obj, 16, v) &&
	       lj_obj8(w, LJ_OBJ(w, tab_gct)) == LJ_TTAB;
}

/* -- The dispatch table -------------------------------------------------- */

/* lj_table_len - words of the dispatch table at d, 0: there is none
 *
 * All its entries lie in the assembler part of the VM; the bytecodes of the
 * fast functions behind it do not.
 */
LJ_FN1(lj_u32, lj_table_len, lj_u64, d)
{
	lj_u32 i, n = 0, j;
	lj_u64 first = 0, v;

	if (d & 7)
		return 0;
	for (i = 0; i < 512; i++) {
		j = i & 15;
		if (!j && lj_rd(w, w->obj, 128, d + i * 8ull))
			break;
		v = w->obj[j];
		if (!i)
			first = v;
		if (LJ_BAD_PTR(v) || v - first + LJ_VMSPAN >= 2 * LJ_VMSPAN)
			break;
		n++;
	}
	return n >= LJ_NDISP_20 - 40 && n < 512 ? n : 0;
}

/* lj_table_nbc - BC__MAX of a dispatch table of so many words, 0: odd
 *
 * All bytecodes, the fast functions, and all but the FUNC* ones once more
 * (lj_dispatch.h: GG_LEN_DDISP, GG_LEN_SDISP).
 */
static inline lj_u32 lj_table_nbc(lj_u32 len)
{
	len -= LJ_NFF - LJ_NFUNC;
	return len & 1 ? 0 : len >> 1;
}

/* lj_is_static - does the static half of the dispatch table ascend?
 *
 * The word before it belongs to a fast function, which lies above.
 */
LJ_FN0(int, lj_is_static)
{
	lj_u64 d = w->g + LJ_REL(w, dispatch);
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

/* -- Does a layout fit? --------------------------------------------------- */

/* lj_check_g - is there a G of this layout at g? 1 read. */
static inline int lj_check_g(struct lj_walk *w, lj_u64 g)
{
	lj_u64 mainL;

	if ((g & 7) || lj_rdref(w, &mainL, g + LJ_REL(w, mainthref)))
		return -1;
	return mainL == g - LJ_REL(w, L_size) ? 0 : -1;
}

/* lj_check_stack - are the stack members of the lua_State in w->obj sound?
 *
 * lj_state.c: maxstack is LJ_STACK_EXTRA + 1 slots below the end.
 */
static inline int lj_check_stack(struct lj_walk *w)
{
	lj_u64 stack = lj_objref(w, LJ_OBJ(w, L_stack));
	lj_u64 max = lj_objref(w, LJ_OBJ(w, L_maxstack));
	lj_u64 size = lj_obj32(w, LJ_OBJ(w, L_stacksize)) * 8ull;
	lj_u64 base = lj_obj64(w, LJ_OBJ(w, L_base));

	return (stack & 7) || max + 6 * 8 > stack + size ||
	       max + 9 * 8 < stack + size || base <= stack || base > max + 72;
}

/* lj_check_jit - are cur_L, jit_base and J.trace what they should be? */
LJ_FN0(lj_u32, lj_check_jit)
{
	lj_u64 L, base, arr, first;
	lj_u32 size;

	if (lj_rdref(w, &L, w->g + LJ_REL(w, cur_L)) ||
	    (L && !lj_is_L(w, L, w->g)))
		return LJD_check_CUR_L;
	if (L && lj_check_stack(w))
		return LJD_check_STACK;
	if (lj_rdref(w, &base, w->g + LJ_REL(w, jit_base)))
		return LJD_check_JIT_BASE;
	if (base && (!L || base < lj_objref(w, LJ_OBJ(w, L_stack)) ||
		     base > lj_objref(w, LJ_OBJ(w, L_maxstack)) + 72))
		return LJD_check_JIT_BASE;
	if (!LJ_REL(w, J_trace))
		return 0;
	if (lj_rd64(w, &arr, w->g + LJ_REL(w, J_trace)) ||
	    lj_rd32(w, &size, w->g + LJ_REL(w, J_sizetrace)) ||
	    size > 65536 || !arr != !size)
		return LJD_check_TRACE;
	if (size && (lj_rdref(w, &first, arr) || first))
		return LJD_check_TRACE;
	return 0;
}

/* lj_verify - what of w->lay does not fit the VM at w->g: ENUM check, or 0
 *
 * About 1500 instructions. Some members are torn for an instant now and then:
 * the caller asks again before it believes that one does not fit.
 */
LJ_FN0(lj_u32, lj_verify)
{
	lj_u64 tv;
	lj_i32 state;

	if (!lj_is_L(w, w->g - LJ_REL(w, L_size), w->g))
		return LJD_check_MAIN;
	if (lj_check_stack(w))
		return LJD_check_STACK;
	if (lj_check_g(w, w->g))
		return LJD_check_MAINTHREF;
	if (lj_rd64(w, &tv, w->g + LJ_REL(w, registrytv)) ||
	    !lj_is_table(w, tv))
		return LJD_check_REGISTRY;
	if (lj_rd32(w, (lj_u32 *)&state, w->g + LJ_REL(w, vmstate)) ||
	    state < -LJ_VMST_MAX || state > 65535)
		return LJD_check_VMSTATE;
	if (lj_table_nbc(lj_table_len(w, w->g + LJ_REL(w, dispatch))) !=
	    LJ_REL(w, nbc) || !lj_is_static(w))
		return LJD_check_DISPATCH;
	return lj_check_jit(w);
}

/* -- Which layout is it? -------------------------------------------------- */

/* lj_try_column - does column i fit the G at g? Leaves it in w, fit or not.
 *
 * d and nbc as below.
 */
LJ_FN4(int, lj_try_column, lj_u32, i, lj_u64, g, lj_u64, d, lj_u32, nbc)
{
	const struct lj_layout *l = &lj_columns[LJ_ATMOST(i, LJ_COL_MAX - 1)];

	if (l->mode != w->lay.mode ||
	    (d && (g + l->dispatch != d || l->nbc != nbc)))
		return 0;
	w->lay = *l;
	return !lj_check_g(w, g) && lj_is_static(w);
}

/* lj_by_table - find the column of the G at g, known to be of w's mode
 * @nbc: BC__MAX of its dispatch table at d, if d is known; else 0
 */
LJ_FN3(int, lj_by_table, lj_u64, g, lj_u64, d, lj_u32, nbc)
{
	lj_u32 i;

	w->g = g;
	for (i = 0; i != LJ_NCOL; i++)
		if (lj_try_column(w, i, g, d, nbc))
			return 0;
	return -1;
}

/* lj_image - the word at G + ofs of its image */
static inline lj_u64 lj_image(const struct lj_walk *w, lj_u32 ofs)
{
	return w->image[ofs >> 3 & (LJ_GIMAGE / 8 - 1)];
}

static inline lj_i32 lj_image32(const struct lj_walk *w, lj_u32 ofs)
{
	return (lj_i32)(lj_image(w, ofs) >> (ofs & 4) * 8);
}

static inline lj_u64 lj_imageref(const struct lj_walk *w, lj_u32 ofs)
{
	return LJ_GC64(w) ? lj_image(w, ofs) : (lj_u32)lj_image32(w, ofs);
}

static inline int lj_is_vmstate(const struct lj_walk *w, lj_u32 ofs)
{
	lj_i32 v = lj_image32(w, ofs);

	return v >= -LJ_VMST_MAX && v <= 65535;
}

/* lj_is_nilnode - nilnode's value and key, right before registrytv? */
static inline int lj_is_nilnode(const struct lj_walk *w, lj_u32 ofs)
{
	lj_u32 shift = LJ_GC64(w) ? 0 : 32;
	lj_u64 nil = ~0ull >> shift;

	return lj_image(w, ofs) >> shift == nil &&
	       lj_image(w, ofs + 8) >> shift == nil;
}

/* lj_roots_at - mainthref, vmstate, registrytv if mainL is referred to at G + o
 *
 * Before 23 June 2020 (ff34b48d) registrytv follows mainthref; since then it
 * follows nilnode, and vmstate precedes mainthref.
 */
LJ_FN2(int, lj_roots_at, lj_u32, o, lj_u64, mainL)
{
	struct lj_layout *l = &w->lay;
	lj_u32 ref = LJ_GC64(w) ? 8 : 4, i, r = (o + ref + 7) & ~7u;

	if (lj_imageref(w, o) != mainL)
		return -1;
	l->mainthref = (lj_u16)o;
	l->vmstate = (lj_u16)(o - (LJ_GC64(w) ? 72 : 40));
	l->registrytv = (lj_u16)r;
	l->str_len = 0;
	if (o >= 72 && lj_is_vmstate(w, l->vmstate) &&
	    lj_is_table(w, lj_image(w, r)))
		return 0;
	l->vmstate = (lj_u16)(o - ref);
	l->str_len = 1;
	if (!lj_is_vmstate(w, l->vmstate))
		return -1;
	for (i = 48; i < 120; i += 8) {
		l->registrytv = (lj_u16)(r + i);
		if (lj_is_nilnode(w, r + i - 24) &&
		    lj_is_table(w, lj_image(w, r + i)))
			return 0;
	}
	return -1;
}

/* lj_find_roots - mainthref, vmstate and registrytv of the image */
LJ_FN1(int, lj_find_roots, lj_u64, mainL)
{
	lj_u32 ref = LJ_GC64(w) ? 8 : 4, o;

	for (o = 64; o < LJ_GIMAGE - 256; o += ref)
		if (!lj_roots_at(w, o, mainL))
			return 0;
	return -1;
}

/* lj_find_dispatch - the dispatch table behind G
 * @hint: the DISPATCH register, which may be anything
 *
 * Returns 0, or ENUM check.
 */
LJ_FN1(lj_u32, lj_find_dispatch, lj_u64, hint)
{
	struct lj_layout *l = &w->lay;
	lj_u32 i, len, from = (l->cur_L + 1024u) & ~7u;

	if (!LJ_GC64(w))
		hint = (lj_u32)hint;
	len = hint - w->g < LJ_MAXGG * 8 ? lj_table_len(w, hint) : 0;
	if (len)
		l->dispatch = (lj_u16)(hint - w->g);
	for (i = from; i < LJ_MAXGG * 8 && !len; i += 8) {
		len = lj_table_len(w, w->g + i);
		l->dispatch = (lj_u16)i;
	}
	if (len == LJ_NDISP_20)
		return LJD_check_V20;
	l->nbc = (lj_u16)lj_table_nbc(len);
	return len && l->nbc && lj_is_static(w) ? 0 : LJD_check_DISPATCH;
}

/* lj_family - take over what is the same for all layouts like this column */
static inline void lj_family(struct lj_layout *l, const struct lj_layout *c)
{
	l->str_hash = c->str_hash;
	l->str_len = c->str_len;
	l->str_data = c->str_data;
	l->T_nsnap = c->T_nsnap;
	l->T_linktype = c->T_linktype;
	l->snapsize = c->snapsize;
}

/* lj_calibrate - work out the layout of the VM that w->L runs in
 *
 * w->lay.mode and w->g are right. Returns 0 with w->lay filled in, or ENUM
 * check. J_trace stays 0 until lj_find_traces(). At most 1.5 million
 * instructions, if the dispatch table is nowhere; else about 20000.
 */
LJ_FN1(lj_u32, lj_calibrate, lj_u64, L)
{
	struct lj_layout *l = &w->lay;
	lj_u32 mode = l->mode, ref = LJ_GC64(w) ? 8 : 4, o, check;

	*l = (struct lj_layout){ .mode = (lj_u16)mode, .col = LJ_COL_MAX };
	for (o = 56; o <= 192; o += 8)
		if (lj_is_L(w, w->g - o, w->g))
			break;
	if (o > 192)
		return LJD_check_MAIN;
	l->L_size = (lj_u16)o;
	if (lj_rd(w, w->image, LJ_GIMAGE, w->g))
		return LJD_check_MAINTHREF;
	if (lj_find_roots(w, w->g - o)) {
		/* 2.0 has another order; its table tells it. */
		check = lj_find_dispatch(w, w->regs.r14);
		return check == LJD_check_V20 ? check : LJD_check_MAINTHREF;
	}
	/* uvhead and the hooks are between registrytv and cur_L */
	for (o = l->registrytv + 48u; o < LJ_GIMAGE - 16; o += ref)
		if (lj_imageref(w, o) == L)
			break;
	if (o >= LJ_GIMAGE - 16)
		return LJD_check_CUR_L;
	l->cur_L = (lj_u16)o;
	l->jit_base = (lj_u16)(o + ref);
	if (l->str_len)
		lj_family(l, &lj_columns[LJ_GC64(w) ? LJ_COL_gc64_2020_06 :
					 LJ_COL_gc32_2020_06]);
	else
		lj_family(l, &lj_columns[LJ_GC64(w) ? LJ_COL_gc64_b3 :
					 LJ_COL_gc32_b3]);
	return lj_find_dispatch(w, w->regs.r14);
}

/* lj_is_trace - is trace no of the array arr there? Leaves it in w->obj */
LJ_FN2(int, lj_is_trace, lj_u64, arr, lj_u32, no)
{
	lj_u64 T;

	return !lj_rdref(w, &T, arr + (lj_u64)no * (LJ_GC64(w) ? 8 : 4)) &&
	       !(T & 7) && !lj_rd(w, w->obj, LJ_OBJ(w, T_size), T) &&
	       lj_obj8(w, LJ_OBJ(w, T_gct)) == LJ_TTRACE &&
	       lj_obj16(w, LJ_OBJ(w, T_traceno)) == no;
}

/* lj_layout_found - more of the VM's layout is known now: keep and tell it */
static inline void lj_layout_found(struct lj_walk *w)
{
	struct lj_vm *vm = LJ_ENTRY(w);

	if (!vm)
		return;
	vm->lay = w->lay;
	vm->sent = 0;
}

/* lj_traces_at - is J.trace at G + o? Trace no runs. */
LJ_FN2(int, lj_traces_at, lj_u32, o, lj_u32, no)
{
	lj_u64 arr;
	lj_u32 size;

	return !lj_rd64(w, &arr, w->g + o) && !LJ_BAD_PTR(arr) &&
	       !lj_rd32(w, &size, w->g + o + 12) && size > no &&
	       size <= 65536 && lj_is_trace(w, arr, no);
}

/* lj_find_traces - J_trace of a calibrated layout, once a trace runs
 *
 * The member is a pointer to an array whose size follows it and which has
 * trace no at its place.
 */
LJ_DO1(lj_find_traces, lj_u32, no)
{
	struct lj_layout *l = &w->lay;
	lj_u32 i, o = (l->cur_L + 64u + 7) & ~7u;

	for (i = 0; i < LJ_MAXGG && o < l->dispatch; i++, o += 8) {
		if (!lj_traces_at(w, o, no))
			continue;
		l->J_trace = (lj_u16)o;
		l->J_sizetrace = (lj_u16)(o + 12);
		lj_layout_found(w);
		return;
	}
}

/* lj_is_sibling - may l be c, but for its traces and snapshots?
 *
 * In a calibrated layout no more is known than the age of its strings.
 */
static inline int lj_is_sibling(const struct lj_layout *l,
				const struct lj_layout *c)
{
	if (l->mode != c->mode || l->str_len != c->str_len)
		return 0;
	return l->col == LJ_COL_MAX ||
	       (l->dispatch == c->dispatch && l->mainthref == c->mainthref &&
		l->L_size == c->L_size && l->J_trace == c->J_trace);
}

/* lj_trace_family - is the GCtrace in w->obj of 2017 or of 2019 and later?
 *
 * Two columns differ in nothing else. snapmap follows nsnap snapshots.
 */
LJ_DO0(lj_trace_family)
{
	lj_u64 bytes = lj_objref(w, LJ_OBJ(w, T_snapmap)) -
		       lj_objref(w, LJ_OBJ(w, T_snap));
	const struct lj_layout *c;
	lj_u32 i;

	if (bytes == (lj_u64)lj_obj16(w, LJ_REL(w, T_nsnap)) *
		     LJ_REL(w, snapsize))
		return;
	for (i = 0; i < LJ_COL_MAX; i++) {
		c = &lj_columns[i];
		if (!lj_is_sibling(&w->lay, c) ||
		    bytes != (lj_u64)lj_obj16(w, c->T_nsnap) * c->snapsize)
			continue;
		lj_family(&w->lay, c);
		if (w->lay.col != LJ_COL_MAX)
			w->lay.col = (lj_u16)i;
		lj_layout_found(w);
		return;
	}
}

#endif
