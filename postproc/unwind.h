/* unwind.h - registers and stack memory -> the C functions that are active.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * By the .eh_frame of the files that were mapped, which stripped ones have.
 */
#ifndef LJSTAP_UNWIND_H
#define LJSTAP_UNWIND_H

#include "mapfile.h"

#define UNWIND_MAX	256	/* functions of one stack */

struct unwind_stack {
	uint32_t pid;
	uint64_t time;
	struct elffile_regs regs;
	uint64_t start;		/* address of the memory, 8-aligned */
	const uint64_t *mem;	/* words, 0: not known */
	size_t n;		/* how many */
	uint64_t end;		/* stack pointer to stop at, 0: none */
};

enum unwind_end {
	UNWIND_WHOLE,		/* up to @end, or to the outermost function */
	UNWIND_CUT,		/* the memory ended, or a caller is not known */
	UNWIND_NOFILE,		/* code of a file that is not here */
	UNWIND_NOCODE,		/* code of no file: machine code of traces */
};

/**
 * unwind - the callers of a place in code
 * @p: the profile, for its mappings
 * @files: their files
 * @s: the stack; its pc is where it starts
 * @addr: set to addresses inside the calls, the innermost first; without the
 *	pc itself; room for UNWIND_MAX
 * @n: set to how many
 *
 * The last one, if UNWIND_WHOLE and there is an end, is the code whose frame
 * is at the end.
 */
enum unwind_end unwind(const struct profile *p, struct mapfiles *files,
		       const struct unwind_stack *s, uint64_t *addr, size_t *n);

#endif
