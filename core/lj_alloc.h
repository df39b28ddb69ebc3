/* lj_alloc.h - what it is that a VM allocates.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h: for collectors that probe allocf(ud,
 * ptr, osize, nsize). When that is called nobody knows yet what for. When the
 * same thread calls it next, to allocate or to free, the one before is where it
 * belongs: first in a list of the collector, or among the strings, if it is an
 * object at all.
 */
#ifndef LJSTAP_LJ_ALLOC_H
#define LJSTAP_LJ_ALLOC_H

#include "lj_core.h"
#include "lj_find.h"

#define LJ_LINKED	8	/* objects linked meanwhile that are passed */

static inline int lj_read_lists(struct lj_walk *w, lj_u64 g,
				struct lj_lists *l)
{
	lj_u32 root = LJ_S20(w) ? LJ_OBJ(w, s20_G_root) : LJ_OBJ(w, s17_G_root);
	lj_u64 num = LJ_S20(w) ? LJ_REL(w, vmstate) - LJ_OBJ(w, s20_GV_strnum) :
				 LJ_OBJ(w, s17_G_strnum);

	if (lj_rdref(w, &l->root, g + root) ||
	    lj_rdref(w, &l->udata, g - LJ_REL(w, L_size)) ||
	    lj_rdref(w, &l->upval, g + LJ_REL(w, cur_L) - LJ_OBJ(w, G_newuv)) ||
	    lj_rd32(w, &l->strnum, g + num))
		return -1;
	return 0;
}

/* lj_alloc_vm - have the VM of this thread in w, if it is the one that
 * allocates with ud; w->g is 0: it is not
 *
 * After a sample w may have one that called it.
 */
static inline void lj_alloc_vm(struct lj_walk *w, lj_u64 ud)
{
	struct lj_task *task = LJ_TASK(w);
	lj_u64 allocd;

	w->g = 0;
	if (!task || !task->d || lj_load(w, task->d))
		return;
	if (w->check ||
	    lj_rd64(w, &allocd, w->g + 8 +
				(LJ_S20(w) ? LJ_OBJ(w, s20_G_allocf) :
					     LJ_OBJ(w, s17_G_allocf))) ||
	    allocd != ud)
		w->g = 0;
}

/* lj_alloc_begin - allocf() was called, and lj_sample() has taken a sample
 * @a: of the thread, for lj_alloc_end()
 * @ud, @ptr, @osize, @nsize: the arguments
 *
 * About 300 instructions.
 */
static inline void lj_alloc_begin(struct lj_walk *w, struct lj_alloc *a,
				  lj_u64 ud, lj_u64 ptr, lj_u64 osize,
				  lj_u64 nsize)
{
	a->time = w->time;
	a->from = osize ? ptr : 0;
	a->to = 0;
	a->followed = 0;
	a->osize = osize;
	a->nsize = nsize;
	lj_alloc_vm(w, ud);
	a->lay = w->lay;
	a->g = w->g && !lj_read_lists(w, w->g, &a->lists) ? w->g : 0;
}

/* -- What it is ----------------------------------------------------------- */

/* lj_strings_freed - is the block that is just freed a string? It counts no
 * more when that is seen.
 */
static inline lj_u32 lj_strings_freed(struct lj_walk *w, lj_u64 ptr,
				      lj_u64 osize)
{
	lj_u32 len;

	if (lj_rd(w, w->obj, LJ_OBJ(w, gch_read), ptr) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR ||
	    lj_rd32(w, &len, ptr + LJ_REL(w, str_len)))
		return 0;
	len += LJ_REL(w, str_data) + 1;
	return osize >= len && osize <= len + 3;
}

/* lj_next - the object behind o in its list; 0: it cannot be read */
static inline lj_u64 lj_next(struct lj_walk *w, lj_u64 o)
{
	if (lj_rd(w, w->obj, LJ_OBJ(w, gch_read), o))
		return 0;
	return lj_objref(w, LJ_OBJ(w, gch_nextgc));
}

/* lj_newest - the first object of a list that was not there before, its header
 * in w->obj; 0: there is none
 * @first: of the list, now
 * @before: the first, then
 * @freed: what is freed just now; 0: nothing
 *
 * What is freed, or a part of it, has left the list already: that may be the
 * first one of then, or the new one. Upvalues are linked in gc.root, too, as
 * they are closed.
 */
static inline lj_u64 lj_newest(struct lj_walk *w, const struct lj_alloc *a,
			       lj_u64 first, lj_u64 before, lj_u64 freed)
{
	lj_u64 o = first, next, behind;
	int i;

	if (!before || (first == before && !freed))
		return 0;
	if (first == before) {
		o = a->to ? a->to : freed;
		return lj_next(w, o) == before ? o : 0;
	}
	behind = freed ? lj_next(w, before) : 0;
	for (i = 0; i < LJ_LINKED; i++) {
		next = lj_next(w, o);
		if (!next)
			return 0;
		if (next == before || next == behind)
			return o;
		o = next;
	}
	return 0;
}

/* lj_object_size - the least bytes of an object of this kind, 0: it is none
 * that is linked when it is made
 */
static inline lj_u32 lj_object_size(const struct lj_walk *w, lj_u32 gct)
{
	switch (gct) {
	case LJ_TUPVAL:
		return LJ_OBJ(w, uv_size);
	case LJ_TTHREAD:
		return LJ_REL(w, L_size);
	case LJ_TPROTO:
		return LJ_OBJ(w, pt_size);
	case LJ_TFUNC:
		return LJ_OBJ(w, fn_uvptr);
	case LJ_TTRACE:
		return LJ_OBJ(w, T_size);
	case LJ_TCDATA:
		return LJ_OBJ(w, cd_size);
	case LJ_TTAB:
		return LJ_OBJ(w, tab_size);
	}
	return 0;
}

