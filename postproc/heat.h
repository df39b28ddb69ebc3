/* heat.h - samples -> how many there were when, in small steps of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_HEAT_H
#define LJSTAP_HEAT_H

#include "pipeline.h"

#define HEAT_ROWS	50	/* steps of time in a column */

struct heat {
	uint64_t *count;	/* by column, then row: HEAT_ROWS each */
	size_t columns;
	uint64_t start;		/* of the first column, ns from the start */
	uint64_t column;	/* a column stands for so much, ns */
	uint64_t most;		/* of all counts */
	size_t samples;
};

/**
 * heat_new - count samples
 * @p: the profile
 * @o: which samples; its processes and times
 *
 * A column is a second, or more if there would be too many to see.
 */
struct heat *heat_new(const struct profile *p, const struct pipeline_opts *o);

/**
 * heat_free - give it back
 * @h: the counts, or NULL
 */
void heat_free(struct heat *h);

#endif
