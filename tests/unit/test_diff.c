/* test_diff.c - what stayed, what is new and what is gone add up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "diff.h"
#include "read_folded.h"
#include "unit.h"

static struct fold *fold(struct pool *names, const char *s)
{
	struct fold *f = fold_new(names);
	struct input *in = input_memory(s, strlen(s));
	uint64_t bad;

	read_folded(f, in, &bad);
	input_close(in);
	fold_finish(f);
	return f;
}

static uint32_t find(const struct diff *d, const char *name)
{
	for (uint32_t i = 1; i < d->fold->n; i++)
		if (!strcmp(pool_str(d->names, d->fold->node[i].name), name))
			return i;
	CHECK(!"there");
	return 0;
}

static const struct diff_row *row_of(const struct diff_row *row, size_t n,
				     const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(row[i].name, name))
			return &row[i];
	CHECK(!"a row");
	return row;
}

static void parts(void)
{
	struct pool *a = pool_new(), *b = pool_new();
	struct fold *before = fold(a, "m;gone 30\nm;less 20\nm 10\n");
	struct fold *after = fold(b, "m;less 5\nm;new 15\nm 10\n");
	struct diff *d = diff_new(before, after, 0);
	uint32_t m = find(d, "m"), less = find(d, "less");
	double u = d->unit;

	CHECK(d->scale == 1);
	CHECK(d->node[m].before == 60 && d->node[m].after == 30);
	CHECK(d->fold->node[m].total == 75 * u);
	CHECK(d->node[m].gone == 45 * u && d->node[m].fresh == 15 * u);
	CHECK(d->fold->node[less].total == 20 * u);
	CHECK(d->node[less].gone == 15 * u && !d->node[less].fresh);
	CHECK(d->fold->node[find(d, "gone")].total == 30 * u);
	CHECK(d->node[find(d, "new")].fresh == 15 * u);
	diff_free(d);
	d = diff_new(before, after, 1);
	m = find(d, "m");
	CHECK(d->scale == 0.5);
	CHECK(d->node[m].gone == d->node[m].fresh);
	CHECK(d->fold->node[find(d, "gone")].total == 15 * d->unit);
	diff_free(d);
	fold_free(before);
	fold_free(after);
	pool_free(a);
	pool_free(b);
}

static void table(void)
{
	struct pool *a = pool_new(), *b = pool_new();
	struct fold *before = fold(a, "r;r;x 4\nr;y 6\n");
	struct fold *after = fold(b, "r;r;x 4\nr;r 1\nz 5\n");
	struct diff *d = diff_new(before, after, 1);
	const struct diff_row *r;
	size_t n;
	struct diff_row *row = diff_table(d, &n);

	CHECK(n == 4);
	CHECK_STR(row[0].name, "y");
	CHECK_STR(row[1].name, "z");
	r = row_of(row, n, "r");
	/* Inside itself it counts once. */
	CHECK(r->total[0] == 10 && r->total[1] == 5);
	CHECK(r->self[0] == 0 && r->self[1] == 1);
	r = row_of(row, n, "x");
	CHECK(r->total[0] == 4 && r->total[1] == 4 && r->self[1] == 4);
	free(row);
	diff_free(d);
	diff_free(NULL);
	fold_free(before);
	fold_free(after);
	pool_free(a);
	pool_free(b);
}

int main(void)
{
	parts();
	table();
	return unit_verdict();
}
