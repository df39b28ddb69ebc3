/* lj_value.h - Lua values of the target: what type, and what is in them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h, by its rules. Needs w->lay and w->g of
 * a VM that lj_find.h knows. A TValue is the lj_u64 that the target has.
 *
 * The target runs on while it is read. What is read is sound if all it
 * depends on is read again afterwards and is as it was:
 *
 *   table     lj_tab_same(): no part of it moved, it was not made bigger
 *   entry     lj_entry_same(): its key and value; first read what is *in*
 *             the value, then ask this: it was not freed meanwhile
 *   any word  lj_word_same(): of an upvalue, of a lua_State
 *
 * and so on up to the root by which it was found. The caller does that; else
 * it has to say that what it read may be torn. One word is written at once by
 * the target in GC64; non-GC64 machine code writes type and value apart.
 */
#ifndef LJSTAP_LJ_VALUE_H
#define LJSTAP_LJ_VALUE_H

#include "lj_core.h"
#include "lj_calibrate.h"

#define LJ_MAXLOOK	4096	/* places of a table looked at in one call */
#define LJ_MAXASIZE	((1u << 27) + 1)	/* lj_def.h: LJ_MAX_ASIZE */
#define LJ_MAXHMASK	((1u << 26) - 1)	/* ... LJ_MAX_HBITS */
#define LJ_MAXKEY	128	/* bytes of a key compared at once */

/* struct lj_tab - a table's header, as it was */
struct lj_tab {
	lj_u64 at;		/* GCtab */
	lj_u64 array, node, metatable;
	lj_u64 freetop;		/* goes down each time that nodes are moved */
	lj_u32 asize, hmask;
};

/* struct lj_entry - a key and its value, and where it was; a cursor, too */
struct lj_entry {
	lj_u64 key, val;	/* TValues */
	lj_u64 at;		/* array slot or Node */
	lj_u32 place;		/* asize array slots, then the nodes */
	lj_u32 next;		/* place where the search goes on: 0 first */
};

/* struct lj_fn - a function */
struct lj_fn {
	lj_u64 at;		/* GCfunc */
	lj_u64 f;		/* of C: its code */
	lj_u64 pt;		/* of Lua: GCproto, else 0 */
	lj_u64 env;		/* GCtab */
	lj_u64 chunkname;	/* of Lua: GCstr */
	lj_u64 uvinfo;		/* of Lua: names of upvalues, 0: stripped */
	lj_u32 sizeinfo;	/* bytes there, names of locals included */
	lj_u32 firstline, numline;
	lj_u32 ffid, nupvalues;
};

/* struct lj_cdata - a C object */
struct lj_cdata {
	lj_u64 at;		/* GCcdata */
	lj_u64 data;		/* address of its bytes */
	lj_u32 ctypeid, info;	/* CType.info */
	lj_u32 size;		/* bytes; ~0: not known */
};

/* States of a coroutine, as coroutine.status() has them. */
#define LJ_CO_RUNNING	0
#define LJ_CO_SUSPENDED	1
#define LJ_CO_NORMAL	2
#define LJ_CO_DEAD	3
#define LJ_CO_FRESH	4	/* suspended: was never resumed */

/* -- TValues ------------------------------------------------------------- */

/* lj_tv_make - a TValue that refers to an object */
static inline lj_u64 lj_tv_make(const struct lj_walk *w, lj_u32 type,
				lj_u64 ref)
{
	return LJ_GC64(w) ? (lj_u64)(0x1ffffu - type) << 47 | ref :
	       (lj_u64)(0xffffffffu - type) << 32 | ref;
}

/* lj_tv_int - a TValue of an integer, whatever numbers the VM has */
static inline lj_u64 lj_tv_int(const struct lj_walk *w, lj_u32 i)
{
	return (LJ_GC64(w) ? 0x1fff2ull << 47 : 0xfffeffffull << 32) | i;
}

