/* diff.c - two folds -> one, with what each of them has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "diff.h"

#define PARTS	1000	/* of a count, so that scaling costs no precision */

/* The nodes of one side get their place in the union. */
static uint32_t *add_side(struct diff *d, const struct fold *side)
{
	uint32_t *place = xcalloc(side->n, sizeof(*place));

	for (size_t i = 1; i < side->n; i++) {
		const char *s = pool_str(side->names, side->node[i].name);

		place[i] = fold_child(d->fold, place[side->node[i].parent],
				      pool_add(d->names, s, strlen(s)));
	}
	return place;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

/* The stacks that end here: as wide as the larger side. */
static void widths(struct diff *d, const uint64_t *self)
{
	struct fold *f = d->fold;

	for (size_t i = 0; i < f->n; i++) {
		uint64_t a = self[2 * i] * d->scale * d->unit + 0.5;
		uint64_t b = self[2 * i + 1] * d->unit + 0.5;

		*fold_self(f, i) = a > b ? a : b;
		d->node[i].fresh = b > a ? b - a : 0;
		d->node[i].gone = a > b ? a - b : 0;
	}
}

static void sum_up(struct diff *d)
{
	const struct fold *f = d->fold;

	for (size_t i = f->n; i-- > 1;) {
		struct diff_node *p = &d->node[f->node[i].parent];

		p->before = plus(p->before, d->node[i].before);
		p->after = plus(p->after, d->node[i].after);
		p->fresh = plus(p->fresh, d->node[i].fresh);
		p->gone = plus(p->gone, d->node[i].gone);
	}
}

static void scales(struct diff *d, uint64_t before, uint64_t after,
		   int normalise)
{
	double most;

	d->scale = normalise && before && after ? (double)after / before : 1;
	most = before * d->scale + after;
	d->unit = most < 1e15 ? PARTS : most < 1e18 ? 1 : 1e18 / most;
}

/* The nodes get the numbers they have in the finished fold. */
static void finish(struct diff *d)
{
	uint32_t *moved = fold_finish_moved(d->fold);
	struct diff_node *node = xcalloc(d->fold->n, sizeof(*node));

	for (size_t i = 0; i < d->fold->n; i++)
		node[moved[i]] = d->node[i];
	free(d->node);
	d->node = node;
	free(moved);
}

struct diff *diff_new(const struct fold *before, const struct fold *after,
		      int normalise)
{
	struct diff *d = xcalloc(1, sizeof(*d));
	uint32_t *a, *b;
	uint64_t *self;

	d->names = pool_new();
	d->fold = fold_new(d->names);
	a = add_side(d, before);
	b = add_side(d, after);
	d->node = xcalloc(d->fold->n, sizeof(*d->node));
	self = xcalloc(2 * d->fold->n, sizeof(*self));
	for (size_t i = 0; i < before->n; i++)
		self[2 * a[i]] = d->node[a[i]].before = before->node[i].self;
	for (size_t i = 0; i < after->n; i++)
		self[2 * b[i] + 1] = d->node[b[i]].after = after->node[i].self;
	scales(d, before->node[0].total, after->node[0].total, normalise);
	widths(d, self);
	finish(d);
	sum_up(d);
	free(self);
	free(a);
	free(b);
	return d;
}

void diff_free(struct diff *d)
{
	if (!d)
		return;
	fold_free(d->fold);
	pool_free(d->names);
	free(d->node);
	free(d);
}

/* -- Table -------------------------------------------------------------- */

static double change(const struct diff_row *r)
{
	return r->self[1] > r->self[0] ? r->self[1] - r->self[0] :
					 r->self[0] - r->self[1];
}

static int by_change(const void *a, const void *b)
{
	const struct diff_row *x = a, *y = b;

	if (change(x) != change(y))
		return change(x) > change(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void add_row(struct diff_row *row, const struct diff *d, uint32_t i,
		    int outermost)
{
	const struct diff_node *n = &d->node[i];
	double before = n->before, after = n->after;

	if (outermost) {
		row->total[0] += before * d->scale;
		row->total[1] += after;
	}
	for (uint32_t c = d->fold->node[i].child; c != FOLD_NONE;
	     c = d->fold->node[c].next) {
		before -= d->node[c].before;
		after -= d->node[c].after;
	}
	row->self[0] += before * d->scale;
	row->self[1] += after;
}

/* "root;...;leaf" of a node */
static char *path_of(const struct fold *f, uint32_t i)
{
	char *path = xstrdup(pool_str(f->names, f->node[i].name)), *longer;

	for (i = f->node[i].parent; i; i = f->node[i].parent) {
		longer = xasprintf("%s;%s",
				   pool_str(f->names, f->node[i].name), path);
		free(path);
		path = longer;
	}
	return path;
}

struct diff_row *diff_paths(const struct diff *d, size_t *n)
{
	const struct fold *f = d->fold;
	struct diff_row *row = xcalloc(f->n, sizeof(*row));

	for (size_t i = 1; i < f->n; i++) {
		char *path = path_of(f, i);
		unsigned name = pool_add(d->names, path, strlen(path));

		row[i - 1].name = pool_str(d->names, name);
		add_row(&row[i - 1], d, i, 1);
		free(path);
	}
	*n = f->n - 1;
	qsort(row, *n, sizeof(*row), by_change);
	return row;
}

struct diff_row *diff_table(const struct diff *d, size_t *n)
{
	const struct fold *f = d->fold;
	size_t names = pool_count(d->names);
	struct diff_row *row = xcalloc(names + 1, sizeof(*row));
	uint32_t *inside = xcalloc(names + 1, sizeof(*inside));
	uint32_t i = f->node[0].child;

	for (size_t k = 0; k < names; k++)
		row[k].name = pool_str(d->names, k);
	/* Down and up the tree, counting how often a name is on the way. */
	while (i != FOLD_NONE && i) {
		unsigned name = f->node[i].name;

		add_row(&row[name], d, i, !inside[name]++);
		if (f->node[i].child != FOLD_NONE) {
			i = f->node[i].child;
			continue;
		}
		inside[name]--;
		while (i && f->node[i].next == FOLD_NONE) {
			i = f->node[i].parent;
			if (i)
				inside[f->node[i].name]--;
		}
		i = i ? f->node[i].next : 0;
	}
	free(inside);
	qsort(row, names, sizeof(*row), by_change);
	*n = names;
	return row;
}
