/* cmd_heat.c - `ljstap heat`: dump -> heat map (SVG) to pick a time from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>

#include "cmd.h"
#include "diag.h"
#include "draw_heat.h"
#include "outfile.h"
#include "pipeline.h"

struct heat_opts {
	const char *file, *output, *title;
	struct pipeline_opts how;
};

enum { OPT_TITLE = 256 };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct heat_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &o->how;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int draw(const struct pipeline *pl, const struct heat_opts *o,
		FILE *out)
{
	struct heat *h = heat_new(pl->profile, &o->how);
	const char *unit = pipeline_unit(pl);
	struct caption *c = caption_new(pl, &o->how, o->title ? o->title :
					"When samples were taken");
	int ret;

	ret = draw_heat(h, unit, c, out);
	caption_free(c);
	heat_free(h);
	return ret;
}

static int run(const struct heat_opts *o)
{
	struct input *in = input_open(o->file);
	struct pipeline *pl = in ? pipeline_open(in, &o->how) : NULL;
	struct outfile *out = pl ? outfile_open(o->output) : NULL;
	int ret = -1;

	if (!out)
		goto out;
	ret = draw(pl, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	pipeline_free(pl);
	input_close(in);
	return ret;
}

int cmd_heat(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Draw a heat map of a dump as SVG: seconds from left to "
		"right, their parts from bottom to top.\v"
		"FILE is the output of an ljstap script; none or - is stdin.",
		children, NULL, NULL
	};
	struct heat_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	/* Only when, not what: no name is asked for. */
	o.how.no_symbols = 1;
	o.how.each = 1;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
