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

static void print_json(const struct pipeline *pl, FILE *out)
{
	fputc('{', out);
	for (int i = 0; i < VMSTATES_N; i++)
		fprintf(out, "\"%s\":%" PRIu64 ",", vmstates_name(i),
			pl->state[i]);
	fprintf(out, "\"unnamed\":%" PRIu64 ",\"unknown\":%" PRIu64 "}\n",
		pl->place[STACKNAME_UNNAMED], pl->place[STACKNAME_UNKNOWN]);
}

static void print_text(const struct pipeline *pl, FILE *out)
{
	const uint64_t *place = pl->place;

	for (int i = 0; i < VMSTATES_N; i++)
		fprintf(out, "%10" PRIu64 " %6.2f %%  %-8s  %s\n",
			pl->state[i], 100.0 * pl->state[i] / pl->taken,
			vmstates_name(i), vmstates_doc(i));
	fprintf(out, "# %" PRIu64 ", %.2f %%, in code without a symbol\n",
		place[STACKNAME_UNNAMED],
		100.0 * place[STACKNAME_UNNAMED] / pl->taken);
	fprintf(out, "# %" PRIu64 ", %.2f %%, in unknown code\n",
		place[STACKNAME_UNKNOWN],
		100.0 * place[STACKNAME_UNKNOWN] / pl->taken);
}

static int write_states(const struct pipeline *pl, const void *opts, FILE *out)
{
	const struct states_opts *o = opts;

	if (!pl->profile) {
		diag_error("folded text does not tell what the VM was doing; "
			   "give the dump it was made of");
		return -1;
	}
	if (o->json)
		print_json(pl, out);
	else
		print_text(pl, out);
	return 0;
}

int cmd_states_make(const struct cmd_pipeline *in, const char *as)
{
	const struct states_opts o = { .in = *in };

	(void)as;
	return cmd_pipeline_run(&o.in, write_states);
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
