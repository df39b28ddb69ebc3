/* axis.h - the scale below a picture: ticks at round numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_AXIS_H
#define LJSTAP_AXIS_H

#include "svg.h"

struct axis {
	double from, to;	/* values at both ends */
	double x, y, width;	/* px, of the line */
	const char *unit;	/* after each number */
};

/**
 * axis_step - a round number that makes a few steps
 * @span: of all steps together
 * @most: steps
 *
 * 1, 2 or 5 times a power of ten.
 */
double axis_step(double span, double most);

/**
 * axis_draw - draw a scale from left to right, numbers below the line
 * @s: the picture
 * @a: the axis
 */
void axis_draw(struct svg *s, const struct axis *a);

#endif
