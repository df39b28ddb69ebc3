/* mem.h - memory that is there or the program ends, and pooled strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What x*() returns belongs to the caller; free() it. What a pool or an
 * index holds belongs to it. Running out of memory prints and exits, 2.
 */
#ifndef LJSTAP_MEM_H
#define LJSTAP_MEM_H

#include <stddef.h>
#include <stdint.h>

/**
 * xmalloc - malloc() which does not fail
 * @size: bytes
 */
void *xmalloc(size_t size);

/**
 * xcalloc - calloc() which does not fail
 * @n: elements
 * @size: bytes each
 */
void *xcalloc(size_t n, size_t size);

/**
 * xrealloc - realloc() which does not fail
 * @p: old block, or NULL
 * @n: elements
 * @size: bytes each
 */
void *xrealloc(void *p, size_t n, size_t size);

/**
 * xgrow - make room for one more element at the end of an array
 * @array: the array, or NULL
 * @n: elements in use
 * @max: elements there is room for; updated
 * @size: bytes each
 */
void *xgrow(void *array, size_t n, size_t *max, size_t size);

/**
 * xstrdup - strdup() which does not fail
 * @s: the string
 */
char *xstrdup(const char *s);

/**
 * xasprintf - a formatted string
 * @fmt: as for printf()
 */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * mem_hash - a hash of bytes, the same on every run
 * @p: the bytes
 * @n: how many
 */
uint64_t mem_hash(const void *p, size_t n);

/* A map from a u64 key to a small number; keys are spread by the map. */
struct index;

/**
 * index_new - an empty index
 */
struct index *index_new(void);

/**
 * index_free - give an index back
 * @x: the index, or NULL
 */
void index_free(struct index *x);

/**
 * index_get - look a key up
 * @x: the index
 * @key: the key
 *
 * Returns its value, or -1.
 */
long index_get(const struct index *x, uint64_t key);

/**
 * index_put - set the value of a key
 * @x: the index
 * @key: the key
 * @value: 0 or more
 */
void index_put(struct index *x, uint64_t key, long value);

/* A set of strings: equal strings have one address, and one number. */
struct pool;

/**
 * pool_new - an empty pool
 */
struct pool *pool_new(void);

/**
 * pool_free - give a pool and all its strings back
 * @pool: the pool, or NULL
 */
void pool_free(struct pool *pool);

/**
 * pool_add - the number of a string
 * @pool: the pool
 * @s: its bytes
 * @n: how many
 *
 * Numbers count from 0 in order of first use.
 */
unsigned pool_add(struct pool *pool, const char *s, size_t n);

/**
 * pool_str - the string of a number
 * @pool: the pool
 * @id: the number
 */
const char *pool_str(const struct pool *pool, unsigned id);

/**
 * pool_len - its length, which may count zero bytes
 * @pool: the pool
 * @id: the number
 */
size_t pool_len(const struct pool *pool, unsigned id);

/**
 * pool_count - how many strings there are
 * @pool: the pool
 */
size_t pool_count(const struct pool *pool);

#endif
