/* cmd_curve.c - `ljstap curve`: numbers over time (CSV) -> line chart (SVG).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>

#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "draw_curve.h"
#include "outfile.h"

#define WIDTH	1200

struct curve_opts {
	const char *file, *output, *title, *unit;
	unsigned width;
};

enum { OPT_TITLE = 256, OPT_WIDTH, OPT_UNIT };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "unit", OPT_UNIT, "TEXT", 0, "Unit of the numbers (%)", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
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
	case OPT_WIDTH:
		return cmd_width(arg, &o->width) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
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

static int run(const struct curve_opts *o)
{
	struct input *in = input_open(o->file);
	struct curve *t = in ? curve_read(in) : NULL;
	struct outfile *out = t ? outfile_open(o->output) : NULL;
	int ret = -1;

	if (!out)
		goto out;
	ret = draw(t, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	curve_free(t);
	input_close(in);
	return ret;
}

int cmd_curve(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Draw numbers over time as a line chart, SVG.\v"
		"FILE is CSV: a line of names, then the time in seconds and "
		"the numbers; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct curve_opts o = { .title = "CPU usage", .unit = "%",
				.width = WIDTH };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
