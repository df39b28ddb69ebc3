/* export.h - a fold -> the formats of other viewers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each is one function that writes a file; errors stay in the FILE. The same
 * input gives the same bytes. What they share is in export.c.
 */
#ifndef LJSTAP_EXPORT_H
#define LJSTAP_EXPORT_H

#include <stdio.h>

#include "pipeline.h"

/* A frame of a stack. */
struct export_frame {
	unsigned name;
	long line;	/* it was at, if the frame below told; else -1 */
};

/* Called for a stack that has a count of its own, root first. */
typedef void export_stack(void *ctx, const struct export_frame *frame,
			  size_t n, uint64_t count);

/**
 * export_stacks - walk over all stacks, in order of names
 * @f: the fold, finished
 * @fn: called for each
 * @ctx: for it
 *
 * Frames that are lines are put into the function they are of.
 */
void export_stacks(const struct fold *f, export_stack *fn, void *ctx);

/* A node from when to when, in units of the fold. */
struct export_span {
	uint32_t node;
	uint64_t start, end;
	uint64_t self;		/* at the end: from end - self on */
};

/* Called for a node. */
typedef void export_walk(void *ctx, const struct export_span *span);

/**
 * export_time - walk over a tree from left to right
 * @f: the fold, finished
 * @start: called for each node before what is below it; or NULL
 * @end: called for each node after that; or NULL
 * @ctx: for both
 *
 * In a chart, left to right is time.
 */
void export_time(const struct fold *f, export_walk *start, export_walk *end,
		 void *ctx);

/**
 * export_whole - a count as a whole number
 * @f: the fold
 * @count: the count
 *
 * Rounded, and no more than a signed number can be.
 */
int64_t export_whole(const struct fold *f, uint64_t count);

/**
 * export_us - a place in a tree as a time, us
 * @pl: the pipeline: of a chart, or without times, then a us for each count
 * @at: the place
 */
double export_us(const struct pipeline *pl, uint64_t at);

/**
 * export_speedscope - write speedscope's JSON, stacks with counts
 * @pl: the pipeline
 * @title: of the profile
 * @out: where to
 *
 * Returns 0, or -1 after saying that it could not be made. So do the others.
 */
int export_speedscope(const struct pipeline *pl, const char *title, FILE *out);

/**
 * export_chrome - write Chrome's trace events
 * @pl: the pipeline, of a chart if it has times
 * @title: as above
 * @out: as above
 *
 * Frames in order of time, in us; without times, a us for each count.
 */
int export_chrome(const struct pipeline *pl, const char *title, FILE *out);

/**
 * export_firefox - write Firefox Profiler's processed profile
 * @pl: as for export_chrome()
 * @title: as above
 * @out: as above
 */
int export_firefox(const struct pipeline *pl, const char *title, FILE *out);

/**
 * export_pprof - write pprof's profile.proto, compressed
 * @pl: the pipeline, line by line if it can
 * @title: as above
 * @out: as above
 */
int export_pprof(const struct pipeline *pl, const char *title, FILE *out);

#endif
