/* test_gclog.c - steps of the garbage collector, by length and phase.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "draw_bars.h"
#include "gclog.h"
#include "mkdump.h"
#include "unit.h"

#define MS	1000000ull
#define STEP	-3	/* G->vmstate in one */

static void gc(struct mkdump *m, uint64_t ms, int vmstate, uint32_t state,
	       uint64_t threshold)
{
	struct ljd_gc r = {
		.time = (7000 + ms) * MS, .total = ms << 20,
		.threshold = threshold, .pid = 42, .tid = 42, .vm = 1,
		.vmstate = vmstate, .state = state,
	};

	mkdump_sample(m, MK_LIBC, vmstate, 0, 0, NULL, 0);
	mkdump_put(m, gc, &r, NULL, 0);
}

/* At 99 Hz: one of three samples, 20 to 40 ms; two that are seen once. */
static struct input *dump(struct mkdump *m)
{
	mkdump_header(m);
	gc(m, 10, -1, LJD_gcstate_PAUSE, 100);
	gc(m, 20, STEP, LJD_gcstate_PROPAGATE, 100);
	gc(m, 30, STEP, LJD_gcstate_PROPAGATE, 100);
	gc(m, 40, STEP, LJD_gcstate_ATOMIC, 100);
	gc(m, 50, -1, LJD_gcstate_SWEEP, 200);
	gc(m, 60, STEP, LJD_gcstate_SWEEP, 200);
	gc(m, 70, STEP, LJD_gcstate_SWEEP, 300);
	gc(m, 80, -1, LJD_gcstate_PAUSE, 300);
	mkdump_end(m);
	return input_memory(m->p, m->n);
}

static void steps(void)
{
	struct mkdump m = { 0 };
	struct input *in = dump(&m);
	struct gclog *g = gclog_read(in);
	struct gclog_sum s;

	CHECK(g && g->samples == 8 && g->interval == 1000000000 / 99);
	gclog_add_up(g, &s);
	CHECK(s.running == 5 && s.once == 2 && s.least == 10 << 20);
	CHECK(s.step[1] == 1 && s.in[1] == 3 && !s.step[0] && !s.step[2]);
	CHECK(s.phase[1][LJD_gcstate_PROPAGATE] == 2);
	CHECK(s.phase[1][LJD_gcstate_ATOMIC] == 1);
	CHECK(s.phase[1][LJD_gcstate_SWEEP] == 0);
	CHECK(s.phase[GCLOG_BINS][LJD_gcstate_SWEEP] == 2);
	CHECK(s.phase[GCLOG_BINS][LJD_gcstate_PROPAGATE] == 0);
	gclog_free(g);
	input_close(in);
	mkdump_free(&m);
}

/* 30 on 10 of 40: an area of 300 px. What is 0 has no rectangle. */
static void bars(void)
{
	static const char *const name[] = { "few", "many" };
	static const char *const note[] = { "", "9 steps" };
	static const char *const layer[] = { "a", "b", "never" };
	static const double value[] = { 0, 5, 0, 10, 30, 0 };
	static const struct pipeline none;
	static const struct pipeline_opts how;
	const struct bars b = { 2, 3, name, note, layer, value, "%" };
	struct caption *c = caption_new(&none, &how, "bars");
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	CHECK(!draw_bars(&b, 1200, c, out));
	fclose(out);
	CHECK(strstr(text, "height=\"225\"><title>many, b: 30 %</title>"));
	CHECK(strstr(text, "height=\"75\"><title>many, a: 10 %</title>"));
	CHECK(strstr(text, "height=\"37.5\"><title>few, b: 5 %</title>"));
	CHECK(!strstr(text, "few, a") && !strstr(text, "never"));
	CHECK(strstr(text, ">9 steps</text>") && strstr(text, ">40 %</text>"));
	free(text);
	caption_free(c);
}

int main(void)
{
	steps();
	bars();
	return unit_verdict();
}
