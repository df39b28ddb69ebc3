/* svg.h - elements, attributes and text -> an SVG file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only user of libxml2; what is drawn is the business of draw_*.c. The
 * same calls give the same bytes. Texts must be clean (see clean_name()); the
 * writer escapes them. Errors are kept until svg_end().
 */
#ifndef LJSTAP_SVG_H
#define LJSTAP_SVG_H

#include <stdint.h>
#include <stdio.h>

#define SVG_NUMBER	24	/* bytes of a number as text */

struct svg;

/**
 * svg_begin - start a picture
 * @out: where to; write errors stay in it
 * @width: px
 * @height: px
 * @class: of the root element
 *
 * Leaves the root element open. Returns NULL, having said why, if there is
 * no memory for it.
 */
struct svg *svg_begin(FILE *out, unsigned width, unsigned height,
		      const char *class);

/**
 * svg_html - start a page instead
 * @out: where to; write errors stay in it
 *
 * As svg_begin(); html is open. All calls below do for a page, too.
 */
struct svg *svg_html(FILE *out);

/**
 * svg_close_void - end an element of HTML that never has an end tag: img
 * @s: the page
 */
void svg_close_void(struct svg *s);

/**
 * svg_end - close what is open, and free it
 * @s: the picture, or NULL
 *
 * Returns 0, or -1 if the picture could not be made; a write error is not
 * said here but by who closes the stream.
 */
int svg_end(struct svg *s);

/**
 * svg_open - start an element
 * @s: the picture
 * @element: its name
 */
void svg_open(struct svg *s, const char *element);

/**
 * svg_close - end the innermost open element
 * @s: the picture
 */
void svg_close(struct svg *s);

/**
 * svg_attr - an attribute of the element just opened
 * @s: the picture
 * @name: of it
 * @value: of it
 */
void svg_attr(struct svg *s, const char *name, const char *value);

/**
 * svg_number - a number as text: two decimals at most
 * @value: the number, of less than 1e17
 * @text: gets the text
 *
 * Returns its length.
 */
size_t svg_number(double value, char text[SVG_NUMBER]);

/**
 * svg_px - the same, for pixels: two decimals at most
 * @s: the picture
 * @name: of it
 * @value: of it
 */
void svg_px(struct svg *s, const char *name, double value);

/**
 * svg_count - the same, for a whole number
 * @s: the picture
 * @name: of it
 * @value: of it
 */
void svg_count(struct svg *s, const char *name, uint64_t value);

/**
 * svg_string - text inside the open element
 * @s: the picture
 * @text: the text
 */
void svg_string(struct svg *s, const char *text);

/**
 * svg_raw - text of ours that must not be escaped: styles and scripts
 * @s: the picture
 * @text: without "]]>"
 */
void svg_raw(struct svg *s, const char *text);

/**
 * svg_newline - a line end, to keep the file readable
 * @s: the picture
 */
void svg_newline(struct svg *s);

/**
 * svg_element - an element that holds a text only
 * @s: the picture
 * @element: its name
 * @text: the text
 */
void svg_element(struct svg *s, const char *element, const char *text);

/**
 * svg_rect - a rectangle, left open for attributes and a title
 * @s: the picture
 * @x: px, as the others
 * @y: as above
 * @width: as above
 * @height: as above
 */
void svg_rect(struct svg *s, double x, double y, double width, double height);

/**
 * svg_text - a text
 * @s: the picture
 * @class: of it, or NULL
 * @x: px, of its start
 * @y: px, of its base line
 * @text: the text
 */
void svg_text(struct svg *s, const char *class, double x, double y,
	      const char *text);

#endif
