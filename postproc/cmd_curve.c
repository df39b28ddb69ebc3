/* cmd_curve.c - `ljstap curve`: CPU usage of dumps, or CSV -> line chart (SVG).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <math.h>

#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "draw_curve.h"
#include "gclog.h"
#include "outfile.h"
#include "read_dump.h"
#include "usage.h"

#define WIDTH	1200

struct curve_opts {
	const char *file[CURVE_SERIES];
	FILE *stream;		/* the file is open already */
	size_t files;
	const char *output, *title, *unit;
	unsigned width;
	int heap;
	uint64_t from, to;	/* ns from the start; to: 0: to the end */
};

enum { OPT_TITLE = 256, OPT_WIDTH, OPT_UNIT, OPT_FROM, OPT_TO, OPT_HEAP };

static const struct argp_option options[] = {
	{ "heap", OPT_HEAP, NULL, 0, "Of dumps of lj-gc-pauses: the size of "
	  "the Lua heap", 0 },
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "unit", OPT_UNIT, "TEXT", 0, "Unit of the numbers (%)", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ "from", OPT_FROM, "S", 0, "Only what is S seconds from the start or "
	  "later", 0 },
	{ "to", OPT_TO, "S", 0, "Only what is before that", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct curve_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case OPT_UNIT:
		o->unit = arg;
		return 0;
	case OPT_FROM:
		return cmd_seconds("--from", arg, &o->from) ? EINVAL : 0;
	case OPT_TO:
		return cmd_to("--to", arg, &o->to) ? EINVAL : 0;
	case OPT_WIDTH:
		return cmd_width(arg, &o->width) ? EINVAL : 0;
	case OPT_HEAP:
		o->heap = 1;
		return 0;
	case ARGP_KEY_ARG:
		if (o->files < CURVE_SERIES) {
			o->file[o->files++] = arg;
			return 0;
		}
		diag_usage("more than %d files; see --help", CURVE_SERIES);
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

static int draw(const struct curve *t, const struct curve_opts *o, FILE *out)
{
	const struct pipeline none = { 0 };
	const struct pipeline_opts how = { 0 };
	struct caption *c = caption_new(&none, &how, o->title);
	struct pool *pool = pool_new();
	int ret;

	ret = draw_curve(t, pool_str(pool, clean_str(pool, o->unit)), o->width,
			 c, out);
	pool_free(pool);
	caption_free(c);
	return ret;
}

/* One file of CSV, or dumps. */
static struct curve *read_table(struct input *const *in, size_t n, int heap)
{
	if (heap)
		return gclog_curve(in, n);
	if (!read_dump_is_text(in[0]))
		return usage_read(in, n);
	if (n == 1)
		return curve_read(in[0]);
	diag_error("%s: not a dump; more than one file must be dumps",
		   input_name(in[0]));
	return NULL;
}

static struct curve_opts defaults(void)
{
	return (struct curve_opts){ .width = WIDTH };
}

/* name - what was not named */
static void name(struct curve_opts *o)
{
	if (!o->title)
		o->title = o->heap ? "Lua heap" : "CPU usage";
	if (!o->unit)
		o->unit = o->heap ? "MiB" : "%";
}

static int run(const struct curve_opts *o)
{
	struct input *in[CURVE_SERIES] = { 0 };
	struct curve *t = NULL;
	struct outfile *out = NULL;
	size_t n = o->files ? o->files : 1;
	int ret = -1;

	for (size_t i = 0; i < n; i++) {
		in[i] = o->stream ? input_stream(o->stream, o->file[i]) :
				    input_open(o->file[i]);
		if (!in[i])
			goto out;
	}
	t = read_table(in, n, o->heap);
	if (t && (o->from || o->to))
		curve_crop(t, o->from / 1e9, o->to ? o->to / 1e9 : INFINITY);
	if (t && t->rows < 2) {
		diag_error("%s: fewer than two points in that time",
			   input_name(in[0]));
		goto out;
	}
	out = t ? outfile_open(o->output) : NULL;
	if (!out)
		goto out;
	ret = draw(t, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	curve_free(t);
	for (size_t i = 0; i < n; i++)
		input_close(in[i]);
	return ret;
}

static int make(const struct cmd_pipeline *in, int heap)
{
	struct curve_opts o = defaults();

	o.stream = in->stream;
	o.file[0] = in->file;
	o.files = 1;
	o.output = in->output;
	o.heap = heap;
	name(&o);
	return run(&o);
}

int cmd_curve_make(const struct cmd_pipeline *in, const char *as)
{
	(void)as;
	return make(in, 0);
}

int cmd_heap_curve_make(const struct cmd_pipeline *in, const char *as)
{
	(void)as;
	return make(in, 1);
}

int cmd_curve(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE...]",
		"Draw CPU usage over time as a line chart, SVG.\v"
		"FILE is a dump of lj-cpu-usage or lj-cpu-flame, a line of "
		"the chart each; or one file of CSV: a line of names, then "
		"the time in seconds and the numbers. None or - is stdin.",
		NULL, NULL, NULL
	};
	struct curve_opts o = defaults();

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	name(&o);
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
