/* namecache.h - names as text has them -> numbers of names made safe.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same few names come again and again: only their first sight costs
 * more than a look. Bounded: it forgets everything when it is full.
 */
#ifndef LJSTAP_NAMECACHE_H
#define LJSTAP_NAMECACHE_H

#include "mem.h"

#define NAMECACHE_NONE	0xffffffffu

struct namecache;

/* The number of a name; NAMECACHE_NONE: it is none. */
typedef unsigned namecache_make(struct pool *names, const char *s, size_t n);

/**
 * namecache_new - an empty cache
 * @names: pool of names; must outlive it
 * @make: called for a text that is not in the cache
 */
struct namecache *namecache_new(struct pool *names, namecache_make *make);

/**
 * namecache_free - give a cache back
 * @nc: the cache, or NULL
 */
void namecache_free(struct namecache *nc);

/**
 * namecache_get - the number of a name
 * @nc: the cache
 * @s: its text
 * @n: bytes of it
 */
unsigned namecache_get(struct namecache *nc, const char *s, size_t n);

#endif
