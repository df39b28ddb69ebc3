/* lj_emit.h - dictionary records: VMs, prototypes, C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h.
 */
#ifndef LJSTAP_LJ_EMIT_H
#define LJSTAP_LJ_EMIT_H

#include "lj_core.h"
#include "lj_find.h"

/* lj_emit_layout - the layout record of the VM in w */
static inline int lj_emit_layout(struct lj_walk *w)
{
	const lj_u16 *v = &w->lay.col + 1;
	lj_u32 i;

	w->rec.layout.vm = w->vm;
	w->rec.layout.pid = w->pid;
	w->rec.layout.mode = w->lay.mode;
	w->rec.layout.n = LJ_NREL;
	for (i = 0; i < LJ_NREL; i++)
		w->rec.w[sizeof(struct ljd_layout) / 8 + i] = v[i];
	return LJ_EMIT(w, layout, LJ_NREL * 8);
}

/* lj_read_handlers - the dispatch table into the tail of a vm record
 *
 * Bytecode handlers by opcode, then the fast functions'. The static half for
 * all but FUNC*, which has no static copy. Returns the number of words.
 */
static inline lj_u32 lj_read_handlers(struct lj_walk *w, struct lj_vm *vm)
{
	lj_u32 nbc = LJ_ATMOST(LJ_REL(w, nbc), LJ_NDISP_20), i, n;
	lj_u64 *tail = w->rec.w + sizeof(struct ljd_vm) / 8, d = w->d;

	n = nbc + LJ_NFF;
	if (nbc < LJ_NFUNC || n > LJ_NDISP_20 ||
	    lj_rd(w, tail, (nbc - LJ_NFUNC) * 8, d + n * 8) ||
	    lj_rd(w, tail + nbc - LJ_NFUNC, (LJ_NFUNC + LJ_NFF) * 8,
		  d + (nbc - LJ_NFUNC) * 8)) {
		w->t.fault++;
		return 0;
	}
	vm->lo = tail[0];
	vm->hi = 0;
	for (i = 0; i < LJ_NDISP_20 && i < n; i++)
		if (tail[i] > vm->hi)
			vm->hi = tail[i];
	vm->hi += LJ_VMTAIL;
	return n;
}

/* lj_emit_vm - the vm record and its layout */
static inline int lj_emit_vm(struct lj_walk *w, struct lj_vm *vm)
{
	lj_u32 n = w->check ? 0 : lj_read_handlers(w, vm);

	w->rec.vm.time = w->time;
	w->rec.vm.g = w->g;
	w->rec.vm.id = vm->id;
	w->rec.vm.pid = w->pid;
	w->rec.vm.layout = w->lay.col;
	w->rec.vm.flags = LJ_GC64(w) ? LJD_vm_GC64 : 0;
	w->rec.vm.nbc = LJ_REL(w, nbc);
	w->rec.vm.n = n;
	w->rec.vm.how = vm->how;
	w->rec.vm.check = vm->check;
	if ((!n && !w->check) || LJ_EMIT(w, vm, n * 8))
		return -1;
	return lj_emit_layout(w);
}

/* lj_vm_id - give the VM in w its id */
static inline void lj_vm_id(struct lj_walk *w)
{
	struct lj_vm *vm = LJ_ENTRY(w);
	lj_u32 isnew = 0;

	if (!vm)
		return;
	if (!vm->id)
		vm->id = LJ_ID(w, lj_mix(lj_mix(2, w->pid), w->d), &isnew);
	w->vm = vm->id;
}

/* lj_know_vm - give the VM in w its id and its record. Uses w->rec. */
LJ_DO0(lj_know_vm)
{
	struct lj_vm *vm = LJ_ENTRY(w);

	if (!vm)
		return;
	lj_vm_id(w);
	if (!vm->sent && vm->id) {
		vm->sent = !lj_emit_vm(w, vm);
		if (!vm->sent)
			w->t.dictfail++;
	}
	w->vmlo = vm->lo;
	w->vmhi = vm->hi;
}

