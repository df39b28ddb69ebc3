/* lj_gc.h - the state of the garbage collector, with a sample.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h: for collectors that ask for it.
 */
#ifndef LJSTAP_LJ_GC_H
#define LJSTAP_LJ_GC_H

#include "lj_core.h"

/* lj_emit_gc - the gc record of the VM that lj_sample() left in w
 *
 * 0, also if there is none; -1: it cannot be read, or found no room. About 200
 * instructions.
 */
static inline int lj_emit_gc(struct lj_walk *w)
{
	lj_u32 ofs = LJ_S20(w) ? LJ_OBJ(w, s20_G_total) : LJ_OBJ(w, s17_G_total);
	lj_u32 state = LJ_S20(w) ? LJ_OBJ(w, s20_G_state) :
				   LJ_OBJ(w, s17_G_state);
	lj_u32 ref = LJ_GC64(w) ? 8 : 4;

	if (!w->g || w->check || w->flags & LJD_sample_OUTSIDE)
		return 0;
	if (lj_rd(w, w->obj, (state - ofs + 4) & ~3u, w->g + ofs)) {
		w->t.fault++;
		return -1;
	}
	w->rec.gc.time = w->time;
	w->rec.gc.total = lj_objref(w, 0);
	w->rec.gc.threshold = lj_objref(w, ref);
	w->rec.gc.pid = w->pid;
	w->rec.gc.tid = w->tid;
	w->rec.gc.vm = w->vm;
	w->rec.gc.vmstate = (lj_u32)w->vmstate;
	w->rec.gc.state = lj_obj8(w, state - ofs);
	w->rec.gc.spare = 0;
	return LJ_EMIT(w, gc, 0);
}

#endif
