/* blocks.c - what memory that was allocated is, and whether it was freed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A block has parts: that of the sample of its allocation, and one of each
 * sample of its growth. They move with it, shrink with it and end with it.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "mem.h"

/* What was sampled of one block; the other parts of it follow. */
struct part {
	size_t sum;		/* in the profile */
	uint64_t weight;
	uint32_t next;		/* number in part[], 0: none */
};

/* The last sample of a thread. */
struct held {
	struct ljd_sample r;
	uint64_t *frames;
	size_t n, max;
	int full;
};

struct blocks {
	struct profile *p;
	int live;
	struct held *held;
	size_t nheld, maxheld;
	struct index *threads;	/* -> number in held[] */
	struct part *part;	/* the first one is of no block */
	size_t nparts, maxparts;
	uint32_t unused;	/* a list of parts */
	struct index *first;	/* hash of an address -> its first part */
};

struct blocks *blocks_new(struct profile *p, const struct profile_want *want)
{
	struct blocks *b = xcalloc(1, sizeof(*b));

	b->p = p;
	b->live = want && want->weight == PROFILE_BY_LIVE;
	b->threads = index_new();
	b->first = index_new();
	b->part = xgrow(b->part, 0, &b->maxparts, sizeof(*b->part));
	b->nparts = 1;
	return b;
}

void blocks_free(struct blocks *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->nheld; i++)
		free(b->held[i].frames);
	free(b->held);
	free(b->part);
	index_free(b->threads);
	index_free(b->first);
	free(b);
}

/* -- Parts ---------------------------------------------------------------- */

static uint64_t key_of(uint32_t pid, uint64_t addr)
{
	return addr ^ (uint64_t)pid << 47;
}

static uint32_t first_of(const struct blocks *b, uint64_t key)
{
	long i = index_get(b->first, key);

	return i < 0 ? 0 : i;
}

static void add_part(struct blocks *b, uint64_t key, size_t sum,
		     uint64_t weight)
{
	uint32_t i = b->unused;

	if (i) {
		b->unused = b->part[i].next;
	} else {
		i = b->nparts++;
		b->part = xgrow(b->part, i, &b->maxparts, sizeof(*b->part));
	}
	b->part[i] = (struct part){ sum, weight, first_of(b, key) };
	index_put(b->first, key, i);
}

/* Those of a block that is there no more, or smaller: the rest stays. */
static void shrink(struct blocks *b, uint32_t first, double rest)
{
	for (uint32_t i = first; i; i = b->part[i].next) {
		struct part *x = &b->part[i];
		uint64_t weight = x->weight * rest + 0.5;

		profile_take_back(b->p, x->sum, x->weight - weight, !rest);
		x->weight = weight;
	}
}

static void forget(struct blocks *b, uint64_t key)
{
	uint32_t first = first_of(b, key), last = first;

	if (!first)
		return;
	shrink(b, first, 0);
	while (b->part[last].next)
		last = b->part[last].next;
	b->part[last].next = b->unused;
	b->unused = first;
	index_put(b->first, key, 0);
}

static void move(struct blocks *b, const struct ljd_block *r)
{
	uint64_t from = key_of(r->pid, r->from), to = key_of(r->pid, r->to);
	uint32_t first = first_of(b, from);

	if (r->nsize < r->osize)
		shrink(b, first, (double)r->nsize / r->osize);
	if (from == to)
		return;
	index_put(b->first, from, 0);
	forget(b, to);		/* its end was not told */
	index_put(b->first, to, first);
}

/* -- Samples -------------------------------------------------------------- */

static struct held *held_of(struct blocks *b, uint32_t pid, uint32_t tid)
{
	uint64_t key = (uint64_t)pid << 32 | tid;
	long i = index_get(b->threads, key);

	if (i < 0) {
		i = b->nheld;
		b->held = xgrow(b->held, b->nheld, &b->maxheld,
				sizeof(*b->held));
		b->held[b->nheld++] = (struct held){ .full = 0 };
		index_put(b->threads, key, i);
	}
	return &b->held[i];
}

/* release - add the sample that is kept; r: what is told of it, or NULL */
static void release(struct blocks *b, struct held *h, const struct ljd_block *r)
{
	uint64_t weight;
	long sum;

	if (!h->full)
		return;
	h->full = 0;
	sum = profile_add_object(b->p, &h->r, r ? r->object : 0, h->frames,
				 h->n, &weight);
	if (!b->live || sum < 0)
		return;
	if (r && r->to && r->flags & LJD_block_FOLLOWED) {
		/* One that was there is another one, whose end was lost. */
		if (!r->from)
			forget(b, key_of(r->pid, r->to));
		add_part(b, key_of(r->pid, r->to), sum, weight);
		return;
	}
	profile_take_back(b->p, sum, weight, 1);
	b->p->untold += weight;
}

void blocks_sample(struct blocks *b, const struct ljd_sample *r,
		   const uint64_t *frames, size_t n)
{
	struct held *h = held_of(b, r->pid, r->tid);

	release(b, h, NULL);
	if (n > h->max) {
		h->frames = xrealloc(h->frames, n, sizeof(*frames));
		h->max = n;
	}
	if (n)
		memcpy(h->frames, frames, n * sizeof(*frames));
	h->n = n;
	h->r = *r;
	h->full = 1;
}

void blocks_add(struct blocks *b, const struct ljd_block *r)
{
	struct held *h;

	if (r->sample) {
		h = held_of(b, r->pid, r->tid);
		release(b, h, h->r.time == r->sample ? r : NULL);
	} else if (r->to && b->live) {
		move(b, r);
	} else if (b->live) {
		forget(b, key_of(r->pid, r->from));
	}
}

void blocks_finish(struct blocks *b)
{
	for (size_t i = 0; i < b->nheld; i++)
		release(b, &b->held[i], NULL);
}
