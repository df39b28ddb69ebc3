/* diff.h - two folds -> one, with what each of them has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A stack of the union is as wide as the larger of both sides, so that what
 * is gone keeps its place: each frame is what stayed, and what is new, and
 * what is gone.
 */
#ifndef LJSTAP_DIFF_H
#define LJSTAP_DIFF_H

#include "fold.h"

struct diff_node {
	uint64_t before, after;		/* totals, as counted */
	uint64_t fresh, gone;		/* in units of the fold's totals */
};

struct diff {
	struct pool *names;
	struct fold *fold;		/* of the union, finished */
	struct diff_node *node;		/* by node of it */
	double scale;			/* counts before are taken times this */
	double unit;			/* a count after, in the fold's units */
};

/**
 * diff_new - compare
 * @before: one side, finished
 * @after: the other
 * @normalise: scale the one so that both have the same total
 */
struct diff *diff_new(const struct fold *before, const struct fold *after,
		      int normalise);

/**
 * diff_free - give it back
 * @d: the difference, or NULL
 */
void diff_free(struct diff *d);

/* A function, whatever it was called by. */
struct diff_row {
	const char *name;
	double self[2], total[2];	/* before scaled, after */
};

/**
 * diff_table - the functions, those whose own time changed most first
 * @d: the difference
 * @n: set to how many
 *
 * Recursion counts once. Returns rows to free(); names last as long as @d.
 */
struct diff_row *diff_table(const struct diff *d, size_t *n);

/**
 * diff_paths - the same of whole stacks, each with the frames above it
 * @d: the difference
 * @n: set to how many
 *
 * Its names are stacks as in a folded line.
 */
struct diff_row *diff_paths(const struct diff *d, size_t *n);

#endif
