/* tops.c - a fold -> a table: what takes most.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "flame.h"
#include "framename.h"
#include "tops.h"

enum kind { UNKNOWN, ROW, NO_ROW };

struct builder {
	const struct fold *f;
	enum tops_by by;
	unsigned char *kind;	/* of each name */
	uint32_t *open;		/* how often each name is on the path */
	uint64_t *self, *total;	/* of each name */
	uint64_t rest;		/* self of stacks without a row */
	unsigned *owner;	/* of each depth: the name of its row */
	size_t maxowner;
};

static int has_row(struct builder *b, uint32_t node)
{
	const struct fold_node *x = &b->f->node[node];
	const char *name = pool_str(b->f->names, x->name);
	const char *above;

	if (b->by == TOPS_FRAMES)
		return 1;
	if (b->by == TOPS_LINES) {
		if (!x->parent)
			return 0;
		above = pool_str(b->f->names, b->f->node[x->parent].name);
		return framename_line(above, name) >= 0;
	}
	if (!b->kind[x->name])
		b->kind[x->name] = flame_layer(name) == FLAME_LUA ? ROW :
								    NO_ROW;
	return b->kind[x->name] == ROW;
}

static void enter(struct builder *b, uint32_t node)
{
	const struct fold_node *x = &b->f->node[node];
	unsigned owner;

	b->owner = xgrow(b->owner, x->depth, &b->maxowner, sizeof(*b->owner));
	owner = x->depth > 1 ? b->owner[x->depth - 1] : TOPS_NONE;
	if (has_row(b, node)) {
		owner = x->name;
		if (!b->open[owner]++)
			b->total[owner] += x->total;
	}
	b->owner[x->depth] = owner;
	if (owner == TOPS_NONE)
		b->rest += x->self;
	else
		b->self[owner] += x->self;
}

static void leave(struct builder *b, uint32_t node)
{
	if (has_row(b, node))
		b->open[b->f->node[node].name]--;
}

static void walk(struct builder *b)
{
	const struct fold_node *all = b->f->node;
	uint32_t at = all[0].child;

	while (at != FOLD_NONE) {
		enter(b, at);
		if (all[at].child != FOLD_NONE) {
			at = all[at].child;
			continue;
		}
		leave(b, at);
		while (all[at].next == FOLD_NONE) {
			at = all[at].parent;
			if (!at)
				return;
			leave(b, at);
		}
		at = all[at].next;
	}
}

static int by_size(const void *a, const void *b, void *names)
{
	const struct tops_row *x = a, *y = b;

	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	if (x->name == TOPS_NONE || y->name == TOPS_NONE)
		return x->name == TOPS_NONE ? 1 : -1;
	return strcmp(pool_str(names, x->name), pool_str(names, y->name));
}

struct tops *tops_new(const struct fold *f, enum tops_by by)
{
	size_t names = pool_count(f->names);
	struct tops *t = xcalloc(1, sizeof(*t));
	struct builder b = { .f = f, .by = by };

	b.kind = xcalloc(names, 1);
	b.open = xcalloc(names, sizeof(*b.open));
	b.self = xcalloc(names, sizeof(*b.self));
	b.total = xcalloc(names, sizeof(*b.total));
	walk(&b);
	t->total = f->node[0].total;
	t->row = xcalloc(names + 1, sizeof(*t->row));
	for (size_t i = 0; i < names; i++)
		if (b.total[i])
			t->row[t->n++] = (struct tops_row){ i, b.self[i],
							    b.total[i] };
	if (b.rest)
		t->row[t->n++] = (struct tops_row){ TOPS_NONE, b.rest,
						    b.rest };
	qsort_r(t->row, t->n, sizeof(*t->row), by_size, f->names);
	free(b.kind);
	free(b.open);
	free(b.self);
	free(b.total);
	free(b.owner);
	return t;
}

void tops_free(struct tops *t)
{
	if (!t)
		return;
	free(t->row);
	free(t);
}

const char *tops_name(const struct fold *f, const struct tops_row *r)
{
	return r->name == TOPS_NONE ? "[none]" : pool_str(f->names, r->name);
}
