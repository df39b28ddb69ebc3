/* lj_yield.h - which coroutine is about to yield?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h.
 */
#ifndef LJSTAP_LJ_YIELD_H
#define LJSTAP_LJ_YIELD_H

#include "lj_core.h"

/* lj_yield_mode - lj_yielding() if the VM is of this mode */
static inline lj_u64 lj_yield_mode(struct lj_walk *w, lj_u64 sp,
				   enum lj_mode mode)
{
	lj_u64 L, cframe;

	if (LJ_RD(w, &L, 8, sp + lj_obj_cframe_L[mode]))
		return 0;
	if (mode == LJ_MODE_gc32)
		L = (lj_u32)L;
	if (!L || LJ_RD(w, &cframe, 8, L + lj_obj_L_cframe[mode]))
		return 0;
	return cframe == (sp | 1) ? L : 0;	/* CFRAME_RESUME */
}

/* lj_yielding - the coroutine that enters lj_ff_coroutine_yield
 * @sp: the stack pointer there: at the C frame of the VM, which names the
 *      lua_State that names it
 *
 * Returns 0 if it is none that can yield: it gets an error then.
 */
static inline lj_u64 lj_yielding(struct lj_walk *w, lj_u64 sp)
{
	lj_u64 L = lj_yield_mode(w, sp, LJ_MODE_gc64);

	return L ? L : lj_yield_mode(w, sp, LJ_MODE_gc32);
}

#endif
