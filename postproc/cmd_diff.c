/* cmd_diff.c - `ljstap diff`: two dumps, or folded stacks -> SVG or table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "diff.h"
#include "json.h"
#include "draw_flame.h"
#include "outfile.h"
#include "pipeline.h"

#define WIDTH		1200
#define MINWIDTH	0.5
#define ROWS		30	/* of the table in text */

struct diff_opts {
	const char *file[2], *output, *title;
	struct draw_flame draw;
	struct pipeline_opts how;
	int table, json, as_counted, paths;
	uint64_t rows;
};

enum { OPT_TITLE = 256, OPT_WIDTH, OPT_MINWIDTH, OPT_ICICLE, OPT_TABLE,
       OPT_JSON, OPT_AS_COUNTED, OPT_ROWS, OPT_PATHS };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "table", OPT_TABLE, NULL, 0,
	  "Print a table of functions, most changed first", 0 },
	{ "json", OPT_JSON, NULL, 0, "Print the whole table as JSON", 0 },
	{ "rows", OPT_ROWS, "N", 0, "Rows of --table (30)", 0 },
	{ "paths", OPT_PATHS, NULL, 0,
	  "Rows of the table are whole stacks, not functions", 0 },
	{ "as-counted", OPT_AS_COUNTED, NULL, 0,
	  "Do not scale BEFORE to the total of AFTER", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ "minwidth", OPT_MINWIDTH, "PX", 0,
	  "Merge narrower frames (0.5)", 0 },
	{ "icicle", OPT_ICICLE, NULL, 0, "Draw the root on top", 0 },
	{ 0 }
};

static int take_file(struct diff_opts *o, const char *arg)
{
	if (!o->file[0]) {
		o->file[0] = arg;
		return 0;
	}
	if (!o->file[1]) {
		o->file[1] = arg;
		return 0;
	}
	diag_usage("%s: only two files can be compared; see --help", arg);
	return EINVAL;
}

static int parse_picture(struct diff_opts *o, int key, char *arg)
{
	switch (key) {
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case OPT_WIDTH:
		return cmd_width(arg, &o->draw.width) ? EINVAL : 0;
	case OPT_MINWIDTH:
		return cmd_minwidth(arg, &o->draw.minwidth) ? EINVAL : 0;
	case OPT_ICICLE:
		o->draw.icicle = 1;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct diff_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &o->how;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_TABLE:
		o->table = 1;
		return 0;
	case OPT_JSON:
		o->json = 1;
		return 0;
	case OPT_ROWS:
		return cmd_number("--rows", arg, UINT32_MAX, &o->rows) ?
		       EINVAL : 0;
	case OPT_PATHS:
		o->paths = 1;
		return 0;
	case OPT_AS_COUNTED:
		o->as_counted = 1;
		return 0;
	case ARGP_KEY_ARG:
		return take_file(o, arg);
	case ARGP_KEY_END:
		if (o->file[1])
			return 0;
		diag_usage("give two files, BEFORE and AFTER; see --help");
		return EINVAL;
	}
	return parse_picture(o, key, arg);
}

/* -- Picture ------------------------------------------------------------ */

static int draw(struct pipeline *const *pl, const struct diff *d,
		const struct diff_opts *o, FILE *out)
{
	struct caption *c = caption_new(pl[1], &o->how, o->title ? o->title :
					"Lua flame graph, difference");
	struct draw_flame what = o->draw;
	char *was, before[AMOUNT_TEXT], after[AMOUNT_TEXT];
	int ret;

	was = xasprintf("before: %s, after: %s%s%s", o->file[0], o->file[1],
			c->subtitle ? ", " : "", c->subtitle ? c->subtitle : "");
	free(c->subtitle);
	c->subtitle = was;
	what.unit = pipeline_unit(pl[1]);
	if (amount_scaled(what.unit))
		caption_note(c, "%s before, %s after",
			     amount_text(d->node[0].before, what.unit, before),
			     amount_text(d->node[0].after, what.unit, after));
	else
		caption_note(c, "%" PRIu64 " before, %" PRIu64 " after",
			     d->node[0].before, d->node[0].after);
	if (o->as_counted)
		caption_note(c, "as counted");
	else
		caption_note(c, "before scaled by %.4g", d->scale);
	what.fold = d->fold;
	what.diff = d;
	what.unit = pipeline_unit(pl[1]);
	what.lines = o->how.lines;
	ret = draw_flame(&what, c, out);
	caption_free(c);
	return ret;
}

/* -- Table -------------------------------------------------------------- */

struct table {
	const struct diff *d;
	struct diff_row *row;
	size_t n;
	const char *unit;
	double all;		/* 100 %, after scaling */
};

static int is_bytes(const struct table *t)
{
	return !strcmp(t->unit, "bytes");
}

