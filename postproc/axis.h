/* axis.h - the scales of a picture: ticks and lines at round numbers.
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

/**
 * axis_round - the round number that is a whole number of steps, and no less
 * @most: the largest value; 1 stands for 0 and less
 * @steps: steps, at most
 */
double axis_round(double most, double steps);

/**
 * axis_lines - draw lines across an area, numbers at their left
 * @s: the picture
 * @a: from 0 to axis_round(); y is that of 0
 * @tall: px, of the area
 * @steps: as above
 */
void axis_lines(struct svg *s, const struct axis *a, double tall, double steps);

#endif
