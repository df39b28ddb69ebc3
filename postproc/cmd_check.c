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
#include "json.h"
#include "outfile.h"
#include "readiness.h"

struct check_opts {
	struct cmd_look look;
	enum cmd_collector collector;
};

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "Also look for LuaJIT in process PID", 0 },
	{ "collector", 'c', "NAME", 0, "Only check stap (SystemTap) or bpf "
	  "(eBPF); auto: whether one of them will do", 0 },
	CMD_JSON,
	CMD_OUT,
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check_opts *o = state->input;

	if (key == 'c')
		return cmd_collector(arg, &o->collector) ? EINVAL : 0;
	return cmd_look(key, arg, state, &o->look);
}

/* What was found, and who needs it. */
struct part {
	const char *who;	/* "eBPF", "SystemTap", ..., "process" */
	int needed;		/* 0: another collector does instead */
	struct findings f;
};

/* What is well goes to the output. What is wrong is a loss, unless it is not
 * needed.
 */
static void tell(const struct part *p, FILE *to)
{
	const char *who = strcmp(p->who, "process") ? p->who : "";
	const char *sep = *who ? ": " : "";

	for (size_t i = 0; i < p->f.n; i++) {
		const char *text = p->f.list[i].text;

		if (p->f.list[i].good)
			fprintf(to, "ok: %s%s%s\n", who, sep, text);
		else if (p->needed)
			diag_loss("%s%s%s", who, sep, text);
		else
			fprintf(to, "no: %s%s%s\n", who, sep, text);
	}
}

static int ready(const struct part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].needed && readiness_bad(&parts[i].f))
			return 0;
	return 1;
}

static void tell_json(const struct part *parts, size_t n, FILE *to)
{
	const char *sep = "";

	fprintf(to, "{\"ready\":%s,\"findings\":[",
		ready(parts, n) ? "true" : "false");
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < parts[i].f.n; k++) {
			fprintf(to, "%s\n{\"about\":\"%s\",\"ok\":%s,"
				"\"needed\":%s,\"text\":", sep, parts[i].who,
				parts[i].f.list[k].good ? "true" : "false",
				parts[i].needed ? "true" : "false");
			json_string(to, parts[i].f.list[k].text);
			putc('}', to);
			sep = ",";
		}
	fputs("]}\n", to);
	if (!ready(parts, n))
		diag_loss("not ready, see what is not ok");
}

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"Say which collectors can be used on this machine, and what "
		"to do if none can; with -p, whether there is a LuaJIT in a "
		"process that can be looked into.\v"
		"Exit status: 0 yes; 1 no; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct check_opts o = { 0 };
	struct part parts[] = {
		{ .who = "eBPF", .needed = 1 },
		{ .who = "SystemTap", .needed = 1 },
		{ .who = "Lua scripts" },
		{ .who = "process", .needed = 1 },
	};
	const size_t n = sizeof(parts) / sizeof(parts[0]);
	struct findings *bpf = &parts[0].f, *stap = &parts[1].f;
	struct outfile *out;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	out = outfile_open(o.look.out);
	if (!out)
		return diag_status();
	if (o.collector != CMD_STAP)
		readiness_bpf(bpf);
	if (o.collector != CMD_BPF)
		readiness_stap(stap);
	if (o.collector == CMD_AUTO &&
	    (!readiness_bad(bpf) || !readiness_bad(stap)))
		parts[0].needed = parts[1].needed = 0;
	if (o.collector == CMD_AUTO)
		readiness_lua(&parts[2].f);
	if (o.look.pid)
		readiness_process(&parts[3].f, o.look.pid);
	if (o.look.json)
		tell_json(parts, n, outfile_stream(out));
	for (size_t i = 0; i < n; i++) {
		if (!o.look.json)
			tell(&parts[i], outfile_stream(out));
		readiness_free(&parts[i].f);
	}
	outfile_close(out, 1);
	return diag_status();
}
