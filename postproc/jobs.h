/* jobs.h - the same work for many inputs, on all cores.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each worker is a process: one that crashes or runs out of memory costs only
 * the input it was at.
 */
#ifndef LJSTAP_JOBS_H
#define LJSTAP_JOBS_H

#include <stddef.h>

struct jobs {
	size_t n;
	unsigned workers;
	void (*work)(void *ctx, size_t i);	/* in a worker */
	void (*done)(void *ctx, size_t i);	/* in the caller, as they end */
	void (*died)(void *ctx, size_t i);	/* instead, if its worker did */
	void *ctx;
};

/**
 * jobs_run - do all jobs, 0 to n - 1
 * @j: what
 *
 * Returns 0, or -1 after saying why no worker could be started.
 */
int jobs_run(const struct jobs *j);

#endif
