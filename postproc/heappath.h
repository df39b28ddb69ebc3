/* heappath.h - reference paths as a tree, folded so that it stays small.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A node stands for all objects that are reached alike: by the same labels.
 * A chain or a tree of objects that hold each other by the same field is one
 * node. 32 bytes a node, and 200 for what is counted in it. Does not print.
 */
#ifndef LJSTAP_HEAPPATH_H
#define LJSTAP_HEAPPATH_H

#include "fold.h"
#include "heapobj.h"

#define HEAPPATH_STAY	UINT32_MAX	/* a label: none, the same node */
#define HEAPPATH_CHILDREN 100		/* of a node; the others have one label;
					 * twice as many right below a root */
#define HEAPPATH_NODES	200000		/* then they stay at their parents */

struct heappath_count {
	uint64_t bytes, objects;
};

struct heappath_node {
	uint32_t parent, label, depth;
	uint32_t children;	/* that were made by name */
	struct heappath_count by[HEAP_TYPES];
	uint64_t retained;	/* heapdom_retained() */
};

/* Node 0 is the root. A parent's number is smaller than its children's. */
struct heappath {
	struct pool *labels;
	struct heappath_node *node;
	size_t n, max;
	struct index *made;	/* node and label -> node */
	uint32_t others, strings;	/* labels for what is too much */
};

/**
 * heappath_new - a tree with only its root
 * @labels: pool of labels, which are safe to print; must outlive it
 */
struct heappath *heappath_new(struct pool *labels);

/**
 * heappath_free - give it back
 * @hp: the tree, or NULL
 */
void heappath_free(struct heappath *hp);

/**
 * heappath_label - the number of a label
 * @hp: the tree
 * @s: the label
 */
uint32_t heappath_label(struct heappath *hp, const char *s);

/**
 * heappath_step - the node that a reference leads to
 * @hp: the tree
 * @node: where the reference is
 * @label: what it is called, HEAPPATH_STAY: nothing
 *
 * May be the node itself or one above it, if the label was met there; labels
 * that are no names fold only in pairs: (stack), [*], .*
 */
uint32_t heappath_step(struct heappath *hp, uint32_t node, uint32_t label);

/**
 * heappath_fold - the tree as stacks
 * @hp: the tree
 * @objects: count objects; else bytes
 *
 * The leaf of each stack is [type]. Names are labels in the pool of @hp.
 * Finished.
 */
struct fold *heappath_fold(const struct heappath *hp, int objects);

/**
 * heappath_text - the path of a node
 * @hp: the tree
 * @node: the node
 *
 * Returns a string to free().
 */
char *heappath_text(const struct heappath *hp, uint32_t node);

#endif
