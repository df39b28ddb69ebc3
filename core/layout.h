/* layout.h - the offsets of layout.def as constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * LJ_OBJ(w, name) and LJ_REL(w, name) are the only way to an offset; w has
 * the member `lay`, a struct lj_layout.
 */
#ifndef LJSTAP_LAYOUT_H
#define LJSTAP_LAYOUT_H

#include "ljtypes.h"

/* an attribute of the tables: where they lie */
#ifndef LJ_TABLE
#define LJ_TABLE
#endif

#define MODE(name)			LJ_MODE_##name,
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)
enum lj_mode {
#include "layout.def"
	LJ_MODE_MAX
};

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)	LJ_COL_##name,
enum lj_column {
#include "layout.def"
	LJ_COL_MAX		/* the layout is not in the table */
};

/* struct lj_layout - where one build keeps what differs between releases */
#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)		lj_u16 name;
#define COLUMN(name, mode, doc, ...)
struct lj_layout {
	lj_u16 mode, col;	/* enum lj_mode, enum lj_column */
#include "layout.def"
};

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...) \
	{ LJ_MODE_##mode, LJ_COL_##name, __VA_ARGS__ },
static const struct lj_layout lj_columns[LJ_COL_MAX] = {
#include "layout.def"
};

#define MODE(name)
#define OBJ(name, type, member, ...) \
	static const lj_u16 lj_obj_##name[LJ_MODE_MAX] \
		LJ_TABLE __attribute__((unused)) = { __VA_ARGS__ };
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)
#include "layout.def"

/* LJ_NREL - rows of REL: the words of a layout record */
#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)		+ 1
#define COLUMN(name, mode, doc, ...)
enum { LJ_NREL = 0
#include "layout.def"
};

#define LJ_OBJ(w, name)	(lj_obj_##name[LJ_ATMOST((w)->lay.mode, LJ_MODE_MAX - 1)])
#define LJ_REL(w, name)	((w)->lay.name)

/* Which age is it? See layout.def. */
#define LJ_S20(w)	(LJ_REL(w, str_len) > LJ_OBJ(w, str_s17))
#define LJ_T19(w)	(LJ_REL(w, snapsize) > 8)

/* Facts that are the same in every supported build. */
#define LJ_NFF		57	/* GG_NUM_ASMFF: assembler fast functions */
#define LJ_NFUNC	8	/* BC_FUNCF .. BC_FUNCCW */
#define LJ_NFUNCL	6	/* BC_FUNCF .. BC_JFUNCV: of Lua functions */
#define LJ_NDISP_20	240	/* length of LuaJIT 2.0's dispatch table */
#define LJ_VMTAIL	0x900	/* bytes of the VM's code after its last entry */
#define LJ_BC_GGET	54
#define LJ_BC_GSET	55
#define LJ_BC_TGETS	57
#define LJ_BC_TSETS	61
#define LJ_TNIL		0	/* types of values, ~LJ_T*; and gct values */
#define LJ_TFALSE	1
#define LJ_TTRUE	2
#define LJ_TLIGHTUD	3
#define LJ_TUPVAL	5
#define LJ_TTHREAD	6
#define LJ_TPROTO	7
#define LJ_TFUNC	8
#define LJ_TTRACE	9
#define LJ_TCDATA	10
#define LJ_TTAB		11
#define LJ_TUDATA	12
#define LJ_TINT		13
#define LJ_TNUM		14
#define LJ_TBAD		15	/* ours: no value is like that */
#define LJ_TSTR		4
#define LJ_FF_LUA	0	/* ffid */
#define LJ_FF_C		1
#define LJ_FF_MIN	2	/* the first fast function's */
/* ~vmstate when it is negative (lj_obj.h: LJ_VMST_*) */
#define LJ_VMST_INTERP	0
#define LJ_VMST_C	1
#define LJ_VMST_GC	2
#define LJ_VMST_MAX	8	/* ASM is 6 */
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