/* lj_num_index - the integer 0 .. 2^31-1 that an IEEE double is, or -1 */
static inline lj_i32 lj_num_index(lj_u64 bits)
{
	lj_u32 exp = (lj_u32)(bits >> 52), sh;
	lj_u64 frac = (bits & 0xfffffffffffffull) | 0x10000000000000ull;

	if (!(bits << 1))
		return 0;
	if (exp < 1023 || exp > 1023 + 30)
		return -1;
	sh = 52 - (exp - 1023);
	return frac & (((lj_u64)1 << sh) - 1) ? -1 : (lj_i32)(frac >> sh);
}

/* lj_tv_lightud - the pointer that a light userdata is
 *
 * Since September 2020, and in Debian 11, its upper bits are in a table:
 * 2 reads. -1: they cannot be read.
 */
static inline int lj_tv_lightud(struct lj_walk *w, lj_u64 v, lj_u64 *p)
{
	lj_u32 at = LJ_OBJ(w, G1_lightudseg), from = LJ_OBJ(w, G1_vmstate);
	lj_u32 seg = (lj_u32)(v >> 39 & 0xff), up;
	lj_u64 map;

	if (LJ_S20(w)) {
		at = LJ_OBJ(w, G2_lightudseg);
		from = LJ_OBJ(w, G2_vmstate);
	}
	*p = v & 0x7fffffffffffull;
	if (LJ_REL(w, vmstate) <= from)
		return 0;
	if (seg == 0xff) {
		*p = 0;
		return 0;
	}
	if (lj_rdref(w, &map, w->g + at) || lj_rd32(w, &up, map + seg * 4))
		return -1;
	*p = (v & 0x7fffffffffull) | (lj_u64)up << 32;
	return 0;
}

/* -- Strings ------------------------------------------------------------- */

/* lj_str_len - length of the GCstr at str; -1: there is none. 1 read. */
static inline int lj_str_len(struct lj_walk *w, lj_u64 str, lj_u32 *len)
{
	if (lj_rd(w, w->obj, 24, str) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR)
		return -1;
	*len = lj_obj32(w, LJ_REL(w, str_len));
	return *len >> 31 ? -1 : 0;
}

/* lj_str_bytes - n bytes of a string from ofs on, which it must have
 *
 * n is at most 4096; dst has room for n up to the next multiple of 4, as
 * strings have.
 */
static inline int lj_str_bytes(struct lj_walk *w, void *dst, lj_u64 str,
			       lj_u32 ofs, lj_u32 n)
{
	return n ? lj_rd(w, dst, (n + 3) & ~3u,
			 str + LJ_REL(w, str_data) + ofs) : 0;
}

/* lj_str_is - is the string at str these n bytes, at most LJ_MAXKEY?
 *
 * The length first: about 1 read for a string that is another one.
 */
static inline int lj_str_is(struct lj_walk *w, lj_u64 str, const char *s,
			    lj_u32 n)
{
	lj_u32 len, i;

	if (n > LJ_MAXKEY || lj_str_len(w, str, &len) || len != n ||
	    lj_str_bytes(w, w->obj, str, 0, n))
		return 0;
	for (i = 0; i < LJ_MAXKEY && i < n; i++)
		if (((w->obj[i >> 3] >> (i & 7) * 8) & 0xff) !=
		    (unsigned char)s[i])
			return 0;
	return 1;
}

/* -- Tables -------------------------------------------------------------- */

/* lj_tab_header - read a table's header into t; -1: there is no table */
static inline int lj_tab_header(struct lj_walk *w, struct lj_tab *t, lj_u64 tab)
{
	t->at = tab;
	if (lj_rd(w, w->obj, LJ_OBJ(w, tab_read), tab) ||
	    lj_obj8(w, LJ_OBJ(w, tab_gct)) != LJ_TTAB)
		return -1;
	t->array = lj_objref(w, LJ_OBJ(w, tab_array));
	t->node = lj_objref(w, LJ_OBJ(w, tab_node));
	t->metatable = lj_objref(w, LJ_OBJ(w, tab_metatable));
	t->asize = lj_obj32(w, LJ_OBJ(w, tab_asize));
	t->hmask = lj_obj32(w, LJ_OBJ(w, tab_hmask));
	t->freetop = 0;
	if (LJ_GC64(w)) {
		t->freetop = lj_obj64(w, LJ_OBJ(w, tab_freetop));
		return 0;
	}
	return lj_rd(w, &t->freetop, 4, t->node + LJ_OBJ(w, tab_freetop));
}

