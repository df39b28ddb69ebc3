/* test_chart.c - time: what is drawn when, and how much of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>

#include "axis.h"
#include "chart.h"
#include "clean.h"
#include "curve.h"
#include "diag.h"
#include "flame.h"
#include "heat.h"
#include "mkdump.h"
#include "unit.h"
#include "usage.h"

#define MS	1000000ull

/* A dump's start and samples; each sample is a stack of numbers, which name
 * no prototype: the frames are all [lost proto]s, as deep as the stack. */
static struct profile *profile(unsigned hz, const uint64_t (*at)[3], size_t n)
{
	struct profile *p = profile_new(&(struct profile_want){ .each = 1 });
	uint64_t frame[4];

	p->header.hz = hz;
	p->header.depth = 4;
	p->header.time = 5000 * MS;
	for (size_t i = 0; i < n; i++) {
		struct ljd_sample r = { .time = 5000 * MS + at[i][0],
					.weight = 1, .pid = at[i][2], .vm = 1,
					.n = at[i][1] };

		for (size_t k = 0; k < r.n; k++)
			frame[k] = LJD_FRAME(LJD_frame_LUA, 9, 0);
		profile_add_sample(p, &r, frame, r.n);
	}
	profile_finish(p);
	return p;
}

static struct pipeline *fold(struct profile *p, const struct pipeline_opts *o)
{
	struct pipeline *pl = xcalloc(1, sizeof(*pl));
	struct stackname_opts named = { 0 };
	struct mapfiles *files = mapfiles_new(NULL, 1);
	struct symbolize *sym = symbolize_new(p, files);
	struct stackname *sn;

	pl->names = pool_new();
	pl->fold = fold_new(pl->names);
	pl->profile = p;
	sn = stackname_new(p, sym, pl->names, &named);
	if (chart_fold(pl, sn, o, "test")) {
		pipeline_free(pl);
		pl = NULL;
	} else {
		fold_finish_in_order(pl->fold);
	}
	stackname_free(sn);
	symbolize_free(sym);
	mapfiles_free(files);
	return pl;
}

/* "depth name total" of all nodes, in the order of drawing. */
static const char *tell(const struct fold *f)
{
	static char text[4096];
	size_t n = 0;
	uint32_t i = 0;

	while (i != FOLD_NONE) {
		n += snprintf(text + n, sizeof(text) - n, "%u %s %llu\n",
			      f->node[i].depth, i ?
			      pool_str(f->names, f->node[i].name) : "all",
			      (unsigned long long)f->node[i].total);
		if (f->node[i].child != FOLD_NONE) {
			i = f->node[i].child;
			continue;
		}
		while (i && f->node[i].next == FOLD_NONE)
			i = f->node[i].parent;
		i = i ? f->node[i].next : FOLD_NONE;
	}
	return text;
}

static void in_order_of_time(void)
{
	/* Deep, flat, deep again at once; a pause; flat. Given unsorted. */
	static const uint64_t at[][3] = {
		{ 10 * MS, 1, 7 }, { 0, 2, 7 }, { 20 * MS, 2, 7 },
		{ 100 * MS, 1, 7 },
	};
	struct pipeline_opts o = { .chart = 1 };
	struct pipeline *pl = fold(profile(100, at, 4), &o);

	/* Callees keep their times: the time between them is kept free. */
	CHECK_STR(tell(pl->fold),
		  "0 all 110000000\n"
		  "1 [lost proto] 30000000\n"
		  "2 [lost proto] 10000000\n"
		  "3 [unknown] 10000000\n"
		  "2 [unknown] 10000000\n"
		  "2 [lost proto] 10000000\n"
		  "3 [unknown] 10000000\n"
		  "1 [nothing] 70000000\n"
		  "1 [lost proto] 10000000\n"
		  "2 [unknown] 10000000\n");
	CHECK(pl->taken == 4);
	pipeline_free(pl);
}

static void part_of_it(void)
{
	static const uint64_t at[][3] = {
		{ 0, 0, 7 }, { 10 * MS, 0, 7 }, { 20 * MS, 0, 7 },
	};
	struct pipeline_opts o = { .chart = 1, .from = 5 * MS, .to = 20 * MS };
	struct pipeline *pl = fold(profile(100, at, 3), &o);

	CHECK_STR(tell(pl->fold), "0 all 15000000\n1 [nothing] 5000000\n"
		  "1 [unknown] 10000000\n");
	pipeline_free(pl);
}

