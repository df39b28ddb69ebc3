/* collect_user.c - collect a dump of what memory alone tells: without a probe,
 * and without the kernel's help.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <time.h>

#include "collect.h"
#include "jitbooks.h"
#include "stop.h"
#include "target.h"

#define LANE		1	/* of what tells of the process; 0: of its VMs */
#define USAGE_NS	250000000
#define DEPTH		2	/* where a trace starts, where it was aborted */

struct session {
	const struct collect *c;
	struct target *target;
	struct jitbooks *books;
	uint64_t looks;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static void wait_until(uint64_t ns)
{
	const struct timespec ts = { ns / 1000000000, ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void tell(const struct session *s, uint64_t ns, uint64_t seen)
{
	const struct collect_progress p = {
		.seconds = ns / 1e9, .samples = seen,
	};

	target_usage(s->target);
	if (s->c->progress)
		s->c->progress(s->c->ctx, &p);
}

/* over - ENUM reason; 0: go on */
static uint32_t over(const struct session *s, uint64_t ns)
{
	if (stop_asked())
		return LJD_reason_SIGNAL;
	if (s->c->duration && ns >= s->c->duration * 1000000000ull)
		return LJD_reason_DURATION;
	return jitbooks_ended(s->books) ? LJD_reason_EXIT : 0;
}

/* watch - until it is over: returns ENUM reason */
static uint32_t watch(struct session *s, FILE *out)
{
	uint64_t each = 1000000000 / s->c->hz, t = now_ns();
	uint64_t since = t, next = t, usage = t, seen;
	uint32_t reason = 0;

	while (!reason && !ferror(out)) {
		t = now_ns();
		reason = over(s, t - since);
		seen = jitbooks_look(s->books, reason != 0);
		s->looks++;
		if (t >= usage) {
			tell(s, t - since, seen);
			usage = t + USAGE_NS;
		}
		next = next + each > t ? next + each : t + each;
		if (!reason)
			wait_until(next);
	}
	return reason;
}

static void put_header(const struct session *s)
{
	const struct collect *c = s->c;

	target_header(s->target, LJD_collector_USER, 0, LJD_weight_ABORTS,
		      c->hz, c->duration, DEPTH, "process_vm_readv");
	target_meta(s->target, "script", c->script);
	target_maps(s->target);
}

static void put_end(const struct session *s, uint32_t reason)
{
	struct ljd_end e = { .reason = reason, .hits = s->looks };

	jitbooks_tally(s->books, &e);
	target_tally(s->target, &e);
	target_end(s->target, &e);
}

int collect_user(const struct collect *c, FILE *out)
{
	const struct jitbooks_opts o = { .pid = c->pid[0], .out = out };
	struct session s = { .c = c };

	stop_begin();
	s.target = target_new(c->pid[0], out, LANE);
	put_header(&s);
	s.books = jitbooks_open(&o);
	if (s.books)
		put_end(&s, watch(&s, out));
	stop_end();
	jitbooks_close(s.books);
	target_free(s.target);
	return s.books ? 0 : -1;
}