/* lj_tab_same - is the table's header as it was? Then every key that was there
 * all the time was met, and met once. 1 read, in non-GC64 2.
 */
static inline int lj_tab_same(struct lj_walk *w, const struct lj_tab *t)
{
	struct lj_tab now;

	return !lj_tab_header(w, &now, t->at) && now.array == t->array &&
	       now.node == t->node && now.metatable == t->metatable &&
	       now.asize == t->asize && now.hmask == t->hmask &&
	       now.freetop == t->freetop;
}

/* lj_tab_open - begin to read a table
 *
 * Returns 0; -1: there is no table; 1: it changed between two reads, again.
 */
static inline int lj_tab_open(struct lj_walk *w, struct lj_tab *t, lj_u64 tab)
{
	w->winlen = 0;
	if ((tab & 7) || lj_tab_header(w, t, tab))
		return -1;
	if (!lj_tab_same(w, t))
		return 1;
	return t->asize > LJ_MAXASIZE || t->hmask > LJ_MAXHMASK ||
	       (t->hmask & (t->hmask + 1)) || (t->array & 7) || (t->node & 7) ?
	       -1 : 0;
}

/* lj_tab_places - how many keys it has room for: 0 .. lj_tab_places()-1 */
static inline lj_u32 lj_tab_places(const struct lj_tab *t)
{
	return t->asize + t->hmask + 1;
}

/* lj_ahead - n words at addr, which lie before end, through the window */
static inline const lj_u64 *lj_ahead(struct lj_walk *w, lj_u64 addr, lj_u32 n,
				     lj_u64 end)
{
	lj_u64 i = (addr - w->winaddr) >> 3, left = (end - addr) >> 3;

	if (addr < w->winaddr || i + n > w->winlen) {
		w->winlen = 0;
		w->winaddr = addr;
		i = left < LJ_WIN ? left : LJ_WIN;
		if (i < n || lj_rd(w, w->win, (lj_u32)i * 8, addr))
			return 0;
		w->winlen = (lj_u32)i;
		i = 0;
	}
	return &w->win[i & (LJ_WIN - 1)];
}

/* lj_tab_place - read one place of a table; -1: it cannot be read
 *
 * e->val is nil if there is no value; then e->key may be of a dead object.
 */
static inline int lj_tab_place(struct lj_walk *w, const struct lj_tab *t,
			       struct lj_entry *e, lj_u32 place)
{
	lj_u32 size = LJ_OBJ(w, node_size);
	const lj_u64 *p;

	e->place = place;
	if (place < t->asize) {
		e->at = t->array + place * 8ull;
		p = lj_ahead(w, e->at, 1, t->array + t->asize * 8ull);
		if (!p)
			return -1;
		e->key = lj_tv_int(w, place);
		e->val = *p;
		return 0;
	}
	e->at = t->node + (lj_u64)(place - t->asize) * size;
	p = lj_ahead(w, e->at, 2, t->node + (t->hmask + 1ull) * size);
	if (!p)
		return -1;
	e->val = p[LJ_OBJ(w, node_val) >> 3];
	e->key = p[LJ_OBJ(w, node_key) >> 3];
	return 0;
}

/* lj_entry_same - have its slot or node the key and value that they had? */
static inline int lj_entry_same(struct lj_walk *w, const struct lj_tab *t,
				const struct lj_entry *e)
{
	lj_u64 now[2];

	if (e->place < t->asize)
		return !lj_rd64(w, now, e->at) && now[0] == e->val;
	return !lj_rd(w, now, 16, e->at) &&
	       now[LJ_OBJ(w, node_val) >> 3] == e->val &&
	       now[LJ_OBJ(w, node_key) >> 3] == e->key;
}

/* lj_word_same - is the word at addr what it was? */
static inline int lj_word_same(struct lj_walk *w, lj_u64 addr, lj_u64 was)
{
	lj_u64 now;

	return !lj_rd64(w, &now, addr) && now == was;
}

