/* chart.c - samples in order of time -> a tree in order of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "chart.h"
#include "clean.h"
#include "diag.h"
#include "flame.h"

#define MAXFRAMES	4000000	/* what a picture can make sense of */

struct chart {
	struct fold *f;
	uint32_t *open;		/* nodes of the sample before, root first */
	size_t nopen, maxopen;
	uint64_t end;		/* of the sample before, ns */
	unsigned gap;
};

static int by_time(const void *a, const void *b)
{
	const struct profile_sample *x = *(struct profile_sample *const *)a;
	const struct profile_sample *y = *(struct profile_sample *const *)b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The samples wanted, by time; NULL if they are of several processes. */
static const struct profile_sample **in_order(const struct profile *p,
					      const struct pipeline_opts *o,
					      size_t *n, const char *input)
{
	const struct profile_sample **s = xcalloc(p->nsums + 1, sizeof(*s));

	*n = 0;
	for (size_t i = 0; i < p->nsums; i++) {
		if (!pipeline_wants(p, &p->sum[i], o))
			continue;
		s[(*n)++] = &p->sum[i];
		if (s[0]->pid == p->sum[i].pid)
			continue;
		diag_error("%s: samples of several processes overlap in time; "
			   "choose one by --pid, such as --pid %u", input,
			   s[0]->pid);
		free(s);
		return NULL;
	}
	qsort(s, *n, sizeof(*s), by_time);
	return s;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Time a sample stands for if none follows soon, ns. Without a timer samples
 * come as they like: then longer pauses are none. */
static uint64_t period(const struct profile *p,
		       const struct profile_sample **s, size_t n)
{
	uint64_t *gap, median;

	if (p->header.hz)
		return 1000000000 / p->header.hz;
	if (n < 2)
		return 10000000;
	gap = xcalloc(n, sizeof(*gap));
	for (size_t i = 1; i < n; i++)
		gap[i - 1] = s[i]->time - s[i - 1]->time;
	qsort(gap, n - 1, sizeof(*gap), by_value);
	median = gap[(n - 1) / 2];
	free(gap);
	return median ? 2 * median : 1;
}

/* Time below a node in which no callee of it was seen: a place is kept free
 * for it, as the picture puts callees next to each other. */
static void add_gap(struct chart *c, uint32_t node, uint64_t time)
{
	uint32_t gap;

	if (!time)
		return;
	gap = fold_append(c->f, node, c->gap);
	*fold_self(c->f, gap) = time;
}

static uint32_t add_callee(struct chart *c, uint32_t node, unsigned name)
{
	add_gap(c, node, *fold_self(c->f, node));
	*fold_self(c->f, node) = 0;
	return fold_append(c->f, node, name);
}

static void add_stack(struct chart *c, const unsigned *name, size_t n,
		      uint64_t time)
{
	size_t same = 0;

	while (same < n && same < c->nopen &&
	       fold_name(c->f, c->open[same]) == name[same])
		same++;
	/* What is no longer on the stack has returned. */
	c->nopen = same;
	while (c->nopen < n) {
		uint32_t parent = c->nopen ? c->open[c->nopen - 1] : 0;

		c->open = xgrow(c->open, c->nopen, &c->maxopen,
				sizeof(*c->open));
		c->open[c->nopen] = add_callee(c, parent, name[c->nopen]);
		c->nopen++;
	}
	*fold_self(c->f, n ? c->open[n - 1] : 0) += time;
}

int chart_fold(struct pipeline *pl, struct stackname *sn,
	       const struct pipeline_opts *o, const char *input)
{
	const struct profile *p = pl->profile;
	struct chart c = { .f = pl->fold };
	const struct profile_sample **s;
	uint64_t most, at, next;
	const unsigned *name;
	size_t n, depth;

	s = in_order(p, o, &n, input);
	if (!s)
		return -1;
	most = period(p, s, n) * 3 / 2;
	c.gap = clean_str(pl->names, FLAME_NOTHING);
	c.end = o->from;
	for (size_t i = 0; i < n && c.f->n < MAXFRAMES; i++) {
		at = pipeline_time(p, s[i]);
		next = i + 1 < n ? pipeline_time(p, s[i + 1]) :
				   at + most * 2 / 3;
		if (at > c.end) {
			add_gap(&c, 0, at - c.end);
			c.nopen = 0;
		}
		c.end = next - at > most ? at + most * 2 / 3 : next;
		name = stackname_sample(sn, s[i], &depth);
		add_stack(&c, name, depth, c.end - at);
		pl->span = at;
		pl->state[vmstates_of(s[i])]++;
	}
	if (c.f->n >= MAXFRAMES)
		diag_error("%s: too many samples to draw one by one; choose a "
			   "time by --from and --to", input);
	pl->taken = n;
	free(c.open);
	free(s);
	return c.f->n >= MAXFRAMES ? -1 : 0;
}
