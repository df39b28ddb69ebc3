/* main.c - the table of commands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   raw dump -> read_dump -> load -> profile    what is in the dump
 *            -> symbolize, luaname, protoname, vmcode
 *            -> stackname                       what things are called
 *   folded text -> read_folded, SystemTap text -> read_stap
 *            -> fold                            stacks and counts
 *            -> flame, treetext                 rectangles; all of the tree
 *            -> svg, caption, draw_*            pictures
 *
 *   live process -> heapcopy -> heapobj, heapname -> heapwalk
 *            -> heappath, heapdom               who holds what; then fold
 *            -> heapreport                      in words
 *
 *   live process -> remote ; ELF file -> vmelf -> vmreport    its layout
 *   live process -> remote -> luaval -> luatree -> luatext    its values
 *                          -> luatab, luacdata -> luaproxy -> luahost    scripts
 *                          -> a dump in memory -> backtrace   its stacks
 *
 * No stage includes a later one; pipeline.c joins them.
 */
#include <config.h>

#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "mem.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *doc;
} commands[] = {
	{ "bt", cmd_bt, "print where a live process is, and its coroutines" },
	{ "cat", cmd_cat, "print a dump in words" },
	{ "check", cmd_check, "say which collectors can be used here" },
	{ "csp", cmd_csp, "print the Content-Security-Policy of pictures" },
	{ "curve", cmd_curve, "draw CPU usage over time as lines (SVG)" },
	{ "diff", cmd_diff, "compare two dumps: picture (SVG) or table" },
	{ "export", cmd_export, "write a profile for another viewer" },
	{ "flame", cmd_flame, "draw a flame graph of a dump (SVG)" },
	{ "fold", cmd_fold, "print the stacks of a dump as folded lines" },
	{ "gc", cmd_gc, "print what the garbage collector takes" },
	{ "heap", cmd_heap, "tell what the Lua heap of a process holds, and "
			    "who holds it" },
	{ "heat", cmd_heat, "draw when samples were taken (SVG)" },
	{ "inspect", cmd_inspect, "print a Lua value of a live process" },
	{ "layout", cmd_layout, "tell the layout of a LuaJIT, in a process or "
				"a file" },
	{ "list", cmd_list, "list the tools that ljstap run has" },
	{ "jit", cmd_jit, "print what the JIT compiler did" },
	{ "lua", cmd_lua, "look into a live process with a Lua script" },
	{ "modules", cmd_modules, "print what a live process has loaded" },
	{ "prebuild", cmd_prebuild, "compile a tool for the kernel of other "
				    "machines" },
	{ "ps", cmd_ps, "list the processes that have a LuaJIT" },
	{ "report", cmd_report, "make pages of many dumps (HTML)" },
	{ "run", cmd_run, "sample a process: from PID to picture or text" },
	{ "states", cmd_states, "print what the VM was doing" },
	{ "symbols", cmd_symbols, "tell where the functions of a stripped "
				  "LuaJIT are" },
	{ "top", cmd_top, "print what takes most as a table" },
	{ "watch", cmd_watch, "sample a process whenever it gets hot" },
};

#define COMMANDS	(sizeof(commands) / sizeof(commands[0]))

const char *argp_program_version = PACKAGE_STRING;

static int help(void)
{
	printf("Usage: ljstap COMMAND [OPTION...] [FILE]\n"
	       "Show where a LuaJIT program spends its time, from the raw "
	       "dump of an ljstap script.\n\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-8s %s\n", commands[i].name, commands[i].doc);
	printf("\n`ljstap COMMAND --help' tells the options of a command.\n"
	       "Exit status: 0 complete; 1 output written, something is "
	       "missing from it;\n2 nothing usable; 64 wrong usage.\n");
	return fflush(stdout) ? DIAG_UNUSABLE : DIAG_OK;
}

static int version(void)
{
	puts(PACKAGE_STRING);
	return fflush(stdout) ? DIAG_UNUSABLE : DIAG_OK;
}

static int is(const char *s, const char *one, const char *other)
{
	return !strcmp(s, one) || !strcmp(s, other);
}

static int run(const struct command *c, int argc, char **argv)
{
	char *name = xasprintf("ljstap %s", c->name);

	/* What usage messages call the program; it lives as long as it. */
	argv[0] = name;
	return c->run(argc, argv);
}

int main(int argc, char **argv)
{
	argp_err_exit_status = DIAG_USAGE;
	if (argc < 2) {
		diag_usage("no command given; see ljstap --help");
		return DIAG_USAGE;
	}
	if (is(argv[1], "--help", "help"))
		return help();
	if (is(argv[1], "--version", "-V"))
		return version();
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return run(&commands[i], argc - 1, argv + 1);
	diag_usage("%s: no such command; see ljstap --help", argv[1]);
	return DIAG_USAGE;
}
