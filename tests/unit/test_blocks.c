/* test_blocks.c - what was allocated and is not freed: blocks that grow, move,
 * shrink and end, and what is told of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "blocks.h"
#include "unit.h"

static struct profile *p;
static struct blocks *b;

static void begin(enum profile_weight weight)
{
	const struct profile_want want = { .weight = weight };

	p = profile_new(&want);
	b = blocks_new(p, &want);
}

static void end(void)
{
	blocks_free(b);
	profile_free(p);
}

/* sample - of bytes, by a function of its own; told: where it is, or 0 */
static void sample(uint64_t time, uint64_t bytes, uint64_t from, uint64_t told,
		   uint32_t object)
{
	const struct ljd_sample s = { .time = time, .weight = bytes,
				      .bytes = bytes, .pid = 1, .tid = 2 };
	const struct ljd_block r = {
		.sample = time, .from = from, .to = told, .nsize = bytes,
		.pid = 1, .tid = 2, .object = object,
		.flags = LJD_block_FOLLOWED,
	};
	const uint64_t frame = time;

	blocks_sample(b, &s, &frame, 1);
	if (told)
		blocks_add(b, &r);
}

static void move(uint64_t from, uint64_t to, uint64_t osize, uint64_t nsize)
{
	const struct ljd_block r = { .from = from, .to = to, .osize = osize,
				     .nsize = nsize, .pid = 1, .tid = 3 };

	blocks_add(b, &r);
}

static uint64_t live(void)
{
	uint64_t all = 0;

	for (size_t i = 0; i < p->nsums; i++)
		all += p->sum[i].weight;
	return all;
}

static void lives(void)
{
	begin(PROFILE_BY_LIVE);
	sample(1, 100, 0, 0x1000, LJD_object_TAB);
	sample(2, 50, 0, 0x2000, LJD_object_STR);
	CHECK(live() == 150 && p->taken == 2);
	/* It grows as it moves. */
	move(0x1000, 0x3000, 100, 400);
	sample(3, 300, 0x1000, 0x3000, LJD_object_GROWN);
	CHECK(live() == 450);
	/* Each part becomes a quarter of what it was. */
	move(0x3000, 0x3000, 400, 100);
	CHECK(p->sum[0].weight == 25 && p->sum[2].weight == 75);
	move(0x2000, 0, 50, 0);
	CHECK(live() == 100 && p->taken == 2 && p->freed == 1);
	CHECK(p->sum[1].count == 0);
	move(0x3000, 0, 100, 0);
	CHECK(live() == 0 && p->taken == 0 && p->freed == 3);
	/* Never sampled, or another process's. */
	move(0x3000, 0, 100, 0);
	move(0x4000, 0x5000, 100, 200);
	CHECK(live() == 0);
	end();
}

/* What is live is the sum of the blocks there are, whatever happens. */
static void many(void)
{
	enum { N = 64, ROUNDS = 20000 };
	uint64_t size[N] = { 0 }, all = 0;
	unsigned seed = 1;

	begin(PROFILE_BY_LIVE);
	for (unsigned i = 1; i < ROUNDS; i++) {
		unsigned r = (seed = seed * 1103515245 + 12345) >> 8;
		unsigned at = r % N, to = r / N % N;
		uint64_t addr = 0x1000 + at, next = 0x1000 + to;

		if (!size[at]) {
			size[at] = 1 + r / N / N % 1000;
			all += size[at];
			sample(i, size[at], 0, addr, 0);
		} else if (r >> 20 & 1 && (to == at || !size[to])) {
			uint64_t grown = size[at] * 2;

			move(addr, next, size[at], grown);
			sample(i, size[at], addr, next, LJD_object_GROWN);
			all += size[at];
			size[at] = 0;
			size[to] = grown;
		} else {
			move(addr, 0, size[at], 0);
			all -= size[at];
			size[at] = 0;
		}
	}
	blocks_finish(b);
	CHECK(all && live() == all);
	end();
}

/* An address that is used again was freed, even if that is not told. */
static void lost(void)
{
	begin(PROFILE_BY_LIVE);
	sample(1, 100, 0, 0x1000, 0);
	sample(2, 30, 0, 0x1000, 0);
	CHECK(live() == 30);
	sample(3, 5, 0, 0x2000, 0);
	move(0x2000, 0x1000, 5, 5);
	CHECK(live() == 5);
	/* Where this one is nobody tells. */
	sample(4, 7, 0, 0, 0);
	blocks_finish(b);
	CHECK(live() == 5 && p->untold == 7);
	end();
}

static void types(void)
{
	begin(PROFILE_BY_DEFAULT);
	sample(1, 100, 0, 0x1000, LJD_object_TAB);
	sample(2, 10, 0, 0, 0);
	sample(3, 1, 0, 0x1000, LJD_object_STR);
	blocks_finish(b);
	CHECK(p->nsums == 3 && live() == 111 && !p->untold);
	CHECK(p->sum[0].object == LJD_object_TAB);
	CHECK(p->sum[1].object == 0);
	CHECK(p->sum[2].object == LJD_object_STR);
	end();
}

int main(void)
{
	lives();
	many();
	lost();
	types();
	return unit_verdict();
}
