/* draw_flame.h - a fold -> the picture of a flame graph.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One self-contained SVG: frames wide enough to be seen, right without any
 * script; the whole tree (treetext.h); and the script that shows it, from
 * templates/. The same input gives the same bytes.
 */
#ifndef LJSTAP_DRAW_FLAME_H
#define LJSTAP_DRAW_FLAME_H

#include "caption.h"
#include "diff.h"

struct draw_flame {
	const struct fold *fold;	/* what is drawn */
	const struct fold *detail;	/* what the script has, if more */
	const struct diff *diff;	/* of that fold; NULL: none */
	const char *unit;		/* of counts, "samples" */
	unsigned width;			/* px */
	double minwidth;		/* px, narrower frames are merged */
	int lines;			/* lines are shown from the start */
	int icicle;			/* root on top */
	int chart;			/* x is time, counts are ns */
	uint64_t from;			/* of a chart: where it starts, ns */
};

/**
 * draw_flame - draw it
 * @d: what
 * @c: what is around it; gets notes, and is cleaned
 * @out: where to; write errors stay in it
 *
 * Returns 0, or -1 after saying that the picture could not be made.
 */
int draw_flame(const struct draw_flame *d, struct caption *c, FILE *out);

#endif
