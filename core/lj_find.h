/* lj_find.h - find the VM, the running coroutine and its C frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h. A VM is known by its dispatch table:
 * the DISPATCH register points to it.
 */
#ifndef LJSTAP_LJ_FIND_H
#define LJSTAP_LJ_FIND_H

#include "lj_core.h"
#include "lj_calibrate.h"

#define LJ_TRIES	16	/* before a layout is given up */
#define LJ_BADWALKS	64	/* ... if none of so many stacks can be read */

/* -- Coroutines and C frames ---------------------------------------------- */

/* lj_check_L - lj_is_L(), which leaves its members in w; 0, or -1 */
LJ_FN2(int, lj_check_L, lj_u64, L, lj_u64, g)
{
	if (!lj_is_L(w, L, g))
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
	if (lj_cframe(w, p))
		return -1;
	*L = lj_cframeref(w, LJ_OBJ(w, cframe_L));
	return 0;
}

/* lj_running - is the VM's cur_L running on this C stack?
 *
 * Its C frame must be on the stack, above sp, and name it. cur_L is stale
 * after lua_resume() came back to a C function: then its cframe is NULL.
 */
LJ_FN0(int, lj_running)
{
	lj_u64 L = lj_imageref(w, LJ_REL(w, cur_L)), saved;

	if (!L || lj_check_L(w, L, w->g))
		return -1;
	if (w->cf < w->regs.sp || w->cf - w->regs.sp > 64 << 20)
		return -1;
	return lj_cframe_L(w, &saved, w->cf) || saved != L ? -1 : 0;
}

/* lj_is_cframe - is p the innermost C frame of v, a word found at p?
 *
 * The same L is often saved more than once: it is read once.
 */
static inline int lj_is_cframe(struct lj_walk *w, lj_u64 v, lj_u64 p, lj_u64 g)
{
	if (v != w->seen) {
		w->seen = v;
		w->seencf = lj_check_L(w, v, g) ? 0 : w->cf;
	}
	return p == w->seencf;
}

/* lj_scan_win - the same in the n words of the window, which are at p + ofs */
LJ_FN3(int, lj_scan_win, lj_u64, p, lj_u32, n, lj_u64, g)
{
	lj_u64 v;
	lj_u32 i;

	for (i = 0; i < LJ_WIN && i < n; i++) {
		v = w->win[i];
		if (!LJ_GC64(w))
			v = (lj_u32)v;
		if (!(v & 7) && !LJ_BAD_PTR(v) &&
		    lj_is_cframe(w, v, p + i * 8ull, g))
			return 0;
	}
	return -1;
}

/* lj_scan - search the C stack upwards for the innermost C frame of a VM
 * @from: first address, 8-aligned
 * @words: at most so many
 * @g: only of this VM, or 0: of any VM of w's mode
 *
 * The rule: at p + CFRAME_OFS_L is an L whose cframe is p. Returns 0 with
 * L's members in w, w->cf being p, and L itself in w->obj.
 */
LJ_FN3(int, lj_scan, lj_u64, from, lj_u32, words, lj_u64, g)
{
	lj_u32 i, n, last = 0, ofs = LJ_OBJ(w, cframe_L);
	lj_u64 at;

	w->winlen = 0;
	w->seen = 0;
	for (i = 0; i < LJ_SCAN && i < words && !last; i += LJ_WIN) {
		n = words - i < LJ_WIN ? words - i : LJ_WIN;
		at = from + ofs + i * 8ull;
		if (lj_rd(w, w->win, LJ_WIN * 8, at)) {
			/* The top of the stack: up to the end of this page. */
			n = 512 - (lj_u32)(at >> 3 & 511);
			if (n > LJ_WIN || lj_rd(w, w->win, n * 8, at))
				return -1;
			last = 1;
		}
		if (!lj_scan_win(w, from + i * 8ull, n, g))
			return 0;
	}
	return -1;
}

/* -- VMs ------------------------------------------------------------------ */

/* lj_read_g - read vmstate to jit_base of the G at w->g; -1: it is not there */
static inline int lj_read_g(struct lj_walk *w)
{
	lj_u32 from = LJ_REL(w, vmstate) & ~7u;
	lj_u32 end = (LJ_REL(w, jit_base) + 15) & ~7u;

	if (from >= end || end > LJ_GIMAGE ||
	    lj_rd(w, &w->image[from >> 3 & (LJ_GIMAGE / 8 - 1)], end - from,
		  w->g + from))
		return -1;
	return lj_imageref(w, LJ_REL(w, mainthref)) ==
	       w->g - LJ_REL(w, L_size) ? 0 : -1;
}

/* lj_load - is this a VM that is known, and still there? Leaves it in w, and
 * its G in the image.
 */
