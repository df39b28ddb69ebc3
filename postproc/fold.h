/* fold.h - stacks of names with counts, as a tree and as folded lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A folded line is "root;...;leaf COUNT". Before the first there may be lines
 * "# ljstap unit: bytes"; title and note likewise. The fold owns its tree; names
 * are numbers in the caller's pool. Writes to the FILE it is given only.
 * 40 bytes a node, 64 at the moment it is finished.
 */
#ifndef LJSTAP_FOLD_H
#define LJSTAP_FOLD_H

#include <stdint.h>
#include <stdio.h>

#include "mem.h"

#define FOLD_NONE	UINT32_MAX
#define FOLD_PARTS	1000000u	/* of 1, if counts have fractions */
#define FOLD_COUNT	32		/* bytes of a count as text */

struct fold_node {
	unsigned name;		/* of the root: none */
	uint32_t parent;
	uint32_t child;		/* first one by name, after fold_finish() */
	uint32_t next;		/* sibling, likewise */
	uint32_t depth;		/* root: 0 */
	uint64_t self;
	uint64_t total;		/* with all below, after fold_finish() */
};

/* Node 0 is the root. Before it is finished, a parent's number is smaller than
 * its children's; then all that is below a node follows it, child by child. */
struct fold {
	struct pool *names;
	struct fold_node *node;		/* there after fold_finish() */
	size_t n;
	uint32_t scale;		/* what self and total say for a count of 1:
				 * 1, or FOLD_PARTS */
	struct fold_build *build;	/* NULL after fold_finish() */
	char *unit;		/* what counts count, and what else who made
				 * it said of it; owned, NULL: nothing */
	char *title, *note;
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
 * fold_push - the next frame of a stack, root first
 * @f: the fold, not finished
 * @name: its name
 */
void fold_push(struct fold *f, unsigned name);

/**
 * fold_end - count the stack that was pushed
 * @f: the fold, not finished
 * @count: what to add, in units of the fold's scale
 *
 * Sums that do not fit stay at the largest number.
 */
void fold_end(struct fold *f, uint64_t count);

/**
 * fold_settle - put what was given so far into the tree
 * @f: the fold, not finished
 *
 * The last stack waits until the next one is there; before n is used, call
 * this. The other functions here do.
 */
void fold_settle(struct fold *f);

/**
 * fold_add - both at once
 * @f: the fold, not finished
 * @name: names, root first
 * @n: how many
 * @count: as above
 */
void fold_add(struct fold *f, const unsigned *name, size_t n, uint64_t count);

/**
 * fold_child - the node of a name below a node, made if there was none
 * @f: the fold, not finished
 * @parent: the node; 0: the root
 * @name: the name
 *
 * For who walks the tree himself: costs as many steps as the node is deep.
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
 * fold_self - the count of a node before there are nodes
 * @f: the fold, not finished
 * @node: its number
 *
 * Lasts until the next node is made.
 */
uint64_t *fold_self(struct fold *f, uint32_t node);

/**
 * fold_name - likewise the name of a node
 * @f: the fold, not finished
 * @node: its number
 */
unsigned fold_name(const struct fold *f, uint32_t node);

/**
 * fold_fractions - make room for counts with a fraction
 * @f: the fold; its scale is FOLD_PARTS afterwards
 */
void fold_fractions(struct fold *f);

/**
 * fold_finish - sort siblings by name and sum up
 * @f: the fold
 */
void fold_finish(struct fold *f);

/**
 * fold_finish_moved - the same
 * @f: the fold
 *
 * Returns the new number of each node; free() it.
 */
uint32_t *fold_finish_moved(struct fold *f);

/**
 * fold_finish_in_order - leave siblings as they came, and sum up
 * @f: the fold
 */
void fold_finish_in_order(struct fold *f);

/**
 * fold_count - a count as text
 * @f: the fold
 * @count: self or total, or a sum of them
 * @buf: gets the text
 *
 * Returns buf.
 */
const char *fold_count(const struct fold *f, uint64_t count,
		       char buf[FOLD_COUNT]);

/**
 * fold_head - set unit, title or note from a line of text
 * @f: the fold
 * @s: the line
 * @n: its bytes
 *
 * Returns 0, or -1: it is no such line.
 */
int fold_head(struct fold *f, const char *s, size_t n);

/**
 * fold_write - write folded lines, in order of names
 * @f: the fold, finished
 * @out: where to; errors stay in it
 */
void fold_write(const struct fold *f, FILE *out);

#endif
