/* cmd.h - the commands, and what they share in parsing their options.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A command returns the exit status, having said what there was to say.
 */
#ifndef LJSTAP_CMD_H
#define LJSTAP_CMD_H

#include <stdint.h>
#include <stdio.h>

#include "collect.h"
#include "lj_layout_text.h"
#include "pipeline.h"
#include "tools.h"

struct argp;
struct argp_state;

/**
 * cmd_bt - print where a live process is
 * @argc: arguments, the command's name included
 * @argv: the arguments
 */
int cmd_bt(int argc, char **argv);

/**
 * cmd_cat - print a dump in words
 * @argc: as above
 * @argv: as above
 */
int cmd_cat(int argc, char **argv);

/**
 * cmd_check - say which collectors can be used here
 * @argc: as above
 * @argv: as above
 */
int cmd_check(int argc, char **argv);

/**
 * cmd_csp - print the Content-Security-Policy of pictures
 * @argc: as above
 * @argv: as above
 */
int cmd_csp(int argc, char **argv);

/**
 * cmd_diff - compare two dumps
 * @argc: as above
 * @argv: as above
 */
int cmd_diff(int argc, char **argv);

/**
 * cmd_export - write the formats of other viewers
 * @argc: as above
 * @argv: as above
 */
int cmd_export(int argc, char **argv);

/**
 * cmd_flame - draw a flame graph
 * @argc: as above
 * @argv: as above
 */
int cmd_flame(int argc, char **argv);

/**
 * cmd_fold - print folded stacks
 * @argc: as above
 * @argv: as above
 */
int cmd_fold(int argc, char **argv);

/**
 * cmd_prebuild - compile a tool for the kernel of other machines
 * @argc: as above
 * @argv: as above
 */
int cmd_prebuild(int argc, char **argv);

/**
 * cmd_ps - list the processes that have a LuaJIT
 * @argc: as above
 * @argv: as above
 */
int cmd_ps(int argc, char **argv);

/**
 * cmd_run - sample a process
 * @argc: as above
 * @argv: as above
 */
int cmd_run(int argc, char **argv);

/**
 * cmd_report - make pages of many dumps
 * @argc: as above
 * @argv: as above
 */
int cmd_report(int argc, char **argv);

/**
 * cmd_states - print what the VM was doing
 * @argc: as above
 * @argv: as above
 */
int cmd_states(int argc, char **argv);

/**
 * cmd_symbols - tell where the functions of a stripped LuaJIT are
 * @argc: as above
 * @argv: as above
 */
int cmd_symbols(int argc, char **argv);

/**
 * cmd_top - print what takes most
 * @argc: as above
 * @argv: as above
 */
int cmd_top(int argc, char **argv);

/**
 * cmd_watch - sample a process whenever it gets hot
 * @argc: as above
 * @argv: as above
 */
int cmd_watch(int argc, char **argv);

/**
 * cmd_curve - draw numbers over time
 * @argc: as above
 * @argv: as above
 */
int cmd_curve(int argc, char **argv);

/**
 * cmd_jit - print what the JIT compiler did
 * @argc: as above
 * @argv: as above
 */
int cmd_jit(int argc, char **argv);

/**
 * cmd_gc - print what the garbage collector takes
 * @argc: as above
 * @argv: as above
 */
int cmd_gc(int argc, char **argv);

/**
 * cmd_heap - tell what a Lua heap holds, and who holds it
 * @argc: as above
 * @argv: as above
 */
int cmd_heap(int argc, char **argv);

/**
 * cmd_heat - draw a heat map
 * @argc: as above
 * @argv: as above
 */
int cmd_heat(int argc, char **argv);

/**
 * cmd_layout - tell the layout of a LuaJIT
 * @argc: as above
 * @argv: as above
 */
int cmd_layout(int argc, char **argv);

/**
 * cmd_inspect - print a value of a live process
 * @argc: as above
 * @argv: as above
 */
int cmd_inspect(int argc, char **argv);

/**
 * cmd_lua - run a Lua script that looks into a live process
 * @argc: as above
 * @argv: as above
 */
int cmd_lua(int argc, char **argv);

/**
 * cmd_modules - print the modules that a live process has loaded
 * @argc: as above
 * @argv: as above
 */
int cmd_modules(int argc, char **argv);

