/* test_fold.c - sums, order, and folded text read back as it was written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "clean.h"
#include "fold.h"
#include "namecache.h"
#include "read_folded.h"
#include "unit.h"

static char text[1 << 16];

static const char *write_it(struct fold *f)
{
	FILE *out;

	fold_finish(f);
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text) - 1, "w");
	fold_write(f, out);
	fclose(out);
	return text;
}

static uint64_t read_it(struct fold *f, const char *s)
{
	struct input *in = input_memory(s, strlen(s));
	uint64_t bad = 99;

	CHECK(!read_folded(f, in, &bad));
	input_close(in);
	return bad;
}

static void sums(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);

	CHECK(!read_it(f, "b;x 1\na;y;z 2\na;y 4\nb;x 8\na 16\n"));
	CHECK_STR(write_it(f), "a 16\na;y 4\na;y;z 2\nb;x 9\n");
	CHECK(f->node[0].total == 31);
	fold_free(f);
	fold_free(NULL);
	pool_free(names);
}

/* What the text says of itself comes through; it may be any file's. */
static void head(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);

	CHECK(read_it(f, "# ljstap unit: bytes\n# ljstap title: a;\001b\n"
			 "# ljstap else: 1\n# ljstap note:\n#x 2\na 1\n") == 1);
	CHECK_STR(f->unit, "bytes");
	CHECK(f->title && f->title[0] == 'a' && !strchr(f->title, 1));
	CHECK(!f->note);
	CHECK(!strncmp(write_it(f), "# ljstap unit: bytes\n# ljstap title: a",
		       38));
	fold_free(f);
	pool_free(names);
}

static void lines(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);

	CHECK(read_it(f, "a b c 3\r\n\nno count\nx 0\n 5\n7\n1.5\n"
			 "neg -1\nexp 1e5\nlong 1234567890123456789\n"
			 "name 1 \t 2\n;; 2\nlast 1") == 6);
	CHECK_STR(write_it(f), "? 5\n?;?;? 2\na b c 3\nlast 1\nname 1 2\n");
	fold_free(f);
	pool_free(names);
}

static void fractions(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	char buf[FOLD_COUNT];

	/* A whole count before, after, and as part of one. */
	CHECK(read_it(f, "a 2\nb 0.25\na;c 3\nb 1.5\nd 7.\n"
			  "e 0.1234567\ng .5\n") == 1);
	CHECK_STR(write_it(f), "a 2\na;c 3\nb 1.75\nd 7\ne 0.123456\n");
	CHECK_STR(fold_count(f, f->node[0].total, buf), "13.873456");
	CHECK_STR(fold_count(f, 0, buf), "0");
	CHECK_STR(fold_count(f, UINT64_MAX, buf), "18446744073709.551615");
	fold_free(f);
	f = fold_new(names);
	CHECK(!read_it(f, "a 100000000000000000\na 0.5\n"));
	fold_finish(f);
	CHECK(f->node[0].total == UINT64_MAX);	/* not wrapped */
	fold_free(f);
	pool_free(names);
}

/* So many paths that some have equal hashes: they stay different. */
static void equal_hashes(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	const unsigned n = 90;
	size_t ones = 0;

	for (unsigned i = 0; i < n; i++)
		pool_add(names, (char *)&i, sizeof(i));
	for (unsigned i = 0; i < n * n * n; i++)
		fold_add(f, (unsigned[]){ i / n / n, i / n % n, i % n }, 3, 1);
	fold_finish(f);
	CHECK(f->n == 1 + n + n * n + n * n * n);
	for (size_t i = 0; i < f->n; i++)
		ones += f->node[i].self == 1 && f->node[i].depth == 3;
	CHECK(ones == n * n * n);
	fold_free(f);
	pool_free(names);
}

static void by_hand(void)
{
	struct pool *names = pool_new();
	unsigned a = pool_add(names, "a", 1), b = pool_add(names, "b", 1);
	struct fold *f = fold_new(names);
	uint32_t x, y;

	fold_add(f, (unsigned[]){ b, a }, 2, 1);
	x = fold_child(f, 0, b);
	CHECK(fold_child(f, x, a) != x && fold_child(f, 0, b) == x);
	y = fold_child(f, fold_child(f, x, a), b);
	*fold_self(f, y) = 3;
	*fold_self(f, fold_child(f, 0, a)) = 4;
	CHECK_STR(write_it(f), "a 4\nb;a 1\nb;a;b 3\n");
	fold_free(f);
	/* In order of time nothing is sorted nor put together. */
	f = fold_new(names);
	for (int i = 0; i < 2; i++) {
		*fold_self(f, fold_append(f, 0, b)) = 1;
		*fold_self(f, fold_append(f, 0, a)) = 2;
	}
	fold_finish_in_order(f);
	CHECK(f->n == 5 && f->node[0].total == 6 && f->node[0].child == 1);
	CHECK(f->node[1].name == b && f->node[1].next == 2);
	CHECK(f->node[4].next == FOLD_NONE);
	fold_free(f);
	pool_free(names);
}

/* A name has the same number whatever was forgotten meanwhile. */
static void many_names(void)
{
	struct pool *names = pool_new();
	struct namecache *nc = namecache_new(names, clean_name);
	char s[64];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 200000; i++) {
			int n = sprintf(s, "some_function_of_a_name_%d", i);

			if (namecache_get(nc, s, n) != (unsigned)i)
				CHECK(!"another number");
		}
	CHECK(pool_count(names) == 200000);
	CHECK_STR(pool_str(names, 4711), "some_function_of_a_name_4711");
	namecache_free(nc);
	namecache_free(NULL);
	pool_free(names);
}

static void round_trip(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names), *g = fold_new(names);
	char *first;

	CHECK(!read_it(f, "r;a@/x/y.lua:3;lj_BC_ADDVV 12\nr;C:f 1\nr 5\n"));
	first = strdup(write_it(f));
	CHECK(!read_it(g, first));
	CHECK_STR(write_it(g), first);
	free(first);
	fold_free(f);
	fold_free(g);
	pool_free(names);
}

static void deep_and_large(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	unsigned *deep = xcalloc(10000, sizeof(*deep));

	pool_add(names, "f", 1);
	fold_add(f, deep, 10000, UINT64_MAX);
	fold_add(f, deep, 9999, UINT64_MAX);
	fold_finish(f);
	CHECK(f->n == 10001);
	CHECK(f->node[0].total == UINT64_MAX);	/* not wrapped */
	free(deep);
	fold_free(f);
	pool_free(names);
}

int main(void)
{
	sums();
	head();
	lines();
	fractions();
	equal_hashes();
	by_hand();
	many_names();
	round_trip();
	deep_and_large();
	return unit_verdict();
}
