/* cstack.h - C code put between the Lua frames of samples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A sample's stack as the model has it: innermost first, the frames of
 * dump.def and these two kinds.
 */
#ifndef LJSTAP_CSTACK_H
#define LJSTAP_CSTACK_H

#include "unwind.h"

#define CSTACK_ADDR	8	/* C code; the low bits are an address in it */
#define CSTACK_CUT	9	/* more C code is between; enum unwind_end */
#define CSTACK_FRAME_ADDR(f)	((f) & 0xfffffffffffffffull)

struct cstacks;

/**
 * cstacks_new - an empty set
 * @p: the profile that samples are added to
 * @files: its files
 */
struct cstacks *cstacks_new(struct profile *p, struct mapfiles *files);

/**
 * cstacks_free - give it back
 * @c: the set, or NULL
 */
void cstacks_free(struct cstacks *c);

/**
 * cstacks_add - the C stack of the next sample of a lane
 * @c: the set
 * @r: the record
 * @tail: r->n words, 8-aligned
 *
 * Unwinds it by the mappings known so far.
 */
void cstacks_add(struct cstacks *c, const struct ljd_cstack *r,
		 const void *tail);

/**
 * cstacks_add_between - C code between two runs of Lua
 * @c: the set
 * @r: the record
 * @tail: r->n words, 8-aligned
 */
void cstacks_add_between(struct cstacks *c, const struct ljd_cframe *r,
			 const void *tail);

/**
 * cstacks_frames - the frames of a sample, C code among them
 * @c: the set
 * @r: the record
 * @frames: r->n frames, 8-aligned
 * @n: set to how many are returned
 *
 * What is returned lasts until the next call.
 */
const uint64_t *cstacks_frames(struct cstacks *c, const struct ljd_sample *r,
			       const void *frames, size_t *n);

#endif
