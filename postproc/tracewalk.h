/* tracewalk.h - which bytecode each IR instruction of a trace was made for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Snapshots say it only now and then. Between two of them the recorder went
 * from one bytecode to the next, through calls, and made IR in that order:
 * this finds the way on which the IR makes most sense. Does not print.
 */
#ifndef LJSTAP_TRACEWALK_H
#define LJSTAP_TRACEWALK_H

#include "trace.h"

#define WALK_NONE	UINT32_MAX

/* A frame and those it was called from. */
struct walk_node {
	uint32_t parent;	/* WALK_NONE: where the trace runs */
	const struct trace_proto *tp;	/* NULL: a fast function */
	uint32_t base;		/* first slot; 0: not known */
	uint32_t callpos;	/* the call in the parent */
	int tail;		/* it was another that was called there */
};

/* Where an IR instruction belongs. */
struct walk_place {
	uint32_t node;		/* WALK_NONE: not known */
	uint32_t pos;		/* bytecode index there */
	float cost;		/* of the way around it; 0: no doubt */
	uint8_t failed;		/* no way was found: from the snapshot */
};

struct trace_walk {
	const struct trace *t;
	struct walk_node *node;
	size_t nnodes;
	struct walk_place *place;	/* by reference, from REF_BIAS on */
	size_t nplaces;
};

/**
 * trace_walk - find the places of all instructions of a trace
 * @t: the trace; must outlive the result
 *
 * About 20 us an instruction, and never more than 800 steps for one.
 */
struct trace_walk *trace_walk(const struct trace *t);

/**
 * trace_walk_free - give it back
 * @w: what trace_walk() returned, or NULL
 */
void trace_walk_free(struct trace_walk *w);

#endif
