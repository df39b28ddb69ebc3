/* cmd_list.c - `ljstap list`: the tools that ljstap run has.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "json.h"
#include "outfile.h"

static const struct argp_option options[] = {
	CMD_JSON,
	CMD_OUT,
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return cmd_look(key, arg, state, state->input);
}

static const char *by(const struct tool *t)
{
	return t->by == TOOL_BPF ? "bpf" : t->by == TOOL_STAP ? "stap" :
	       t->by == TOOL_MEMORY ? "memory" :
	       t->by == (TOOL_BPF | TOOL_MEMORY) ? "bpf,memory" : "bpf,stap";
}

static void print_text(const struct tool *t, size_t n, FILE *out)
{
	fprintf(out, "%-18s %-10s %s\n", "TOOL", "COLLECTORS", "TELLS");
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%-18s %-10s %s\n", t[i].name, by(&t[i]),
			t[i].doc);
}

static void print_json(const struct tool *t, size_t n, FILE *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct cmd_as *as = NULL;
		const char *sep = "";

		fprintf(out, "%s{\"tool\":\"%s\",\"collectors\":[%s%s%s%s],"
			"\"as\":[", i ? ",\n " : "[", t[i].name,
			t[i].by & TOOL_BPF ? "\"bpf\"" : "",
			t[i].by & TOOL_BPF && t[i].by != TOOL_BPF ? "," : "",
			t[i].by & TOOL_STAP ? "\"stap\"" : "",
			t[i].by & TOOL_MEMORY ? "\"memory\"" : "");
		for (; (as = cmd_as_next(&t[i], as)); sep = ",")
			fprintf(out, "%s\"%s\"", sep, as->name);
		fputs("],\"tells\":", out);
		json_string(out, t[i].doc);
		putc('}', out);
	}
	fputs("]\n", out);
}

int cmd_list(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"List the tools that ljstap run has: the collectors that "
		"do it, bpf (eBPF), stap (SystemTap) or memory (neither is "
		"needed), and what it tells.\v"
		"Exit status: 0; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct cmd_look o = { 0 };
	const struct tool *t;
	struct outfile *out;
	size_t n;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	out = outfile_open(o.out);
	if (!out)
		return diag_status();
	t = tools(&n);
	(o.json ? print_json : print_text)(t, n, outfile_stream(out));
	outfile_close(out, 1);
	return diag_status();
}