/* Bytes in MiB, all else in percent. */
static double shown(const struct table *t, double count)
{
	if (is_bytes(t))
		return count / 1048576;
	return t->all > 0 ? 100 * count / t->all : 0;
}

static void print_head(const struct table *t, int as_counted, FILE *out)
{
	const struct diff_node *all = &t->d->node[0];
	const char *how = as_counted ? "as counted" :
			  "before scaled to the total of after";
	char before[AMOUNT_TEXT], after[AMOUNT_TEXT];

	if (amount_scaled(t->unit))
		fprintf(out, "# %s before, %s after, %s\n",
			amount_text(all->before, t->unit, before),
			amount_text(all->after, t->unit, after), how);
	else
		fprintf(out, "# %" PRIu64 " before, %" PRIu64 " after, %s\n",
			all->before, all->after, how);
	fprintf(out, "# self: %s before, after, change; total: likewise\n",
		is_bytes(t) ? "MiB" : "%");
}

static void print_text(const struct table *t, const struct diff_opts *o,
		       FILE *out)
{
	print_head(t, o->as_counted, out);
	for (size_t i = 0; i < t->n && i < o->rows; i++) {
		const struct diff_row *r = &t->row[i];

		fprintf(out, "%7.2f %7.2f %+8.2f  %7.2f %7.2f %+8.2f  %s\n",
			shown(t, r->self[0]), shown(t, r->self[1]),
			shown(t, r->self[1] - r->self[0]),
			shown(t, r->total[0]), shown(t, r->total[1]),
			shown(t, r->total[1] - r->total[0]), r->name);
	}
	if (t->n > o->rows)
		fprintf(out, "# %zu more %s; --rows tells how many to print\n",
			t->n - (size_t)o->rows, o->paths ? "paths" :
			"functions");
}

static void print_json(const struct table *t, const struct diff_opts *o,
		       FILE *out)
{
	fprintf(out, "{\"before\": {\"file\": ");
	json_string(out, o->file[0]);
	fprintf(out, ", \"total\": %" PRIu64 "},\n \"after\": {\"file\": ",
		t->d->node[0].before);
	json_string(out, o->file[1]);
	fprintf(out, ", \"total\": %" PRIu64 "},\n \"scale\": %.17g,\n"
		" \"functions\": [", t->d->node[0].after, t->d->scale);
	for (size_t i = 0; i < t->n; i++) {
		const struct diff_row *r = &t->row[i];

		fprintf(out, "%s\n  {\"name\": ", i ? "," : "");
		json_string(out, r->name);
		fprintf(out, ", \"self\": [%.6g, %.6g], \"total\": [%.6g, "
			"%.6g]}", r->self[0], r->self[1], r->total[0],
			r->total[1]);
	}
	fprintf(out, "\n ]}\n");
}

static int print(const struct diff *d, const char *unit,
		 const struct diff_opts *o, FILE *out)
{
	struct table t = { .d = d, .unit = unit };
	double before = d->node[0].before * d->scale;

	t.row = o->paths ? diff_paths(d, &t.n) : diff_table(d, &t.n);
	t.all = d->node[0].after > before ? d->node[0].after : before;
	if (o->json)
		print_json(&t, o, out);
	else
		print_text(&t, o, out);
	free(t.row);
	return 0;
}

/* -- Both --------------------------------------------------------------- */

static struct pipeline *open_side(const struct diff_opts *o, int side)
{
	struct input *in = input_open(o->file[side]);
	struct pipeline *pl = in ? pipeline_open(in, &o->how) : NULL;

	input_close(in);
	return pl;
}

static int run(struct diff_opts *o)
{
	struct pipeline *pl[2] = { open_side(o, 0), NULL };
	struct diff *d = NULL;
	struct outfile *out = NULL;
	int ret = -1;

	if (pl[0])
		pl[1] = open_side(o, 1);
	if (pl[1])
		out = outfile_open(o->output);
	if (!out)
		goto out;
	/* Two heaps are no samples of the same. */
	if (pl[1]->fold->unit)
		o->as_counted = 1;
	d = diff_new(pl[0]->fold, pl[1]->fold, !o->as_counted);
	if (o->table || o->json)
		ret = print(d, pipeline_unit(pl[1]), o, outfile_stream(out));
	else
		ret = draw(pl, d, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	diff_free(d);
	pipeline_free(pl[0]);
	pipeline_free(pl[1]);
	return ret;
}

int cmd_diff(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "BEFORE AFTER",
		"Compare two profiles, as SVG or as a table.\v"
		"BEFORE and AFTER are outputs of an ljstap script, or folded "
		"lines. In the picture, what is gone keeps its place.",
		children, NULL, NULL
	};
	struct diff_opts o = {
		.draw = { .width = WIDTH, .minwidth = MINWIDTH },
		.rows = ROWS,
	};

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
