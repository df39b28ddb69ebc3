/* tops.h - a fold -> a table: what takes most.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_TOPS_H
#define LJSTAP_TOPS_H

#include "fold.h"

/* What has a row. What has none counts as self of the row below it, in the
 * direction of the root. */
enum tops_by {
	TOPS_FRAMES,	/* every frame */
	TOPS_LUA,	/* Lua functions */
	TOPS_LINES,	/* lines of Lua functions, of a fold line by line */
};

struct tops_row {
	unsigned name;		/* TOPS_NONE: stacks without any row */
	uint64_t self;
	uint64_t total;		/* once a stack, however often it is in it */
};

#define TOPS_NONE	0xffffffffu

struct tops {
	struct tops_row *row;	/* largest self first, then total, name */
	size_t n;
	uint64_t total;		/* of the fold: the sum of all self */
};

/**
 * tops_new - make a table
 * @f: the fold, finished
 * @by: what has a row
 */
struct tops *tops_new(const struct fold *f, enum tops_by by);

/**
 * tops_free - give a table back
 * @t: the table, or NULL
 */
void tops_free(struct tops *t);

/**
 * tops_name - what a row is called
 * @f: the fold
 * @r: the row
 */
const char *tops_name(const struct fold *f, const struct tops_row *r);

#endif
