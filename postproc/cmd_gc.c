/* cmd_gc.c - `ljstap gc`: what the garbage collector takes, as a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>

#include "amount.h"
#include "cmd.h"
#include "diag.h"
#include "gclog.h"
#include "outfile.h"

struct gc_opts {
	const char *file, *output;
	FILE *stream;		/* instead of the file, which is a name then */
};

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
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
		print_heap(&sum, outfile_stream(out));
		print_shares(g, &sum, outfile_stream(out));
		print_steps(g, &sum, outfile_stream(out));
		ret = outfile_close(out, 1);
	}
	gclog_free(g);
	input_close(in);
	return ret;
}

int cmd_gc_make(const struct cmd_pipeline *in, const char *as)
{
	const struct gc_opts o = {
		.file = in->file, .output = in->output, .stream = in->stream,
	};

	(void)as;
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
	struct gc_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
