/* test_fold.c - sums, order, and folded text read back as it was written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "fold.h"
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

static void lines(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);

	CHECK(read_it(f, "a b c 3\r\n\nno count\nx 0\n 5\n7\n"
			 "neg -1\nfrac 1.5\n;; 2\nlast 1") == 6);
	CHECK_STR(write_it(f), "?;?;? 2\na b c 3\nlast 1\n");
	fold_free(f);
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
	lines();
	round_trip();
	deep_and_large();
	return unit_verdict();
}
