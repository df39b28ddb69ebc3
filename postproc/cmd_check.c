/* cmd_check.c - `ljstap check`: what can be used here, on this process?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "readiness.h"

struct check_opts {
	uint32_t pid;
	enum cmd_collector collector;
};

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "Also look for LuaJIT in process PID", 0 },
	{ "collector", 'c', "NAME", 0, "Only check stap (SystemTap) or bpf "
	  "(eBPF); auto: whether one of them will do", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'p':
		if (cmd_number("--pid", arg, INT32_MAX, &n))
			return EINVAL;
		o->pid = n;
		return 0;
	case 'c':
		return cmd_collector(arg, &o->collector) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		diag_usage("%s: check reads no file; see --help", arg);
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

/* What is well goes to stdout. What is wrong is a loss, unless another
 * collector does instead.
 */
static void tell(const struct findings *f, const char *who, int needed)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *text = f->list[i].text;

		if (f->list[i].good)
			printf("ok: %s%s\n", who, text);
		else if (needed)
			diag_loss("%s%s", who, text);
		else
			printf("no: %s%s\n", who, text);
	}
}

static void check_collectors(enum cmd_collector which)
{
	struct findings stap = { 0 }, bpf = { 0 };
	int one;

	if (which != CMD_BPF)
		readiness_stap(&stap);
	if (which != CMD_STAP)
		readiness_bpf(&bpf);
	one = which == CMD_AUTO &&
	      (!readiness_bad(&stap) || !readiness_bad(&bpf));
	tell(&bpf, "eBPF: ", !one);
	tell(&stap, "SystemTap: ", !one);
	readiness_free(&stap);
	readiness_free(&bpf);
}

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"Say which collectors can be used on this machine, and what "
		"to do if none can.\v"
		"Exit status: 0 yes; 1 no; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct findings process = { 0 };
	struct check_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	check_collectors(o.collector);
	if (o.pid)
		readiness_process(&process, o.pid);
	tell(&process, "", 1);
	readiness_free(&process);
	if (fflush(stdout))
		diag_error("standard output: cannot write: %s; choose another "
			   "place", strerror(errno));
	return diag_status();
}
