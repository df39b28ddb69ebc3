/* traceline.h - the Lua functions and the line at an address in a trace.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does not print. Answers are kept: one look-up an address after the first.
 */
#ifndef LJSTAP_TRACELINE_H
#define LJSTAP_TRACELINE_H

#include "profile.h"

/* The way an answer was found. */
enum traceline_how {
	TRACELINE_NONE,		/* it was not */
	TRACELINE_SNAPSHOT,	/* the snapshot before it */
	TRACELINE_SHARE,	/* by its share of the code between two */
	TRACELINE_CODE,		/* by its machine code */
};

struct traceline_frame {
	const struct profile_proto *pt;
	uint32_t pos;		/* bytecode index; LJD_NOPOS: not known */
	int indirect;		/* not what the caller called: that called on,
				 * as pcall does, or ended in a tail call */
};

struct traceline_answer {
	enum traceline_how how;
	int sure;		/* all that follows is as good as certain */
	size_t nframes;
	/* Root first; [0] is where the trace runs, the frame that is on the
	 * Lua stack. */
	const struct traceline_frame *frame;
	long from, to;		/* lines of the innermost between which it is */
};

struct traceline;

/**
 * traceline_new - get ready to look into the traces of a profile
 * @p: the profile, finished; must outlive it
 */
struct traceline *traceline_new(const struct profile *p);

/**
 * traceline_free - give it back
 * @tl: what traceline_new() returned, or NULL
 */
void traceline_free(struct traceline *tl);

/**
 * traceline_at - what an address in the machine code of a trace is part of
 * @tl: as above
 * @trace: dictionary id of the trace
 * @ip: a sampled instruction pointer, or the return address of a call
 *
 * A sample is taken when an instruction is done: it is the one before ip that
 * counts. An answer lasts as long as tl. The first in a trace takes 10 ms.
 */
const struct traceline_answer *traceline_at(struct traceline *tl,
					    uint32_t trace, uint64_t ip);

#endif
