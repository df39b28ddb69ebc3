/* svg.h - rectangles -> an SVG picture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only user of libxml2. The same input gives the same bytes. Names
 * must be clean (see clean_name()); the XML writer escapes them.
 */
#ifndef LJSTAP_SVG_H
#define LJSTAP_SVG_H

#include <stdio.h>

#include "flame.h"
#include "fold.h"

struct svg_text {
	const char *title;
	const char *subtitle;
	const char *notes;	/* a second line; NULL: none */
	const char *unit;	/* of counts, "samples" */
	unsigned width;		/* px */
};

/**
 * svg_write - draw a flame graph
 * @out: where to; write errors stay in it
 * @fl: the rectangles
 * @f: their names
 * @text: what is around them
 *
 * Returns 0, or -1 after saying that the picture could not be made.
 */
int svg_write(FILE *out, const struct flame *fl, const struct fold *f,
	      const struct svg_text *text);

/**
 * svg_frames_width - pixels the whole count is wide
 * @width: of the picture, px
 */
unsigned svg_frames_width(unsigned width);

#endif