LJ_FN1(int, lj_load, lj_u64, d)
{
	struct lj_vm *vm = LJ_VM(w, d, 0);

	if (!vm || vm->d != d)
		return -1;
	vm->used = w->time;
	w->entry = vm;
	w->d = d;
	w->g = vm->g;
	w->check = vm->check;
	w->vm = vm->id;
	w->vmlo = vm->lo;
	w->vmhi = vm->hi;
	w->settled = vm->sent && vm->whole && vm->named == LJ_NAMED;
	w->lay = vm->lay;
	/* Taken over by another VM meanwhile, or closed: */
	if (vm->d == d && (w->check || !lj_read_g(w)))
		return 0;
	w->entry = 0;
	w->g = w->check = w->vm = w->settled = 0;
	return -1;
}

/* lj_load_g - the same by its global_State: an entry that names another */
static inline int lj_load_g(struct lj_walk *w, lj_u64 g)
{
	struct lj_vm *vm = LJ_VM(w, g, 0);

	if (vm)
		vm->used = w->time;
	return vm && vm->d && !lj_load(w, vm->d) && w->g == g ? 0 : -1;
}

/* lj_admit - remember the VM at w->g with the layout in w
 * @check: what does not fit, or 0
 *
 * One that does not fit is looked at again, a member may have been torn; it
 * is remembered as unknown after LJ_TRIES times. Returns 0, or -1: no room.
 */
LJ_FN3(int, lj_admit, lj_u64, d, lj_u32, how, lj_u32, check)
{
	struct lj_vm *vm = LJ_VM(w, d, 1), *alias;

	w->check = check;
	w->entry = 0;
	w->vm = w->settled = 0;
	if (!vm) {
		w->t.dictfail++;
		return -1;
	}
	vm->used = w->time;
	if (check && ++vm->tries < LJ_TRIES)
		return 0;
	vm->d = 0;
	vm->g = w->g;
	vm->lay = w->lay;
	vm->how = how;
	vm->check = check;
	vm->tries = vm->whole = vm->bad = 0;
	vm->sent = vm->id = 0;
	vm->lo = vm->hi = 0;
	vm->d = d;	/* last: lj_load() looks at it */
	alias = w->g ? LJ_VM(w, w->g, 1) : 0;
	if (alias) {
		alias->d = d;
		alias->used = w->time;
	}
	return lj_load(w, d);
}

/* lj_meet - a VM was found that is not known: which layout has it?
 * @g: its global_State
 * @d: its dispatch table, if it is known; else 0
 * @nbc: BC__MAX by the length of the table, if d is known
 * @L: a running coroutine of it, or 0
 *
 * w->lay.mode is right. Returns 0 with the VM in w, w->check saying what
 * does not fit; -1: not that one.
 */
LJ_FN4(int, lj_meet, lj_u64, g, lj_u64, d, lj_u32, nbc, lj_u64, L)
{
	lj_u32 check;

	if (w->given.dispatch) {
		w->lay = w->given;
		w->g = g;
		return lj_admit(w, d ? d : g + LJ_REL(w, dispatch),
				LJD_how_GIVEN, lj_verify(w));
	}
	if (!lj_by_table(w, g, d, nbc) && !lj_verify(w))
		return lj_admit(w, g + LJ_REL(w, dispatch), LJD_how_TABLE, 0);
	if (!L)
		return -1;
	w->g = g;
	check = lj_calibrate(w, L);
	if (!check)
		check = lj_verify(w);
	if (!d)
		d = w->lay.dispatch ? g + w->lay.dispatch : g + 8;
	return lj_admit(w, d, LJD_how_CALIBRATED, check);
}

/* lj_meet_as - meet the VM of a dispatch table if it has layout l */
static inline int lj_meet_as(struct lj_walk *w, const struct lj_layout *l,
			     lj_u64 d, lj_u32 nbc)
{
	if (!l->dispatch || l->nbc != nbc ||
	    (l->mode != LJ_MODE_gc64 && d >> 32))
		return -1;
	w->lay = *l;
	return lj_check_g(w, d - l->dispatch) ? -1 :
	       lj_meet(w, d - l->dispatch, d, nbc, 0);
}

LJ_FN3(int, lj_meet_column, lj_u32, i, lj_u64, d, lj_u32, nbc)
{
	return lj_meet_as(w, &lj_columns[LJ_ATMOST(i, LJ_COL_MAX - 1)], d, nbc);
}

/* lj_meet_table - meet the VM of a dispatch table, if it is in layout.def
 * @len: words of the table
 */
LJ_FN2(int, lj_meet_table, lj_u64, d, lj_u32, len)
{
	lj_u32 i, nbc = lj_table_nbc(len);

	if (!lj_meet_as(w, &w->given, d, nbc))
		return 0;
	for (i = 0; i != LJ_NCOL; i++)
		if (!lj_meet_column(w, i, d, nbc))
			return 0;
	return -1;
}

/* lj_here - does a coroutine of the VM in w run, or is w->check set? */
static inline int lj_here(struct lj_walk *w)
{
	return w->check || !lj_running(w) ? 0 : 1;
}

/* lj_by_register - the VM whose table the DISPATCH register points to
 *
 * Returns 0 if a coroutine of it runs; 1: none does; -1: there is no VM.
 */