/* lj_alloc_linked - LJ_T* of the object that was allocated, if it is in one of
 * the lists; else 0
 * @freed: what is freed just now, maybe the first of a list; 0: nothing
 */
static inline lj_u32 lj_alloc_linked(struct lj_walk *w, struct lj_alloc *a,
				     const struct lj_lists *now, lj_u64 freed)
{
	lj_u64 o;
	lj_u32 gct, size;

	o = lj_newest(w, a, now->udata, a->lists.udata, freed);
	if (o && lj_obj8(w, LJ_OBJ(w, ud_gct)) == LJ_TUDATA) {
		a->to = o;
		return LJ_TUDATA;
	}
	o = lj_newest(w, a, now->root, a->lists.root, freed);
	gct = o ? lj_obj8(w, LJ_OBJ(w, gch_gct)) : 0;
	size = lj_object_size(w, gct);
	if (size && (gct == LJ_TUPVAL ? a->nsize == size : a->nsize >= size)) {
		/* A large one of a C type begins before its header. */
		if (!a->to && gct != LJ_TCDATA)
			a->to = o;
		return gct;
	}
	if (now->upval != a->lists.upval && a->nsize == LJ_OBJ(w, uv_size)) {
		a->to = now->upval;
		return LJ_TUPVAL;
	}
	return 0;
}

/* lj_is_trace_block - was it allocated for a trace that is not linked yet? */
static inline int lj_is_trace_block(struct lj_walk *w, const struct lj_alloc *a)
{
	lj_u32 ir = LJ_OBJ(w, T_ir), nk = LJ_OBJ(w, T_nk);
	lj_u32 size = (LJ_OBJ(w, T_size) + 7) & ~7u;

	/* all of it up to nk: 44 bytes at most */
	if (!a->to || a->nsize < size || lj_rd(w, w->obj, nk + 4, a->to) ||
	    lj_obj8(w, LJ_OBJ(w, T_gct)) != LJ_TTRACE)
		return 0;
	return lj_objref(w, ir) + 8ull * lj_obj32(w, nk) == a->to + size;
}

/* lj_is_strtab - is the table of strings freed just now? What was allocated is
 * the next one, not in use yet.
 */
static inline int lj_is_strtab(struct lj_walk *w, lj_u64 g, lj_u64 freed)
{
	lj_u64 tab, at = LJ_S20(w) ?
			 LJ_REL(w, vmstate) - LJ_OBJ(w, s20_GV_strtab) :
			 LJ_OBJ(w, s17_G_strtab);

	return freed && !lj_rd64(w, &tab, g + at) && tab == freed;
}

static inline lj_u32 lj_alloc_what(struct lj_walk *w, struct lj_alloc *a,
				   lj_u64 ptr, lj_u64 osize, lj_u64 nsize)
{
	lj_u64 freed = nsize ? 0 : ptr;
	struct lj_lists now;
	lj_u32 gct;

	if (a->osize)
		return LJD_object_GROWN;
	w->lay = a->lay;
	if (!a->g || lj_read_lists(w, a->g, &now))
		return 0;
	if (freed)
		now.strnum += lj_strings_freed(w, freed, osize);
	if (now.strnum == a->lists.strnum + 1)
		return LJD_object_STR;
	gct = lj_alloc_linked(w, a, &now, freed);
	if (gct)
		return gct;	/* ENUM object is like them */
	if (lj_is_strtab(w, a->g, freed))
		return LJD_object_GROWN;
	return lj_is_trace_block(w, a) ? LJD_object_TRACE : LJD_object_BLOCK;
}

/* -- Records ---------------------------------------------------------------- */

/* lj_emit_block - a block was moved, or freed: to is 0 */
static inline int lj_emit_block(struct lj_walk *w, lj_u64 from, lj_u64 to,
				lj_u64 osize, lj_u64 nsize)
{
	w->rec.block.time = w->time;
	w->rec.block.sample = 0;
	w->rec.block.from = from;
	w->rec.block.to = to;
	w->rec.block.osize = osize;
	w->rec.block.nsize = nsize;
	w->rec.block.pid = w->pid;
	w->rec.block.tid = w->tid;
	w->rec.block.object = 0;
	w->rec.block.flags = to ? LJD_block_FOLLOWED : 0;
	return LJ_EMIT(w, block, 0);
}

/* lj_emit_alloc - the block of a sample
 * @what: ENUM object, 0: not known
 */
static inline int lj_emit_alloc(struct lj_walk *w, const struct lj_alloc *a,
				lj_u32 what)
{
	w->rec.block.time = w->time;
	w->rec.block.sample = a->time;
	w->rec.block.from = a->from;
	w->rec.block.to = a->to;
	w->rec.block.osize = a->osize;
	w->rec.block.nsize = a->nsize;
	w->rec.block.pid = w->pid;
	w->rec.block.tid = w->tid;
	w->rec.block.object = what;
	w->rec.block.flags = a->followed ? LJD_block_FOLLOWED : 0;
	return LJ_EMIT(w, block, 0);
}

/* lj_alloc_end - the next call of allocf(): tell what the one before was for
 * @a: of lj_alloc_begin()
 * @ptr, @osize, @nsize: the arguments of this call
 *
 * Before anything else is done about this one. About 700 instructions. Returns
 * 0; -1: no room.
 */
static inline int lj_alloc_end(struct lj_walk *w, struct lj_alloc *a,
			       lj_u64 ptr, lj_u64 osize, lj_u64 nsize)
{
	lj_u32 what = lj_alloc_what(w, a, ptr, osize, nsize);
	int ret = lj_emit_alloc(w, a, what);

	a->time = 0;
	return ret;
}

#endif
