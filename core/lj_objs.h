/* lj_objs.h - count all objects of a heap, by type, in pieces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h, by its rules; w as lj_value.h needs it.
 * Objects are in one list, newest first, strings in a hash table. The target
 * may run from piece to piece: nothing is freed until the collector sweeps,
 * and before it does it changes the current white. So what is counted is what
 * was there at the start, and not swept until the end; what is not collected
 * yet is in it. Strings made meanwhile are met by chance.
 */
#ifndef LJSTAP_LJ_OBJS_H
#define LJSTAP_LJ_OBJS_H

#include "lj_value.h"
#include "lj_size.h"

#define LJ_MAXPIECEOBJ	65536	/* objects looked at in one call */
#define LJ_MAXCHAIN	1000	/* strings of one hash; open upvalues */
#define LJ_MAXATTRIB	16	/* C types that one is made of by attributes */

struct lj_objs {
	lj_u64 n[LJ_NTYPES], bytes[LJ_NTYPES];	/* counted so far */
	lj_u64 at;		/* the next one in the list; 0: strings */
	lj_u64 strtab;
	lj_u32 strmask, bucket;	/* ... those of which hash are next */
	lj_u32 white;
	lj_u32 ctypeid;		/* the C type asked for last ... */
	lj_u64 ctbytes;		/* ... and its bytes */
};

/* Phases of the collector in which the list shrinks: lj_gc.h GCSsweep*. */
#define LJ_GC_SWEEPSTRING	3
#define LJ_GC_SWEEP		4

/* lj_objs_white - the current white and the first object; 0: it sweeps, or
 * cannot be read
 */
static inline lj_u32 lj_objs_white(struct lj_walk *w, lj_u64 *root)
{
	lj_u32 ofs = lj_root_ofs(w), word, white, state;

	*root = lj_root_gc(w, ofs, &white);
	/* behind gc.currentwhite is gc.state */
	if (!*root || lj_rd32(w, &word, w->g + ofs - LJ_OBJ(w, G_white)))
		return 0;
	state = word >> 8 & 0xff;
	return state == LJ_GC_SWEEPSTRING || state == LJ_GC_SWEEP ? 0 : white;
}

/* lj_objs_strings - find the table of strings; -1: it cannot be read */
static inline int lj_objs_strings(struct lj_walk *w, struct lj_objs *o)
{
	lj_u64 tab = w->g, mask = w->g;

	if (LJ_S20(w)) {
		tab += LJ_REL(w, vmstate) - LJ_OBJ(w, s20_GV_strtab);
		mask += LJ_REL(w, vmstate) - LJ_OBJ(w, s20_GV_strmask);
	} else {
		tab += LJ_OBJ(w, s17_G_strtab);
		mask += LJ_OBJ(w, s17_G_strmask);
	}
	if (lj_rdref(w, &o->strtab, tab) || lj_rd32(w, &o->strmask, mask))
		return -1;
	return o->strmask > LJ_MAXHMASK ? -1 : 0;
}

/* lj_objs_begin - nothing is counted yet; -1: not now */
static inline int lj_objs_begin(struct lj_walk *w, struct lj_objs *o)
{
	lj_u32 i;

	for (i = 0; i < LJ_NTYPES; i++)
		o->n[i] = o->bytes[i] = 0;
	o->bucket = 0;
	o->ctypeid = ~0u;
	o->white = lj_objs_white(w, &o->at);
	return o->white ? lj_objs_strings(w, o) : -1;
}

/* lj_objs_ctype - bytes of a C type; 0: not known */
static inline lj_u64 lj_objs_ctype(struct lj_walk *w, lj_u32 id)
{
	lj_u32 i, info;

	for (i = 0; i < LJ_MAXATTRIB; i++) {
		if (lj_ctype(w, id))
			return 0;
		info = lj_obj32(w, LJ_OBJ(w, ct_info));
		if (info >> 28 != 8)	/* lj_ctype.h: CT_ATTRIB */
			return info >> 28 <= 5 ?	/* CT_HASSIZE */
			       lj_obj32(w, LJ_OBJ(w, ct_bytes)) : 8;
		id = info & 0xffff;
	}
	return 0;
}