/* lj_tab_next - the next entry that has a value
 * @e: { 0 } at first, then as it was left
 *
 * Returns 1; 0: there is none; -1: the table cannot be read, it moved; 2:
 * none among LJ_MAXLOOK places, go on.
 */
static inline int lj_tab_next(struct lj_walk *w, const struct lj_tab *t,
			      struct lj_entry *e)
{
	lj_u32 i, n = lj_tab_places(t);

	for (i = 0; i < LJ_MAXLOOK; i++) {
		if (e->next >= n)
			return 0;
		if (lj_tab_place(w, t, e, e->next))
			return -1;
		e->next++;
		if (lj_tv_type(w, e->val) != LJ_TNIL)
			return 1;
	}
	return 2;
}

/* lj_tab_str - go on to the entry of a string key; as lj_tab_next()
 * @s: its n bytes, at most LJ_MAXKEY
 *
 * Looks at one node after the other, which is right for every hash that a
 * release or a fork has; a hash of ours would have to know them, and seeds.
 */
static inline int lj_tab_str(struct lj_walk *w, const struct lj_tab *t,
			     struct lj_entry *e, const char *s, lj_u32 n)
{
	lj_u32 i;
	int ret;

	if (e->next < t->asize)
		e->next = t->asize;
	for (i = 0; i < LJ_MAXLOOK; i++) {
		ret = lj_tab_next(w, t, e);
		if (ret != 1)
			return ret;
		if (lj_tv_type(w, e->key) == LJ_TSTR &&
		    lj_str_is(w, lj_tv_ref(w, e->key), s, n))
			return 1;
	}
	return 2;
}

/* lj_key_is_num - is a key this number?
 * @bits: as an IEEE double, no -0
 */
static inline int lj_key_is_num(const struct lj_walk *w, lj_u64 key,
				lj_u64 bits)
{
	lj_u32 type = lj_tv_type(w, key);

	if (type == LJ_TNUM)
		return key == bits;
	return type == LJ_TINT && lj_num_index(bits) == (lj_i32)key &&
	       (lj_i32)key >= 0;
}

/* lj_tab_num - go on to the entry of a number; as lj_tab_next()
 *
 * If it is in the array part: 1 read.
 */
static inline int lj_tab_num(struct lj_walk *w, const struct lj_tab *t,
			     struct lj_entry *e, lj_u64 bits)
{
	lj_i32 at = lj_num_index(bits);
	lj_u32 i;
	int ret;

	if (at >= 0 && (lj_u32)at < t->asize) {
		if (lj_tab_place(w, t, e, (lj_u32)at))
			return -1;
		e->next = lj_tab_places(t);
		return lj_tv_type(w, e->val) != LJ_TNIL;
	}
	if (e->next < t->asize)
		e->next = t->asize;
	for (i = 0; i < LJ_MAXLOOK; i++) {
		ret = lj_tab_next(w, t, e);
		if (ret != 1 || lj_key_is_num(w, e->key, bits))
			return ret;
	}
	return 2;
}

/* -- Functions ----------------------------------------------------------- */

/* lj_fn_proto - what the proto of the Lua function f tells; -1: there is none */
static inline int lj_fn_proto(struct lj_walk *w, struct lj_fn *f)
{
	lj_u64 end, info;

	if (lj_rd(w, w->obj, LJ_OBJ(w, pt_size), f->pt) ||
	    lj_obj8(w, LJ_OBJ(w, pt_gct)) != LJ_TPROTO)
		return -1;
	end = f->pt + lj_obj32(w, LJ_OBJ(w, pt_sizept));
	info = lj_objref(w, LJ_OBJ(w, pt_uvinfo));
	f->chunkname = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	f->firstline = lj_obj32(w, LJ_OBJ(w, pt_firstline));
	f->numline = lj_obj32(w, LJ_OBJ(w, pt_numline));
	if (info > f->pt && info < end) {
		f->uvinfo = info;
		f->sizeinfo = (lj_u32)(end - info);
	}
	return 0;
}

