/* curve.c - a table of numbers over time, read from CSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "curve.h"
#include "diag.h"
#include "mem.h"

#define LONGEST	4096	/* line, bytes */

/* Cuts the next field out of a line; NULL after the last. */
static char *field(char **line)
{
	char *s = *line, *end;

	if (!s)
		return NULL;
	end = strchr(s, ',');
	*line = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return s + strspn(s, " \t");
}

static void add_name(struct curve *c, const char *name)
{
	struct pool *pool = pool_new();

	c->name[c->columns++] = xstrdup(pool_str(pool, clean_str(pool, name)));
	pool_free(pool);
}

struct curve *curve_new(const char *const *name, size_t columns)
{
	struct curve *c = xcalloc(1, sizeof(*c));

	for (size_t i = 0; i < columns; i++)
		add_name(c, name[i]);
	return c;
}

static double *new_row(struct curve *c)
{
	size_t n = c->columns;

	c->value = xgrow(c->value, c->rows, &c->max, n * sizeof(*c->value));
	return c->value + c->rows * n;
}

void curve_add(struct curve *c, const double *row)
{
	memcpy(new_row(c), row, c->columns * sizeof(*row));
	c->rows++;
}

static int add_names(struct curve *c, char *line)
{
	char *s;

	while ((s = field(&line)) && c->columns <= CURVE_SERIES)
		add_name(c, s);
	return s || c->columns < 2 ? -1 : 0;
}

static int number(const char *s, double *v)
{
	char *end;

	*v = NAN;
	if (!*s)
		return 0;
	*v = strtod(s, &end);
	return end == s || end[strspn(end, " \t")] || !isfinite(*v) ? -1 : 0;
}

static int add_row(struct curve *c, char *line)
{
	size_t n = c->columns;
	double *row = new_row(c);
	char *s;

	for (size_t i = 0; i < n; i++)
		row[i] = NAN;
	for (size_t i = 0; (s = field(&line)); i++)
		if (i >= n || number(s, &row[i]))
			return -1;
	if (isnan(row[0]) || (c->rows && row[0] < row[-(long)n]))
		return -1;
	c->rows++;
	return 0;
}

/* A line without its end; -1 at the end of the input, or if it is too long. */
static int next_line(struct input *in, char *line, size_t *skip)
{
	const unsigned char *p, *nl;
	size_t n = input_window(in, LONGEST, &p);

	if (n > LONGEST)
		n = LONGEST;
	if (!n)
		return -1;
	nl = memchr(p, '\n', n);
	*skip = nl ? (size_t)(nl - p) + 1 : n;
	if (!nl && n == LONGEST)
		return -1;
	n = nl ? (size_t)(nl - p) : n;
	if (n && p[n - 1] == '\r')
		n--;
	memcpy(line, p, n);
	line[n] = '\0';
	return 0;
}

struct curve *curve_read(struct input *in)
{
	struct curve *c = xcalloc(1, sizeof(*c));
	char line[LONGEST + 1];
	size_t n = 0, skip;

	while (!next_line(in, line, &skip)) {
		n++;
		input_skip(in, skip);
		if (!*line || *line == '#')
			continue;
		if (c->columns ? add_row(c, line) : add_names(c, line)) {
			diag_error("%s: line %zu is not a row of time and "
				   "numbers, in order of time; see curve in "
				   "ljstap(1)", input_name(in), n);
			goto fail;
		}
	}
	if (input_failed(in))
		goto fail;
	if (c->rows)
		return c;
	diag_error("%s: no table of time and numbers; see curve in ljstap(1)",
		   input_name(in));
fail:
	curve_free(c);
	return NULL;
}

void curve_crop(struct curve *c, double from, double to)
{
	size_t n = c->columns, kept = 0;

	for (size_t i = 0; i < c->rows; i++) {
		const double *row = c->value + i * n;

		if (row[0] < from || row[0] >= to)
			continue;
		memmove(c->value + kept++ * n, row, n * sizeof(*row));
	}
	c->rows = kept;
}

void curve_free(struct curve *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->columns; i++)
		free(c->name[i]);
	free(c->value);
	free(c);
}
