/* lj_memo.h - what the walking core remembers between samples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Kept by the collector (lj_dict.h, or BPF maps), used by lj_walk.h.
 */
#ifndef LJSTAP_LJ_MEMO_H
#define LJSTAP_LJ_MEMO_H

#include "ljtypes.h"

#define LJ_ID_NEW	1	/* the id's dictionary record is not out yet */

/* struct lj_task - one thread */
struct lj_task {
	lj_u64 g;		/* its global_State; 0: none found yet */
	lj_u32 col;		/* column of layout.def */
	lj_u32 miss;		/* failed searches in a row */
	lj_u32 skip;		/* hits to let pass before the next one */
	lj_u32 spare;
};

/* struct lj_vm - one global_State */
struct lj_vm {
	lj_u64 lo, hi;		/* its handlers' code, estimated end */
	lj_u32 id;
	lj_u32 sent;
};

#endif
