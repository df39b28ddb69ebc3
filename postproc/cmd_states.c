/* cmd_states.c - `ljstap states`: what the VM was doing, as a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <inttypes.h>

#include "cmd.h"
#include "diag.h"
#include "vmstates.h"

struct states_opts {
	struct cmd_pipeline in;
	int json;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct states_opts *o = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	o->json = 1;
	return 0;
}

static void print_json(const uint64_t *n, FILE *out)
{
	fputc('{', out);
	for (int i = 0; i < VMSTATES_N; i++)
		fprintf(out, "%s\"%s\":%" PRIu64, i ? "," : "",
			vmstates_name(i), n[i]);
	fputs("}\n", out);
}

static int write_states(const struct pipeline *pl, const void *opts, FILE *out)
{
	const struct states_opts *o = opts;
	uint64_t all = 0;

	if (!pl->profile) {
		diag_error("folded text does not tell what the VM was doing; "
			   "give the dump it was made of");
		return -1;
	}
	for (int i = 0; i < VMSTATES_N; i++)
		all += pl->state[i];
	if (o->json) {
		print_json(pl->state, out);
		return 0;
	}
	for (int i = 0; i < VMSTATES_N; i++)
		fprintf(out, "%10" PRIu64 " %6.2f %%  %-8s  %s\n",
			pl->state[i], 100.0 * pl->state[i] / all,
			vmstates_name(i), vmstates_doc(i));
	return 0;
}

int cmd_states(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Print what the VM was doing: shares of interpreter, compiled "
		"code, C functions, garbage collector, JIT compiler, and what "
		"was not Lua.\v"
		"FILE is the output of an ljstap script; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct states_opts o = { 0 };

	return cmd_pipeline(&argp, argc, argv, &o.in, write_states);
}
