/* cmd_as.c - what can be made of what a tool has found: --as, or by suffix.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "cmd.h"
#include "diag.h"

#define PROFILE	(1u << TOOL_PROFILE)
#define STATES	(1u << TOOL_STATES)
#define CURVE	(1u << TOOL_CURVE)
#define WORDS	(1u << TOOL_WORDS)
#define GC	(1u << TOOL_GC)
#define JIT	(1u << TOOL_JIT)

/* The first one with a name is what a tool gets; text if nothing is said. */
static const struct cmd_as table[] = {
	{ "svg", ".svg", PROFILE | JIT, cmd_flame_make },
	{ "svg", ".svg", CURVE, cmd_curve_make },
	{ "svg", ".svg", GC, cmd_heap_curve_make },
	{ "text", ".txt", PROFILE, cmd_top_make },
	{ "text", ".txt", GC, cmd_gc_make },
	{ "text", ".txt", JIT, cmd_jit_make },
	{ "text", ".txt", STATES, cmd_states_make },
	{ "text", ".txt", WORDS, NULL },
	{ "steps", NULL, GC, cmd_gc_make },
	{ "folded", ".folded", PROFILE | JIT, cmd_fold_make },
	{ "dump", ".ljd", PROFILE | STATES | CURVE | GC | JIT, NULL },
	{ "pprof", ".pb.gz", PROFILE, cmd_export_make },
	{ "speedscope", ".speedscope.json", PROFILE, cmd_export_make },
	{ "chrome", NULL, PROFILE, cmd_export_make },
	{ "firefox", NULL, PROFILE, cmd_export_make },
};

#define AS	(sizeof(table) / sizeof(table[0]))

const struct cmd_as *cmd_as_next(const struct tool *tool,
				 const struct cmd_as *as)
{
	for (size_t i = as ? as - table + 1 : 0; i < AS; i++)
		if (table[i].shows & 1u << tool->shows)
			return &table[i];
	return NULL;
}

static int ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && !strcmp(s + n - m, end);
}

/* is_it - does the name, or else the file's, ask for this? */
static int is_it(const struct cmd_as *as, const char *name, const char *output)
{
	if (name)
		return !strcmp(as->name, name);
	return as->suffix && ends(output, as->suffix);
}

/* names - those that a tool has, with blanks between */
static const char *names(const struct tool *tool, char *buf, size_t size)
{
	const struct cmd_as *as = NULL;
	size_t n = 0;

	while ((as = cmd_as_next(tool, as)) && n < size - 16) {
		memcpy(buf + n, as->name, strlen(as->name));
		n += strlen(as->name);
		buf[n++] = ' ';
	}
	buf[n - 1] = 0;
	return buf;
}

static void refuse(const struct tool *tool, const char *name,
		   const char *output)
{
	char has[128];

	names(tool, has, sizeof(has));
	if (name)
		diag_usage("--as: '%s' is nothing that %s can be written as; "
			   "it has: %s", name, tool->name, has);
	else if (output)
		diag_usage("%s: its name does not tell what to write; say it "
			   "with --as, one of: %s", output, has);
	else
		diag_usage("%s has no text to print; give -o FILE.svg, or "
			   "--as, one of: %s", tool->name, has);
}

const struct cmd_as *cmd_as(const struct tool *tool, const char *name,
			    const char *output)
{
	const struct cmd_as *as = NULL;
	const char *base, *want = name;

	if (output && !strcmp(output, "-"))
		output = NULL;
	base = output && strrchr(output, '/') ? strrchr(output, '/') : output;
	if (!want && !output)
		want = "text";
	else if (!want && !strchr(base, '.'))
		want = tool->shows == TOOL_WORDS ? "text" : "dump";
	while ((as = cmd_as_next(tool, as)))
		if (is_it(as, want, output))
			return as;
	refuse(tool, name, output);
	return NULL;
}
