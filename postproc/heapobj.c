/* heapobj.c - the objects in a copy of a process: are they sound, how large?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "heapobj.h"

#define MAXASIZE	(1u << 27)	/* lj_def.h: LJ_MAX_ASIZE */
#define MAXHMASK	(1u << 26)	/* LJ_MAX_HBITS */
#define MAXSTACK	(1u << 20)	/* slots, more than LJ_STACK_MAXEX */
#define MAXCTYPES	65536
#define MAXUNSEEN	64		/* times what was copied */
#define GCS_MAX		7		/* gc.state: more than lj_gc.h has */
#define MAXTRACES	65536

#define PROTOSIZE	(1u << 27)
#define IRBIAS		0x8000		/* lj_ir.h: REF_BIAS */
#define CDATAV		0x80		/* marked: lj_obj.h LJ_GC_CDATA_VAR */

/* lj_ctype.h: kinds in the top bits of CType.info */
#define CT_SHIFT	28
#define CT_HASSIZE	5
#define CT_ATTRIB	8

/* -- Sizes, and are they sound? ----------------------------------------- */

/* Each returns 0, or -1: not such an object. p has all of lj_size_head(),
 * *size is what lj_size_of() says. */
typedef int sound(const struct heapvm *vm, const unsigned char *p,
		  uint64_t addr, uint64_t *size);

static int sound_str(const struct heapvm *vm, const unsigned char *p,
		     uint64_t addr, uint64_t *size)
{
	uint64_t len = heap_u32(p, LJ_REL(vm, str_len));
	uint64_t head = LJ_REL(vm, str_data);

	p = heapcopy_at(vm->c, addr, head + len + 1);
	if (!p || p[head + len])
		return -1;
	(void)size;
	return 0;
}

static int sound_upval(const struct heapvm *vm, const unsigned char *p,
		       uint64_t addr, uint64_t *size)
{
	(void)addr;
	(void)size;
	return heap_u8(p, LJ_OBJ(vm, uv_closed)) <= 1 &&
	       heapcopy_at(vm->c, heap_ref(vm, p, LJ_OBJ(vm, uv_v)), 8) ?
	       0 : -1;
}

static int sound_thread(const struct heapvm *vm, const unsigned char *p,
			uint64_t addr, uint64_t *size)
{
	uint64_t slots = heap_u32(p, LJ_OBJ(vm, L_stacksize));
	uint64_t stack = heap_ref(vm, p, LJ_OBJ(vm, L_stack));

	if (addr == vm->mainL)
		*size -= LJ_REL(vm, L_size);
	return slots <= MAXSTACK && heapcopy_at(vm->c, stack, 8 * slots) &&
	       heap_ref(vm, p, LJ_OBJ(vm, L_glref)) == vm->g ? 0 : -1;
}

static int sound_proto(const struct heapvm *vm, const unsigned char *p,
		       uint64_t addr, uint64_t *size)
{
	uint64_t all = *size;
	uint64_t bc = heap_u32(p, LJ_OBJ(vm, pt_sizebc));
	uint64_t kgc = heap_u32(p, LJ_OBJ(vm, pt_sizekgc));
	uint64_t k = heap_ref(vm, p, LJ_OBJ(vm, pt_k)) - addr;
	uint64_t head = LJ_OBJ(vm, pt_size);

	return all < PROTOSIZE && bc < PROTOSIZE && kgc < PROTOSIZE &&
	       head + 4 * bc + heap_refsize(vm) * kgc <= all && k <= all &&
	       k >= head + heap_refsize(vm) * kgc &&
	       heapcopy_at(vm->c, addr, all) ? 0 : -1;
}

static int sound_func(const struct heapvm *vm, const unsigned char *p,
		      uint64_t addr, uint64_t *size)
{
	if (heap_u8(p, LJ_OBJ(vm, fn_ffid)) == LJ_FF_LUA &&
	    !heapobj_proto(vm, p))
		return -1;
	return heapcopy_at(vm->c, addr, *size) ? 0 : -1;
}

static int sound_trace(const struct heapvm *vm, const unsigned char *p,
		       uint64_t addr, uint64_t *size)
{
	uint32_t nins = heap_u32(p, LJ_OBJ(vm, T_nins));
	uint32_t nk = heap_u32(p, LJ_OBJ(vm, T_nk));
	uint64_t map = LJ_T19(vm) ? heap_u32(p, LJ_OBJ(vm, t19_T_nsnapmap)) :
				    heap_u16(p, LJ_OBJ(vm, t17_T_nsnapmap));
	uint64_t ir = heap_u64(p, LJ_OBJ(vm, T_ir)) + 8ull * nk;

	(void)addr;
	(void)size;
	return nk <= IRBIAS && nins >= IRBIAS && nins < 2 * IRBIAS &&
	       map < 1u << 24 &&
	       heapcopy_at(vm->c, ir, 8ull * (nins - nk)) ? 0 : -1;
}

