/* draw_curve.h - a table of numbers over time -> a line chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_DRAW_CURVE_H
#define LJSTAP_DRAW_CURVE_H

#include "caption.h"
#include "curve.h"

/**
 * draw_curve - draw it
 * @t: the table
 * @unit: of its numbers, "%"
 * @width: px
 * @c: what is around it; is cleaned
 * @out: where to; write errors stay in it
 *
 * Returns 0, or -1 after saying that the picture could not be made.
 */
int draw_curve(const struct curve *t, const char *unit, unsigned width,
	       struct caption *c, FILE *out);

#endif
