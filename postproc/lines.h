/* lines.h - bytes of an input -> lines of text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A line lasts until the next call. Memory is bounded: a line longer than
 * LINES_MAX is passed over and counted.
 */
#ifndef LJSTAP_LINES_H
#define LJSTAP_LINES_H

#include "input.h"

#define LINES_MAX	(16u << 20)	/* bytes; 60,000 frames of 280 */

struct lines;

/**
 * lines_new - get ready to read lines
 * @in: where from; must outlive it
 */
struct lines *lines_new(struct input *in);

/**
 * lines_free - give it back
 * @l: what lines_new() returned, or NULL
 */
void lines_free(struct lines *l);

/**
 * lines_next - the next line
 * @l: as above
 * @s: set to its first byte; no 0 follows it
 * @n: set to its bytes, without what ends it (a newline, or CR newline)
 *
 * Returns 1, or 0 after the last line or a read error (input_failed()).
 */
int lines_next(struct lines *l, const char **s, size_t *n);

/**
 * lines_toolong - how many lines so far were too long
 * @l: as above
 */
uint64_t lines_toolong(const struct lines *l);

#endif