/* -- Dictionary ----------------------------------------------------------- */

/* lj_pending - a dictionary record is to be written after the sample */
LJ_DO4(lj_pending, lj_u32, kind, lj_u64, addr, lj_u64, key, lj_u32, id)
{
	struct lj_pend *p;
	lj_u32 i;

	/* A dictionary that was cleared meanwhile has a new id for a key. */
	for (i = 0; i < LJ_NPEND && i < w->npend; i++)
		if (w->pend[i].key == key && w->pend[i].id == id)
			return;
	if (w->npend >= LJ_NPEND) {
		w->t.dictfail++;
		return;
	}
	p = &w->pend[w->npend++ & (LJ_NPEND - 1)];
	p->d = w->d;
	p->addr = addr;
	p->key = key;
	p->id = id;
	p->kind = kind;
}

/* lj_is_str - is there a GCstr, with the 0 that ends every string? */
static inline int lj_is_str(struct lj_walk *w, lj_u64 str)
{
	lj_u64 end = str + LJ_REL(w, str_data);
	lj_u32 len, v;

	if (lj_rd(w, w->obj, 16, str) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR ||
	    lj_rd32(w, &len, str + LJ_REL(w, str_len)))
		return 0;
	end += len;
	return !lj_rd32(w, &v, end & ~3ull) && !(v >> (end & 3) * 8 & 0xff);
}

/* lj_is_proto - are the members of the GCproto in w->obj sound?
 *
 * All it has lies inside it (lj_parse.c: lj_parse()), and its first
 * instruction is FUNCF or FUNCV with framesize in A, whatever the JIT made
 * of it. So a layout that is wrong here gives no frames instead of wrong ones.
 */
LJ_FN1(int, lj_is_proto, lj_u64, pt)
{
	lj_u64 name = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	lj_u64 bc = pt + LJ_OBJ(w, pt_size);
	lj_u64 end = pt + lj_obj32(w, LJ_OBJ(w, pt_sizept));
	lj_u64 k = lj_objref(w, LJ_OBJ(w, pt_k));
	lj_u64 line = lj_objref(w, LJ_OBJ(w, pt_lineinfo));
	lj_u64 var = lj_objref(w, LJ_OBJ(w, pt_varinfo));
	lj_u32 size = lj_obj8(w, LJ_OBJ(w, pt_framesize)), ins;

	bc += 4ull * lj_obj32(w, LJ_OBJ(w, pt_sizebc));
	if (bc > end || k < bc || k > end || (line && (line < k || line > end)) ||
	    (var && (var < line || var > end)))
		return 0;
	if (lj_rd32(w, &ins, pt + LJ_OBJ(w, pt_size)))
		return 0;
	return (ins & 0xff) - (LJ_REL(w, nbc) - LJ_NFUNC) < LJ_NFUNCL &&
	       (ins >> 8 & 0xff) == size && lj_is_str(w, name) &&
	       !lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt);
}

/* lj_name_hash - hash and length of the chunkname at `name`, in w->namehash
 *
 * The functions of a file share one: it is read once a sample.
 */
static inline int lj_name_hash(struct lj_walk *w, lj_u64 name)
{
	if (name == w->name)
		return 0;
	w->name = 0;
	if ((name & 3) ||
	    lj_rd(w, &w->namehash, 8, name + LJ_REL(w, str_hash)))
		return -1;
	w->name = name;
	return 0;
}

/* lj_proto_key - dictionary key of a GCproto; its header is left in w->obj
 *
 * The key holds what tells two protos at one address apart, the chunkname's
 * hash included: after a GC both may be recycled. 0: not a proto.
 */
