/* test_jobs.c - every job is done once, and one that kills its worker costs
 * only itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "jobs.h"
#include "unit.h"

#define JOBS	40

struct seen {
	int done[JOBS], died[JOBS];
	int deadly;		/* every so many-th job kills its worker */
};

static void work(void *ctx, size_t i)
{
	const struct seen *s = ctx;

	if (s->deadly && i % s->deadly == 0)
		kill(getpid(), SIGKILL);
}

static void done(void *ctx, size_t i)
{
	((struct seen *)ctx)->done[i]++;
}

static void died(void *ctx, size_t i)
{
	((struct seen *)ctx)->died[i]++;
}

static void run(size_t n, unsigned workers, int deadly)
{
	struct seen s = { .deadly = deadly };
	struct jobs j = { n, workers, work, done, died, &s };

	CHECK(!jobs_run(&j));
	for (size_t i = 0; i < JOBS; i++) {
		int dies = deadly && i % deadly == 0;

		CHECK(s.done[i] == (i < n && !dies));
		CHECK(s.died[i] == (i < n && dies));
	}
}

int main(void)
{
	diag_reset(NULL);
	run(JOBS, 1, 0);
	run(JOBS, 3, 0);
	run(1, 2, 0);
	run(JOBS, 2, 7);
	run(JOBS, 2, 1);
	return unit_verdict();
}
