/* cmd_gc.c - `ljstap gc`: what the garbage collector takes, as a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "cmd.h"
#include "diag.h"
#include "draw_bars.h"
#include "gclog.h"
#include "outfile.h"

#define WIDTH	1200

struct gc_opts {
	const char *file, *output, *title;
	unsigned width;
	int picture;
	FILE *stream;		/* instead of the file, which is a name then */
};

enum { OPT_TITLE = 256, OPT_WIDTH };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout; a picture of "
	  "the lengths of steps if its name ends in .svg", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct gc_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case OPT_WIDTH:
		return cmd_width(arg, &o->width) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void print_heap(const struct gclog_sum *s, FILE *out)
{
	char text[AMOUNT_TEXT];

	fprintf(out, "heap: %s", amount_text(s->least, "bytes", text));
	fprintf(out, " to %s", amount_text(s->most, "bytes", text));
	fprintf(out, ", %s in the mean\n", amount_text(s->mean, "bytes", text));
	fprintf(out, "allocated: at least %s a second of CPU\n",
		amount_text(s->allocated, "bytes", text));
}

static void print_shares(const struct gclog *g, const struct gclog_sum *s,
			 FILE *out)
{
	fprintf(out, "collector: %.2f %% of the CPU time, %" PRIu64 " of %"
		PRIu64 " samples; at least %" PRIu64 " cycles\n",
		100.0 * s->running / g->samples, s->running, g->samples,
		s->cycles);
	for (unsigned i = 0; i < GCLOG_STATES; i++)
		if (s->state[i])
			fprintf(out, "%10" PRIu64 " %6.2f %%  %s\n",
				s->state[i], 100.0 * s->state[i] / g->samples,
				dumptab_doc("gcstate", i));
}

static void print_steps(const struct gclog *g, const struct gclog_sum *s,
			FILE *out)
{
	double ms = g->interval / 1e6;

	fprintf(out, "steps:\n%10" PRIu64 " seen once, shorter than %.1f ms\n",
		s->once, 2 * ms);
	for (unsigned i = 0; i < GCLOG_BINS; i++)
		if (s->step[i])
			fprintf(out, "%10" PRIu64 " of about %.1f ms or more, "
				"%.2f %% of the CPU time\n", s->step[i],
				ms * (1 << i), 100.0 * s->in[i] / g->samples);
	if (s->longest)
		fprintf(out, "longest: %.1f ms, give or take %.1f\n",
			s->longest / 1e6, ms);
}

static void print(const struct gclog *g, const struct gclog_sum *s, FILE *out)
{
	print_heap(s, out);
	print_shares(g, s, out);
	print_steps(g, s, out);
}

/* -- As a picture --------------------------------------------------------- */

#define BARS	(GCLOG_BINS + 1)	/* the first one: steps seen once */

/* The bar i: how long such steps are, and how many there were. The period to a
 * hundredth of a millisecond. */
static void words(const struct gclog *g, const struct gclog_sum *s, unsigned i,
		  char **name, char **note)
{
	double period = (g->interval + 5000) / 10000 / 100.0;
	double ms = period * (i ? 1 << (i - 1) : 2);
	uint64_t n = i ? s->step[i - 1] : s->once;

	*name = !i ? xasprintf("once, < %.3g ms", ms) :
		i < BARS - 1 ? xasprintf("%.3g .. %.3g ms", ms, 2 * ms) :
			       xasprintf("> %.3g ms", ms);
	*note = n ? xasprintf("%" PRIu64 " step%s", n, n == 1 ? "" : "s") :
		    xstrdup("");
}

static unsigned bars_used(const struct gclog_sum *s)
{
	unsigned n = GCLOG_BINS;

	while (n && !s->step[n - 1])
		n--;
	return n + 1;
}

static int draw(const struct gclog *g, const struct gclog_sum *s,
		const struct gc_opts *o, FILE *out)
{
	static const struct pipeline none;
	static const struct pipeline_opts how;
	struct caption *c = caption_new(&none, &how, o->title ? o->title :
					"Steps of the garbage collector");
	double value[BARS * GCLOG_STATES];
	char *name[BARS], *note[BARS];
	const char *layer[GCLOG_STATES];
	struct bars b = {
		.n = bars_used(s), .layers = GCLOG_STATES,
		.name = (const char *const *)name,
		.note = (const char *const *)note, .layer = layer,
		.value = value, .unit = "%",
	};
	int ret;

	for (unsigned k = 0; k < GCLOG_STATES; k++)
		layer[k] = dumptab_doc("gcstate", k);
	for (unsigned i = 0; i < b.n; i++) {
		words(g, s, i, &name[i], &note[i]);
		for (unsigned k = 0; k < GCLOG_STATES; k++)
			value[i * GCLOG_STATES + k] = 100.0 *
				s->phase[i ? i - 1 : GCLOG_BINS][k] /
				g->samples;
	}
	caption_note(c, "%% of the CPU time, by the length of the step");
	caption_note(c, "collector %.2f %%", 100.0 * s->running / g->samples);
	caption_note(c, "%" PRIu64 " samples", g->samples);
	caption_note(c, "longest step %.1f ms", s->longest / 1e6);
	ret = draw_bars(&b, o->width, c, out);
	for (unsigned i = 0; i < b.n; i++) {
		free(name[i]);
		free(note[i]);
	}
	caption_free(c);
	return ret;
}

static int is_picture(const char *output)
{
	size_t n = output ? strlen(output) : 0;

	return n > 4 && !strcmp(output + n - 4, ".svg");
}

static int run(const struct gc_opts *o)
{
	struct input *in = o->stream ? input_stream(o->stream, o->file) :
				       input_open(o->file);
	struct gclog *g = in ? gclog_read(in) : NULL;
	struct outfile *out = g ? outfile_open(o->output) : NULL;
	struct gclog_sum sum;
	int ret = -1;

	if (out) {
		gclog_add_up(g, &sum);
		ret = 0;
		if (o->picture || is_picture(o->output))
			ret = draw(g, &sum, o, outfile_stream(out));
		else
			print(g, &sum, outfile_stream(out));
		if (outfile_close(out, !ret))
			ret = -1;
	}
	gclog_free(g);
	input_close(in);
	return ret;
}

int cmd_gc_make(const struct cmd_pipeline *in, const char *as)
{
	const struct gc_opts o = {
		.file = in->file, .output = in->output, .stream = in->stream,
		.width = WIDTH, .picture = !strcmp(as, "steps"),
	};

	return run(&o);
}

int cmd_gc(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Print what the garbage collector takes: share of the CPU "
		"time, by phase; lengths of its steps; size of the heap.\v"
		"FILE is a dump of lj-gc-pauses; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct gc_opts o = { .width = WIDTH };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
