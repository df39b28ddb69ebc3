/* cmd_pipeline.c - the options of all commands that fold a dump.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "outfile.h"
#include "pipeline.h"

/* Numbers of their own: a command's begin at 256. */
enum { OPT_LINES = 4096, OPT_PID, OPT_SYSROOT, OPT_NO_SYMBOLS, OPT_FROM,
       OPT_TO, OPT_VM, OPT_BY_VM, OPT_BY, OPT_NO_C, OPT_NO_VM, OPT_ONLY,
       OPT_CLOSED, OPT_BY_PID, OPT_BY_PATH, OPT_WEIGHT, OPT_NO_TYPES };

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Of a dump:", 0 },
	{ "lines", OPT_LINES, NULL, 0,
	  "After each Lua function, the line it is at", 0 },
	{ "by", OPT_BY, "LEVEL", 0, "function, or line: the same as --lines",
	  0 },
	{ "no-c", OPT_NO_C, NULL, 0,
	  "Without C functions that Lua does not know of", 0 },
	{ "no-vm", OPT_NO_VM, NULL, 0,
	  "Without the VM's own code: lj_BC_*, lj_ff_*, [lj_vm ...]", 0 },
	{ "only", OPT_ONLY, "STATE,...", 0, "Only samples in these states: "
	  "interp, jit, c, gc, compiler, outside; off the CPU for these "
	  "reasons: blocked, io, preempted", 0 },
	{ "closed-traces", OPT_CLOSED, NULL, 0,
	  "Do not show the functions inlined in traces", 0 },
	{ "pid", OPT_PID, "PID", 0, "Only samples of process PID", 0 },
	{ "from", OPT_FROM, "S", 0,
	  "Only samples from S seconds after the start", 0 },
	{ "to", OPT_TO, "S", 0, "Only samples before that", 0 },
	{ "vm", OPT_VM, "ID", 0, "Only samples in the VM of that id", 0 },
	{ "by-vm", OPT_BY_VM, NULL, 0,
	  "Before the frames of each VM, its id", 0 },
	{ "by-pid", OPT_BY_PID, NULL, 0, "At the root, the process", 0 },
	{ "by-path", OPT_BY_PATH, NULL, 0,
	  "Before a system call, the path of its file", 0 },
	{ "no-types", OPT_NO_TYPES, NULL, 0,
	  "Without what it is that is allocated: [table], [string]", 0 },
	{ "weight", OPT_WEIGHT, "WHAT", 0, "Add up time, bytes, count (of "
	  "samples) or live (bytes that were not freed); if not given, what "
	  "the dump was taken for", 0 },
	{ "sysroot", OPT_SYSROOT, "DIR", 0,
	  "Look for the mapped files below DIR", 0 },
	{ "no-symbols", OPT_NO_SYMBOLS, NULL, 0,
	  "Do not open the mapped files", 0 },
	{ 0 }
};

int cmd_seconds(const char *option, const char *arg, uint64_t *ns)
{
	char *end;
	double s = strtod(arg, &end);

	if (*arg >= '0' && *arg <= '9' && !*end && s <= 1e9) {
		*ns = s * 1e9 + 0.5;
		return 0;
	}
	diag_usage("%s: '%s' is not a number of seconds from the start; see "
		   "--help", option, arg);
	return -1;
}

int cmd_to(const char *option, const char *arg, uint64_t *ns)
{
	if (cmd_seconds(option, arg, ns))
		return -1;
	*ns += !*ns;
	return 0;
}

static error_t parse_by(const char *arg, struct pipeline_opts *o)
{
	o->lines = !strcmp(arg, "line");
	if (o->lines || !strcmp(arg, "function"))
		return 0;
	diag_usage("--by: '%s' is neither function nor line; see --help", arg);
	return EINVAL;
}

static error_t parse_weight(const char *arg, struct pipeline_opts *o)
{
	static const char *const names[] = {
		[PROFILE_BY_TIME] = "time", [PROFILE_BY_BYTES] = "bytes",
		[PROFILE_BY_COUNT] = "count", [PROFILE_BY_LIVE] = "live",
	};

	for (int i = PROFILE_BY_TIME; i <= PROFILE_BY_LIVE; i++)
		if (!strcmp(arg, names[i])) {
			o->weight = i;
			return 0;
		}
	diag_usage("--weight: '%s' is neither time, bytes, count nor live; "
		   "see --help", arg);
	return EINVAL;
}

