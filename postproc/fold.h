/* fold.h - stacks of names with counts, as a tree and as folded lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A folded line is "root;...;leaf COUNT". The fold owns its tree; names
 * are numbers in the caller's pool. Writes to the FILE it is given only.
 */
#ifndef LJSTAP_FOLD_H
#define LJSTAP_FOLD_H

#include <stdint.h>
#include <stdio.h>

#include "input.h"
#include "mem.h"

#define FOLD_NONE	UINT32_MAX

struct fold_node {
	unsigned name;		/* of the root: none */
	uint32_t parent;
	uint32_t child;		/* first one by name, after fold_finish() */
	uint32_t next;		/* sibling, likewise */
	uint32_t depth;		/* root: 0 */
	uint64_t self;
	uint64_t total;		/* with all below, after fold_finish() */
};

/* Node 0 is the root; a parent's number is smaller than its children's. */
struct fold {
	struct pool *names;
	struct fold_node *node;
	size_t n, max;
	struct index *index;	/* parent, name -> node */
};

/**
 * fold_new - an empty fold
 * @names: pool of names; must outlive it
 */
struct fold *fold_new(struct pool *names);

/**
 * fold_free - give a fold back
 * @f: the fold, or NULL
 */
void fold_free(struct fold *f);

/**
 * fold_add - count a stack
 * @f: the fold
 * @name: names, root first
 * @n: how many
 * @count: what to add
 */
void fold_add(struct fold *f, const unsigned *name, size_t n, uint64_t count);

/**
 * fold_child - the node of a name below a node
 * @f: the fold
 * @parent: the node; 0: the root
 * @name: the name
 *
 * Made if there was none. For who walks the tree himself; fold_add() for all
 * others.
 */
uint32_t fold_child(struct fold *f, uint32_t parent, unsigned name);

/**
 * fold_append - a new node below a node, whatever there is already
 * @f: the fold, to be finished by fold_finish_in_order()
 * @parent: the node; 0: the root
 * @name: the name
 */
uint32_t fold_append(struct fold *f, uint32_t parent, unsigned name);

/**
 * fold_read - count the stacks of folded text
 * @f: the fold
 * @in: the text
 * @bad: set to the number of lines that are none
 *
 * Returns 0, or -1 after a read error, which has been said.
 */
int fold_read(struct fold *f, struct input *in, uint64_t *bad);

/**
 * fold_finish - sort siblings by name and sum up
 * @f: the fold
 */
void fold_finish(struct fold *f);

/**
 * fold_finish_in_order - leave siblings as they came, and sum up
 * @f: the fold
 */
void fold_finish_in_order(struct fold *f);

/**
 * fold_write - write folded lines, in order of names
 * @f: the fold, finished
 * @out: where to; errors stay in it
 */
void fold_write(const struct fold *f, FILE *out);

#endif
