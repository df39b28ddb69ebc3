/* curve.h - a table of numbers over time, read from CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The first line names the columns, the first of which is the time in
 * seconds: "time,with,without". A field may be empty: nothing is known then.
 */
#ifndef LJSTAP_CURVE_H
#define LJSTAP_CURVE_H

#include "input.h"

#define CURVE_SERIES	6	/* columns at most, besides the time */

struct curve {
	char *name[CURVE_SERIES + 1];	/* of the columns, the time's first */
	size_t columns;			/* the time's included */
	double *value;			/* by row, then column; NAN: none */
	size_t rows, max;
};

/**
 * curve_new - an empty table
 * @name: names of its columns, the time's first; copied, made safe
 * @columns: how many, 2 to CURVE_SERIES + 1
 */
struct curve *curve_new(const char *const *name, size_t columns);

/**
 * curve_add - add a row
 * @c: the table
 * @row: the time, not before the last one, and the numbers; NAN: none
 */
void curve_add(struct curve *c, const double *row);

/**
 * curve_read - read a table
 * @in: where from
 *
 * Returns NULL, having said why, if it is none.
 */
struct curve *curve_read(struct input *in);

/**
 * curve_crop - drop the rows before and after a span
 * @c: the table
 * @from: its first moment
 * @to: the moment after it
 */
void curve_crop(struct curve *c, double from, double to);

/**
 * curve_free - give it back
 * @c: the table, or NULL
 */
void curve_free(struct curve *c);

#endif
