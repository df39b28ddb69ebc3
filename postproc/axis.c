/* axis.c - the scales of a picture: ticks and lines at round numbers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "axis.h"
#include "caption.h"

#define TICK	100	/* px a number needs, and some air */

double axis_step(double span, double most)
{
	double step = 1;

	if (!(span > 0) || !(most > 0))
		return 1;
	while (span / step > most)
		step *= 10;
	while (span / (step / 10) <= most)
		step /= 10;
	if (span / (step / 5) <= most)
		return step / 5;
	return span / (step / 2) <= most ? step / 2 : step;
}

void axis_draw(struct svg *s, const struct axis *a)
{
	double span = a->to - a->from, step = axis_step(span, a->width / TICK);
	unsigned long long first = a->from / step, last = a->to / step;
	char text[64];

	svg_open(s, "g");
	svg_attr(s, "class", "axis");
	svg_rect(s, a->x, a->y, a->width, 1);
	svg_close(s);
	for (unsigned long long i = first; span > 0 && i <= last; i++) {
		double v = i * step, x = a->x + (v - a->from) / span * a->width;

		if (v < a->from)
			continue;
		snprintf(text, sizeof(text), "%.6g %s", v, a->unit);
		svg_rect(s, x, a->y, 1, 5);
		svg_close(s);
		if (x + 30 < a->x + a->width)
			svg_text(s, "sub", x + 2, a->y + 14, text);
	}
	svg_close(s);
	svg_newline(s);
}

double axis_round(double most, double steps)
{
	double step;

	if (!(most > 0))
		most = 1;
	step = axis_step(most, steps);
	return ((unsigned long long)(most / step * 0.999999) + 1) * step;
}

void axis_lines(struct svg *s, const struct axis *a, double tall, double steps)
{
	double step = axis_step(a->to, steps);
	char text[64];

	svg_open(s, "g");
	svg_attr(s, "class", "lines");
	for (int i = 0; i * step <= a->to * 1.0001; i++) {
		double y = a->y - i * step / a->to * tall;

		svg_rect(s, a->x, y, a->width, 1);
		svg_close(s);
		snprintf(text, sizeof(text), "%6.4g %s", i * step, a->unit);
		svg_text(s, "sub", CAPTION_MARGIN, y + 4,
			 text + strspn(text, " "));
	}
	svg_close(s);
	svg_newline(s);
}
