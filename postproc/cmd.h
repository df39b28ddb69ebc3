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

#include "pipeline.h"

struct argp;

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
 * cmd_top - print what takes most
 * @argc: as above
 * @argv: as above
 */
int cmd_top(int argc, char **argv);

/**
 * cmd_curve - draw numbers over time
 * @argc: as above
 * @argv: as above
 */
int cmd_curve(int argc, char **argv);

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
 * cmd_modules - print the modules that a live process has loaded
 * @argc: as above
 * @argv: as above
 */
int cmd_modules(int argc, char **argv);

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

enum cmd_collector { CMD_AUTO, CMD_BPF, CMD_STAP };

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
