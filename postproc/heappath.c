/* heappath.c - reference paths as a tree, folded so that it stays small.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "heappath.h"

#define UP		64	/* ancestors compared with a new label */

static uint32_t add_node(struct heappath *hp, uint32_t parent, uint32_t label)
{
	struct heappath_node *x;

	hp->node = xgrow(hp->node, hp->n, &hp->max, sizeof(*x));
	x = &hp->node[hp->n];
	memset(x, 0, sizeof(*x));
	x->parent = parent;
	x->label = label;
	x->depth = hp->n ? hp->node[parent].depth + 1 : 0;
	return hp->n++;
}

struct heappath *heappath_new(struct pool *labels)
{
	struct heappath *hp = xcalloc(1, sizeof(*hp));

	hp->labels = labels;
	hp->made = index_new();
	hp->others = heappath_label(hp, "(others)");
	hp->strings = heappath_label(hp, ".*");
	add_node(hp, 0, heappath_label(hp, ""));
	return hp;
}

void heappath_free(struct heappath *hp)
{
	if (!hp)
		return;
	index_free(hp->made);
	free(hp->node);
	free(hp);
}

uint32_t heappath_label(struct heappath *hp, const char *s)
{
	return pool_add(hp->labels, s, strlen(s));
}

static int is_generic(const struct heappath *hp, uint32_t label)
{
	const char *s = pool_str(hp->labels, label);

	return *s == '(' || *s == '[' || !strcmp(s, ".*");
}

/* An ancestor that was reached alike, or 0. */
static uint32_t met_above(const struct heappath *hp, uint32_t node,
			  uint32_t label)
{
	int generic = is_generic(hp, label);
	uint32_t above = node;

	for (int i = 0; above && i < UP; i++) {
		const struct heappath_node *x = &hp->node[above];

		if (x->label == label &&
		    (!generic ||
		     hp->node[x->parent].label == hp->node[node].label))
			return above;
		above = x->parent;
	}
	return 0;
}

static uint32_t capped(struct heappath *hp, uint32_t node, uint32_t label)
{
	uint32_t depth = hp->node[node].depth;

	/* Roots have as many names as the program gave them. */
	if (depth <= 1 || is_generic(hp, label) ||
	    hp->node[node].children <
			(depth == 2 ? 2 * HEAPPATH_CHILDREN : HEAPPATH_CHILDREN))
		return label;
	return *pool_str(hp->labels, label) == '.' ? hp->strings : hp->others;
}

static uint32_t find_step(struct heappath *hp, uint32_t node, uint32_t label)
{
	uint32_t to = met_above(hp, node, label), less;

	if (to)
		return to;
	less = capped(hp, node, label);
	if (less != label)
		return heappath_step(hp, node, less);
	if (hp->n >= HEAPPATH_NODES)
		return node;
	to = add_node(hp, node, label);
	hp->node[node].children++;
	return to;
}

uint32_t heappath_step(struct heappath *hp, uint32_t node, uint32_t label)
{
	uint64_t key = (uint64_t)node << 32 | label;
	long to;

	if (label == HEAPPATH_STAY)
		return node;
	to = index_get(hp->made, key);
	if (to < 0) {
		to = find_step(hp, node, label);
		/* Not every name of a large table. */
		if (capped(hp, node, label) == label)
			index_put(hp->made, key, to);
	}
	return to;
}

struct fold *heappath_fold(const struct heappath *hp, int objects)
{
	struct fold *f = fold_new(hp->labels);
	uint32_t *at = xcalloc(hp->n, sizeof(*at));
	uint32_t type[HEAP_TYPES];
	char name[32];

	for (int t = 0; t < HEAP_TYPES; t++) {
		snprintf(name, sizeof(name), "[%s]", lj_type_name(t));
		type[t] = pool_add(hp->labels, name, strlen(name));
	}
	for (size_t i = 0; i < hp->n; i++) {
		const struct heappath_node *x = &hp->node[i];

		if (i)
			at[i] = fold_child(f, at[x->parent], x->label);
		for (int t = 0; t < HEAP_TYPES; t++) {
			const struct heappath_count *c = &x->by[t];
			uint32_t leaf;

			if (!(objects ? c->objects : c->bytes))
				continue;
			/* Type 0: it is no object, and needs no leaf. */
			leaf = t ? fold_child(f, at[i], type[t]) : at[i];
			*fold_self(f, leaf) += objects ? c->objects : c->bytes;
		}
	}
	free(at);
	fold_finish(f);
	return f;
}

char *heappath_text(const struct heappath *hp, uint32_t node)
{
	char *text = xstrdup(""), *longer;

	for (; node; node = hp->node[node].parent) {
		const char *s = pool_str(hp->labels, hp->node[node].label);
		const char *mid = *text && *text != '.' && *text != '[' ? " " : "";

		longer = xasprintf("%s%s%s", s, mid, text);
		free(text);
		text = longer;
	}
	return text;
}