/* lj_fn_read - what is known of the GCfunc at fn; -1: there is none. 2 reads. */
static inline int lj_fn_read(struct lj_walk *w, struct lj_fn *f, lj_u64 fn)
{
	f->at = fn;
	f->pt = f->chunkname = f->uvinfo = 0;
	f->sizeinfo = f->firstline = f->numline = 0;
	if ((fn & 7) || lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TFUNC)
		return -1;
	f->ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	f->nupvalues = lj_obj8(w, LJ_OBJ(w, fn_nupvalues));
	f->env = lj_objref(w, LJ_OBJ(w, fn_env));
	f->f = lj_obj64(w, LJ_OBJ(w, fn_f));
	if (f->ffid != LJ_FF_LUA)
		return 0;
	f->f = 0;
	f->pt = lj_objref(w, LJ_OBJ(w, fn_pc)) - LJ_OBJ(w, pt_size);
	return lj_fn_proto(w, f);
}

/* lj_upvalue - where the value of upvalue i is, 0 the first; -1: nowhere
 *
 * An open one is on the stack of a coroutine, a closed one in its GCupval; of
 * a C function it is in the function. At most 2 reads.
 */
static inline int lj_upvalue(struct lj_walk *w, const struct lj_fn *f,
			     lj_u32 i, lj_u64 *at)
{
	lj_u64 uv;

	if (i >= f->nupvalues)
		return -1;
	if (f->ffid != LJ_FF_LUA) {
		*at = f->at + LJ_OBJ(w, fn_upvalue) + i * 8;
		return 0;
	}
	if (lj_rdref(w, &uv, f->at + LJ_OBJ(w, fn_uvptr) +
		     i * (LJ_GC64(w) ? 8 : 4)) || (uv & 7) ||
	    lj_rd(w, w->obj, LJ_OBJ(w, uv_read), uv) ||
	    lj_obj8(w, LJ_OBJ(w, uv_gct)) != LJ_TUPVAL)
		return -1;
	*at = lj_objref(w, LJ_OBJ(w, uv_v));
	return *at & 7 ? -1 : 0;
}

/* -- Other objects -------------------------------------------------------- */

/* lj_userdata - length and metatable (GCtab, or 0) of the GCudata at ud */
static inline int lj_userdata(struct lj_walk *w, lj_u64 ud, lj_u32 *len,
			      lj_u64 *metatable)
{
	if ((ud & 7) || lj_rd(w, w->obj, LJ_OBJ(w, ud_read), ud) ||
	    lj_obj8(w, LJ_OBJ(w, ud_gct)) != LJ_TUDATA)
		return -1;
	*len = lj_obj32(w, LJ_OBJ(w, ud_len));
	*metatable = lj_objref(w, LJ_OBJ(w, ud_metatable));
	return 0;
}

/* lj_ctype - leave a CType in w->obj; -1: there is none. 4 reads. */
static inline int lj_ctype(struct lj_walk *w, lj_u32 id)
{
	lj_u64 cts, tab;
	lj_u32 top;

	if (lj_rdref(w, &cts, w->g + LJ_REL(w, jit_base) +
		     (LJ_GC64(w) ? 8 : 4)) ||
	    lj_rd32(w, &top, cts + LJ_OBJ(w, cts_top)) || id >= top ||
	    lj_rd64(w, &tab, cts + LJ_OBJ(w, cts_tab)))
		return -1;
	return lj_rd(w, w->obj, LJ_OBJ(w, ct_size),
		     tab + (lj_u64)id * LJ_OBJ(w, ct_size));
}

/* lj_cdata_read - what is known of the GCcdata at cd; -1: there is none
 *
 * One of variable length has its length right before it (lj_cdata.h).
 */
