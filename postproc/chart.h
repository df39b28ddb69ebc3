/* chart.h - samples in order of time -> a tree in order of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_CHART_H
#define LJSTAP_CHART_H

#include "pipeline.h"
#include "stackname.h"

/**
 * chart_fold - fold samples one after the other
 * @pl: gets them into its fold, with times in ns for counts
 * @sn: names of the stacks
 * @o: which samples
 * @input: what messages call the dump
 *
 * A sample stands for the time until the next one, but for one and a half
 * periods at most: time without samples is a frame of its own, and what is
 * at both sides of it is not one call. Frames that two samples in a row share
 * are one. Returns 0, or says why it cannot be done and returns -1.
 */
int chart_fold(struct pipeline *pl, struct stackname *sn,
	       const struct pipeline_opts *o, const char *input);

#endif
