/* heapobj.h - the objects in a copy of a process: are they sound, how large?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nothing in a copy is trusted: whoever follows a reference gets an object
 * that is whole and lies in the copy, or none. Sizes are what LuaJIT counts
 * in gc.total. Does not print.
 */
#ifndef LJSTAP_HEAPOBJ_H
#define LJSTAP_HEAPOBJ_H

#include <string.h>

#include "heapcopy.h"
#include "remote.h"

#ifndef LJ_ATMOST
#define LJ_ATMOST(n, max)	(n)
#endif

#include "lj_size.h"

#define HEAP_TYPES	LJ_NTYPES

/* struct heapvm - one VM in the copy */
struct heapvm {
	const struct heapcopy *c;
	struct lj_layout lay;
	int gc64;
	uint64_t g, mainL;
	uint64_t gg;		/* bytes of GG_State, from mainL on */
	uint64_t total;		/* gc.total at the time of the copy */
	uint64_t strtab;	/* the table of interned strings ... */
	uint32_t strmask;
	uint64_t ctype;		/* CTState.tab, 0: no FFI */
	uint32_t nctypes, sizectypes;
	uint64_t miscmap;	/* GCtab: FFI callbacks and metatypes, or 0 */
	uint64_t trace;		/* J.trace, 0: not known */
	uint32_t sizetrace;
};

static inline uint32_t heap_u8(const unsigned char *p, uint32_t ofs)
{
	return p[ofs];
}

static inline uint32_t heap_u16(const unsigned char *p, uint32_t ofs)
{
	uint16_t v;

	memcpy(&v, p + ofs, sizeof(v));
	return v;
}

static inline uint32_t heap_u32(const unsigned char *p, uint32_t ofs)
{
	uint32_t v;

	memcpy(&v, p + ofs, sizeof(v));
	return v;
}

static inline uint64_t heap_u64(const unsigned char *p, uint32_t ofs)
{
	uint64_t v;

	memcpy(&v, p + ofs, sizeof(v));
	return v;
}

/* heap_ref - a GCRef or MRef in an object */
static inline uint64_t heap_ref(const struct heapvm *vm,
				const unsigned char *p, uint32_t ofs)
{
	return vm->gc64 ? heap_u64(p, ofs) : heap_u32(p, ofs);
}

/* heap_refsize - bytes of one */
static inline uint32_t heap_refsize(const struct heapvm *vm)
{
	return vm->gc64 ? 8 : 4;
}

/* heap_tv - the object a TValue refers to, and its type; 0: none */
static inline uint64_t heap_tv(const struct heapvm *vm, uint64_t v,
			       unsigned *gct)
{
	uint64_t tag = vm->gc64 ? v >> 47 : v >> 32;

	*gct = (vm->gc64 ? 0x1ffff : 0xffffffff) - tag;
	if (*gct < LJ_TSTR || *gct > LJ_TUDATA)
		return 0;
	return vm->gc64 ? v & 0x7fffffffffff : v & 0xffffffff;
}

/* heap_isnil - is the TValue nil? */
static inline int heap_isnil(const struct heapvm *vm, uint64_t v)
{
	return vm->gc64 ? v == ~0ull : v >> 32 == 0xffffffff;
}

/**
 * heapvm_open - get ready to look at the objects of a VM
 * @vm: set
 * @c: the copy; must outlive it
 * @r: the VM, as it was found in the process
 *
 * Returns 0, or -1: its global_State is not in the copy, or what the garbage
 * collector has in it is not where it should be.
 */
int heapvm_open(struct heapvm *vm, const struct heapcopy *c,
		const struct remote_vm *r);

/**
 * heapobj_get - the object at an address
 * @vm: the VM
 * @addr: the address
 * @gct: what it must be, LJ_T*
 * @size: set to its bytes, with all that belongs to it alone
 *
 * Returns its header, which is in the copy as a whole with all parts that
 * hold references; NULL: there is no such object.
 */
const unsigned char *heapobj_get(const struct heapvm *vm, uint64_t addr,
				 unsigned gct, uint64_t *size);

/**
 * heapobj_type - what an object of unknown type says it is
 * @vm: the VM
 * @addr: its address
 *
 * Returns LJ_T*, or 0: no object.
 */
unsigned heapobj_type(const struct heapvm *vm, uint64_t addr);

/**
 * heapobj_string - the bytes of a string
 * @vm: the VM
 * @addr: where a GCstr should be
 * @len: set
 *
 * Returns NULL if there is none.
 */
const char *heapobj_string(const struct heapvm *vm, uint64_t addr,
			   uint32_t *len);

/**
 * heapobj_proto - the GCproto of a function, 0: it has none
 * @vm: the VM
 * @fn: the GCfunc
 */
uint64_t heapobj_proto(const struct heapvm *vm, const unsigned char *fn);

#endif
