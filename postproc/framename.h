/* framename.h - what a frame's name says: its file and its line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names are those of stackname.c: "f@FILE:LINE", "trace#2:FILE:LINE",
 * "C:f"; with lines, "FILE:LINE" after a function of FILE.
 */
#ifndef LJSTAP_FRAMENAME_H
#define LJSTAP_FRAMENAME_H

#include <stddef.h>

struct framename {
	const char *file;	/* NULL: the name tells none */
	size_t nfile;		/* bytes of it */
	long line;		/* where it begins; 0: not known */
};

/**
 * framename_split - find file and line in a name
 * @name: the name
 * @fn: filled in; points into the name
 */
void framename_split(const char *name, struct framename *fn);

/**
 * framename_line - the line a function is at
 * @function: its name
 * @below: the name of the frame below it
 *
 * Returns the line if the frame below tells it, else -1.
 */
long framename_line(const char *function, const char *below);

#endif
