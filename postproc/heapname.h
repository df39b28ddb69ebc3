/* heapname.h - what references are called: keys, upvalues, locals.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names only, never a value: a key is shown if it looks like an identifier or
 * the name of a module. Labels are numbers in the pool of a heappath. Does
 * not print.
 */
#ifndef LJSTAP_HEAPNAME_H
#define LJSTAP_HEAPNAME_H

#include "heappath.h"

struct heapname;

/* struct heapframe - a frame of a coroutine, for the names of its slots */
struct heapframe {
	uint64_t base;		/* address of its first slot */
	uint64_t proto;		/* GCproto, 0: a C function */
	uint32_t pos;		/* bytecode it is at, or HEAPFRAME_NOPOS */
};

#define HEAPFRAME_NOPOS	UINT32_MAX
#define HEAPFRAME_MAX	4096	/* frames of one coroutine */

/**
 * heapname_new - get ready to name
 * @hp: the tree whose labels are made
 * @hide: numbers, "#N", instead of names
 */
struct heapname *heapname_new(struct heappath *hp, int hide);

/**
 * heapname_free - give it back
 * @hn: what heapname_new() returned, or NULL
 */
void heapname_free(struct heapname *hn);

/**
 * heapname_key - ".key", ".*", "[*]", "[boolean]" or "[object]"
 * @hn: the names
 * @vm: the VM
 * @key: TValue
 */
uint32_t heapname_key(struct heapname *hn, const struct heapvm *vm,
		      uint64_t key);

/**
 * heapname_upvalue - "upvalue NAME@FILE:LINE"
 * @hn: the names
 * @vm: the VM
 * @pt: GCproto of the function
 * @i: which one
 */
uint32_t heapname_upvalue(struct heapname *hn, const struct heapvm *vm,
			  uint64_t pt, uint32_t i);

/**
 * heapname_local - "local NAME@FILE:LINE", "(temporary)@FILE:LINE"
 * @hn: the names
 * @vm: the VM
 * @f: the frame
 * @slot: which one, from its base on
 */
uint32_t heapname_local(struct heapname *hn, const struct heapvm *vm,
			const struct heapframe *f, uint32_t slot);

/**
 * heapname_frames - the frames of a coroutine, innermost first
 * @vm: the VM
 * @L: its lua_State
 * @f: gets HEAPFRAME_MAX of them
 *
 * Returns how many; the walk ends where one makes no sense.
 */
size_t heapname_frames(const struct heapvm *vm, uint64_t L,
		       struct heapframe *f);

#endif
