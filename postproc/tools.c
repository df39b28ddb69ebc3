/* tools.c - the tools that there are, from tools.def.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "tools.h"

/* The words of tools.def. */
enum { BPF = TOOL_BPF, STAP = TOOL_STAP, MEMORY = TOOL_MEMORY,
       HZ = TOOL_HZ, DEPTH = TOOL_DEPTH, LAYOUT = TOOL_LAYOUT, FILES = TOOL_FILES,
       MANY = TOOL_MANY, ALLOC = TOOL_ALLOC, LIBRARY = TOOL_LIBRARY };

static const struct tool all[] = {
#define TOOL(name, by, what, shows, takes, doc) \
	{ name, by, COLLECT_##what, TOOL_##shows, takes, doc },
#include "tools.def"
#undef TOOL
};

#define TOOLS		(sizeof(all) / sizeof(all[0]))
#define MAXNAME		64

const struct tool *tools(size_t *n)
{
	*n = TOOLS;
	return all;
}

/* bare - a name without "lj-" and ".stp"; 0 if it is too long */
static size_t bare(const char *name, char *buf)
{
	size_t n;

	name += strncmp(name, "lj-", 3) && strncmp(name, "lj_", 3) ? 0 : 3;
	n = strlen(name);
	if (n > 4 && !strcmp(name + n - 4, ".stp"))
		n -= 4;
	if (n >= MAXNAME)
		return 0;
	for (size_t i = 0; i < n; i++)
		buf[i] = name[i] == '_' ? '-' : name[i];
	buf[n] = 0;
	return n;
}

const struct tool *tool_find(const char *name)
{
	char want[MAXNAME];

	if (!bare(name, want))
		return NULL;
	for (size_t i = 0; i < TOOLS; i++)
		if (!strcmp(all[i].name + 3, want))
			return &all[i];
	return NULL;
}

void tool_module(const struct tool *tool, char *name)
{
	size_t i;

	for (i = 0; tool->name[i] && i < TOOL_MODULE - 1; i++)
		name[i] = tool->name[i] == '-' ? '_' : tool->name[i];
	name[i] = 0;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* distance - letters to put in, leave out or change (Levenshtein) */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAXNAME + 1], was, next;
	size_t n = strlen(b);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		was = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			next = least(was + (a[i] != b[j]),
				     least(row[j], row[j + 1]) + 1);
			was = row[j + 1];
			row[j + 1] = next;
		}
	}
	return row[n];
}

const struct tool *tool_near(const char *name)
{
	unsigned best = MAXNAME, d;
	const struct tool *near = NULL;
	char want[MAXNAME];
	size_t n = bare(name, want);

	for (size_t i = 0; n > 2 && i < TOOLS; i++) {
		const char *has = all[i].name + 3;

		/* A part of the name is near, but not as near as a slip. */
		d = strstr(has, want) ? 3 : distance(want, has);
		if (d >= best || (d > 3 && d > strlen(has) / 3))
			continue;
		best = d;
		near = &all[i];
	}
	return near;
}
