/* heapdom.c - who keeps what: dominators of the nodes of a path tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The algorithm of Cooper, Harvey and Kennedy: nodes in reverse postorder,
 * each one's dominator is what the dominators of its predecessors have in
 * common, again until nothing changes.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "heapdom.h"

#define NRECENT		4096

struct edge {
	uint32_t from, to;
};

struct heapdom {
	struct edge recent[NRECENT];	/* most references are like another */
	struct index *known;
	struct edge *edge;
	size_t n, max;
};

struct heapdom *heapdom_new(void)
{
	struct heapdom *d = xcalloc(1, sizeof(*d));

	d->known = index_new();
	return d;
}

void heapdom_free(struct heapdom *d)
{
	if (!d)
		return;
	index_free(d->known);
	free(d->edge);
	free(d);
}

void heapdom_edge(struct heapdom *d, uint32_t from, uint32_t to)
{
	struct edge *e = &d->recent[(from * 31 + to) % NRECENT];
	uint64_t key = (uint64_t)from << 32 | to;

	if (from == to || (e->from == from && e->to == to))
		return;
	*e = (struct edge){ from, to };
	if (index_get(d->known, key) >= 0)
		return;
	index_put(d->known, key, 0);
	d->edge = xgrow(d->edge, d->n, &d->max, sizeof(*d->edge));
	d->edge[d->n++] = *e;
}

/* struct graph - the references, by node */
struct graph {
	size_t n;
	uint32_t *first;	/* n + 1: a node's part of other[] */
	uint32_t *other;
};

static struct graph make_graph(const struct heapdom *d, size_t n, int backward)
{
	struct graph g = { n, xcalloc(n + 2, sizeof(uint32_t)),
			   xcalloc(d->n + 1, sizeof(uint32_t)) };

	for (size_t i = 0; i < d->n; i++)
		g.first[(backward ? d->edge[i].to : d->edge[i].from) + 2]++;
	for (size_t i = 0; i < n; i++)
		g.first[i + 2] += g.first[i + 1];
	for (size_t i = 0; i < d->n; i++) {
		const struct edge *e = &d->edge[i];

		if (backward)
			g.other[g.first[e->to + 1]++] = e->from;
		else
			g.other[g.first[e->from + 1]++] = e->to;
	}
	return g;
}

static void free_graph(struct graph *g)
{
	free(g->first);
	free(g->other);
}

/* Nodes in postorder; place[] of those that are not reached stays 0, that
 * of the root is the largest. Returns how many are reached. */
static size_t postorder(const struct graph *g, uint32_t *order,
			uint32_t *place)
{
	uint32_t *stack = xcalloc(g->n, sizeof(*stack));
	uint32_t *next = xcalloc(g->n, sizeof(*next));
	size_t depth = 0, done = 0;

	stack[depth++] = 0;
	next[0] = g->first[0];
	place[0] = 1;
	while (depth) {
		uint32_t at = stack[depth - 1], to;

		if (next[at] == g->first[at + 1]) {
			order[done++] = at;
			place[at] = done;
			depth--;
			continue;
		}
		to = g->other[next[at]++];
		if (place[to])
			continue;
		place[to] = 1;
		next[to] = g->first[to];
		stack[depth++] = to;
	}
	free(stack);
	free(next);
	return done;
}

static uint32_t common(const uint32_t *idom, const uint32_t *place, uint32_t a,
		       uint32_t b)
{
	while (a != b) {
		while (place[a] < place[b])
			a = idom[a];
		while (place[b] < place[a])
			b = idom[b];
	}
	return a;
}

static uint32_t *dominators(const struct graph *back, const uint32_t *order,
			    const uint32_t *place, size_t reached)
{
	uint32_t *idom = xmalloc(back->n * sizeof(*idom));
	int changed = 1;

	memset(idom, 0xff, back->n * sizeof(*idom));
	idom[0] = 0;
	while (changed) {
		changed = 0;
		for (size_t i = reached - 1; i-- > 0;) {
			uint32_t x = order[i], dom = FOLD_NONE, k;

			for (k = back->first[x]; k < back->first[x + 1]; k++) {
				uint32_t p = back->other[k];

				if (idom[p] == FOLD_NONE)
					continue;
				dom = dom == FOLD_NONE ? p :
				      common(idom, place, dom, p);
			}
			if (idom[x] != dom) {
				idom[x] = dom;
				changed = 1;
			}
		}
	}
	return idom;
}

void heapdom_retained(struct heapdom *d, struct heappath *hp)
{
	uint32_t *order = xcalloc(hp->n, sizeof(*order));
	uint32_t *place = xcalloc(hp->n, sizeof(*place));
	struct graph fore = make_graph(d, hp->n, 0);
	struct graph back = make_graph(d, hp->n, 1);
	size_t reached = postorder(&fore, order, place);
	uint32_t *idom = dominators(&back, order, place, reached);

	for (size_t i = 0; i < hp->n; i++) {
		struct heappath_node *x = &hp->node[i];

		x->retained = 0;
		for (int t = 0; t < HEAP_TYPES; t++)
			x->retained += x->by[t].bytes;
	}
	/* A dominator is later in postorder than what it dominates. */
	for (size_t i = 0; i + 1 < reached; i++)
		hp->node[idom[order[i]]].retained +=
			hp->node[order[i]].retained;
	free_graph(&fore);
	free_graph(&back);
	free(idom);
	free(order);
	free(place);
}
