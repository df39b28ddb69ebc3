/* mem.c - memory that is there or the program ends, and pooled strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"

#define SPREAD	0x9e3779b97f4a7c15ull

static void *check(void *p)
{
	if (p)
		return p;
	diag_error("out of memory; use a shorter dump or a bigger machine");
	exit(DIAG_UNUSABLE);
}

void *xmalloc(size_t size)
{
	return check(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size));
}

void *xrealloc(void *p, size_t n, size_t size)
{
	return check(reallocarray(p, n ? n : 1, size));
}

void *xgrow(void *array, size_t n, size_t *max, size_t size)
{
	if (n < *max)
		return array;
	*max = *max ? *max * 2 : 8;
	return xrealloc(array, *max, size);
}

char *xstrdup(const char *s)
{
	return check(strdup(s));
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return check(s);
}

static uint64_t load(const unsigned char *c)
{
	uint64_t w;

	memcpy(&w, c, 8);
	return w;
}

/* Up to 8 bytes, without the cost of a loop. */
static uint64_t load_few(const unsigned char *c, size_t n)
{
	uint32_t low, high;

	if (n == 8)
		return load(c);
	if (n < 4)
		return n ? c[0] | c[n / 2] << 8 | (uint64_t)c[n - 1] << 16 : 0;
	memcpy(&low, c, 4);
	memcpy(&high, c + n - 4, 4);
	return low | (uint64_t)high << 32;
}

/* 16 to 48 bytes, the length of most names: all of them are in these six
 * words, some twice. No loop, so nothing for the processor to guess. */
static uint64_t hash_name(const unsigned char *c, size_t n)
{
	const unsigned char *middle = c + n / 2 - 8, *last = c + n - 16;
	uint64_t h = n * SPREAD;

	h += load(c) * 0xa0761d6478bd642full;
	h += load(c + 8) * 0xe7037ed1a0b428dbull;
	h += load(middle) * 0x8ebc6af09c88c6e3ull;
	h += load(middle + 8) * 0x589965cc75374cc3ull;
	h += load(last) * 0x1d8e4e27c47d124full;
	h += load(last + 8) * 0xeb44accab455d165ull;
	return h;
}

/* Two chains, as each step waits for the multiplication before. */
static uint64_t hash_any(const unsigned char *c, size_t n)
{
	const unsigned char *end = c + n;
	uint64_t h = n * SPREAD, g = ~h;

	for (; end - c > 16; c += 16) {
		h = ((h << 7 | h >> 57) ^ load(c)) * SPREAD;
		g = ((g << 9 | g >> 55) ^ load(c + 8)) * SPREAD;
	}
	if (end - c > 8) {
		h = ((h << 7 | h >> 57) ^ load(c)) * SPREAD;
		c = end - 8;
	}
	g = ((g << 9 | g >> 55) ^ load_few(c, end - c)) * SPREAD;
	return h ^ (g << 32 | g >> 32);
}

uint64_t mem_hash(const void *p, size_t n)
{
	uint64_t h = n >= 16 && n <= 48 ? hash_name(p, n) : hash_any(p, n);

	h = (h ^ h >> 32) * SPREAD;
	return h ^ h >> 32;
}

/* -- index: open addressing, linear probing, at most half full ---------- */

struct index {
	struct slot {
		uint64_t key;
		long value;	/* -1: free */
	} *slot;
	size_t n, size;
};

static void index_resize(struct index *x, size_t size)
{
	struct slot *old = x->slot;
	size_t oldsize = x->size;

	x->slot = xcalloc(size, sizeof(*x->slot));
	x->size = size;
	x->n = 0;
	for (size_t i = 0; i < size; i++)
		x->slot[i].value = -1;
	for (size_t i = 0; i < oldsize; i++)
		if (old[i].value >= 0)
			index_put(x, old[i].key, old[i].value);
	free(old);
}

struct index *index_new(void)
{
	struct index *x = xcalloc(1, sizeof(*x));

	index_resize(x, 16);
	return x;
}

void index_free(struct index *x)
{
	if (!x)
		return;
	free(x->slot);
	free(x);
}

static struct slot *index_slot(const struct index *x, uint64_t key)
{
	uint64_t h = key * SPREAD;
	size_t i = (h ^ h >> 32) & (x->size - 1);

	while (x->slot[i].value >= 0 && x->slot[i].key != key)
		i = (i + 1) & (x->size - 1);
	return &x->slot[i];
}

long index_get(const struct index *x, uint64_t key)
{
	return index_slot(x, key)->value;
}

void index_put(struct index *x, uint64_t key, long value)
{
	struct slot *s;

	if (x->n * 2 >= x->size)
		index_resize(x, x->size * 2);
	s = index_slot(x, key);
	if (s->value < 0)
		x->n++;
	s->key = key;
	s->value = value;
}

/* -- pool: chains of equal hashes hang on an index ---------------------- */

struct pool {
	struct index *byhash;
	struct entry {
		char *s;
		size_t len;
		long next;	/* of the same hash, or -1 */
	} *entry;
	size_t n, max;
};

struct pool *pool_new(void)
{
	struct pool *pool = xcalloc(1, sizeof(*pool));

	pool->byhash = index_new();
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < pool->n; i++)
		free(pool->entry[i].s);
	free(pool->entry);
	index_free(pool->byhash);
	free(pool);
}

unsigned pool_add(struct pool *pool, const char *s, size_t n)
{
	uint64_t h = mem_hash(s, n);
	long first = index_get(pool->byhash, h);
	struct entry *e;

	for (long i = first; i >= 0; i = pool->entry[i].next)
		if (pool->entry[i].len == n &&
		    !memcmp(pool->entry[i].s, s, n))
			return i;
	pool->entry = xgrow(pool->entry, pool->n, &pool->max, sizeof(*e));
	e = &pool->entry[pool->n];
	e->s = xmalloc(n + 1);
	memcpy(e->s, s, n);
	e->s[n] = 0;
	e->len = n;
	e->next = first;
	index_put(pool->byhash, h, pool->n);
	return pool->n++;
}

const char *pool_str(const struct pool *pool, unsigned id)
{
	return pool->entry[id].s;
}

size_t pool_len(const struct pool *pool, unsigned id)
{
	return pool->entry[id].len;
}

size_t pool_count(const struct pool *pool)
{
	return pool->n;
}
