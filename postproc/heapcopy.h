/* heapcopy.h - all private memory of a live process, copied at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Anonymous writable mappings only, and of them the pages that the process
 * has touched. Never stops it. The copy is in anonymous memory of this
 * process, is left out of its core dumps, and is never written to a file.
 * Does not print.
 */
#ifndef LJSTAP_HEAPCOPY_H
#define LJSTAP_HEAPCOPY_H

#include <stddef.h>
#include <stdint.h>

/* struct heapcopy_range - memory that is copied, and where to */
struct heapcopy_range {
	uint64_t lo, hi;	/* addresses in the process */
	size_t at;		/* of lo in bytes[] */
};

struct heapcopy {
	unsigned char *bytes;
	size_t n, max;		/* bytes used, and mapped */
	struct heapcopy_range *range;	/* in the order of addresses */
	size_t nranges, maxranges;
	uint32_t *block;	/* by address >> HEAPCOPY_BLOCK: 1 + the first
				 * range that reaches into it; 0: none */
	uint64_t swapped;	/* bytes that were swapped out; they are in
				 * the copy */
	uint64_t lost;		/* bytes gone before they were copied */
	int ended;		/* so did the process, meanwhile */
	double seconds;		/* the copying itself took */
};

#define HEAPCOPY_BLOCK	24

/**
 * heapcopy_take - copy
 * @pid: the process
 *
 * Returns NULL with errno as procmap_read(), which may be ESRCH if it ends
 * meanwhile, or ENOMEM: there is not enough
 * memory here for a copy. 0.2 s a GB; the process waits for nothing, unless
 * it maps memory just then.
 */
struct heapcopy *heapcopy_take(uint32_t pid);

/**
 * heapcopy_free - give it back
 * @c: the copy, or NULL
 */
void heapcopy_free(struct heapcopy *c);

/**
 * heapcopy_offset - where an address is in bytes[]
 * @c: the copy
 * @addr: the address
 * @n: bytes from there that must be copied, too
 *
 * Returns SIZE_MAX if they are not.
 */
static inline size_t heapcopy_offset(const struct heapcopy *c, uint64_t addr,
				     uint64_t n)
{
	uint64_t i = addr >> 47 ? 0 : c->block[addr >> HEAPCOPY_BLOCK];

	if (!i)
		return SIZE_MAX;
	for (i--; i < c->nranges && c->range[i].hi <= addr; i++)
		;
	if (i == c->nranges || addr < c->range[i].lo ||
	    n > c->range[i].hi - addr)
		return SIZE_MAX;
	return c->range[i].at + (addr - c->range[i].lo);
}

/**
 * heapcopy_at - the copy of memory
 * @c: the copy
 * @addr: where it is in the process
 * @n: bytes
 *
 * Returns NULL if not all of it was copied.
 */
static inline const unsigned char *heapcopy_at(const struct heapcopy *c,
					       uint64_t addr, uint64_t n)
{
	size_t at = heapcopy_offset(c, addr, n);

	return at == SIZE_MAX ? NULL : c->bytes + at;
}

#endif