LJ_FN1(lj_u64, lj_proto_key, lj_u64, pt)
{
	lj_u64 key, name;

	if ((pt & 3) || lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt))
		return 0;
	if (lj_obj8(w, LJ_OBJ(w, pt_gct)) != LJ_TPROTO)
		return 0;
	name = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	if (lj_name_hash(w, name))
		return 0;
	key = lj_mix(lj_mix(pt, w->pid), name);
	key = lj_mix(key, w->namehash);
	key = lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_sizebc)) << 32 |
			  lj_obj32(w, LJ_OBJ(w, pt_sizept)));
	key = lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_firstline)) << 32 |
			  lj_obj32(w, LJ_OBJ(w, pt_numline)));
	return lj_mix(key, (lj_u64)lj_obj32(w, LJ_OBJ(w, pt_sizekgc)) << 32 |
			   lj_obj32(w, LJ_OBJ(w, pt_sizekn)));
}

/* lj_proto_id - dictionary id of a GCproto, which is written if it is new
 *
 * Its header is left in w->obj. 0: not a proto.
 */
LJ_FN1(lj_u32, lj_proto_id, lj_u64, pt)
{
	lj_u64 key = lj_proto_key(w, pt);
	lj_u32 id, isnew = 0;

	if (!key)
		return 0;
	id = LJ_ID(w, key, &isnew);
	if (!id)
		w->t.dictfail++;
	else if (isnew & LJ_ID_NEW) {
		if (!lj_is_proto(w, pt))
			return 0;
		lj_pending(w, LJD_KIND_proto, pt, key, id);
	}
	return id;
}

#define LJ_CACHED(w, fn)	(&(w)->fc[((fn) >> 3 ^ (fn) >> 8) & (LJ_NCACHE - 1)])

/* lj_pos - bytecode index of the instruction before pc, or LJD_NOPOS
 *
 * Every pc that LuaJIT stores is that of the next instruction.
 */
static inline lj_u32 lj_pos(const struct lj_cached *c, lj_u64 pc)
{
	lj_u64 i = (pc - c->bc) >> 2;

	if (!c->bc || (pc & 3) || pc < c->bc || i - 1 >= c->sizebc)
		return LJD_NOPOS;
	return (lj_u32)i - 1;
}

/* lj_learn_proto - what a function of the proto with bytecode at bc is */
static inline int lj_learn_proto(struct lj_walk *w, struct lj_cached *c,
				 lj_u64 bc)
{
	lj_u32 id = lj_proto_id(w, bc - LJ_OBJ(w, pt_size));

	if (!id)
		return -1;
	c->bc = bc;
	c->sizebc = lj_obj32(w, LJ_OBJ(w, pt_sizebc));
	c->frame = LJD_FRAME(LJD_frame_LUA, id, 0);
	return 0;
}

/* lj_learn - put the function at fn into the cache; -1: there is none
 * @pc: if not 0: its frame is at pc
 *
 * A frame that has its pc in the bytecode of the proto that its function had
 * in an earlier sample is of that proto: only the proto is read. About 250
 * instructions.
 */
LJ_FN2(int, lj_learn, lj_u64, fn, lj_u64, pc)
{
	struct lj_cached *c = LJ_CACHED(w, fn);
	lj_u64 f, key;
	lj_u32 ffid, id, isnew = 0;

	if (pc && c->fn == fn && lj_pos(c, pc) != LJD_NOPOS &&
	    !lj_learn_proto(w, c, c->bc) && lj_pos(c, pc) != LJD_NOPOS) {
		c->gen = w->gen;
		return 0;
	}
	c->gen = 0;
	c->fn = fn;
	c->bc = 0;
	c->sizebc = 0;
	if ((fn & 7) || lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn) ||
	    lj_obj8(w, LJ_OBJ(w, fn_gct)) != LJ_TFUNC)
		return -1;
	ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	f = lj_obj64(w, LJ_OBJ(w, fn_f));
	if (ffid == LJ_FF_LUA) {
		if (lj_learn_proto(w, c, lj_objref(w, LJ_OBJ(w, fn_pc))))
			return -1;
	} else {
		key = lj_mix(lj_mix(lj_mix(3, w->pid), f), ffid);
		key = lj_mix(key, w->vm);
		id = LJ_ID(w, key, &isnew);
		if (isnew & LJ_ID_NEW)
			lj_pending(w, LJD_KIND_cfunc, fn, key, id);
		c->frame = ffid == LJ_FF_C ? LJD_FRAME(LJD_frame_C, id, 0) :
			   LJD_FRAME(LJD_frame_FF, id, ffid);
	}
	c->gen = w->gen;
	return 0;
}

