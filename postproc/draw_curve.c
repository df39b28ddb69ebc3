/* draw_curve.c - a table of numbers over time -> a line chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axis.h"
#include "draw_curve.h"
#include "mem.h"
#include "template_curve_css.h"

#define LEFT		64	/* px, for the numbers */
#define TOP		(CAPTION_HEIGHT + 24)	/* legend above */
#define TALL		300	/* px, of the area */
#define BOTTOM		30
#define LINES		6	/* at round numbers */
#define TITLES		2000	/* points that tell their value, at most */

struct drawing {
	const struct curve *t;
	const char *unit;
	struct svg *s;
	double width;			/* px, of the area */
	double from, to, most;		/* values at its borders; 0 below */
};

static double at(const struct drawing *d, size_t row, size_t column)
{
	return d->t->value[row * d->t->columns + column];
}

static double x_of(const struct drawing *d, double time)
{
	return d->to > d->from ?
	       LEFT + (time - d->from) / (d->to - d->from) * d->width : LEFT;
}

static double y_of(const struct drawing *d, double v)
{
	return TOP + TALL - (v > 0 ? v : 0) / d->most * TALL;
}

static void range(struct drawing *d)
{
	d->from = at(d, 0, 0);
	d->to = at(d, d->t->rows - 1, 0);
	for (size_t i = 0; i < d->t->rows; i++)
		for (size_t k = 1; k < d->t->columns; k++)
			if (at(d, i, k) > d->most)
				d->most = at(d, i, k);
	d->most = axis_round(d->most, LINES);
}

static void scale(const struct drawing *d)
{
	axis_lines(d->s, &(struct axis){ .to = d->most, .x = LEFT,
					 .width = d->width, .y = TOP + TALL,
					 .unit = d->unit }, TALL, LINES);
	axis_draw(d->s, &(struct axis){ .from = d->from, .to = d->to,
					.x = LEFT, .width = d->width,
					.y = TOP + TALL, .unit = "s" });
}

/* Where a number is missing, the line is, too. */
static void line(const struct drawing *d, size_t column)
{
	char *path = NULL, class[32];
	size_t n;
	FILE *out = open_memstream(&path, &n);
	int pen = 0;

	if (!out)
		return;
	for (size_t i = 0; i < d->t->rows; i++) {
		double v = at(d, i, column);

		if (!isnan(v))
			fprintf(out, "%s%.2f %.2f", pen ? "L" : "M",
				x_of(d, at(d, i, 0)), y_of(d, v));
		pen = !isnan(v);
	}
	fclose(out);
	snprintf(class, sizeof(class), "curve c%zu", column);
	svg_open(d->s, "path");
	svg_attr(d->s, "class", class);
	svg_attr(d->s, "d", path);
	svg_close(d->s);
	svg_newline(d->s);
	free(path);
}

static void points(const struct drawing *d, size_t column)
{
	char class[32], *text;

	snprintf(class, sizeof(class), "dot c%zu", column);
	svg_open(d->s, "g");
	svg_attr(d->s, "class", class);
	for (size_t i = 0; i < d->t->rows; i++) {
		double v = at(d, i, column);

		if (isnan(v))
			continue;
		svg_open(d->s, "circle");
		svg_px(d->s, "cx", x_of(d, at(d, i, 0)));
		svg_px(d->s, "cy", y_of(d, v));
		svg_attr(d->s, "r", "3");
		text = xasprintf("%s: %.4g %s at %.6g s", d->t->name[column], v,
				 d->unit, at(d, i, 0));
		svg_element(d->s, "title", text);
		free(text);
		svg_close(d->s);
	}
	svg_close(d->s);
	svg_newline(d->s);
}

static void picture(const struct drawing *d, const struct caption *c)
{
	double x = LEFT;
	char class[32];

	scale(d);
	for (size_t k = 1; k < d->t->columns; k++) {
		line(d, k);
		if (d->t->rows * (d->t->columns - 1) <= TITLES)
			points(d, k);
		snprintf(class, sizeof(class), "dot c%zu", k);
		svg_open(d->s, "g");
		svg_attr(d->s, "class", class);
		svg_rect(d->s, x, TOP - 20, 14, 4);
		svg_close(d->s);
		svg_close(d->s);
		svg_text(d->s, "sub", x + 19, TOP - 14, d->t->name[k]);
		x += 40 + strlen(d->t->name[k]) * CAPTION_CHAR;
	}
	svg_open(d->s, "metadata");
	svg_open(d->s, "l:curve");
	svg_attr(d->s, "xmlns:l", "urn:ljstap:profile:1");
	caption_facts(c, d->s);
	svg_close(d->s);
	svg_close(d->s);
}

int draw_curve(const struct curve *t, const char *unit, unsigned width,
	       struct caption *c, FILE *out)
{
	static const char *const css[] = { template_curve_css, NULL };
	struct drawing d = { .t = t, .unit = unit };

	d.width = width - LEFT - CAPTION_MARGIN;
	range(&d);
	caption_clean(c);
	d.s = caption_begin(c, out, width, TOP + TALL + BOTTOM, "curves", css);
	if (d.s)
		picture(&d, c);
	return svg_end(d.s);
}