static inline int lj_cdata_read(struct lj_walk *w, struct lj_cdata *c,
				lj_u64 cd)
{
	lj_u32 vla;

	if ((cd & 7) || lj_rd(w, w->obj, LJ_OBJ(w, cd_size), cd) ||
	    lj_obj8(w, LJ_OBJ(w, cd_gct)) != LJ_TCDATA)
		return -1;
	c->at = cd;
	c->data = cd + LJ_OBJ(w, cd_size);
	c->ctypeid = lj_obj16(w, LJ_OBJ(w, cd_ctypeid));
	vla = lj_obj8(w, LJ_OBJ(w, gch_marked)) & 0x80;
	if (lj_ctype(w, c->ctypeid))
		return -1;
	c->info = lj_obj32(w, LJ_OBJ(w, ct_info));
	c->size = lj_obj32(w, LJ_OBJ(w, ct_bytes));
	return vla ? lj_rd32(w, &c->size, cd - 4) : 0;
}

/* lj_co_state - LJ_CO_* of the coroutine L; -1: there is none. 1 read.
 * @running: the lua_State that runs now, or 0
 *
 * lib_base.c: coroutine.status()
 */
static inline int lj_co_state(struct lj_walk *w, lj_u64 L, lj_u64 running)
{
	lj_u64 base, top;
	lj_u32 status;

	if (!lj_is_L(w, L, w->g))
		return -1;
	status = lj_obj8(w, LJ_OBJ(w, L_status));
	base = lj_obj64(w, LJ_OBJ(w, L_base));
	top = lj_obj64(w, LJ_OBJ(w, L_top));
	if (L == running)
		return LJ_CO_RUNNING;
	if (status == 1)	/* LUA_YIELD */
		return LJ_CO_SUSPENDED;
	if (status)
		return LJ_CO_DEAD;
	if (base > lj_objref(w, LJ_OBJ(w, L_stack)) + 8 + 8 * LJ_GC64(w))
		return LJ_CO_NORMAL;
	return top == base ? LJ_CO_DEAD : LJ_CO_FRESH;
}

/* -- Roots ---------------------------------------------------------------- */

/* lj_root_registry - where the registry's TValue is */
static inline lj_u64 lj_root_registry(const struct lj_walk *w)
{
	return w->g + LJ_REL(w, registrytv);
}

/* lj_root_main - the main thread's lua_State */
static inline lj_u64 lj_root_main(const struct lj_walk *w)
{
	return w->g - LJ_REL(w, L_size);
}

/* lj_root_globals - GCtab of the main thread's globals; 0: it cannot be read */
static inline lj_u64 lj_root_globals(struct lj_walk *w)
{
	lj_u64 L = lj_root_main(w), env;

	return lj_is_L(w, L, w->g) &&
	       !lj_rdref(w, &env, L + LJ_OBJ(w, L_env)) ? env : 0;
}

/* lj_root_ofs - where gc.root is in G, if the layout is in the table */
static inline lj_u32 lj_root_ofs(const struct lj_walk *w)
{
	return LJ_S20(w) ? LJ_OBJ(w, s20_G_root) : LJ_OBJ(w, s17_G_root);
}

/* lj_root_gc - the object made last, first of the list of all that are no
 * strings: 0 if it cannot be read
 * @ofs: where gc.root is in G
 * @white: set to the color of live objects
 */
static inline lj_u64 lj_root_gc(struct lj_walk *w, lj_u32 ofs, lj_u32 *white)
{
	lj_u64 root;

	if (lj_rd32(w, white, w->g + ofs - LJ_OBJ(w, G_white)) ||
	    lj_rdref(w, &root, w->g + ofs))
		return 0;
	*white &= 3;
	return root;
}

/* lj_gc_next - the object after one, its type, its color; -1: there is none */
static inline int lj_gc_next(struct lj_walk *w, lj_u64 *obj, lj_u32 *type,
			     lj_u32 *marked)
{
	if ((*obj & 7) || lj_rd(w, w->obj, LJ_OBJ(w, gch_read), *obj))
		return -1;
	*type = lj_obj8(w, LJ_OBJ(w, gch_gct));
	*marked = lj_obj8(w, LJ_OBJ(w, gch_marked));
	*obj = lj_objref(w, LJ_OBJ(w, gch_nextgc));
	return *type >= LJ_TSTR && *type <= LJ_TUDATA ? 0 : -1;
}

#endif
