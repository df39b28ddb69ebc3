/* treetext.h - a fold as the compact text which a picture carries.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The script of a picture reads it (templates/flame.js, decode()), so that
 * zoom and search know every frame, not only those wide enough to be drawn.
 *
 * names: a line each, sorted; its first character is the layer, a digit of
 * base 36 (enum flame_layer). Names are numbered by line, from 0; line 0 is
 * the root's.
 *
 * tree: the nodes, each after its parent and before its next sibling:
 *
 *   UP NAME[.TOTAL[.TOTAL2]]
 *
 * UP, capital letters: how many levels to climb from the node before: A none
 * (a child of it), B one (a sibling), ...; each Z means 25 and go on. NAME and
 * the totals are numbers of base 36. Totals are left out from the right as
 * long as they equal the parent's.
 */
#ifndef LJSTAP_TREETEXT_H
#define LJSTAP_TREETEXT_H

#include "fold.h"

struct treetext {
	char *names, *tree;
	size_t nnames, ntree;	/* bytes */
	size_t maxnames, maxtree;
	size_t pruned;		/* nodes left out to bound the size */
	uint64_t pruned_count;	/* and how much they stand for */
};

/**
 * treetext_new - make the text of a fold
 * @f: the fold, finished
 * @total: totals by node, or NULL: those of the fold
 * @total2: other totals by node, or NULL: none
 * @most: nodes at most; the smallest are left out
 */
struct treetext *treetext_new(const struct fold *f, const uint64_t *total,
			      const uint64_t *total2, size_t most);

/**
 * treetext_free - give it back
 * @t: the text, or NULL
 */
void treetext_free(struct treetext *t);

#endif