/* lj_func - what the frame word of a function is, cached within the sample
 * @fn: address of a GCfunc
 * @pc: of its frame; 0: not known
 *
 * NULL: there is no function at fn.
 */
static inline struct lj_cached *lj_func(struct lj_walk *w, lj_u64 fn,
					lj_u64 pc)
{
	struct lj_cached *c = LJ_CACHED(w, fn);

	if ((c->gen != w->gen || c->fn != fn) && lj_learn(w, fn, pc))
		return 0;
	return c;
}

/* lj_emit_cfunc - the cfunc record of the GCfunc at fn */
LJ_FN2(int, lj_emit_cfunc, lj_u64, fn, lj_u32, id)
{
	if (lj_rd(w, w->obj, LJ_OBJ(w, fn_read), fn))
		return -1;
	w->rec.cfunc.f = lj_obj64(w, LJ_OBJ(w, fn_f));
	w->rec.cfunc.id = id;
	w->rec.cfunc.pid = w->pid;
	w->rec.cfunc.vm = w->vm;
	w->rec.cfunc.ffid = lj_obj8(w, LJ_OBJ(w, fn_ffid));
	return LJ_EMIT(w, cfunc, 0);
}

/* A section of a proto or of a trace, for lj_emit_piece(). */
#define LJ_PSECT(name)	(LJD_KIND_pdata << 16 | LJD_section_##name)
#define LJ_TSECT(name)	(LJD_KIND_tdata << 16 | LJD_tsection_##name)

/* lj_emit_piece - one pdata or tdata record, its n tail bytes in place
 * @section: LJ_PSECT() or LJ_TSECT(): the two records are alike
 */
static inline int lj_emit_piece(struct lj_walk *w, lj_u32 id, lj_u32 section,
				lj_u32 ofs, lj_u32 total, lj_u32 n)
{
	_Static_assert(sizeof(struct ljd_pdata) == sizeof(struct ljd_tdata),
		       "one writer for both");

	lj_pad(w->rec.w + sizeof(struct ljd_pdata) / 8, n);
	w->rec.pdata.id = id;
	w->rec.pdata.section = section & 0xffff;
	w->rec.pdata.ofs = ofs;
	w->rec.pdata.total = total;
	w->rec.pdata.n = n;
	w->rec.pdata.spare = 0;
	return lj_emit(w, section >> 16, sizeof(struct ljd_pdata), n);
}

/* lj_emit_section - a section of a proto or of a trace, in pieces
 * @section: as above
 * @total: its bytes; no more than LJ_MAXSECT of them are written
 */
LJ_FN4(int, lj_emit_section, lj_u32, id, lj_u32, section, lj_u64, addr,
	lj_u32, total)
{
	lj_u64 *tail = w->rec.w + sizeof(struct ljd_pdata) / 8;
	lj_u32 i, n;

	for (i = 0; i < LJ_MAXSECT && i < total; i += LJD_MAXPIECE) {
		n = total - i < LJD_MAXPIECE ? total - i : LJD_MAXPIECE;
		if (lj_rd(w, tail, (n + 3) & ~3u, addr + i)) {
			w->t.fault++;
			return -1;
		}
		if (lj_emit_piece(w, id, section, i, total, n))
			return -1;
	}
	return 0;
}

/* lj_put_name - append one KNAME entry to the piece being built
 * @at: bytes of the piece so far; the caller leaves room for one entry
 * @str: address of the GCstr
 *
 * Returns the bytes of the piece now. A name that cannot be read is left out.
 */