static int only(const char *name, struct pipeline_opts *o)
{
	enum vmstates_kind state = vmstates_parse(name);
	enum waitkind wait = waitkind_parse(name);

	if (state != VMSTATES_N)
		o->states |= 1u << state;
	else if (wait != WAITKIND_N)
		o->waits |= 1u << wait;
	else
		return -1;
	return 0;
}

static error_t parse_only(const char *arg, struct pipeline_opts *o)
{
	char *names = xstrdup(arg), *next = names, *name;
	error_t ret = 0;

	while (!ret && (name = strsep(&next, ","))) {
		if (!only(name, o))
			continue;
		diag_usage("--only: '%s' is no state of the VM, nor a reason "
			   "to be off the CPU; see --help", name);
		ret = EINVAL;
	}
	free(names);
	return ret;
}

static error_t check(const struct pipeline_opts *o)
{
	if (!o->to || o->from < o->to)
		return 0;
	diag_usage("--from is not before --to; see --help");
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct pipeline_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case OPT_LINES:
		o->lines = 1;
		return 0;
	case OPT_BY:
		return parse_by(arg, o);
	case OPT_NO_C:
		o->no_c = 1;
		return 0;
	case OPT_NO_VM:
		o->no_vm = 1;
		return 0;
	case OPT_ONLY:
		return parse_only(arg, o);
	case OPT_CLOSED:
		o->closed_traces = 1;
		return 0;
	case OPT_PID:
		if (cmd_number("--pid", arg, UINT32_MAX, &n))
			return EINVAL;
		o->pid = n;
		return 0;
	case OPT_VM:
		if (cmd_number("--vm", arg, UINT32_MAX, &n))
			return EINVAL;
		o->vm = n;
		return 0;
	case OPT_BY_VM:
		o->by_vm = 1;
		return 0;
	case OPT_BY_PID:
		o->by_pid = 1;
		return 0;
	case OPT_BY_PATH:
		o->by_path = 1;
		return 0;
	case OPT_NO_TYPES:
		o->no_types = 1;
		return 0;
	case OPT_WEIGHT:
		return parse_weight(arg, o);
	case OPT_FROM:
		return cmd_seconds("--from", arg, &o->from) ? EINVAL : 0;
	case OPT_TO:
		return cmd_to("--to", arg, &o->to) ? EINVAL : 0;
	case OPT_SYSROOT:
		o->sysroot = arg;
		return 0;
	case OPT_NO_SYMBOLS:
		o->no_symbols = 1;
		return 0;
	case ARGP_KEY_END:
		return check(o);
	}
	return ARGP_ERR_UNKNOWN;
}

const struct argp cmd_pipeline_argp = { options, parse, NULL, NULL, NULL, NULL,
					NULL };

/* -- Commands ----------------------------------------------------------- */

static const struct argp_option common[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ 0 }
};

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct cmd_pipeline *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		/* getopt's own message is the one line an error gets. */
		state->err_stream = NULL;
		state->child_inputs[0] = o;
		state->child_inputs[1] = &o->how;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

struct input *cmd_pipeline_input(const struct cmd_pipeline *o)
{
	return o->stream ? input_stream(o->stream, o->file) :
			   input_open(o->file);
}

int cmd_pipeline_run(const struct cmd_pipeline *o, cmd_pipeline_write *write)
{
	struct input *in = cmd_pipeline_input(o);
	struct pipeline *pl = in ? pipeline_open(in, &o->how) : NULL;
	struct outfile *out = pl ? outfile_open(o->output) : NULL;
	int ret = -1;

	if (!out)
		goto out;
	ret = write(pl, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	pipeline_free(pl);
	input_close(in);
	return ret;
}

int cmd_pipeline(const struct argp *own, int argc, char **argv,
		 struct cmd_pipeline *opts, cmd_pipeline_write *write)
{
	const struct argp rest = { .options = own->options,
				   .parser = own->parser };
	const struct argp_child children[] = {
		{ &rest, 0, NULL, 0 }, { &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	const struct argp argp = {
		common, parse_common, "[FILE]", own->doc, children, NULL, NULL
	};

	if (cmd_parse(&argp, argc, argv, opts))
		return DIAG_USAGE;
	return cmd_pipeline_run(opts, write) ? DIAG_UNUSABLE :
					       (int)diag_status();
}
