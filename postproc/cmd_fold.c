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

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct fold_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		/* getopt's own message is the one line an error gets. */
		state->err_stream = NULL;
		state->child_inputs[0] = &o->how;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int run(const struct fold_opts *o)
{
	struct input *in = input_open(o->file);
	struct pipeline *pl = in ? pipeline_open(in, &o->how) : NULL;
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
	static const struct argp_child children[] = {
		{ &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Print stacks as folded lines, "
		"\"root;...;leaf COUNT\".\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		children, NULL, NULL
	};
	struct fold_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