LJ_FN3(lj_u32, lj_put_name, lj_u32, at, lj_u32, index, lj_u64, str)
{
	lj_u64 *p = w->rec.w + sizeof(struct ljd_pdata) / 8 +
		    LJ_ATMOST(at >> 3, LJD_MAXPIECE / 8);
	lj_u32 len;

	if (lj_rd(w, w->obj, 24, str) ||
	    lj_obj8(w, LJ_OBJ(w, str_gct)) != LJ_TSTR)
		return at;
	len = lj_obj32(w, LJ_REL(w, str_len));
	if (len > LJ_MAXNAME)
		len = LJ_MAXNAME;
	p[0] = index | (lj_u64)len << 32;
	/* Strings are padded to 4 in the target. */
	if (len && lj_rd(w, p + 1, (len + 3) & ~3u, str + LJ_REL(w, str_data)))
		return at;
	lj_pad(p + 1, len);
	return at + 8 + ((len + 7) & ~7u);
}

/* lj_name_index - kgc index of the name an instruction uses, or -1 */
static inline lj_i32 lj_name_index(lj_u32 ins)
{
	lj_u32 op = ins & 0xff;

	if (op == LJ_BC_GGET || op == LJ_BC_GSET)
		return ins >> 16;
	if (op == LJ_BC_TGETS || op == LJ_BC_TSETS)
		return ins >> 16 & 0xff;
	return -1;
}

/* lj_emit_namepiece - the KNAME piece built so far */
static inline int lj_emit_namepiece(struct lj_walk *w, lj_u32 id)
{
	lj_u32 n = w->nname, ofs = w->ofsname;

	w->ofsname += n;
	w->nname = 0;
	return lj_emit_piece(w, id, LJ_PSECT(KNAME), ofs, 0, n);
}

#define LJ_NAMEBITS	1024	/* kgc indices remembered in w->image */

/* lj_add_name - add the name that an instruction uses, if it uses one
 * @k: the proto's constants; kgc index i is at k[-1-i]
 *
 * w->image marks those that are there: most names are used more than once.
 */
LJ_FN3(int, lj_add_name, lj_u32, id, lj_u32, ins, lj_u64, k)
{
	lj_u32 ref = LJ_GC64(w) ? 8 : 4;
	lj_i32 idx = lj_name_index(ins);
	lj_u64 str, *done;

	if (idx < 0 || (lj_u32)idx >= w->sizekgc)
		return 0;
	if (idx < LJ_NAMEBITS) {
		done = &w->image[idx >> 6 & (LJ_NAMEBITS / 64 - 1)];
		if (*done & (lj_u64)1 << (idx & 63))
			return 0;
		*done |= (lj_u64)1 << (idx & 63);
	}
	if (lj_rdref(w, &str, k - (idx + 1ull) * ref))
		return 0;
	w->nname = lj_put_name(w, w->nname, idx, str);
	if (w->nname <= LJD_MAXPIECE - LJ_MAXNAME - 16)
		return 0;
	return lj_emit_namepiece(w, id);
}

/* lj_add_names - the names that at most n instructions at bc use */
LJ_FN4(int, lj_add_names, lj_u32, id, lj_u64, bc, lj_u32, n, lj_u64, k)
{
	lj_u32 i;

	if (n > 2 * LJ_WIN)
		n = 2 * LJ_WIN;
	if (lj_rd(w, w->win, n * 4, bc))
		return -1;
	for (i = 0; i < 2 * LJ_WIN && i < n; i++)
		if (lj_add_name(w, id, (lj_u32)(w->win[i >> 1] >> (i & 1) * 32),
			    k))
			return -1;
	return 0;
}

/* lj_emit_names - the strings that globals and fields of a proto are named by
 * @bc, @sizebc: its bytecode
 * @k: its constants, w->sizekgc collectable ones
 *
 * Names only: no other string constant of the program leaves it.
 */
