/* blocks.h - what memory that was allocated is, and whether it was freed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Samples of allocations and what is told of them later, put together, on the
 * way into the model. Does not print.
 */
#ifndef LJSTAP_BLOCKS_H
#define LJSTAP_BLOCKS_H

#include "profile.h"

struct blocks;

/**
 * blocks_new - nothing allocated
 * @p: the profile that samples are added to
 * @want: of it: by PROFILE_BY_LIVE what is freed is taken out again
 */
struct blocks *blocks_new(struct profile *p, const struct profile_want *want);

/**
 * blocks_free - give it back
 * @b: nothing to do if NULL
 */
void blocks_free(struct blocks *b);

/**
 * blocks_sample - a sample of an allocation
 * @b: the blocks
 * @r: the record
 * @frames: its frames, as for profile_add_sample()
 * @n: how many
 *
 * Is kept until it is told what the thread did with the memory, or until its
 * next sample.
 */
void blocks_sample(struct blocks *b, const struct ljd_sample *r,
		   const uint64_t *frames, size_t n);

/**
 * blocks_add - what is told of a block
 * @b: the blocks
 * @r: the record
 *
 * Those of a process come in the order in which it happened.
 */
void blocks_add(struct blocks *b, const struct ljd_block *r);

/**
 * blocks_finish - add the samples of which nothing was told
 * @b: the blocks
 */
void blocks_finish(struct blocks *b);

#endif