/* The bytes of a C type, attributes passed; -1: no such type. */
static int64_t ctype_bytes(const struct heapvm *vm, uint32_t id)
{
	for (int i = 0; i < 16; i++) {
		uint64_t at = vm->ctype + (uint64_t)id * LJ_OBJ(vm, ct_size);
		const unsigned char *ct = id < vm->nctypes ?
			heapcopy_at(vm->c, at, LJ_OBJ(vm, ct_size)) : NULL;
		uint32_t info = ct ? heap_u32(ct, LJ_OBJ(vm, ct_info)) : 0;

		if (!ct)
			return -1;
		if (info >> CT_SHIFT != CT_ATTRIB)
			return info >> CT_SHIFT <= CT_HASSIZE ?
			       heap_u32(ct, LJ_OBJ(vm, ct_bytes)) : 8;
		id = info & 0xffff;
	}
	return -1;
}

static int sound_cdata(const struct heapvm *vm, const unsigned char *p,
		       uint64_t addr, uint64_t *size)
{
	int64_t bytes;

	if (heap_u8(p, LJ_OBJ(vm, gch_marked)) & CDATAV) {
		/* u16 offset, u16 extra, u32 len: struct GCcdataVar */
		const unsigned char *v = heapcopy_at(vm->c, addr - 8, 8);

		if (!v)
			return -1;
		*size = (uint64_t)heap_u32(v, 4) + heap_u16(v, 2);
	} else {
		bytes = ctype_bytes(vm, heap_u16(p, LJ_OBJ(vm, cd_ctypeid)));
		if (bytes < 0)
			return -1;
		*size += bytes;
	}
	/* Its pages may never have been touched. */
	return *size <= vm->total ? 0 : -1;
}

static int sound_tab(const struct heapvm *vm, const unsigned char *p,
		     uint64_t addr, uint64_t *size)
{
	uint64_t asize = heap_u32(p, LJ_OBJ(vm, tab_asize));
	uint64_t hmask = heap_u32(p, LJ_OBJ(vm, tab_hmask));
	uint64_t array = heap_ref(vm, p, LJ_OBJ(vm, tab_array));
	uint64_t node = heap_ref(vm, p, LJ_OBJ(vm, tab_node));

	if (asize > MAXASIZE || hmask > MAXHMASK || (hmask & (hmask + 1)) ||
	    (asize && !heapcopy_at(vm->c, array, 8 * asize)) ||
	    !heapcopy_at(vm->c, node, LJ_OBJ(vm, node_size) * (hmask + 1)) ||
	    !addr)
		return -1;
	(void)size;
	return 0;
}

static int sound_udata(const struct heapvm *vm, const unsigned char *p,
		       uint64_t addr, uint64_t *size)
{
	(void)addr;
	(void)p;
	return *size <= vm->total ? 0 : -1;
}

const unsigned char *heapobj_get(const struct heapvm *vm, uint64_t addr,
				 unsigned gct, uint64_t *size)
{
	static sound *const is_sound[HEAP_TYPES] = {
		[LJ_TSTR] = sound_str, [LJ_TUPVAL] = sound_upval,
		[LJ_TTHREAD] = sound_thread, [LJ_TPROTO] = sound_proto,
		[LJ_TFUNC] = sound_func, [LJ_TTRACE] = sound_trace,
		[LJ_TCDATA] = sound_cdata, [LJ_TTAB] = sound_tab,
		[LJ_TUDATA] = sound_udata,
	};
	uint32_t head = lj_size_head(&vm->lay, gct);
	const unsigned char *p = head && !(addr & (heap_refsize(vm) - 1)) ?
				 heapcopy_at(vm->c, addr, head) : NULL;

	if (!p || heap_u8(p, LJ_OBJ(vm, gch_gct)) != gct)
		return NULL;
	*size = lj_size_of(&vm->lay, gct, p);
	if (is_sound[gct](vm, p, addr, size))
		return NULL;
	/* What is in GG_State is counted with that. */
	if (gct != LJ_TTHREAD && addr - vm->mainL < vm->gg)
		*size = 0;
	return p;
}

unsigned heapobj_type(const struct heapvm *vm, uint64_t addr)
{
	const unsigned char *p = heapcopy_at(vm->c, addr, 16);
	unsigned gct = p ? heap_u8(p, LJ_OBJ(vm, gch_gct)) : 0;

	return gct >= LJ_TSTR && gct <= LJ_TUDATA ? gct : 0;
}

const char *heapobj_string(const struct heapvm *vm, uint64_t addr,
			   uint32_t *len)
{
	uint64_t size;
	const unsigned char *p = heapobj_get(vm, addr, LJ_TSTR, &size);

	if (!p)
		return NULL;
	*len = heap_u32(p, LJ_REL(vm, str_len));
	return (const char *)p + LJ_REL(vm, str_data);
}