static void two_processes(void)
{
	static const uint64_t at[][3] = { { 0, 1, 7 }, { MS, 1, 8 } };
	struct profile *p = profile(100, at, 2);
	struct pipeline_opts o = { .chart = 1 };

	diag_reset(NULL);
	CHECK(!fold(p, &o));	/* which frees the profile, too */
	p = profile(100, at, 2);
	o.pid = 8;
	pipeline_free(fold(p, &o));
}

static void heat(void)
{
	static const uint64_t at[][3] = {
		{ 1000 * MS, 1, 7 }, { 1019 * MS, 1, 7 }, { 1020 * MS, 1, 7 },
		{ 3999 * MS, 1, 8 },
	};
	struct profile *p = profile(100, at, 4);
	struct pipeline_opts o = { 0 };
	struct heat *h = heat_new(p, &o);

	CHECK(h->columns == 3 && h->start == 1000 * MS &&
	      h->column == 1000 * MS);
	CHECK(h->samples == 4 && h->most == 2);
	CHECK(h->count[0] == 2 && h->count[1] == 1);
	CHECK(h->count[2 * HEAT_ROWS + 49] == 1);
	heat_free(h);
	o.pid = 8;
	h = heat_new(p, &o);
	CHECK(h->columns == 1 && h->samples == 1 && h->start == 3000 * MS);
	heat_free(h);
	profile_free(p);
}

static void steps(void)
{
	CHECK(fabs(axis_step(10, 10) - 1) < 1e-9);
	CHECK(fabs(axis_step(10, 9) - 2) < 1e-9);
	CHECK(fabs(axis_step(95, 6) - 20) < 1e-9);
	CHECK(fabs(axis_step(0.033, 10) - 0.005) < 1e-9);
	CHECK(axis_step(0, 5) == 1);
}

static void csv(void)
{
	static const char text[] =
		"# a note\ntime,a,b\r\n0,1,2\r\n0.5,,3e1\n\n1,4\n";
	struct input *in = input_memory(text, sizeof(text) - 1);
	struct curve *c = curve_read(in);

	CHECK(c && c->columns == 3 && c->rows == 3);
	CHECK_STR(c->name[2], "b");
	CHECK(c->value[2] == 2 && isnan(c->value[4]) && c->value[5] == 30);
	CHECK(c->value[6] == 1 && c->value[7] == 4 && isnan(c->value[8]));
	curve_free(c);
	curve_free(NULL);
	input_close(in);
}

/* Points every step ms; between them the CPU time of the list, ms. */
static struct input *usage_dump(struct mkdump *m, unsigned step,
				const unsigned *cpu, size_t n)
{
	struct ljd_usage r = { .time = 7000 * MS, .cpu = 500 * MS };

	mkdump_header(m);
	mkdump_put(m, usage, &r, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		r.time += step * MS;
		r.cpu += cpu[i] * MS;
		mkdump_put(m, usage, &r, NULL, 0);
	}
	mkdump_end(m);
	return input_memory(m->p, m->n);
}

static void usage(void)
{
	static const unsigned one[] = { 100, 50, 0, 200 }, two[] = { 50 };
	struct mkdump m1 = { 0 }, m2 = { 0 };
	struct input *in[2] = { usage_dump(&m1, 100, one, 4),
				usage_dump(&m2, 200, two, 1) };
	struct curve *c = usage_read(in, 2);

	CHECK(c && c->columns == 3 && c->rows == 4);
	for (size_t i = 0; i < 4; i++) {
		CHECK(fabs(c->value[i * 3] - (i + 1) / 10.0) < 1e-9);
		CHECK(fabs(c->value[i * 3 + 1] - one[i]) < 1e-9);
		CHECK(i < 2 ? fabs(c->value[i * 3 + 2] - 25) < 1e-9 :
			      isnan(c->value[i * 3 + 2]));
	}
	curve_free(c);
	for (size_t i = 0; i < 2; i++)
		input_close(in[i]);
	mkdump_free(&m1);
	mkdump_free(&m2);
}

int main(void)
{
	in_order_of_time();
	part_of_it();
	two_processes();
	heat();
	steps();
	csv();
	usage();
	return unit_verdict();
}
