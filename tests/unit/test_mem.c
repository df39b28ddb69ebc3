/* test_mem.c - pools and indexes keep what they are given.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "mem.h"
#include "unit.h"

static void pools(void)
{
	struct pool *pool = pool_new();
	char *s;

	for (unsigned i = 0; i < 5000; i++) {
		s = xasprintf("name%u", i);
		CHECK(pool_add(pool, s, strlen(s)) == i);
		free(s);
	}
	CHECK(pool_add(pool, "name17", 6) == 17);
	CHECK_STR(pool_str(pool, 4999), "name4999");
	CHECK(pool_add(pool, "a\0b", 3) == 5000);
	CHECK(pool_add(pool, "a\0c", 3) == 5001);
	CHECK(pool_len(pool, 5000) == 3);
	CHECK(pool_add(pool, "", 0) == 5002);
	CHECK(pool_count(pool) == 5003);
	pool_free(pool);
	pool_free(NULL);
}

static void indexes(void)
{
	struct index *x = index_new();

	CHECK(index_get(x, 0) == -1);
	for (uint64_t i = 0; i < 5000; i++)
		index_put(x, i << 32, i);
	for (uint64_t i = 0; i < 5000; i++)
		CHECK(index_get(x, i << 32) == (long)i);
	CHECK(index_get(x, 1) == -1);
	index_put(x, 0, 7);
	CHECK(index_get(x, 0) == 7);
	index_free(x);
	index_free(NULL);
}

int main(void)
{
	pools();
	indexes();
	CHECK(mem_hash("abc", 3) == mem_hash("abc", 3));
	CHECK(mem_hash("abc", 3) != mem_hash("abd", 3));
	CHECK(mem_hash("abc\0", 4) != mem_hash("abc", 3));
	return unit_verdict();
}
