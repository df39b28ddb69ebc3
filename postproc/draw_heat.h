/* draw_heat.h - samples over time -> the picture of a heat map.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_DRAW_HEAT_H
#define LJSTAP_DRAW_HEAT_H

#include "caption.h"
#include "heat.h"

/**
 * draw_heat - draw it
 * @h: the counts
 * @unit: of them
 * @c: what is around it; is cleaned
 * @out: where to; write errors stay in it
 *
 * Returns 0, or -1 after saying that the picture could not be made.
 */
int draw_heat(const struct heat *h, const char *unit, struct caption *c,
	      FILE *out);

#endif
