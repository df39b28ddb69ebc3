/* fuzz_input.c - libFuzzer: any bytes, as a dump or as text, through all of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whatever is read, what comes out is a tree whose counts add up, which can be
 * drawn, listed, folded back and exported. See fuzz.sh.
 */
#include <config.h>

#include <stdlib.h>

#include "diag.h"
#include "draw_flame.h"
#include "export.h"
#include "tops.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void must(int so)
{
	if (!so)
		abort();
}

static uint64_t sum_of(const struct fold *f)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < f->n; i++)
		if (__builtin_add_overflow(sum, f->node[i].self, &sum))
			return UINT64_MAX;
	return sum;
}

/* Folded lines say the same when they are read again. */
static void fold_back(const struct fold *f)
{
	struct pipeline_opts o = { .no_symbols = 1 };
	struct pipeline *pl;
	struct input *in;
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	fold_write(f, out);
	fclose(out);
	in = input_memory(text, n);
	pl = pipeline_open(in, &o);
	/* Text this short may be taken for SystemTap's, or have no total. */
	if (pl && f->scale == 1 && f->node[0].total < 1ull << 59 &&
	    pl->fold->scale == 1)
		must(pl->fold->node[0].total <= f->node[0].total);
	pipeline_free(pl);
	input_close(in);
	free(text);
}

static void write_all(const struct pipeline *pl, FILE *out)
{
	struct pipeline_opts how = { 0 };
	struct draw_flame d = { .fold = pl->fold, .unit = "samples",
				.width = 400, .minwidth = 1 };
	struct caption *c = caption_new(pl, &how, "fuzz");

	draw_flame(&d, c, out);
	caption_free(c);
	export_speedscope(pl, "fuzz", out);
	export_chrome(pl, "fuzz", out);
	export_firefox(pl, "fuzz", out);
	export_pprof(pl, "fuzz", out);
}

static void run(const uint8_t *p, size_t n, struct pipeline_opts o)
{
	struct input *in = input_memory(p, n);
	struct pipeline *pl = pipeline_open(in, &o);
	static FILE *null;

	if (!null)
		null = fopen("/dev/null", "w");
	if (pl) {
		struct tops *t = tops_new(pl->fold, n % 3);
		uint64_t self = 0;

		must(sum_of(pl->fold) == pl->fold->node[0].total);
		for (size_t i = 0; i < t->n; i++)
			self += t->row[i].self;
		must(self == t->total || t->total == UINT64_MAX);
		tops_free(t);
		write_all(pl, null);
		if (!o.chart)
			fold_back(pl->fold);
	}
	pipeline_free(pl);
	input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	diag_reset(NULL);
	run(p, n, (struct pipeline_opts){ .no_symbols = 1, .lines = n & 1,
					  .chart = (n & 6) == 6 });
	return 0;
}
