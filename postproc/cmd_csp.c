/* cmd_csp.c - `ljstap csp': what a server has to say of pictures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>

#include "cmd.h"
#include "diag.h"
#include "outfile.h"
#include "template_csp.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case ARGP_KEY_ARG:
		diag_usage("%s: csp reads no file; see --help", arg);
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_csp(int argc, char **argv)
{
	static const struct argp argp = {
		NULL, parse, "",
		"Print the Content-Security-Policy under which the scripts of "
		"pictures run.\v"
		"It allows the styles and scripts of pictures of this version "
		"of ljstap, by their hashes, and nothing else.",
		NULL, NULL, NULL
	};
	struct outfile *out;

	if (cmd_parse(&argp, argc, argv, NULL))
		return DIAG_USAGE;
	out = outfile_open(NULL);
	if (out)
		fprintf(outfile_stream(out), "%s\n", template_csp);
	outfile_close(out, 1);
	return diag_status();
}
