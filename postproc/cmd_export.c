/* cmd_export.c - `ljstap export`: dump or text -> formats of other viewers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "export.h"
#include "outfile.h"
#include "read_dump.h"

struct format {
	const char *name;
	int (*write)(const struct pipeline *pl, const char *title, FILE *out);
	int chart;	/* in order of time, if there are times */
	int lines;	/* the lines functions are at, if known */
};

static const struct format formats[] = {
	{ "speedscope", export_speedscope, 0, 0 },
	{ "chrome", export_chrome, 1, 0 },
	{ "firefox", export_firefox, 1, 0 },
	{ "pprof", export_pprof, 0, 1 },
};

#define FORMATS	(sizeof(formats) / sizeof(formats[0]))

struct export_opts {
	struct cmd_pipeline in;
	const char *title;
	const struct format *format;
};

enum { OPT_TITLE = 256 };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "format", 'f', "FORMAT", 0,
	  "speedscope, chrome, firefox or pprof", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Name of the profile", 0 },
	{ 0 }
};

static const struct format *format(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (!strcmp(name, formats[i].name))
			return &formats[i];
	return NULL;
}

static error_t parse_format(struct export_opts *o, const char *arg)
{
	o->format = format(arg);
	if (o->format)
		return 0;
	diag_usage("--format: '%s' is none of speedscope, chrome, firefox, "
		   "pprof; see --help", arg);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct export_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &o->in.how;
		return 0;
	case 'o':
		o->in.output = arg;
		return 0;
	case 'f':
		return parse_format(o, arg);
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->in.file, arg) ? EINVAL : 0;
	case ARGP_KEY_END:
		if (o->format)
			return 0;
		diag_usage("say --format=speedscope, chrome, firefox or "
			   "pprof; see --help");
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

/* "nginx, pid 4242", or the file's name. */
static char *title_of(const struct pipeline *pl, const struct export_opts *o,
		      const char *input)
{
	const char *command = pl->profile ?
			      profile_meta(pl->profile, "command") : NULL;
	char *title;
	unsigned id;

	if (o->title)
		title = xstrdup(o->title);
	else if (command)
		title = xasprintf("%s, pid %u", command,
				  pl->profile->sum[0].pid);
	else
		title = xstrdup(input);
	id = clean_take(pl->names, title);
	return xstrdup(pool_str(pl->names, id));
}

static int write_it(const struct pipeline *pl, const struct export_opts *o,
		    const char *input)
{
	struct outfile *out = outfile_open(o->in.output);
	char *title;
	int ret;

	if (!out)
		return -1;
	title = title_of(pl, o, input);
	ret = o->format->write(pl, title, outfile_stream(out));
	free(title);
	return outfile_close(out, !ret) || ret ? -1 : 0;
}

static int run(struct export_opts *o)
{
	struct input *in = cmd_pipeline_input(&o->in);
	struct pipeline *pl = NULL;
	int ret = -1;

	if (!in)
		return -1;
	if (!read_dump_is_text(in)) {
		o->in.how.chart = o->format->chart;
		o->in.how.lines |= o->format->lines;
	}
	pl = pipeline_open(in, &o->in.how);
	if (pl)
		ret = write_it(pl, o, input_name(in));
	pipeline_free(pl);
	input_close(in);
	return ret;
}

int cmd_export_make(const struct cmd_pipeline *in, const char *as)
{
	struct export_opts o = { .in = *in, .format = format(as) };

	return run(&o);
}

int cmd_export(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Write a profile for another viewer: speedscope, Chrome's "
		"tracing or Perfetto, Firefox Profiler, or pprof (Pyroscope, "
		"Parca).\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		children, NULL, NULL
	};
	struct export_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