static inline int lj_by_register(struct lj_walk *w, struct lj_task *task)
{
	lj_u64 r = w->regs.r14, r32 = (lj_u32)r;
	lj_u32 len;

	if (!lj_load(w, r) || (r32 != r && !lj_load(w, r32)))
		return lj_here(w);
	if (!task || task->stranger == r)
		return -1;
	task->stranger = r;
	if (LJ_BAD_PTR(r) || !(len = lj_table_len(w, r))) {
		r = r32;	/* non-GC64 leaves rubbish in the high half */
		if (LJ_BAD_PTR(r) || !(len = lj_table_len(w, r)))
			return -1;
	}
	/* Other interpreters have tables of labels, too. */
	w->lay.nbc = (lj_u16)lj_table_nbc(len);
	w->lay.dispatch = 0;
	w->g = r;
	if (!w->lay.nbc || !lj_is_static(w))
		return -1;
	task->stranger = 0;
	w->table = r;
	return lj_meet_table(w, r, len) ? -1 : lj_here(w);
}

/* lj_scan_mode - the innermost C frame of any VM of a mode: 0, or -1 */
LJ_FN3(int, lj_scan_mode, lj_u32, mode, lj_u64, from, lj_u32, words)
{
	lj_u64 g, L;

	w->d = 0;		/* w->lay is nobody's until one is found */
	w->lay.mode = (lj_u16)mode;
	if (lj_scan(w, from, words, 0))
		return -1;
	g = lj_objref(w, LJ_OBJ(w, L_glref));
	L = w->L;
	if (lj_load_g(w, g)) {
		w->lay.mode = (lj_u16)mode;
		if (lj_meet(w, g, 0, 0, L))
			return -1;
	}
	return w->check ? 0 : lj_check_L(w, L, g);
}

/* lj_scan_any - the innermost C frame of any VM from an address on
 * @many: there may be VMs of both modes
 */
static inline int lj_scan_any(struct lj_walk *w, lj_u64 from, lj_u32 words,
			      lj_u32 many)
{
	if (lj_scan_mode(w, LJ_MODE_gc64, from, words))
		return lj_scan_mode(w, LJ_MODE_gc32, from, words);
	if (!many || w->check)
		return 0;
	words = (lj_u32)((w->cf - from) >> 3);
	if (!lj_scan_mode(w, LJ_MODE_gc32, from, words))
		return 0;
	return lj_scan_mode(w, LJ_MODE_gc64, from, words + 1);
}

/* lj_remember - a thread's VM was found */
static inline int lj_remember(struct lj_walk *w, struct lj_task *task,
			      lj_u32 how)
{
	if (task) {
		if (task->d && w->d && task->d != w->d)
			task->many = 1;
		if (w->d)
			task->d = w->d;
		task->miss = task->skip = 0;
		/* look now and then whether another VM called this one */
		w->many = task->many || (task->found++ & 1023) < 2;
	}
	w->flags |= how;
	return 0;
}

/* lj_not_found - no C frame of any VM is on the stack
 *
 * A thread that never had a VM is scanned less and less often. One whose
 * DISPATCH register is set must have a C frame: lua_State has another layout.
 */
static inline int lj_not_found(struct lj_walk *w, struct lj_task *task)
{
	w->g = w->check = 0;
	if (w->table) {
		w->lay.col = LJ_COL_MAX;
		return lj_admit(w, w->table, LJD_how_CALIBRATED,
				LJD_check_LUA_STATE) ? -1 :
		       lj_remember(w, task, LJD_sample_BY_REG);
	}
	if (!task)
		return -1;
	if (task->d && !lj_load(w, task->d))
		return -1;
	task->d = 0;
	if (task->miss < 6)
		task->miss++;
	task->skip = (1u << task->miss) - 1;
	return -1;
}

/* lj_find - the VM, the running coroutine and its C frame
 *
 * Returns 0, w->check being set if the VM's layout is not known; or -1: no
 * VM in this thread (w->g is 0), or none on its stack now. Cheap ways first:
 * the register, what the thread ran last, the scan. A thread that runs more
 * than one VM may have them nested: only the scan tells the innermost.
 */
LJ_FN0(int, lj_find)
{
	struct lj_task *task = LJ_TASK(w);
	lj_u32 many = task && task->many;

	w->g = w->d = w->table = 0;
	w->check = w->vm = w->many = w->settled = 0;
	w->entry = 0;
	if (!lj_by_register(w, task))
		return lj_remember(w, task, LJD_sample_BY_REG);
	if (!many && task && task->d && !lj_load(w, task->d) && !lj_here(w))
		return lj_remember(w, task, LJD_sample_BY_CACHE);
	if (task && !task->d && task->skip) {
		task->skip--;
		w->g = w->check = 0;
		return -1;
	}
	if (!lj_scan_any(w, w->regs.sp, LJ_SCAN, many))
		return lj_remember(w, task, LJD_sample_BY_SCAN);
	if (many && !lj_load(w, task->d) && !lj_here(w))
		return lj_remember(w, task, LJD_sample_BY_CACHE);
	return lj_not_found(w, task);
}

#endif
