/* lj_names.h - the names of fast functions, from the tables that hold them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h. Fast function ids differ between
 * releases; package.loaded of the target knows them all. Looked through once
 * for a VM, a few nodes with each sample: a big application has thousands.
 */
#ifndef LJSTAP_LJ_NAMES_H
#define LJSTAP_LJ_NAMES_H

#include "lj_core.h"
#include "lj_calibrate.h"

#define LJ_NAMENODES	24	/* nodes looked at with one sample */
#define LJ_MAXNODES	4096	/* of one table */
#ifndef LJ_MAXREGISTRY
#define LJ_MAXREGISTRY	1024	/* nodes of the registry searched at once */
#endif
#define LJ_MAXFFNAME	40	/* bytes of each part of a name */

/* lj_node - leave a node of a table's hash part in w->kv
 *
 * -1: there is no such node. 2 reads; leaves nothing in w->obj.
 */
LJ_FN2(int, lj_node, lj_u64, tab, lj_u32, i)
{
	lj_u64 node;

	if (lj_rd(w, w->obj, LJ_OBJ(w, tab_read), tab) ||
	    lj_obj8(w, LJ_OBJ(w, tab_gct)) != LJ_TTAB ||
	    i > lj_obj32(w, LJ_OBJ(w, tab_hmask)) || i >= LJ_MAXNODES)
		return -1;
	node = lj_objref(w, LJ_OBJ(w, tab_node)) +
	       (lj_u64)i * LJ_OBJ(w, node_size);
	return lj_rd(w, w->kv, 16, node);
}

/* lj_ffname - copy a name into the tail of the record being built
 * @at: word of the tail
 * @str: TValue
 *
 * Returns its length, 0: it is none that could be a name.
 */
LJ_FN2(lj_u32, lj_ffname, lj_u32, at, lj_u64, str)
{
	lj_u64 *p = w->rec.w + sizeof(struct ljd_ffname) / 8 + (at & 15);
	lj_u32 len;

	str = lj_tv_gc(w, str, LJ_TSTR);
	if (!str || lj_rd(w, w->obj, 24, str) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR)
		return 0;
	len = lj_obj32(w, LJ_REL(w, str_len));
	if (!len || len > LJ_MAXFFNAME ||
	    lj_rd(w, p, (len + 3) & ~3u, str + LJ_REL(w, str_data)))
		return 0;
	lj_pad(p, len);
	return len;
}

/* lj_ff_op - the dispatch entry of the fast function in w->obj, or 0
 *
 * Its pc points to its own instruction if it is in assembler.
 */
static inline lj_u32 lj_ff_op(struct lj_walk *w)
{
	lj_u32 ins, nbc = LJ_REL(w, nbc);

	if (lj_rd32(w, &ins, lj_objref(w, LJ_OBJ(w, fn_pc))))
		return 0;
	ins &= 0xff;
	return ins >= nbc && ins < nbc + LJ_NFF ? ins : 0;
}

/* lj_emit_ffname - the record of one node, if it holds a fast function
 * @lib: TValue: name of its library; 0: it is in package.loaded itself
 *
 * The node is in w->kv.
 */
LJ_FN1(int, lj_emit_ffname, lj_u64, lib)
{
	lj_u64 fn = lj_tv_gc(w, w->kv[0], LJ_TFUNC);
	lj_u32 ffid, op, words;

	if (!fn || lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TFUNC)
		return 0;
	ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	if (ffid < LJ_FF_MIN)
		return 0;
	op = lj_ff_op(w);
	w->rec.ffname.nlib = lib ? lj_ffname(w, 0, lib) : 0;
	words = (w->rec.ffname.nlib + 7) >> 3;
	w->rec.ffname.nname = lj_ffname(w, words, w->kv[1]);
	if ((lib && !w->rec.ffname.nlib) || !w->rec.ffname.nname)
		return 0;
	words += (w->rec.ffname.nname + 7) >> 3;
	w->rec.ffname.vm = w->vm;
	w->rec.ffname.pid = w->pid;
	w->rec.ffname.ffid = ffid;
	w->rec.ffname.op = op;
	w->rec.ffname.n = words * 8;
	w->rec.ffname.spare = 0;
	return LJ_EMIT(w, ffname, words * 8);
}

/* lj_registry - the registry: GCtab, 0 if it is not there */
static inline lj_u64 lj_registry(struct lj_walk *w)
{
	lj_u64 tv;

	if (lj_rd64(w, &tv, w->g + LJ_REL(w, registrytv)))
		return 0;
	return lj_tv_gc(w, tv, LJ_TTAB);
}

/* lj_is_loaded - is node i of the registry _LOADED? 1: yes; -1: no such */
LJ_FN2(int, lj_is_loaded, lj_u64, tab, lj_u32, i)
{
	if (lj_node(w, tab, i))
		return -1;
	return lj_ffname(w, 0, w->kv[1]) == 7 &&
	       w->rec.w[sizeof(struct ljd_ffname) / 8] ==
	       0x444544414f4c5full;	/* "_LOADED" */
}

/* lj_find_loaded - package.loaded: registry._LOADED; 0 if it is not there */
LJ_FN0(lj_u64, lj_find_loaded)
{
	lj_u64 tab = lj_registry(w);
	lj_u32 i;
	int is = 0;

	for (i = 0; i < LJ_MAXREGISTRY && !is; i++)
		is = lj_is_loaded(w, tab, i);
	return is > 0 ? lj_tv_gc(w, w->kv[0], LJ_TTAB) : 0;
}

/* lj_name_next - go on with the registry's own tables, or be done
 *
 * File methods are in registry["FILE*"] only.
 */
static inline void lj_name_next(struct lj_walk *w, struct lj_vm *vm)
{
	lj_u64 registry = lj_registry(w);

	vm->lib = vm->node = 0;
	if (vm->loaded == registry)
		vm->named = LJ_NAMED;
	vm->loaded = registry;
}

/* lj_name_one - look at the next node; -1: no room, again later */
static inline int lj_name_one(struct lj_walk *w, struct lj_vm *vm)
{
	lj_u64 tab, name;

	if (lj_node(w, vm->loaded, vm->lib)) {
		lj_name_next(w, vm);
		return 0;
	}
	name = w->kv[1];
	tab = lj_tv_gc(w, w->kv[0], LJ_TTAB);
	if (!tab)
		lj_emit_ffname(w, 0);
	if (!tab || lj_node(w, tab, vm->node)) {
		vm->lib++;
		vm->node = 0;
		return 0;
	}
	if (lj_emit_ffname(w, name))
		return -1;
	vm->node++;
	return 0;
}

/* lj_name_some - look at the next few nodes of package.loaded's tables
 *
 * Of the VM in w. Uses w->rec. About 250 instructions a node.
 */
LJ_DO0(lj_name_some)
{
	struct lj_vm *vm = LJ_ENTRY(w);
	lj_u32 i;

	if (!vm)
		return;
	if (vm->named == LJ_UNNAMED) {
		vm->loaded = lj_find_loaded(w);
		vm->lib = vm->node = 0;
		vm->named = LJ_NAMING;
	}
	for (i = 0; i < LJ_NAMENODES && vm->named == LJ_NAMING; i++)
		if (lj_name_one(w, vm))
			return;
}

#endif
