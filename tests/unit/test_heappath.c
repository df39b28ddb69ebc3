/* test_heappath.c - reference paths are folded, capped, and lose nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>

#include "heappath.h"
#include "unit.h"

static struct heappath *hp;

static uint32_t step(uint32_t node, const char *label)
{
	return heappath_step(hp, node, heappath_label(hp, label));
}

static void check_text(uint32_t node, const char *want)
{
	char *text = heappath_text(hp, node);

	CHECK_STR(text, want);
	free(text);
}

/* A field met again is where it was; what has no name, only in pairs. */
static void test_folding(void)
{
	uint32_t g = step(0, "_G"), list = step(g, ".list");
	uint32_t next = step(list, ".next"), tree, left, m, row, cell;

	CHECK(step(next, ".next") == next);
	CHECK(heappath_step(hp, next, HEAPPATH_STAY) == next);
	tree = step(g, ".tree");
	left = step(tree, ".left");
	CHECK(step(left, ".left") == left);
	CHECK(step(step(left, ".right"), ".left") == left);
	m = step(g, ".matrix");
	row = step(m, "[*]");
	cell = step(row, "[*]");
	CHECK(row != m && cell != row);
	CHECK(step(cell, "[*]") == cell);
	check_text(cell, "_G.matrix[*][*]");
	check_text(step(step(0, "main thread"), "local a@b.lua:3"),
		   "main thread local a@b.lua:3");
	m = step(step(g, ".map"), ".*");
	CHECK(step(step(m, ".b"), ".*") != m);
}

static void test_caps(void)
{
	uint32_t lib = step(step(0, "_G"), ".lib"), last = 0, n;
	uint32_t table = step(lib, ".big");
	char key[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), ".key%d", i);
		n = step(table, key);
		if (i > HEAPPATH_CHILDREN)
			CHECK(n == last);
		last = n;
	}
	check_text(last, "_G.lib.big.*");
	CHECK(step(table, ".key5") != last);
	/* A module has more; one is .big. */
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), ".function%d", i);
		n = step(lib, key);
		CHECK((n == last) == (i >= 2 * HEAPPATH_CHILDREN));
		last = n;
	}
	/* Not of a root. */
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), ".module%d", i);
		n = step(step(0, "_G"), key);
		CHECK(n != last);
		last = n;
	}
	/* Whatever is met, memory is bounded. */
	for (uint64_t i = 0; i < 3 * HEAPPATH_NODES; i++) {
		snprintf(key, sizeof(key), ".%d", (int)(i % 90));
		n = step(i * 7919 % hp->n, key);
	}
	CHECK(hp->n <= HEAPPATH_NODES);
}

static void test_fold(void)
{
	uint32_t at = step(step(0, "_G"), ".x");
	uint64_t bytes = 0, objects = 0;
	struct fold *f;

	for (size_t i = 0; i < hp->n; i++) {
		hp->node[i].by[LJ_TTAB] = (struct heappath_count){ i, 1 };
		bytes += i;
		objects++;
	}
	hp->node[at].by[0].bytes = 5;
	f = heappath_fold(hp, 0);
	CHECK(f->node[0].total == bytes + 5);
	fold_free(f);
	f = heappath_fold(hp, 1);
	CHECK(f->node[0].total == objects);
	fold_free(f);
}

int main(void)
{
	struct pool *labels = pool_new();

	hp = heappath_new(labels);
	test_folding();
	test_caps();
	heappath_free(hp);
	hp = heappath_new(labels);
	test_folding();
	test_fold();
	heappath_free(hp);
	pool_free(labels);
	return unit_verdict();
}
