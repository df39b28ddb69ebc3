/* draw_heat.c - samples over time -> the picture of a heat map.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "axis.h"
#include "draw_heat.h"
#include "mem.h"
#include "template_heat_css.h"
#include "template_heat_js.h"

#define TOP		(CAPTION_HEIGHT + 24)	/* a line for what is chosen */
#define CELL		8	/* px, the height of one */
#define WIDE		60	/* px, the width of one at most */
#define ROOM		1170	/* px, for all columns */
#define HEATS		6	/* of colours */
#define BOTTOM		44	/* px, scale and legend */

struct drawing {
	const struct heat *h;
	const char *unit;
	struct svg *s;
	double wide;		/* px, of a column */
};

/* Colours are for equal steps of count; 0 is for none. */
static unsigned heat_of(const struct heat *h, uint64_t count)
{
	return count ? 1 + (unsigned)((double)(count - 1) * HEATS / h->most) : 0;
}

static void cell(const struct drawing *d, size_t column, size_t row)
{
	const struct heat *h = d->h;
	uint64_t n = h->count[column * HEAT_ROWS + row];
	double at = (h->start + column * h->column +
		     row * (h->column / HEAT_ROWS)) / 1e9;
	char class[16], *text;

	if (!n)
		return;
	snprintf(class, sizeof(class), "h%u", heat_of(h, n));
	svg_rect(d->s, CAPTION_MARGIN + column * d->wide,
		 TOP + (HEAT_ROWS - 1 - row) * CELL, d->wide, CELL);
	svg_attr(d->s, "class", class);
	text = xasprintf("%.2f s: %" PRIu64 " %s", at, n, d->unit);
	svg_element(d->s, "title", text);
	free(text);
	svg_close(d->s);
	svg_newline(d->s);
}

static void legend(const struct drawing *d)
{
	double x = CAPTION_MARGIN, y = TOP + HEAT_ROWS * CELL + 26;
	uint64_t from = 1;
	char class[16], text[64];

	svg_open(d->s, "g");
	svg_attr(d->s, "class", "legend");
	for (unsigned i = 1; i <= HEATS && from <= d->h->most; i++) {
		uint64_t to = from;

		while (to < d->h->most && heat_of(d->h, to + 1) <= i)
			to = to + 1;
		if (heat_of(d->h, from) != i)
			continue;
		snprintf(class, sizeof(class), "h%u", i);
		svg_rect(d->s, x, y, 11, 11);
		svg_attr(d->s, "class", class);
		svg_close(d->s);
		snprintf(text, sizeof(text), from == to ? "%" PRIu64 :
			 "%" PRIu64 "-%" PRIu64, from, to);
		svg_text(d->s, "sub", x + 15, y + 10, text);
		x += 90;
		from = to + 1;
	}
	snprintf(text, sizeof(text), "%s in %g ms", d->unit,
		 d->h->column / HEAT_ROWS / 1e6);
	svg_text(d->s, "sub", x, y + 10, text);
	svg_close(d->s);
	svg_newline(d->s);
}

static void number(struct svg *s, const char *name, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.9g", v);
	svg_attr(s, name, text);
}

/* What the script has to know; counts are in the cells. */
static void metadata(const struct drawing *d, const struct caption *c)
{
	struct svg *s = d->s;

	svg_open(s, "metadata");
	svg_open(s, "l:heat");
	svg_attr(s, "xmlns:l", "urn:ljstap:profile:1");
	number(s, "start", d->h->start / 1e9);
	number(s, "column", d->h->column / 1e9);
	svg_count(s, "columns", d->h->columns);
	svg_count(s, "rows", HEAT_ROWS);
	svg_px(s, "wide", d->wide);
	svg_count(s, "tall", CELL);
	svg_newline(s);
	caption_facts(c, s);
	svg_close(s);
	svg_close(s);
	svg_newline(s);
}

static void picture(const struct drawing *d, const struct caption *c)
{
	double all = d->h->columns * d->wide;
	struct svg *s = d->s;

	svg_open(s, "g");
	svg_attr(s, "class", "cells");
	svg_rect(s, CAPTION_MARGIN, TOP, all, HEAT_ROWS * CELL);
	svg_attr(s, "class", "h0");
	svg_close(s);
	svg_newline(s);
	for (size_t i = 0; i < d->h->columns; i++)
		for (size_t k = 0; k < HEAT_ROWS; k++)
			cell(d, i, k);
	svg_close(s);
	svg_newline(s);
	axis_draw(s, &(struct axis){
		.from = d->h->start / 1e9,
		.to = (d->h->start + d->h->columns * d->h->column) / 1e9,
		.x = CAPTION_MARGIN, .width = all,
		.y = TOP + HEAT_ROWS * CELL + 2, .unit = "s" });
	legend(d);
	metadata(d, c);
	svg_open(s, "script");
	svg_attr(s, "type", "text/javascript");
	svg_raw(s, template_heat_js);
	svg_close(s);
}

int draw_heat(const struct heat *h, const char *unit, struct caption *c,
	      FILE *out)
{
	static const char *const css[] = { template_heat_css, NULL };
	struct drawing d = { .h = h, .unit = unit, .wide = WIDE };

	if (h->columns * d.wide > ROOM)
		d.wide = (double)ROOM / h->columns;
	caption_clean(c);
	d.s = caption_begin(c, out, 1200, TOP + HEAT_ROWS * CELL + BOTTOM,
			    "heat", css);
	if (d.s)
		picture(&d, c);
	return svg_end(d.s);
}
