/* cmd_fold.c - `ljstap fold`: dump or text -> folded stacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>

#include "cmd.h"

static int write_folded(const struct pipeline *pl, const void *opts, FILE *out)
{
	(void)opts;
	fold_write(pl->fold, out);
	return 0;
}

int cmd_fold_make(const struct cmd_pipeline *in, const char *as)
{
	(void)as;
	return cmd_pipeline_run(in, write_folded);
}

int cmd_fold(int argc, char **argv)
{
	static const struct argp argp = {
		NULL, NULL, NULL,
		"Print stacks as folded lines, "
		"\"root;...;leaf COUNT\".\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct cmd_pipeline o = { 0 };

	return cmd_pipeline(&argp, argc, argv, &o, write_folded);
}
