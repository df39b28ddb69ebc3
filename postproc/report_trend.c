/* report_trend.c - how a target's dumps differ over time, in the index.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All comes from the rows, so old dumps need not be read again: the CPU time
 * a target took, and the shares of functions that lead in its last dump.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define WIDTH		160	/* px of a line */
#define HEIGHT		28
#define FUNCTIONS	3
#define UNKNOWN		(-1.0)

/* A function's share of a row's samples, if it is among those that lead. */
static double share(const struct report_row *r, const char *name)
{
	char *end;

	for (unsigned i = 0; i < REPORT_TOPS && *r->top[i]; i++) {
		double percent = strtod(r->top[i], &end);

		if (!strncmp(end, " % ", 3) && !strcmp(end + 3, name))
			return percent;
	}
	return UNKNOWN;
}

/* Percent of one CPU. */
static double cpu(const struct report_row *r, const char *name)
{
	(void)name;
	return r->hz && r->ms ? r->samples * 1e5 / (r->hz * r->ms) : UNKNOWN;
}

struct trend {
	struct report_row *const *row;
	size_t n;
	double (*value)(const struct report_row *r, const char *name);
	const char *name;
	double first, last, most;
};

static void extremes(struct trend *t)
{
	t->first = UNKNOWN;
	t->most = 0;
	for (size_t i = 0; i < t->n; i++) {
		double v = t->value(t->row[i], t->name);

		if (v < 0)
			continue;
		if (t->first < 0)
			t->first = v;
		t->last = v;
		if (v > t->most)
			t->most = v;
	}
}

/* By time; if that is not known, in order. */
static double x_of(const struct trend *t, size_t i)
{
	uint64_t from = t->row[0]->realtime;
	uint64_t to = t->row[t->n - 1]->realtime;

	if (!from || to <= from)
		return (double)WIDTH * i / (t->n - 1);
	return (double)WIDTH * (t->row[i]->realtime - from) / (to - from);
}

/* A line from 0 up to the largest value; it has gaps, and then points. */
static char *path_of(const struct trend *t)
{
	char x[SVG_NUMBER], y[SVG_NUMBER], *path = NULL;
	size_t size;
	FILE *out = open_memstream(&path, &size);
	int pen = 0;

	for (size_t i = 0; out && i < t->n; i++) {
		double v = t->value(t->row[i], t->name);

		if (v >= 0) {
			svg_number(x_of(t, i), x);
			svg_number(HEIGHT - (t->most > 0 ? v / t->most : 0) *
					    HEIGHT, y);
			fprintf(out, "%s%s %s%s", pen ? "L" : "M", x, y,
				pen ? "" : "h0");
		}
		pen = v >= 0;
	}
	if (out)
		fclose(out);
	return path ? path : xstrdup("");
}

static void draw(struct svg *s, struct trend *t, const char *what)
{
	char *path, *words;

	extremes(t);
	if (t->first < 0)
		return;
	path = path_of(t);
	words = xasprintf("%.1f %% \xe2\x86\x92 %.1f %% %s", t->first, t->last,
			  what);
	svg_open(s, "p");
	svg_attr(s, "title", words);
	svg_string(s, words);
	svg_close(s);
	svg_open(s, "svg");
	svg_attr(s, "class", "spark");
	svg_attr(s, "viewBox", "0 0 160 28");
	svg_attr(s, "preserveAspectRatio", "none");
	svg_attr(s, "role", "img");
	svg_attr(s, "aria-label", words);
	svg_open(s, "path");
	svg_attr(s, "d", path);
	svg_close(s);
	svg_close(s);
	free(words);
	free(path);
}

static void target(struct svg *s, struct report_row *const *row, size_t n)
{
	const struct report_row *last = row[n - 1];
	char *words = xasprintf("%s, %zu dumps", last->command, n);
	struct trend t = { .row = row, .n = n, .value = cpu };

	svg_open(s, "tr");
	svg_open(s, "td");
	svg_element(s, "strong", words);
	svg_element(s, "p", last->host);
	svg_element(s, "p", last->script);
	svg_close(s);
	svg_open(s, "td");
	draw(s, &t, "of a CPU");
	svg_close(s);
	t.value = share;
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		svg_open(s, "td");
		t.name = strstr(last->top[i], " % ");
		if (t.name) {
			t.name += 3;
			draw(s, &t, t.name);
		}
		svg_close(s);
	}
	svg_close(s);
	svg_newline(s);
	free(words);
}

static void head(struct svg *s)
{
	static const char *const column[] = {
		"Target", "CPU time", "Functions that lead in the last dump",
	};

	svg_element(s, "h2", "Targets over time");
	svg_open(s, "div");
	svg_attr(s, "class", "scroll");
	svg_open(s, "table");
	svg_attr(s, "id", "trends");
	svg_open(s, "thead");
	svg_open(s, "tr");
	for (unsigned i = 0; i < 3; i++) {
		svg_open(s, "th");
		svg_attr(s, "scope", "col");
		if (i == 2)
			svg_count(s, "colspan", FUNCTIONS);
		svg_string(s, column[i]);
		svg_close(s);
	}
	svg_close(s);
	svg_close(s);
	svg_open(s, "tbody");
	svg_newline(s);
}

void report_trends(struct svg *s, struct report_row *const *row, size_t n)
{
	int any = 0;

	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n &&
		     report_row_same_target(row[i], row[end]); end++)
			;
		if (end - i < 2)
			continue;
		if (!any++)
			head(s);
		target(s, row + i, end - i);
	}
	for (int open = any ? 3 : 0; open; open--)
		svg_close(s);
}