/* lj_objs_cdata - what a GCcdata, in w->obj, has behind its head */
static inline lj_u64 lj_objs_cdata(struct lj_walk *w, struct lj_objs *o,
				   lj_u64 cd)
{
	lj_u32 id = lj_obj16(w, LJ_OBJ(w, cd_ctypeid));

	if (lj_obj8(w, LJ_OBJ(w, gch_marked)) & 0x80) {
		/* u16 offset, u16 extra, u32 len: struct GCcdataVar */
		if (lj_rd(w, w->obj, 8, cd - 8))
			return 0;
		return (lj_u64)lj_obj32(w, 4) + lj_obj16(w, 2) -
		       LJ_OBJ(w, cd_size);
	}
	if (id != o->ctypeid) {
		o->ctbytes = lj_objs_ctype(w, id);
		o->ctypeid = id;
	}
	return o->ctbytes;
}

/* lj_objs_open - the upvalues of a thread, in w->obj, that are not closed:
 * they are in no other list
 */
static inline void lj_objs_open(struct lj_walk *w, struct lj_objs *o)
{
	lj_u64 uv = lj_objref(w, LJ_OBJ(w, L_openupval));
	lj_u32 i, type, marked;

	for (i = 0; i < LJ_MAXCHAIN && uv; i++) {
		if (lj_gc_next(w, &uv, &type, &marked) || type != LJ_TUPVAL)
			return;
		o->n[type]++;
		o->bytes[type] += LJ_OBJ(w, uv_size);
	}
}

/* lj_objs_one - count the object at *obj, go to the one behind it
 *
 * -1: there is none. 2 reads, of 500 to 600 instructions together.
 */
static inline int lj_objs_one(struct lj_walk *w, struct lj_objs *o, lj_u64 *obj)
{
	lj_u64 at = *obj, size;
	lj_u32 type, marked, head;

	if (lj_gc_next(w, obj, &type, &marked))
		return -1;
	head = lj_size_head(&w->lay, type);
	if (head > sizeof(w->obj) || lj_rd(w, w->obj, (head + 3) & ~3u, at))
		return -1;
	size = lj_size_of(&w->lay, type, w->obj);
	if (type == LJ_TTHREAD && at == lj_root_main(w))
		size -= LJ_REL(w, L_size);
	o->n[type]++;
	if (type == LJ_TTHREAD)
		lj_objs_open(w, o);
	else if (type == LJ_TCDATA)
		size += lj_objs_cdata(w, o, at);
	o->bytes[type] += size;
	return 0;
}

/* lj_objs_bucket - count the strings of one hash: how many, or -1 */
static inline int lj_objs_bucket(struct lj_walk *w, struct lj_objs *o)
{
	lj_u64 str;
	lj_u32 i;

	if (lj_rdref(w, &str, o->strtab + (lj_u64)o->bucket *
			      (LJ_GC64(w) ? 8 : 4)))
		return -1;
	str &= ~1ull;	/* the low bit tells of a second hash */
	for (i = 0; i < LJ_MAXCHAIN && str; i++)
		if (lj_objs_one(w, o, &str))
			return -1;
	return i;
}

/* lj_objs_some - count about max more objects, at most LJ_MAXPIECEOBJ
 *
 * 1: there are more; 0: that was all; -1: what was counted has changed
 * meanwhile, begin again.
 */
static inline int lj_objs_some(struct lj_walk *w, struct lj_objs *o, lj_u32 max)
{
	lj_u64 root, strtab = o->strtab;
	lj_u32 i, mask = o->strmask;
	int n;

	if (lj_objs_white(w, &root) != o->white || lj_objs_strings(w, o))
		return -1;
	if (o->bucket && (strtab != o->strtab || mask != o->strmask)) {
		o->n[LJ_TSTR] = o->bytes[LJ_TSTR] = 0;
		o->bucket = 0;
	}
	for (i = 0; i < LJ_MAXPIECEOBJ && i < max && o->at; i++)
		if (lj_objs_one(w, o, &o->at))
			return -1;
	for (; i < LJ_MAXPIECEOBJ && i < max && o->bucket <= o->strmask; i++) {
		n = lj_objs_bucket(w, o);
		if (n < 0)
			return -1;
		i += n;
		o->bucket++;
	}
	return o->at || o->bucket <= o->strmask;
}

#endif
