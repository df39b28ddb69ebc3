/* heapwalk.h - from the roots of a VM to all its objects, in the copy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Breadth first, so that each object is found by its shortest path; what is
 * not found so is garbage, or was lost because the process went on while it
 * was copied. About 0.3 us and 12 bytes an object, and an eighth of the copy.
 * Bounded whatever is in the copy. Does not print.
 */
#ifndef LJSTAP_HEAPWALK_H
#define LJSTAP_HEAPWALK_H

#include "heapdom.h"
#include "heappath.h"

/* struct heapwalk_sum - what was found of one VM, or of all */
struct heapwalk_sum {
	uint64_t total;		/* gc.total at the time of the copy */
	struct heappath_count reached[HEAP_TYPES];	/* by type */
	struct heappath_count garbage[HEAP_TYPES];	/* of the GC's lists */
	uint64_t vm;		/* bytes: GG_State, tables of strings, of C
				 * types and of traces */
	uint64_t rest;		/* of the total, what is none of these */
	uint64_t over;		/* how much more than the total they are */
	uint64_t refs, torn;	/* references followed; those that led to no
				 * object */
	uint64_t roots;		/* of those that every VM has, torn */
	uint64_t broken;	/* lists of the GC that could not be followed
				 * to their ends */
	uint64_t mcode;		/* bytes of machine code of traces reached; not
				 * in the total, and not copied */
	uint64_t capped;	/* objects not looked into: damaged */
};

struct heapwalk;

/**
 * heapwalk_new - nothing found yet
 * @c: the copy; must outlive it
 * @path: gets the paths and what is counted in them
 * @hide: without names of keys, variables and files: they are numbered
 */
struct heapwalk *heapwalk_new(const struct heapcopy *c, struct heappath *path,
			      int hide);

/**
 * heapwalk_free - give it back
 * @h: what heapwalk_new() returned, or NULL
 */
void heapwalk_free(struct heapwalk *h);

/**
 * heapwalk_sum - what was found so far
 * @h: the walk
 */
const struct heapwalk_sum *heapwalk_sum(const struct heapwalk *h);

/**
 * heapwalk_memory - memory that is LuaJIT's
 * @h: the walk
 *
 * Bytes copied of stretches that hold an object, or a part of one.
 */
uint64_t heapwalk_memory(const struct heapwalk *h);

/**
 * heapwalk_retained - set `retained` of the nodes, after the last VM
 * @h: the walk
 */
void heapwalk_retained(struct heapwalk *h);

/**
 * heapwalk_vm - find all objects of a VM
 * @h: the walk
 * @vm: the VM
 * @node: of the paths, below which its roots are
 */
void heapwalk_vm(struct heapwalk *h, const struct heapvm *vm, uint32_t node);

#endif
