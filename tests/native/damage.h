/* damage.h - damages copies of a heap, the same way for the same number.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_DAMAGE_H
#define LJSTAP_DAMAGE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "heapcopy.h"
#include "mem.h"

/* struct damage - what was done to a copy; what each word was */
struct damage {
	uint64_t state;
	size_t n;
	struct damage_word {
		size_t at;
		uint64_t old;
	} *word;
};

/* xorshift64 */
static inline uint64_t damage_any(struct damage *d)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return d->state;
}

/* Another word of the copy, an address in it, a bit, nothing, or anything. */
static inline uint64_t damage_word(struct damage *d, const struct heapcopy *c,
				   uint64_t old)
{
	const struct heapcopy_range *r = &c->range[damage_any(d) % c->nranges];
	uint64_t word;

	switch (damage_any(d) % 6) {
	case 0:
		memcpy(&word, c->bytes + damage_any(d) % (c->n / 8) * 8, 8);
		return word;
	case 1:
		word = r->lo + damage_any(d) % (r->hi - r->lo);
		return damage_any(d) % 2 ? word & ~7ull : word;
	case 2:
		return old ^ 1ull << damage_any(d) % 64;
	case 3:
		return 0;
	case 4:
		return old + (damage_any(d) % 64 - 32) * 8;
	}
	return damage_any(d);
}

/* damage_do - one word, or up to one in a hundred, by the number of the try */
static inline void damage_do(struct damage *d, struct heapcopy *c, uint64_t try)
{
	uint64_t word;

	d->state = try * 0x9e3779b97f4a7c15ull;
	d->n = damage_any(d) % 3 ? 1 + damage_any(d) % 1000 : c->n / 800;
	d->word = xcalloc(d->n, sizeof(*d->word));
	for (size_t i = 0; i < d->n; i++) {
		d->word[i].at = damage_any(d) % (c->n / 8) * 8;
		memcpy(&d->word[i].old, c->bytes + d->word[i].at, 8);
		word = damage_word(d, c, d->word[i].old);
		memcpy(c->bytes + d->word[i].at, &word, 8);
	}
}

/* damage_undo - as it was before */
static inline void damage_undo(struct damage *d, struct heapcopy *c)
{
	while (d->n-- > 0)
		memcpy(c->bytes + d->word[d->n].at, &d->word[d->n].old, 8);
	free(d->word);
}

#endif
