/* lj_memo.h - what the walking core remembers between samples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kept by the collector (lj_dict.h, or BPF maps), used by lj_walk.h.
 */
#ifndef LJSTAP_LJ_MEMO_H
#define LJSTAP_LJ_MEMO_H

#include "ljtypes.h"
#include "layout.h"

#define LJ_ID_NEW	1	/* the id's dictionary record is not out yet */

/* struct lj_task - one thread */
struct lj_task {
	lj_u64 d;		/* its VM's dispatch table; 0: none found yet */
	lj_u64 stranger;	/* a DISPATCH register that led to no VM */
	lj_u32 many;		/* it has run more than one VM */
	lj_u32 miss;		/* failed searches in a row */
	lj_u32 skip;		/* hits to let pass before the next one */
	lj_u32 found;		/* samples with a VM */
};

/* Have the names of its fast functions been written? */
enum lj_named { LJ_UNNAMED, LJ_NAMING, LJ_NAMED };

/* struct lj_vm - one global_State, found by its dispatch table */
struct lj_vm {
	lj_u64 d, g;
	lj_u64 used;		/* when it was looked at last */
	lj_u64 lo, hi;		/* its handlers' code, estimated end */
	lj_u32 id;
	lj_u32 sent;
	lj_u32 how, check;	/* ENUM how, ENUM check of dump.def */
	lj_u32 tries;		/* failed checks in a row */
	lj_u32 whole, bad;	/* stacks walked to the end, and not */
	lj_u64 loaded;		/* package.loaded: GCtab */
	lj_u32 named;		/* ENUM lj_named */
	lj_u32 lib, node;	/* the next nodes to look at, there and below */
	struct lj_layout lay;
};

/* struct lj_lists - where new objects go
 * @root: the first of gc.root
 * @udata: of the userdata, behind the main thread
 * @upval: of the open upvalues
 * @strnum: number of strings
 */
struct lj_lists {
	lj_u64 root, udata, upval;
	lj_u32 strnum, spare;
};

/* struct lj_alloc - an allocation of a thread that was sampled: lj_alloc.h
 * @time: of its sample; 0: there is none
 * @to: its address, if the collector sees that; else 0
 * @followed: the collector will see when that is freed
 * @g, @lay, @lists: of its VM, as it was before; g is 0: not known
 */
struct lj_alloc {
	lj_u64 time, from, to, osize, nsize;
	lj_u64 g;
	struct lj_lists lists;
	lj_u32 followed;
	struct lj_layout lay;
};

#endif
