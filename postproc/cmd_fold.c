/* cmd_fold.c - `ljstap fold`: dump or text -> folded stacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>

#include "cmd.h"
#include "diag.h"
#include "outfile.h"
#include "pipeline.h"

struct fold_opts {
	const char *file, *output;
	struct pipeline_opts how;
};

enum { OPT_LINES = 256, OPT_PID, OPT_SYSROOT, OPT_NO_SYMBOLS };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "lines", OPT_LINES, NULL, 0,
	  "After each Lua function, the line it is at", 0 },
	{ "pid", OPT_PID, "PID", 0, "Only samples of process PID", 0 },
	{ "sysroot", OPT_SYSROOT, "DIR", 0,
	  "Look for the mapped files below DIR", 0 },
	{ "no-symbols", OPT_NO_SYMBOLS, NULL, 0,
	  "Do not open the mapped files", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fold_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		/* getopt's own message is the one line an error gets. */
		state->err_stream = NULL;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_LINES:
		o->how.lines = 1;
		return 0;
	case OPT_PID:
		if (cmd_number("--pid", arg, UINT32_MAX, &n))
			return EINVAL;
		o->how.pid = n;
		return 0;
	case OPT_SYSROOT:
		o->how.sysroot = arg;
		return 0;
	case OPT_NO_SYMBOLS:
		o->how.no_symbols = 1;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int run(const struct fold_opts *o)
{
	struct input *in = input_open(o->file);
	struct pipeline *pl = in ? pipeline_run(in, &o->how) : NULL;
	struct outfile *out = NULL;
	int ret = -1;

	if (!pl)
		goto out;
	out = outfile_open(o->output);
	if (!out)
		goto out;
	fold_write(pl->fold, outfile_stream(out));
	ret = outfile_close(out, 1);
out:
	pipeline_free(pl);
	input_close(in);
	return ret;
}

int cmd_fold(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Print the stacks of a dump as folded lines, "
		"\"root;...;leaf COUNT\".\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct fold_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
