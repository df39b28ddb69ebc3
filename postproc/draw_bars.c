/* draw_bars.c - sums by class -> a bar chart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "axis.h"
#include "draw_bars.h"
#include "mem.h"
#include "template_curve_css.h"

#define LEFT		64	/* px, for the numbers */
#define TOP		(CAPTION_HEIGHT + 40)	/* legend above, and notes */
#define TALL		300	/* px, of the area */
#define BOTTOM		30
#define GAP		0.2	/* of a bar's place */
#define LINES		6	/* at round numbers */

struct drawing {
	const struct bars *b;
	struct svg *s;
	double width;		/* px, of the area */
	double most;		/* value at its top */
};

static double sum(const struct bars *b, size_t i)
{
	double sum = 0;

	for (size_t k = 0; k < b->layers; k++)
		sum += b->value[i * b->layers + k];
	return sum;
}

static int is_used(const struct bars *b, size_t layer)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->value[i * b->layers + layer] > 0)
			return 1;
	return 0;
}

/* One layer of a bar; returns where the next one stands. */
static double layer(const struct drawing *d, size_t i, size_t k, double base)
{
	const struct bars *b = d->b;
	double place = d->width / b->n, v = b->value[i * b->layers + k];
	double tall = v / d->most * TALL;
	char class[32], *text;

	if (!(v > 0))
		return base;
	snprintf(class, sizeof(class), "dot c%zu", k + 1);
	svg_open(d->s, "g");
	svg_attr(d->s, "class", class);
	svg_rect(d->s, LEFT + place * (i + GAP / 2), base - tall,
		 place * (1 - GAP), tall);
	text = xasprintf("%s, %s: %.3g %s", b->name[i], b->layer[k], v,
			 b->unit);
	svg_element(d->s, "title", text);
	free(text);
	svg_close(d->s);
	svg_close(d->s);
	return base - tall;
}

static void bar(const struct drawing *d, size_t i)
{
	double x = LEFT + d->width / d->b->n * (i + GAP / 2);
	double y = TOP + TALL;

	for (size_t k = 0; k < d->b->layers; k++)
		y = layer(d, i, k, y);
	if (d->b->note)
		svg_text(d->s, "sub", x, y - 5, d->b->note[i]);
	svg_text(d->s, "sub", x, TOP + TALL + 16, d->b->name[i]);
	svg_newline(d->s);
}

static void legend(const struct drawing *d)
{
	double x = LEFT;
	char class[32];

	for (size_t k = 0; k < d->b->layers; k++) {
		if (!is_used(d->b, k))
			continue;
		snprintf(class, sizeof(class), "dot c%zu", k + 1);
		svg_open(d->s, "g");
		svg_attr(d->s, "class", class);
		svg_rect(d->s, x, TOP - 36, 12, 12);
		svg_close(d->s);
		svg_close(d->s);
		svg_text(d->s, "sub", x + 17, TOP - 26, d->b->layer[k]);
		x += 38 + strlen(d->b->layer[k]) * CAPTION_CHAR;
	}
}

int draw_bars(const struct bars *b, unsigned width, struct caption *c,
	      FILE *out)
{
	static const char *const css[] = { template_curve_css, NULL };
	struct drawing d = { .b = b, .width = width - LEFT - CAPTION_MARGIN };

	for (size_t i = 0; i < b->n; i++)
		if (sum(b, i) > d.most)
			d.most = sum(b, i);
	d.most = axis_round(d.most, LINES);
	caption_clean(c);
	d.s = caption_begin(c, out, width, TOP + TALL + BOTTOM, "bars", css);
	if (!d.s)
		return svg_end(d.s);
	axis_lines(d.s, &(struct axis){ .to = d.most, .x = LEFT,
					.y = TOP + TALL, .width = d.width,
					.unit = b->unit }, TALL, LINES);
	legend(&d);
	for (size_t i = 0; i < b->n; i++)
		bar(&d, i);
	return svg_end(d.s);
}