LJ_FN4(int, lj_emit_names, lj_u32, id, lj_u64, bc, lj_u32, sizebc, lj_u64, k)
{
	lj_u32 i;

	w->winlen = w->nname = w->ofsname = 0;
	for (i = 0; i < LJ_NAMEBITS / 64; i++)
		w->image[i] = 0;
	for (i = 0; i < LJ_MAXSECT / 4 && i < sizebc; i += 2 * LJ_WIN)
		if (lj_add_names(w, id, bc + i * 4ull, sizebc - i, k))
			return -1;
	return w->nname ? lj_emit_namepiece(w, id) : 0;
}

/* lj_emit_proto - the proto record and its sections */
LJ_FN2(int, lj_emit_proto, lj_u64, pt, lj_u32, id)
{
	lj_u64 name, k, lineinfo, uvinfo, varinfo, end, bc;
	lj_u32 sizebc, n, linebytes, sizekn;

	if (lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt))
		return -1;
	bc = pt + LJ_OBJ(w, pt_size);
	name = lj_objref(w, LJ_OBJ(w, pt_chunkname));
	k = lj_objref(w, LJ_OBJ(w, pt_k));
	lineinfo = lj_objref(w, LJ_OBJ(w, pt_lineinfo));
	uvinfo = lj_objref(w, LJ_OBJ(w, pt_uvinfo));
	varinfo = lj_objref(w, LJ_OBJ(w, pt_varinfo));
	end = pt + lj_obj32(w, LJ_OBJ(w, pt_sizept));
	sizebc = lj_obj32(w, LJ_OBJ(w, pt_sizebc));
	w->sizekgc = lj_obj32(w, LJ_OBJ(w, pt_sizekgc));
	sizekn = lj_obj32(w, LJ_OBJ(w, pt_sizekn));

	w->rec.proto.time = w->time;
	w->rec.proto.pt = pt;
	w->rec.proto.id = id;
	w->rec.proto.pid = w->pid;
	w->rec.proto.vm = w->vm;
	w->rec.proto.firstline = lj_obj32(w, LJ_OBJ(w, pt_firstline));
	w->rec.proto.numline = lj_obj32(w, LJ_OBJ(w, pt_numline));
	w->rec.proto.sizebc = sizebc;
	w->rec.proto.sizekgc = w->sizekgc;
	w->rec.proto.sizeuv = lj_obj8(w, LJ_OBJ(w, pt_sizeuv));
	linebytes = (sizebc - 1) << (w->rec.proto.numline < 256 ? 0 :
				     w->rec.proto.numline < 65536 ? 1 : 2);
	if (lj_rd32(w, &n, name + LJ_REL(w, str_len)))
		return -1;
	w->rec.proto.chunklen = n;
	n = n < LJ_MAXCHUNK ? n : LJ_MAXCHUNK;
	w->rec.proto.n = n;
	if (n && lj_rd(w, w->rec.w + sizeof(struct ljd_proto) / 8,
		       (n + 3) & ~3u, name + LJ_REL(w, str_data)))
		return -1;
	lj_pad(w->rec.w + sizeof(struct ljd_proto) / 8, n);
	if (LJ_EMIT(w, proto, n))
		return -1;
	/* All sections lie inside [pt, end): lj_parse.c: lj_parse() */
	if (lj_emit_section(w, id, LJ_PSECT(BC), bc, sizebc * 4) ||
	    lj_emit_names(w, id, bc, sizebc, k) ||
	    (sizekn <= (end - k) / 8 &&
	     lj_emit_section(w, id, LJ_PSECT(KN), k, sizekn * 8)))
		return -1;
	if (lineinfo > pt && lineinfo < end &&
	    lj_emit_section(w, id, LJ_PSECT(LINE), lineinfo, linebytes))
		return -1;
	if (uvinfo > pt && uvinfo < end && varinfo >= uvinfo &&
	    varinfo <= end &&
	    lj_emit_section(w, id, LJ_PSECT(UVNAME), uvinfo,
			    (lj_u32)(varinfo - uvinfo)))
		return -1;
	if (varinfo > pt && varinfo < end &&
	    lj_emit_section(w, id, LJ_PSECT(VARINFO), varinfo,
			    (lj_u32)(end - varinfo)))
		return -1;
	return 0;
}

#endif
