/* tools.h - the tools that there are, from tools.def.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A tool is a question; its script, or the eBPF collector, or both answer it.
 * Prints nothing.
 */
#ifndef LJSTAP_TOOLS_H
#define LJSTAP_TOOLS_H

#include <stddef.h>

#include "collect.h"

enum tool_by {
	TOOL_BPF = 1 << 0,
	TOOL_STAP = 1 << 1,
	TOOL_MEMORY = 1 << 2,	/* memory alone tells */
};

enum tool_shows {
	TOOL_PROFILE,		/* a dump of stacks */
	TOOL_STATES,		/* a dump of states of the VM */
	TOOL_CURVE,		/* a dump of points over time */
	TOOL_GC,		/* a dump of states of the collector */
	TOOL_JIT,		/* a dump of what the JIT compiler did */
	TOOL_WORDS,		/* text for people */
};

enum tool_takes {
	TOOL_HZ = 1 << 0,	/* --hz; without it, it counts events */
	TOOL_DEPTH = 1 << 1,
	TOOL_LAYOUT = 1 << 2,
	TOOL_FILES = 1 << 3,	/* --all-files */
	TOOL_MANY = 1 << 4,	/* several processes, with SystemTap */
	TOOL_ALLOC = 1 << 5,	/* --every, --duty */
	TOOL_LIBRARY = 1 << 6,	/* its script is told what LuaJIT is in */
};

struct tool {
	const char *name;	/* "lj-cpu-flame" */
	unsigned by;		/* enum tool_by */
	enum collect_what what;	/* of eBPF */
	enum tool_shows shows;
	unsigned takes;		/* enum tool_takes */
	const char *doc;
};

/**
 * tools - all of them
 * @n: how many
 */
const struct tool *tools(size_t *n);

/**
 * tool_find - the tool of a name
 * @name: with or without "lj-" before and ".stp" behind; _ is as good as -
 *
 * Returns NULL if there is none.
 */
const struct tool *tool_find(const char *name);

/**
 * tool_module - the name of a tool's kernel module, in which - may not be
 * @tool: the tool
 * @name: where to; room for TOOL_MODULE bytes
 *
 * tool_find() knows it, too.
 */
#define TOOL_MODULE	64
void tool_module(const struct tool *tool, char *name);

/**
 * tool_near - the tool whose name is most like another
 * @name: what was given
 *
 * Returns NULL if none is like it.
 */
const struct tool *tool_near(const char *name);

#endif
