/* lj_size.h - the bytes of LuaJIT's objects, as gc.total counts them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a layout only: for the walking core and for who has a copy of the
 * target.
 */
#ifndef LJSTAP_LJ_SIZE_H
#define LJSTAP_LJ_SIZE_H

#include "ljtypes.h"
#include "layout.h"

#define LJ_NTYPES	13	/* gct values, and 0 .. 3, which none has */

/* lj_type_name - the name of a gct value */
static inline const char *lj_type_name(lj_u32 gct)
{
	static const char *const name[LJ_NTYPES] = {
		"?", "?", "?", "?", "string", "upvalue", "thread",
		"prototype", "function", "trace", "cdata", "table", "userdata",
	};

	return gct < LJ_NTYPES ? name[gct] : "?";
}

/* What LJ_OBJ and LJ_REL take. */
struct lj_sized {
	struct lj_layout lay;
};

/* lj_size_head - bytes of the object's own struct; 0: there is no such type.
 * lj_size_of() looks at no more.
 */
static inline lj_u32 lj_size_head(const struct lj_layout *lay, lj_u32 gct)
{
	const struct lj_sized *l = (const void *)lay;

	switch (gct) {
	case LJ_TSTR:
		return LJ_REL(l, str_data);
	case LJ_TUPVAL:
		return LJ_OBJ(l, uv_size);
	case LJ_TTHREAD:
		return LJ_REL(l, L_size);
	case LJ_TPROTO:
		return LJ_OBJ(l, pt_size);
	case LJ_TFUNC:
		return LJ_OBJ(l, fn_uvptr);
	case LJ_TTRACE:
		return LJ_OBJ(l, T_size);
	case LJ_TCDATA:
		return LJ_OBJ(l, cd_size);
	case LJ_TTAB:
		return LJ_OBJ(l, tab_size);
	case LJ_TUDATA:
		return LJ_OBJ(l, ud_size);
	}
	return 0;
}

static inline lj_u32 lj_at32(const void *p, lj_u32 ofs)
{
	lj_u32 v;

	__builtin_memcpy(&v, (const char *)p + ofs, sizeof(v));
	return v;
}

static inline lj_u32 lj_at16(const void *p, lj_u32 ofs)
{
	return lj_at32(p, ofs & ~1u) & 0xffff;
}

static inline lj_u32 lj_at8(const void *p, lj_u32 ofs)
{
	return ((const unsigned char *)p)[ofs];
}

/* A function: its upvalues are in it. */
static inline lj_u64 lj_size_func(const struct lj_sized *l, const void *p)
{
	lj_u32 n = lj_at8(p, LJ_OBJ(l, fn_nupvalues));

	if (lj_at8(p, LJ_OBJ(l, fn_ffid)) == LJ_FF_LUA)
		return LJ_OBJ(l, fn_uvptr) +
		       (l->lay.mode == LJ_MODE_gc64 ? 8 : 4) * n;
	return LJ_OBJ(l, fn_upvalue) + 8 * n;
}

static inline lj_u64 lj_size_trace(const struct lj_sized *l, const void *p)
{
	lj_u32 ins = lj_at32(p, LJ_OBJ(l, T_nins)) -
		     lj_at32(p, LJ_OBJ(l, T_nk));
	lj_u32 snaps = lj_at16(p, LJ_REL(l, T_nsnap));
	lj_u64 map = LJ_T19(l) ? lj_at32(p, LJ_OBJ(l, t19_T_nsnapmap)) :
				 lj_at16(p, LJ_OBJ(l, t17_T_nsnapmap));

	return ((LJ_OBJ(l, T_size) + 7) & ~7ull) + 8ull * ins +
	       (lj_u64)snaps * LJ_REL(l, snapsize) + 4 * map;
}

/* A table: an array made with it is in it, and stays when it is given up. */
static inline lj_u64 lj_size_tab(const struct lj_sized *l, const void *p)
{
	lj_u64 hmask = lj_at32(p, LJ_OBJ(l, tab_hmask));
	lj_u32 colo = lj_at8(p, LJ_OBJ(l, tab_colo));
	lj_u64 size = LJ_OBJ(l, tab_size) + 8 * (colo & 0x7f);

	if (hmask)
		size += LJ_OBJ(l, node_size) * (hmask + 1);
	if (!colo || colo & 0x80)
		size += 8ull * lj_at32(p, LJ_OBJ(l, tab_asize));
	return size;
}

/* lj_size_of - bytes of an object with all that belongs to it alone
 * @gct: its type
 * @p: its own struct, which is not checked in any way
 *
 * Of cdata the struct only: its C type tells the rest. The main thread's own
 * struct is part of GG_State, and has to be subtracted.
 */
static inline lj_u64 lj_size_of(const struct lj_layout *lay, lj_u32 gct,
				const void *p)
{
	const struct lj_sized *l = (const void *)lay;
	lj_u32 head = lj_size_head(lay, gct);
	lj_u64 n;

	switch (gct) {
	case LJ_TSTR:
		n = lj_at32(p, LJ_REL(l, str_len));
		return head + (LJ_S20(l) ? (n + 4) & ~3ull : n + 1);
	case LJ_TTHREAD:
		return head + 8ull * lj_at32(p, LJ_OBJ(l, L_stacksize));
	case LJ_TPROTO:
		return lj_at32(p, LJ_OBJ(l, pt_sizept));
	case LJ_TFUNC:
		return lj_size_func(l, p);
	case LJ_TTRACE:
		return lj_size_trace(l, p);
	case LJ_TTAB:
		return lj_size_tab(l, p);
	case LJ_TUDATA:
		return head + (lj_u64)lj_at32(p, LJ_OBJ(l, ud_len));
	}
	return head;
}

#endif
