/* cmd_heat.c - `ljstap heat`: dump -> heat map (SVG) to pick a time from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>

#include "cmd.h"
#include "draw_heat.h"

struct heat_opts {
	struct cmd_pipeline in;
	const char *title;
};

enum { OPT_TITLE = 256 };

static const struct argp_option options[] = {
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct heat_opts *o = state->input;

	if (key != OPT_TITLE)
		return ARGP_ERR_UNKNOWN;
	o->title = arg;
	return 0;
}

static int draw(const struct pipeline *pl, const void *opts, FILE *out)
{
	const struct heat_opts *o = opts;
	struct heat *h = heat_new(pl->profile, &o->in.how);
	const char *unit = pipeline_unit(pl);
	struct caption *c = caption_new(pl, &o->in.how, o->title ? o->title :
					"When samples were taken");
	int ret;

	ret = draw_heat(h, unit, c, out);
	caption_free(c);
	heat_free(h);
	return ret;
}

int cmd_heat(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Draw a heat map of a dump as SVG: seconds from left to "
		"right, their parts from bottom to top.\v"
		"FILE is the output of an ljstap script; none or - is stdin.",
		NULL, NULL, NULL
	};
	/* Only when, not what: no name is asked for. */
	struct heat_opts o = { .in.how = { .no_symbols = 1, .each = 1 } };

	return cmd_pipeline(&argp, argc, argv, &o.in, draw);
}
