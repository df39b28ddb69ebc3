/* treetext.c - a fold as the compact text which a picture carries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "flame.h"
#include "treetext.h"

#define LEVELS	25	/* of one letter */

struct writer {
	const struct fold *f;
	const uint64_t *total, *total2;	/* NULL: the nodes' own */
	size_t written;		/* nodes */
	uint64_t least;		/* nodes of less are left out */
	unsigned *rank;		/* of each name */
	struct treetext *t;
};

static void put(char **buf, size_t *n, size_t *max, const char *s, size_t len)
{
	if (*n + len > *max) {
		*max = (*n + len) * 2;
		*buf = xrealloc(*buf, *max, 1);
	}
	memcpy(*buf + *n, s, len);
	*n += len;
}

static void put_tree(struct treetext *t, const char *s, size_t len)
{
	put(&t->tree, &t->ntree, &t->maxtree, s, len);
}

static void put_name(struct treetext *t, const char *s, size_t len)
{
	put(&t->names, &t->nnames, &t->maxnames, s, len);
}

static void put_number(struct treetext *t, uint64_t v)
{
	char buf[16];
	size_t i = sizeof(buf);

	do
		buf[--i] = "0123456789abcdefghijklmnopqrstuvwxyz"[v % 36];
	while (v /= 36);
	put_tree(t, buf + i, sizeof(buf) - i);
}

/* -- Names -------------------------------------------------------------- */

struct ranked {
	const char *s;
	unsigned id;
};

static int by_string(const void *a, const void *b)
{
	return strcmp(((const struct ranked *)a)->s,
		      ((const struct ranked *)b)->s);
}

static void rank_names(struct writer *w)
{
	const struct fold *f = w->f;
	size_t n = 0, names = pool_count(f->names);
	struct ranked *r = xcalloc(names + 1, sizeof(*r));

	w->rank = xcalloc(names + 1, sizeof(*w->rank));
	for (size_t i = 1; i < f->n; i++) {
		unsigned id = f->node[i].name;

		if (w->rank[id])
			continue;
		w->rank[id] = 1;
		r[n++] = (struct ranked){ pool_str(f->names, id), id };
	}
	qsort(r, n, sizeof(*r), by_string);
	put_name(w->t, "0all", 4);
	for (size_t i = 0; i < n; i++) {
		char layer[2] = { '\n', '0' + flame_layer(r[i].s) };

		w->rank[r[i].id] = i + 1;
		put_name(w->t, layer, 2);
		put_name(w->t, r[i].s, strlen(r[i].s));
	}
	free(r);
}

/* -- Nodes -------------------------------------------------------------- */

/* The smallest power of two that leaves no more than so many nodes. */
static uint64_t least_total(const struct fold *f, size_t most)
{
	size_t bits[65] = { 0 }, n = 0;
	int b;

	for (size_t i = 0; i < f->n; i++)
		bits[f->node[i].total ?
		     64 - __builtin_clzll(f->node[i].total) : 0]++;
	for (b = 64; b > 0; b--) {
		if (n + bits[b] > most)
			return b < 64 ? 1ull << b : UINT64_MAX;
		n += bits[b];
	}
	return n + bits[0] > most ? 1 : 0;
}

static uint64_t total_of(const struct writer *w, uint32_t i)
{
	return w->total ? w->total[i] : w->f->node[i].total;
}

static void put_node(struct writer *w, uint32_t i, size_t up)
{
	const struct fold_node *node = &w->f->node[i];
	uint32_t parent = node->parent;
	char letter;
	int other;

	for (; up >= LEVELS; up -= LEVELS)
		put_tree(w->t, "Z", 1);
	w->written++;
	letter = 'A' + up;
	put_tree(w->t, &letter, 1);
	put_number(w->t, i ? w->rank[node->name] : 0);
	other = w->total2 && (!i || w->total2[i] != w->total2[parent]);
	if (other || !i || total_of(w, i) != total_of(w, parent)) {
		put_tree(w->t, ".", 1);
		put_number(w->t, total_of(w, i));
	}
	if (other) {
		put_tree(w->t, ".", 1);
		put_number(w->t, w->total2[i]);
	}
}

/* What is below a node that is too small is so, too. */
static void put_nodes(struct writer *w)
{
	const struct fold *f = w->f;
	uint32_t last = 0;

	put_node(w, 0, 0);
	for (size_t i = 1; i < f->n; i++) {
		const struct fold_node *node = &f->node[i];

		if (node->total >= w->least) {
			put_node(w, i, f->node[last].depth + 1 - node->depth);
			last = i;
		} else if (!node->parent ||
			   f->node[node->parent].total >= w->least) {
			w->t->pruned_count += node->total;
		}
	}
}

struct treetext *treetext_new(const struct fold *f, const uint64_t *total,
			      const uint64_t *total2, size_t most)
{
	struct treetext *t = xcalloc(1, sizeof(*t));
	struct writer w = { .f = f, .total = total, .total2 = total2, .t = t };

	w.least = least_total(f, most);
	rank_names(&w);
	put_nodes(&w);
	t->pruned = f->n - w.written;
	put_name(t, "", 1);
	put_tree(t, "", 1);
	t->nnames--;
	t->ntree--;
	free(w.rank);
	return t;
}

void treetext_free(struct treetext *t)
{
	if (!t)
		return;
	free(t->names);
	free(t->tree);
	free(t);
}
