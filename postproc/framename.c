/* framename.c - what a frame's name says: its file and its line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "framename.h"

#define MAXDIGITS	9

/* The line at the end of a text "...:LINE", -1 if there is none. Sets n to
 * the bytes before it. */
static long line_at_end(const char *s, size_t *n)
{
	size_t len = strlen(s), i = len;

	while (i && s[i - 1] >= '0' && s[i - 1] <= '9')
		i--;
	if (i == len || len - i > MAXDIGITS || i < 2 || s[i - 1] != ':')
		return -1;
	*n = i - 1;
	return strtol(s + i, NULL, 10);
}

void framename_split(const char *name, struct framename *fn)
{
	const char *at = strchr(name, '@');
	size_t n;
	long line;

	*fn = (struct framename){ NULL, 0, 0 };
	if (!at && !strncmp(name, "trace#", 6))
		at = strchr(name, ':');
	if (!at || !at[1])
		return;
	line = line_at_end(at + 1, &n);
	fn->file = at + 1;
	fn->nfile = line < 0 ? strlen(at + 1) : n;
	fn->line = line < 0 ? 0 : line;
}

long framename_line(const char *function, const char *below)
{
	struct framename fn;
	size_t n;
	long line = line_at_end(below, &n);

	if (line < 0)
		return -1;
	framename_split(function, &fn);
	if (!fn.file) {
		/* A chunk that was given a name shows as that name alone. */
		fn.file = function;
		fn.nfile = strlen(function);
	}
	return fn.nfile == n && !memcmp(fn.file, below, n) ? line : -1;
}
