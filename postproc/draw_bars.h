/* draw_bars.h - sums by class -> a bar chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_DRAW_BARS_H
#define LJSTAP_DRAW_BARS_H

#include "caption.h"

#define DRAW_BARS_LAYERS	6	/* as many colors as a curve has */

/* struct bars - bars of layers, from the bottom to the top */
struct bars {
	size_t n, layers;
	const char *const *name;	/* below each bar */
	const char *const *note;	/* above each bar; NULL: none */
	const char *const *layer;	/* names of the layers */
	const double *value;		/* n * layers of them */
	const char *unit;
};

/**
 * draw_bars - draw them
 * @b: the bars, at most DRAW_BARS_LAYERS layers
 * @width: px
 * @c: what is around it; is cleaned
 * @out: where to; write errors stay in it
 *
 * Layers that are 0 everywhere are left out. Returns 0, or -1 after saying that
 * the picture could not be made.
 */
int draw_bars(const struct bars *b, unsigned width, struct caption *c,
	      FILE *out);

#endif
