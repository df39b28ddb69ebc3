/* jitlog.h - what a dump tells of the JIT compiler, added up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From the jit records of lj-trace-events. What there was at its first look is
 * told apart: it happened before. Prints nothing.
 */
#ifndef LJSTAP_JITLOG_H
#define LJSTAP_JITLOG_H

#include "mem.h"
#include "profile.h"

#define JITLOG_WHAT	7	/* of ENUM jit */

/* struct jitlog_row - what is alike but for when it happened */
struct jitlog_row {
	uint64_t before, count;	/* of it, before the first look and since */
	uint64_t placed;	/* ... of which it is known where */
	struct ljd_jit r;	/* the first of them */
};

struct jitlog {
	const struct profile *p;
	uint64_t before[JITLOG_WHAT], count[JITLOG_WHAT];
	/* ABORT by reason and place, EXIT by trace and exit: most first. */
	struct jitlog_row *row;
	size_t n, max;
	struct pool *names;	/* of functions */
	unsigned *proto;	/* names, in the order of profile.proto */
};

/**
 * jitlog_new - add it up
 * @p: the profile, finished; must outlive the log
 */
struct jitlog *jitlog_new(const struct profile *p);

/**
 * jitlog_free - give it back
 * @g: the log, or NULL
 */
void jitlog_free(struct jitlog *g);

/**
 * jitlog_place - where an instruction is: "FILE:LINE in FUNCTION"
 * @g: the log
 * @proto: dictionary id of its function
 * @pos: its bytecode index
 *
 * Returns a string of the caller's; NULL if it is not known.
 */
char *jitlog_place(const struct jitlog *g, uint32_t proto, uint32_t pos);

#endif