uint64_t heapobj_proto(const struct heapvm *vm, const unsigned char *fn)
{
	uint64_t pt, size;

	if (heap_u8(fn, LJ_OBJ(vm, fn_ffid)) != LJ_FF_LUA)
		return 0;
	pt = heap_ref(vm, fn, LJ_OBJ(vm, fn_pc)) - LJ_OBJ(vm, pt_size);
	return heapobj_get(vm, pt, LJ_TPROTO, &size) ? pt : 0;
}

/* -- The VM itself ------------------------------------------------------ */

static int open_gc(struct heapvm *vm, const unsigned char *g)
{
	uint32_t vmstate = LJ_REL(vm, vmstate);
	const unsigned char *p;
	uint32_t state;
	uint64_t root;

	if (LJ_S20(vm)) {
		p = g + LJ_OBJ(vm, s20_G_total);
		root = heap_ref(vm, g, LJ_OBJ(vm, s20_G_root));
		vm->strtab = heap_u64(g, vmstate - LJ_OBJ(vm, s20_GV_strtab));
		vm->strmask = heap_u32(g, vmstate - LJ_OBJ(vm, s20_GV_strmask));
	} else {
		p = g + LJ_OBJ(vm, s17_G_total);
		root = heap_ref(vm, g, LJ_OBJ(vm, s17_G_root));
		vm->strtab = heap_u64(g, LJ_OBJ(vm, s17_G_strtab));
		vm->strmask = heap_u32(g, LJ_OBJ(vm, s17_G_strmask));
	}
	vm->total = heap_ref(vm, p, 0);
	state = heap_u8(g, LJ_S20(vm) ? LJ_OBJ(vm, s20_G_state) :
					LJ_OBJ(vm, s17_G_state));
	/* A large userdata may never have been touched. */
	return !vm->total || vm->total / MAXUNSEEN > vm->c->n || !root ||
	       state > GCS_MAX || vm->strmask > MAXHMASK ||
	       vm->strmask & (vm->strmask + 1) ||
	       !heapcopy_at(vm->c, vm->strtab,
			    (vm->strmask + 1ull) * heap_refsize(vm));
}

/* CTState follows jit_base. Before April 2024 the table of finalizers is in
 * it, before miscmap. */
static void open_ffi(struct heapvm *vm, const unsigned char *g)
{
	uint64_t cts = heap_ref(vm, g, LJ_REL(vm, jit_base) +
				       heap_refsize(vm)), size, tab;
	const unsigned char *p = heapcopy_at(vm->c, cts, 48);
	uint32_t top, all;

	if (!p)
		return;
	tab = heap_u64(p, LJ_OBJ(vm, cts_tab));
	top = heap_u32(p, LJ_OBJ(vm, cts_top));
	all = heap_u32(p, LJ_OBJ(vm, cts_sizetab));
	if (top > all || all > MAXCTYPES ||
	    !heapcopy_at(vm->c, tab, (uint64_t)top * LJ_OBJ(vm, ct_size)))
		return;
	vm->ctype = tab;
	vm->nctypes = top;
	vm->sizectypes = all;
	for (int ofs = 40; ofs >= 32 && !vm->miscmap; ofs -= 8)
		if (heapobj_get(vm, heap_u64(p, ofs), LJ_TTAB, &size))
			vm->miscmap = heap_u64(p, ofs);
}

static void open_traces(struct heapvm *vm)
{
	uint32_t at = LJ_REL(vm, J_trace);
	const unsigned char *p = at ? heapcopy_at(vm->c, vm->g + at, 16) : NULL;
	uint64_t arr = p ? heap_u64(p, 0) : 0;
	uint32_t n = p ? heap_u32(p, LJ_REL(vm, J_sizetrace) - at) : 0;

	if (!n || n > MAXTRACES ||
	    !heapcopy_at(vm->c, arr, (uint64_t)n * heap_refsize(vm)))
		return;
	vm->trace = arr;
	vm->sizetrace = n;
}

int heapvm_open(struct heapvm *vm, const struct heapcopy *c,
		const struct remote_vm *r)
{
	const unsigned char *g;
	uint64_t size;

	memset(vm, 0, sizeof(*vm));
	vm->c = c;
	vm->lay = r->lay;
	vm->gc64 = r->lay.mode == LJ_MODE_gc64;
	vm->g = r->g;
	vm->mainL = r->g - LJ_REL(vm, L_size);
	/* The fast functions' bytecode ends it. */
	vm->gg = LJ_REL(vm, L_size) + LJ_REL(vm, dispatch) + 8ull * r->words +
		 4 * LJ_NFF;
	g = heapcopy_at(c, vm->g, LJ_REL(vm, jit_base) + 64);
	if (!g || open_gc(vm, g) ||
	    !heapobj_get(vm, vm->mainL, LJ_TTHREAD, &size))
		return -1;
	open_ffi(vm, g);
	open_traces(vm);
	return 0;
}
