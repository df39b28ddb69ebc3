/* read_folded.h - folded text -> a fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A line is "root;...;leaf COUNT": what comes before the last blanks is
 * the stack, COUNT is a whole number or has a decimal point; at most six
 * of its decimals count. It is the contract of FlameGraph's tools.
 */
#ifndef LJSTAP_READ_FOLDED_H
#define LJSTAP_READ_FOLDED_H

#include "fold.h"
#include "input.h"

/**
 * read_folded_count - take the count off the end of a line
 * @s: the line
 * @n: its length; set to that of the stack
 * @whole: set to the whole part of the count
 * @parts: set to the rest, in FOLD_PARTS
 *
 * Returns 0, or -1 if the line does not end in a count.
 */
int read_folded_count(const char *s, size_t *n, uint64_t *whole,
		      uint32_t *parts);

/**
 * read_folded - count the stacks of folded text
 * @f: the fold
 * @in: the text
 * @bad: set to the number of lines that are none
 *
 * Returns 0, or -1 after a read error, which has been said.
 */
int read_folded(struct fold *f, struct input *in, uint64_t *bad);

#endif
