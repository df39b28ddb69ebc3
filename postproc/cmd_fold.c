/* cmd_fold.c - `ljstap fold`: dump or text -> folded stacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>

#include "cmd.h"
#include "diag.h"
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

static int write_folded(const struct pipeline *pl, const void *opts, FILE *out)
{
	(void)opts;
	fold_write(pl->fold, out);
	return 0;
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
	return cmd_pipeline_run(o.file, o.output, &o.how, write_folded, NULL);
}
