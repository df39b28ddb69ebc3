/* caption.h - what is around a picture: title, lines below it, where from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same for every picture. Strings in it belong to the caption.
 */
#ifndef LJSTAP_CAPTION_H
#define LJSTAP_CAPTION_H

#include "pipeline.h"
#include "svg.h"

#define CAPTION_MARGIN	10	/* px, left and right of everything */
#define CAPTION_HEIGHT	66	/* px, of the three lines */
#define CAPTION_CHAR	7.23	/* px a column of a label or note takes */

struct caption {
	char *title, *subtitle, *notes;
	const struct profile *profile;	/* or NULL */
};

/**
 * caption_new - say what a pipeline's input is
 * @pl: the pipeline
 * @how: what was taken of it
 * @title: of the picture
 */
struct caption *caption_new(const struct pipeline *pl,
			    const struct pipeline_opts *how,
			    const char *title);

/**
 * caption_free - give it back
 * @c: the caption, or NULL
 */
void caption_free(struct caption *c);

/**
 * caption_note - add a note, after a comma
 * @c: the caption
 * @fmt: as for printf()
 */
void caption_note(struct caption *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * caption_clean - make what users gave safe to write; after the last note
 * @c: the caption
 */
void caption_clean(struct caption *c);

/**
 * caption_begin - start the picture of a caption
 * @c: the caption
 * @out: where to
 * @width: px
 * @height: px
 * @class: of the picture
 * @css: style sheets, NULL at the end
 *
 * As svg_begin(), with paper, title and lines.
 */
struct svg *caption_begin(const struct caption *c, FILE *out, unsigned width,
			  unsigned height, const char *class,
			  const char *const *css);

/**
 * caption_facts - write provenance, inside an element that is open
 * @c: the caption
 * @s: the picture
 */
void caption_facts(const struct caption *c, struct svg *s);

/**
 * caption_fit - the start of a text that fits
 * @text: the text
 * @width: px
 *
 * Returns a string to free().
 */
char *caption_fit(const char *text, double width);

#endif
