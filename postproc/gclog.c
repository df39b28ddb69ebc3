/* gclog.c - what a dump tells of the garbage collector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "gclog.h"
#include "mem.h"
#include "read_dump.h"

#define ROWS		1000	/* of a curve */
#define IN_STEP		(~2)	/* G->vmstate in a step: ~LJ_VMST_GC */

/* Two samples this many intervals apart are in a row: ticks get lost. */
#define ROW_GAP		2.5

static void take(void *ctx, const struct dump_record *r)
{
	static const char script[] = "script=";
	struct gclog *g = ctx;

	switch (r->type ? r->type->kind : 0) {
	case LJD_KIND_meta:
		if (r->n >= sizeof(script) &&
		    !memcmp(r->tail, script, sizeof(script) - 1))
			snprintf(g->script, sizeof(g->script), "%.*s",
				 (int)(r->n - (sizeof(script) - 1)),
				 (const char *)r->tail + sizeof(script) - 1);
		break;
	case LJD_KIND_sample:
		g->samples++;
		break;
	case LJD_KIND_gc:
		g->point = xgrow(g->point, g->n, &g->max, sizeof(*g->point));
		g->point[g->n++] = r->fixed.gc;
		break;
	}
}

static int cmp(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_thread(const void *a, const void *b)
{
	const struct ljd_gc *x = a, *y = b;
	int c = cmp(x->pid, y->pid);

	if (!c)
		c = cmp(x->tid, y->tid);
	return c ? c : cmp(x->time, y->time);
}

static int by_time(const void *a, const void *b)
{
	return cmp(((const struct ljd_gc *)a)->time,
		   ((const struct ljd_gc *)b)->time);
}

struct gclog *gclog_read(struct input *in)
{
	struct gclog *g = xcalloc(1, sizeof(*g));
	struct dump_handler handler = { take, NULL, g };
	struct dump_stats stats;

	if (read_dump(in, &handler, &stats))
		goto fail;
	read_dump_losses(&stats, input_name(in));
	if (!g->n) {
		diag_error("%s: nothing of the garbage collector in this dump; "
			   "give one of lj-gc-pauses", input_name(in));
		goto fail;
	}
	g->interval = 1000000000 / (stats.header.hz ? stats.header.hz : 999);
	qsort(g->point, g->n, sizeof(*g->point), by_thread);
	return g;
fail:
	gclog_free(g);
	return NULL;
}

void gclog_free(struct gclog *g)
{
	if (!g)
		return;
	free(g->point);
	free(g);
}

static int in_step(const struct ljd_gc *r)
{
	return (int32_t)r->vmstate == IN_STEP;
}

static int same_vm(const struct ljd_gc *a, const struct ljd_gc *b)
{
	return a->pid == b->pid && a->tid == b->tid && a->vm == b->vm;
}

/* Were both taken of one thread, one soon after the other? */
static int in_a_row(const struct gclog *g, const struct ljd_gc *a,
		    const struct ljd_gc *b)
{
	return same_vm(a, b) && b->time - a->time < ROW_GAP * g->interval;
}

/* Has a cycle begun between the two? */
static int new_cycle(const struct ljd_gc *a, const struct ljd_gc *b)
{
	return same_vm(a, b) && (b->state < a->state ?
		b->state != LJD_gcstate_PAUSE :
		a->state == LJD_gcstate_PAUSE && b->state != a->state);
}

/* Are two samples in a row of one step? A full collection has one new cycle. */
static int one_step(const struct ljd_gc *a, const struct ljd_gc *b)
{
	return in_step(a) && in_step(b) && same_vm(a, b) &&
	       a->threshold == b->threshold && !new_cycle(a, b);
}

static void add_phases(uint64_t *phase, const struct ljd_gc *r, size_t n)
{
	for (; n--; r++)
		if (r->state < GCLOG_STATES)
			phase[r->state]++;
}

/* One step, seen n times, from r on. */
static void add_step(struct gclog_sum *sum, const struct gclog *g,
		     const struct ljd_gc *r, size_t n)
{
	uint64_t time = r[n - 1].time - r->time + g->interval;
	unsigned bin = 0;

	if (n == 1) {
		sum->once++;
		add_phases(sum->phase[GCLOG_BINS], r, n);
		return;
	}
	while (bin < GCLOG_BINS - 1 && time >= g->interval << (bin + 1))
		bin++;
	sum->step[bin]++;
	sum->in[bin] += n;
	add_phases(sum->phase[bin], r, n);
	if (time > sum->longest)
		sum->longest = time;
}

static void add_steps(struct gclog_sum *sum, const struct gclog *g)
{
	for (size_t i = 0, k; i < g->n; i = k) {
		const struct ljd_gc *r = &g->point[i];

		k = i + 1;
		while (k < g->n && one_step(&g->point[k - 1], &g->point[k]))
			k++;
		if (in_step(r))
			add_step(sum, g, r, k - i);
	}
}

void gclog_add_up(const struct gclog *g, struct gclog_sum *sum)
{
	double total = 0, grown = 0, time = 0;

	memset(sum, 0, sizeof(*sum));
	sum->least = UINT64_MAX;
	for (size_t i = 0; i < g->n; i++) {
		const struct ljd_gc *r = &g->point[i], *last = r - 1;

		total += r->total;
		sum->least = r->total < sum->least ? r->total : sum->least;
		sum->most = r->total > sum->most ? r->total : sum->most;
		sum->running += in_step(r);
		if (in_step(r) && r->state < GCLOG_STATES)
			sum->state[r->state]++;
		sum->cycles += i && new_cycle(last, r);
		if (!i || !in_a_row(g, last, r))
			continue;
		time += r->time - last->time;
		grown += r->total > last->total ? r->total - last->total : 0;
	}
	sum->mean = total / g->n;
	sum->allocated = time ? grown / time * 1e9 : 0;
	add_steps(sum, g);
}

/* -- Over time ------------------------------------------------------------ */

/* Keep the VM that was seen most, in order of time. */
static void keep_one_vm(struct gclog *g, const char *name)
{
	struct index *seen = index_new();
	uint32_t best = g->point[0].vm;
	size_t n = 0;
	long most = 0;

	for (size_t i = 0; i < g->n; i++) {
		long k = index_get(seen, g->point[i].vm);

		k = k < 0 ? 1 : k + 1;
		index_put(seen, g->point[i].vm, k);
		if (k > most) {
			most = k;
			best = g->point[i].vm;
		}
	}
	index_free(seen);
	for (size_t i = 0; i < g->n; i++)
		if (g->point[i].vm == best)
			g->point[n++] = g->point[i];
	if (n < g->n)
		diag_note("%s: of several VMs, the one seen most is drawn",
			  name);
	g->n = n;
	qsort(g->point, g->n, sizeof(*g->point), by_time);
}

static uint64_t span(const struct gclog *g)
{
	return g->point[g->n - 1].time - g->point[0].time;
}

/* The largest heap between two times from the start, MiB; NAN: not seen. */
static double largest(const struct gclog *g, size_t *at, uint64_t to)
{
	double most = NAN;

	for (; *at < g->n && g->point[*at].time - g->point[0].time <= to; ++*at)
		if (!(g->point[*at].total / 1048576.0 <= most))
			most = g->point[*at].total / 1048576.0;
	return most;
}

static struct curve *tabulate(struct gclog *const *g, struct input *const *in,
			      size_t n)
{
	char *name[CURVE_SERIES + 1] = { xstrdup("time") };
	double row[CURVE_SERIES + 1];
	size_t at[CURVE_SERIES] = { 0 };
	uint64_t longest = 1;
	struct curve *c;

	for (size_t k = 0; k < n; k++) {
		longest = span(g[k]) > longest ? span(g[k]) : longest;
		name[k + 1] = xasprintf("%s%s%s", input_name(in[k]),
					*g[k]->script ? ": " : "",
					g[k]->script);
	}
	c = curve_new((const char *const *)name, n + 1);
	for (size_t i = 1; i <= ROWS; i++) {
		int any = 0;

		row[0] = longest / 1e9 * i / ROWS;
		for (size_t k = 0; k < n; k++) {
			row[k + 1] = largest(g[k], &at[k],
					     (double)longest * i / ROWS);
			any |= !isnan(row[k + 1]);
		}
		if (any)
			curve_add(c, row);
	}
	for (size_t k = 0; k <= n; k++)
		free(name[k]);
	return c;
}

struct curve *gclog_curve(struct input *const *in, size_t n)
{
	struct gclog *g[CURVE_SERIES] = { 0 };
	struct curve *c = NULL;

	for (size_t k = 0; k < n; k++) {
		g[k] = gclog_read(in[k]);
		if (!g[k])
			goto out;
		keep_one_vm(g[k], input_name(in[k]));
	}
	c = tabulate(g, in, n);
out:
	for (size_t k = 0; k < n; k++)
		gclog_free(g[k]);
	return c;
}
