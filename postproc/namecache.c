/* namecache.c - names as text has them -> numbers of names made safe.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "namecache.h"

#define MAXTEXT	(8u << 20)	/* bytes of texts, slots included */

/* Open addressing, linear probing, at most half full. */
struct slot {
	char *s;		/* NULL: free */
	uint32_t n, hash, id;
};

struct namecache {
	struct pool *names;
	namecache_make *make;
	struct slot *slot;
	size_t n, size, text;
};

struct namecache *namecache_new(struct pool *names, namecache_make *make)
{
	struct namecache *nc = xcalloc(1, sizeof(*nc));

	nc->names = names;
	nc->make = make;
	nc->size = 1024;
	nc->slot = xcalloc(nc->size, sizeof(*nc->slot));
	return nc;
}

static void forget(struct namecache *nc)
{
	for (size_t i = 0; i < nc->size; i++)
		free(nc->slot[i].s);
	memset(nc->slot, 0, nc->size * sizeof(*nc->slot));
	nc->n = nc->text = 0;
}

void namecache_free(struct namecache *nc)
{
	if (!nc)
		return;
	forget(nc);
	free(nc->slot);
	free(nc);
}

static void enlarge(struct namecache *nc)
{
	struct slot *old = nc->slot;
	size_t oldsize = nc->size, k;

	nc->size *= 2;
	nc->slot = xcalloc(nc->size, sizeof(*nc->slot));
	for (size_t i = 0; i < oldsize; i++) {
		if (!old[i].s)
			continue;
		for (k = old[i].hash; nc->slot[k & (nc->size - 1)].s; k++)
			;
		nc->slot[k & (nc->size - 1)] = old[i];
	}
	free(old);
}

static unsigned first_sight(struct namecache *nc, const char *s, size_t n,
			    uint32_t hash)
{
	unsigned id = nc->make(nc->names, s, n);
	size_t cost = n + 1 + 2 * sizeof(struct slot), i;

	if (cost > MAXTEXT / 64)
		return id;
	if (nc->text + cost > MAXTEXT)
		forget(nc);
	if (nc->n * 2 >= nc->size)
		enlarge(nc);
	for (i = hash; nc->slot[i & (nc->size - 1)].s; i++)
		;
	i &= nc->size - 1;
	nc->slot[i] = (struct slot){ xmalloc(n + 1), n, hash, id };
	memcpy(nc->slot[i].s, s, n);
	nc->n++;
	nc->text += cost;
	return id;
}

unsigned namecache_get(struct namecache *nc, const char *s, size_t n)
{
	uint32_t hash = mem_hash(s, n);

	for (size_t i = hash;; i++) {
		const struct slot *t = &nc->slot[i & (nc->size - 1)];

		if (!t->s)
			return first_sight(nc, s, n, hash);
		if (t->hash == hash && t->n == n && !memcmp(t->s, s, n))
			return t->id;
	}
}
