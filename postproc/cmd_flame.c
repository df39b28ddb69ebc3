/* cmd_flame.c - `ljstap flame`: dump or folded stacks -> SVG.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "draw_flame.h"
#include "mem.h"

#define WIDTH		1200
#define MINWIDTH	0.5

struct flame_opts {
	struct cmd_pipeline in;
	const char *title;
	struct draw_flame draw;
};

enum { OPT_TITLE = 256, OPT_WIDTH, OPT_MINWIDTH, OPT_CHART, OPT_ICICLE };

static const struct argp_option options[] = {
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ "minwidth", OPT_MINWIDTH, "PX", 0,
	  "Merge narrower frames (0.5)", 0 },
	{ "icicle", OPT_ICICLE, NULL, 0, "Draw the root on top", 0 },
	{ "chart", OPT_CHART, NULL, 0,
	  "From left to right in order of time", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct flame_opts *o = state->input;

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
	case OPT_CHART:
		o->draw.chart = o->in.how.chart = 1;
		o->in.how.detail = 0;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* kind_of - what the samples are of, as titles say it */
static const char *kind_of(const struct profile *p, enum profile_weight weight)
{
	const char *script = p ? profile_meta(p, "script") : NULL;

	if (weight == PROFILE_BY_LIVE)
		return "unfreed allocation ";
	if (script && !strcmp(script, "lj-offcpu-flame"))
		return "off-CPU ";
	if (script && !strcmp(script, "lj-file-io-flame"))
		return "file I/O ";
	if (script && !strcmp(script, "lj-alloc-flame"))
		return "allocation ";
	if (script && !strcmp(script, "lj-trace-events"))
		return "abort ";
	if (script && !strcmp(script, "lj-yield-flame"))
		return "yield ";
	return p && p->header.weight == LJD_weight_SAMPLES ? "CPU " : "";
}

static int draw(const struct pipeline *pl, const void *opts, FILE *out)
{
	const struct flame_opts *o = opts;
	char *title = o->title ? xstrdup(o->title) :
		      pl->fold->title ? xstrdup(pl->fold->title) :
		      xasprintf("Lua %sflame %s", kind_of(pl->profile, o->in.how.weight),
				o->in.how.chart ? "chart" : "graph");
	struct caption *c = caption_new(pl, &o->in.how, title);
	struct draw_flame d = o->draw;
	int ret;

	free(title);
	d.fold = pl->fold;
	d.detail = pl->detail;
	d.unit = pipeline_unit(pl);
	d.lines = o->in.how.lines;
	d.from = o->in.how.from;
	ret = draw_flame(&d, c, out);
	caption_free(c);
	return ret;
}

static struct flame_opts defaults(void)
{
	return (struct flame_opts){
		.in.how = { .detail = 1 },
		.draw = { .width = WIDTH, .minwidth = MINWIDTH },
	};
}

int cmd_flame_make(const struct cmd_pipeline *in, const char *as)
{
	struct flame_opts o = defaults();

	(void)as;
	o.in = *in;
	o.in.how.detail = 1;
	return cmd_pipeline_run(&o.in, draw);
}

int cmd_flame(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Draw a flame graph as SVG.\v"
		"FILE is the output of an ljstap script, or folded lines; "
		"none or - is stdin.",
		NULL, NULL, NULL
	};
	struct flame_opts o = defaults();

	return cmd_pipeline(&argp, argc, argv, &o.in, draw);
}
