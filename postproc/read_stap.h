/* read_stap.h - stacks as SystemTap prints them -> a fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A stack is a line for each frame, innermost first, as print_stack(),
 * print_ustack(), print_backtrace() and print_ubacktrace() print them, then
 * a line with nothing but its count:
 *
 *    0x401136 : sym+0x16/0x20 [/usr/bin/program]
 *    0x401136 : sym+0x16/0x20 at file.c:12 [/usr/bin/program]
 *    0x7f03 [/usr/lib/libfoo.so+0x1234/0x9000] (inexact)
 *   sym+0x16
 *	12
 *
 * A frame gets the name of its function, "[libfoo.so]" if only its file is
 * known, "[unknown]" if only its address is.
 */
#ifndef LJSTAP_READ_STAP_H
#define LJSTAP_READ_STAP_H

#include "fold.h"
#include "input.h"

struct read_stap_losses {
	uint64_t noise;		/* warnings and errors among the stacks */
	uint64_t toolong;	/* lines */
	uint64_t uncounted;	/* frames of a stack without a count at the end */
};

/**
 * read_stap_is_count - whether a line is the count that ends a stack
 * @s: the line
 * @n: its length
 */
int read_stap_is_count(const char *s, size_t n);

/**
 * read_stap_is_frame - whether a line can only be a frame of a stack
 * @s: the line
 * @n: its length
 *
 * It begins with an address or ends as only a symbol of SystemTap does.
 */
int read_stap_is_frame(const char *s, size_t n);

/**
 * read_stap - count the stacks
 * @f: the fold
 * @in: the text
 * @losses: filled in
 *
 * Returns 0, or -1 after a read error, which has been said.
 */
int read_stap(struct fold *f, struct input *in,
	      struct read_stap_losses *losses);

#endif