/**
 * cmd_list - list the tools
 * @argc: as above
 * @argv: as above
 */
int cmd_list(int argc, char **argv);

/**
 * cmd_parse - parse the arguments of a command
 * @argp: its table
 * @argc: as above
 * @argv: as above
 * @opts: its options
 *
 * Returns 0, or -1 after one line which says what is wrong.
 */
int cmd_parse(const struct argp *argp, int argc, char **argv, void *opts);

/* struct cmd_look - what commands that look at processes have in common; a
 * command takes those of the options below that it has a use for
 */
struct cmd_look {
	const char *out;	/* -o; NULL: stdout */
	uint32_t pid;		/* -p; 0: none was given */
	int json;		/* --json */
};

#define CMD_JSON	{ "json", 'j', NULL, 0, "Print JSON", 0 }
#define CMD_OUT		{ "output", 'o', "OUT", 0, "Write to OUT", 0 }
#define CMD_PID		{ "pid", 'p', "PID", 0, "Look into process PID", 0 }

/**
 * cmd_look - the parser of these options; a command's own calls it last
 * @key: as argp gives it
 * @arg: likewise
 * @state: likewise
 * @look: filled in
 *
 * Returns as a parser of argp does. An argument is refused.
 */
int cmd_look(int key, char *arg, struct argp_state *state,
	     struct cmd_look *look);

/**
 * cmd_number - the value of a numeric option
 * @option: its name, for the message
 * @s: what was given
 * @max: largest value allowed
 * @value: set
 *
 * Returns 0, or -1 after saying what is wrong.
 */
int cmd_number(const char *option, const char *s, uint64_t max,
	       uint64_t *value);

/**
 * cmd_limit - the value of an option that limits something; 0: no limit
 *
 * As cmd_number() otherwise.
 */
int cmd_limit(const char *option, const char *s, uint64_t max,
	      uint64_t *value);

enum cmd_collector { CMD_AUTO, CMD_BPF, CMD_STAP, CMD_MEMORY };

/**
 * cmd_collector - the value of the option --collector
 * @s: what was given
 * @which: set
 *
 * Returns 0, or -1 after saying what is wrong.
 */
int cmd_collector(const char *s, enum cmd_collector *which);

/**
 * cmd_pipeline_argp - the options of all commands that fold a dump
 *
 * A child of their own; its input is a struct pipeline_opts.
 */
extern const struct argp cmd_pipeline_argp;

/**
 * cmd_pipeline_write - write what a command makes of a profile
 * @pl: the profile
 * @opts: the command's options
 * @out: where to; errors may stay in it
 *
 * Returns 0, or -1 after saying why.
 */
typedef int cmd_pipeline_write(const struct pipeline *pl, const void *opts,
			       FILE *out);

/* struct cmd_pipeline - what such commands have in common; the options of each
 * begin with it
 */
struct cmd_pipeline {
	const char *file;	/* the input; NULL: stdin */
	FILE *stream;		/* it is open already, and called file */
	const char *output;	/* there only if all went well; NULL: stdout */
	struct pipeline_opts how;
};

/**
 * cmd_pipeline - a command that folds one file and writes what it makes of it
 * @own: its own options, and its text; its parser's input is @opts
 * @argc: as above
 * @argv: as above
 * @opts: its options, with their defaults
 * @write: writes it, given @opts
 *
 * Returns the exit status.
 */
int cmd_pipeline(const struct argp *own, int argc, char **argv,
		 struct cmd_pipeline *opts, cmd_pipeline_write *write);

/**
 * cmd_pipeline_input - open the input
 * @opts: what tells it
 *
 * As input_open().
 */
struct input *cmd_pipeline_input(const struct cmd_pipeline *opts);

/**
 * cmd_pipeline_run - what cmd_pipeline() does when the options are parsed
 * @opts: the command's options
 * @write: as above
 *
 * Returns 0, or -1 after saying why there is nothing to show.
 */
int cmd_pipeline_run(const struct cmd_pipeline *opts,
		     cmd_pipeline_write *write);

/**
 * cmd_make - make of a dump what a command does if no option is given
 * @in: the dump, where to, and how it is read
 * @as: one of the names in the table of cmd_as.c
 *
 * Returns 0, or -1 after saying why there is nothing to show.
 */
