/* backtrace.h - the stacks in a small dump, one by one, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names as in pictures. Says what is wrong with the dump.
 */
#ifndef LJSTAP_BACKTRACE_H
#define LJSTAP_BACKTRACE_H

#include <stddef.h>
#include <stdint.h>

/* struct backtrace_frame - strings of the backtraces' */
struct backtrace_frame {
	const char *name;
	const char *line;	/* where it is, of a Lua function; or NULL */
};

/* struct backtrace - one sample */
struct backtrace {
	uint32_t tid, flags;	/* LJD_sample_* */
	unsigned stack;		/* the same for the same Lua stack */
	struct backtrace_frame *frame;	/* innermost first */
	size_t n;
};

struct backtraces {
	struct backtrace *bt;	/* in the order of the samples */
	size_t n;
	struct backtrace_private *priv;
};

/**
 * backtraces_read - name all stacks of a dump
 * @dump: the dump
 * @n: its bytes
 *
 * Returns NULL, having said why, if it is none.
 */
struct backtraces *backtraces_read(const void *dump, size_t n);

/**
 * backtraces_free - give them back
 * @b: the stacks, or NULL
 */
void backtraces_free(struct backtraces *b);

#endif
