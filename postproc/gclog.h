/* gclog.h - what a dump tells of the garbage collector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From the gc records of lj-gc-pauses, which come with samples: shares are
 * those of samples. A step is known by gc.threshold, which only its end
 * changes: samples of one thread in a row that have the same are of one step.
 */
#ifndef LJSTAP_GCLOG_H
#define LJSTAP_GCLOG_H

#include "curve.h"
#include "dumptab.h"
#include "input.h"

#define GCLOG_STATES	6	/* of ENUM gcstate */
#define GCLOG_BINS	12	/* the last one has all that are longer */

struct gclog {
	struct ljd_gc *point;	/* in order of process, thread and time */
	size_t n, max;
	uint64_t samples;	/* all, also those without Lua */
	uint64_t interval;	/* ns between two samples */
	char script[64];
};

/* What it amounts to. Bytes, ns, samples. */
struct gclog_sum {
	uint64_t least, most, mean;	/* bytes of the heap */
	double allocated;	/* bytes a second of CPU, at least */
	uint64_t running;	/* samples in a step */
	uint64_t state[GCLOG_STATES];	/* ... by how far the cycle was */
	uint64_t cycles;	/* begun, at least */
	uint64_t longest;	/* ns of the longest step */
	/* Steps seen more than once: of 1 << i intervals or more. */
	uint64_t step[GCLOG_BINS], in[GCLOG_BINS];	/* and samples in them */
	uint64_t once;		/* steps seen once: their length is not known */
	/* The samples in both, by how far the cycle was; once: the last row. */
	uint64_t phase[GCLOG_BINS + 1][GCLOG_STATES];
};

/**
 * gclog_read - read it all
 * @in: a dump
 *
 * Returns NULL, having said why, if it has no gc records.
 */
struct gclog *gclog_read(struct input *in);

/**
 * gclog_free - give it back
 * @g: the log, or NULL
 */
void gclog_free(struct gclog *g);

/**
 * gclog_add_up - what it amounts to
 * @g: the log
 * @sum: filled in
 */
void gclog_add_up(const struct gclog *g, struct gclog_sum *sum);

/**
 * gclog_curve - the size of the heap over time, a column for each dump
 * @in: the dumps
 * @n: how many, at most CURVE_SERIES
 *
 * In MiB, by seconds from the first record of each dump; of the VM that was
 * seen most. A row is the largest of a thousandth of the longest dump. Returns
 * NULL, having said why, if a dump has no gc records.
 */
struct curve *gclog_curve(struct input *const *in, size_t n);

#endif
