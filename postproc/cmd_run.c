/* cmd_run.c - `ljstap run`: from PID to picture or text, in one command.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "mem.h"

struct run_opts {
	struct cmd_sample s;
	struct cmd_pipeline how;
	uint32_t *pid;		/* s.c.pid */
	size_t maxpids;
	const char *as, *keep;
	int keeps;
};

enum { OPT_AS = 256, OPT_KEEP, OPT_LINES, OPT_BY_PID };

static const struct argp_option options[] = {
	{ "pid", 'p', "PID,...", 0, "The process to sample, or several", 0 },
	{ "children-of", 'm', "PID", 0, "The children of that process, such as "
	  "the workers of a master, new ones too", 0 },
	{ "comm", 'C', "NAME", 0, "All processes of that name, new ones too",
	  0 },
	{ "output", 'o', "FILE", 0, "Write to FILE; its suffix tells what: "
	  ".svg, .txt, .folded, .pb.gz, .speedscope.json; .ljd or none: the "
	  "dump itself", 0 },
	{ "as", OPT_AS, "WHAT", 0, "Write this: svg, text, folded, dump, "
	  "pprof, speedscope, chrome or firefox; text if neither --as nor -o "
	  "is given", 0 },
	{ "keep", OPT_KEEP, "FILE", OPTION_ARG_OPTIONAL, "Keep the dump as "
	  "well, in FILE, or in TOOL-PID.ljd", 0 },
	{ "lines", OPT_LINES, NULL, 0, "Show the line after each Lua function",
	  0 },
	{ "by-pid", OPT_BY_PID, NULL, 0, "Show the process at the root", 0 },
	{ 0 }
};

static int pid_of(const char *option, const char *s, uint32_t *pid)
{
	uint64_t n;

	if (cmd_number(option, s, INT32_MAX, &n))
		return EINVAL;
	*pid = n;
	return 0;
}

static int add_pids(struct run_opts *o, const char *arg)
{
	char *list = xstrdup(arg), *next = list, *one;
	struct collect *c = &o->s.c;
	uint32_t pid = 0;
	int err = 0;

	while (!err && (one = strsep(&next, ","))) {
		err = pid_of("--pid", one, &pid);
		o->pid = xgrow(o->pid, c->npids, &o->maxpids, sizeof(pid));
		o->pid[c->npids++] = pid;
	}
	c->pid = o->pid;
	free(list);
	return err;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &o->s;
		return 0;
	case 'p':
		return add_pids(o, arg);
	case 'm':
		return pid_of("--children-of", arg, &o->s.c.parent);
	case 'C':
		o->s.c.comm = arg;
		return 0;
	case 'o':
		o->how.output = arg;
		return 0;
	case OPT_AS:
		o->as = arg;
		return 0;
	case OPT_KEEP:
		o->keep = arg;
		o->keeps = 1;
		return 0;
	case OPT_LINES:
		o->how.how.lines = 1;
		return 0;
	case OPT_BY_PID:
		o->how.how.by_pid = 1;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static int all_fit(const struct collect *c)
{
	for (size_t i = 0; i < c->npids; i++)
		if (cmd_sample_unfit(c->pid[i]))
			return 0;
	return !c->parent || !cmd_sample_unfit(c->parent);
}

/* check - do the options fit together? Returns what to make, or NULL. */
static const struct cmd_as *check(struct run_opts *o)
{
	const struct collect *c = &o->s.c;
	const struct cmd_as *as;

	if (!c->npids && !c->parent && !c->comm) {
		diag_usage("no process; give one with -p PID");
		return NULL;
	}
	if (cmd_sample_check(&o->s))
		return NULL;
	as = cmd_as(o->s.tool, o->as, o->how.output);
	if (as && !as->make && o->keeps) {
		diag_usage("--keep: what is written is the dump itself; say "
			   "--as, or another suffix");
		return NULL;
	}
	if (as && !strcmp(as->name, "dump") && !o->how.output && isatty(1)) {
		diag_usage("a dump is not for a terminal; give -o FILE");
		return NULL;
	}
	return as;
}

/* keep_name - where to keep the dump if no file was named; the caller's */
static char *keep_name(const struct run_opts *o)
{
	const struct collect *c = &o->s.c;

	if (c->npids)
		return xasprintf("%s-%" PRIu32 ".ljd", c->script, c->pid[0]);
	if (c->parent)
		return xasprintf("%s-%" PRIu32 ".ljd", c->script, c->parent);
	return xasprintf("%s.ljd", c->script);
}

static int run(struct run_opts *o, const struct cmd_as *as)
{
	char *keep = NULL;
	int ret;

	if (!all_fit(&o->s.c))
		return diag_status();
	if (o->keeps)
		keep = o->keep ? xstrdup(o->keep) : keep_name(o);
	ret = cmd_sample_make(&o->s, as, &o->how, keep);
	if (keep && !o->keep && !ret)
		diag_note("the dump is %s", keep);
	free(keep);
	return ret ? DIAG_UNUSABLE : (int)diag_status();
}

int cmd_run(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_sample_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "[TOOL] [-- STAP-OPTION...]",
		"Sample a process and show what was found, as a table if no "
		"file is named; with -o FILE.svg as a picture. TOOL is one "
		"that ljstap list names, such as lj-cpu-flame, which is taken "
		"if none is given.\v"
		"What stands behind -- is given to stap.\n"
		"Exit status: 0 complete; 1 something is missing from it; "
		"2 there is nothing to show; 64 wrong usage.",
		children, NULL, NULL
	};
	struct run_opts o = { .s.c.duration = 10 };
	const struct cmd_as *as = NULL;
	int ret = DIAG_USAGE;

	if (!cmd_parse(&argp, argc, argv, &o))
		as = check(&o);
	if (as)
		ret = run(&o, as);
	cmd_sample_free(&o.s);
	free(o.pid);
	return ret;
}
