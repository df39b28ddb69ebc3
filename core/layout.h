/* layout.h - the offsets of layout.def as constant arrays.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * LJ_OBJ(w, name) and LJ_REL(w, name) are the only way to an offset; w has
 * the members `mode` and `col`.
 */
#ifndef LJSTAP_LAYOUT_H
#define LJSTAP_LAYOUT_H

enum lj_mode {
#define MODE(name)			LJ_MODE_##name,
#define COLUMN(name, mode, doc)
#define OBJ(name, doc, ...)
#define REL(name, doc, ...)
#include "layout.def"
	LJ_MODE_MAX
};

enum lj_column {
#define MODE(name)
#define COLUMN(name, mode, doc)		LJ_COL_##name,
#define OBJ(name, doc, ...)
#define REL(name, doc, ...)
#include "layout.def"
	LJ_COL_MAX
};

#define MODE(name)
#define COLUMN(name, mode, doc)
#define OBJ(name, doc, ...) \
	static const lj_u16 lj_obj_##name[LJ_MODE_MAX] \
		__attribute__((unused)) = { __VA_ARGS__ };
#define REL(name, doc, ...) \
	static const lj_u16 lj_rel_##name[LJ_COL_MAX] \
		__attribute__((unused)) = { __VA_ARGS__ };
#include "layout.def"

static const lj_u16 lj_col_mode[LJ_COL_MAX] = {
#define MODE(name)
#define COLUMN(name, mode, doc)		LJ_MODE_##mode,
#define OBJ(name, doc, ...)
#define REL(name, doc, ...)
#include "layout.def"
};

#define LJ_OBJ(w, name)	(lj_obj_##name[(w)->mode])
#define LJ_REL(w, name)	(lj_rel_##name[(w)->col])

/* Facts that are the same in every supported build. */
#define LJ_NFF		57	/* GG_NUM_ASMFF: assembler fast functions */
#define LJ_NFUNC	8	/* BC_FUNCF .. BC_FUNCCW */
#define LJ_BC_GGET	54
#define LJ_BC_TGETS	57
#define LJ_TTHREAD	6	/* gct values, ~LJ_T* */
#define LJ_TPROTO	7
#define LJ_TFUNC	8
#define LJ_TTRACE	9
#define LJ_TSTR		4
#define LJ_FF_LUA	0	/* ffid */
#define LJ_FF_C		1
/* ~vmstate when it is negative (lj_obj.h: LJ_VMST_*) */
#define LJ_VMST_INTERP	0
#define LJ_VMST_C	1
#define LJ_VMST_GC	2
/* Frame types in the low bits of the link (lj_frame.h: FRAME_*). */
#define LJ_FRAME_LUA	0
#define LJ_FRAME_C	1
#define LJ_FRAME_CONT	2
#define LJ_FRAME_VARG	3
#define LJ_FRAME_LUAP	4
#define LJ_FRAME_CP	5
#define LJ_FRAME_PCALL	6
#define LJ_FRAME_PCALLH	7

#endif