typedef int cmd_make(const struct cmd_pipeline *in, const char *as);

cmd_make cmd_curve_make, cmd_export_make, cmd_flame_make, cmd_fold_make;
cmd_make cmd_gc_make, cmd_heap_curve_make, cmd_jit_make, cmd_states_make;
cmd_make cmd_top_make;

/* struct cmd_as - what ljstap run can make of what a tool has found */
struct cmd_as {
	const char *name;	/* of --as */
	const char *suffix;	/* of a file of it; NULL: none tells it */
	unsigned shows;		/* bit 1 << enum tool_shows: of those tools */
	cmd_make *make;		/* NULL: it is what was collected */
};

/**
 * cmd_as - what to make
 * @tool: the tool
 * @name: as --as says; NULL: not given
 * @output: the file's name; NULL: stdout
 *
 * Returns NULL after saying what is wrong.
 */
const struct cmd_as *cmd_as(const struct tool *tool, const char *name,
			    const char *output);

/**
 * cmd_as_next - the next thing that can be made of a tool's output
 * @tool: the tool
 * @as: the one before; NULL: the first
 *
 * Returns NULL if there are no more.
 */
const struct cmd_as *cmd_as_next(const struct tool *tool,
				 const struct cmd_as *as);

/* struct cmd_sample - what commands that sample have in common */
struct cmd_sample {
	struct collect c;	/* all but its processes */
	const struct tool *tool;
	enum cmd_collector collector;
	struct lj_layout layout;
	const char *layout_text, *module;	/* --module */
	char **param;		/* c.stap.param */
	size_t maxparams;
	const char **option;	/* c.stap.option */
	size_t maxoptions;
	char *library;		/* c.stap.arg */
	char *symbols;		/* a debug file that was made for stap */
};

/**
 * cmd_sample_argp - their options: a child, whose input is a struct cmd_sample
 */
extern const struct argp cmd_sample_argp;

/**
 * cmd_sample_check - do the options fit together? Fills in what was not given
 * @s: the options
 *
 * Returns 0, or -1 after saying what is wrong.
 */
int cmd_sample_check(struct cmd_sample *s);

/**
 * cmd_sample_collect - choose a collector and take a dump
 * @s: the options, checked
 * @out: where it goes; errors stay in the stream
 *
 * Shows progress on a terminal. Returns 0, or -1 after saying why there is
 * nothing usable.
 */
int cmd_sample_collect(struct cmd_sample *s, FILE *out);

/**
 * cmd_sample_make - take a dump and make something of it
 * @s: the options, checked
 * @as: what to make
 * @how: where to, and how it is read
 * @keep: where to keep the dump as well; NULL: nowhere
 *
 * Returns 0, or -1 after saying why there is nothing. Without @keep the dump is
 * in a nameless file of the folder for those, and never in memory.
 */
int cmd_sample_make(struct cmd_sample *s, const struct cmd_as *as,
		    const struct cmd_pipeline *how, const char *keep);

/**
 * cmd_sample_unfit - is there no such process?
 * @pid: the process
 *
 * Returns 0 if there is, or says what is wrong and returns -1.
 */
int cmd_sample_unfit(uint32_t pid);

/**
 * cmd_sample_free - give back what options were kept in
 * @s: the options
 */
void cmd_sample_free(struct cmd_sample *s);

/**
 * cmd_seconds - the value of --from
 * @option: its name, for the message
 * @arg: what was given, seconds from the start of the dump
 * @ns: set, ns
 *
 * As cmd_number(). So is cmd_to(): 0 s is 1 ns, as 0 would mean the end.
 */
int cmd_seconds(const char *option, const char *arg, uint64_t *ns);
int cmd_to(const char *option, const char *arg, uint64_t *ns);

/**
 * cmd_width - the value of --width
 * @arg: what was given
 * @width: set, px
 *
 * As cmd_number(). So is cmd_minwidth().
 */
int cmd_width(const char *arg, unsigned *width);
int cmd_minwidth(const char *arg, double *minwidth);

/**
 * cmd_file - take the one file a command reads
 * @file: set; NULL if none was given yet
 * @arg: the argument
 *
 * Returns 0, or -1 after saying that there are two.
 */
int cmd_file(const char **file, const char *arg);

#endif
