/* cmd_jit.c - `ljstap jit`: what the JIT compiler did, as tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cmd.h"
#include "diag.h"
#include "jitlog.h"
#include "load.h"
#include "outfile.h"
#include "stackname.h"

struct jit_opts {
	const char *file, *output;
	FILE *stream;		/* instead of the file, which is a name then */
	int events;		/* one by one */
};

static const struct argp_option options[] = {
	{ "events", 'e', NULL, 0, "Print the events one by one", 0 },
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct jit_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'e':
		o->events = 1;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* -- Words ---------------------------------------------------------------- */

/* print_start - of which trace it is, or was to be, and where that starts */
static void print_start(const struct jitlog *g, const struct ljd_jit *r,
			FILE *out)
{
	char *place = jitlog_place(g, r->proto, r->pos);
	char *at = jitlog_place(g, r->at, r->atpos);

	if (r->what == LJD_jit_EXIT)
		fprintf(out, "to %s: exit %" PRIu32 " of trace %" PRIu32
			", that starts", at ? at : "an unknown place",
			r->exitno, r->trace);
	else if (r->parent && r->what == LJD_jit_ABORT)
		fprintf(out, "side trace at exit %" PRIu32 " of trace %" PRIu32
			", that starts", r->exitno, r->parent);
	else if (r->trace && r->what != LJD_jit_ABORT)
		fprintf(out, "trace %" PRIu32 ", that starts", r->trace);
	else
		fputs("trace that starts", out);
	fprintf(out, " at %s", place ? place : "an unknown place");
	free(place);
	free(at);
}

/* print_why - why, and where it was if that is known of all or, of so many,
 * of some
 */
static void print_why(const struct jitlog *g, const struct ljd_jit *r,
		      uint64_t placed, uint64_t all, FILE *out)
{
	char text[STACKNAME_ABORT], *at = jitlog_place(g, r->at, r->atpos);

	fprintf(out, "%s", stackname_abort(g->p, r->vm, PROFILE_ABORT(r),
					   text));
	if (at)
		fprintf(out, " at %s", at);
	if (at && placed < all)
		fprintf(out, " (%" PRIu64 " seen there)", placed);
	fputs(", ", out);
	free(at);
}

static void print_rows(const struct jitlog *g, uint32_t what,
		       const char *title, FILE *out)
{
	int any = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct jitlog_row *row = &g->row[i];

		if (row->r.what != what)
			continue;
		if (!any++)
			fprintf(out, "%s\n", title);
		fprintf(out, "%10" PRIu64 " %10" PRIu64 "  ", row->count,
			row->before);
		if (what == LJD_jit_ABORT)
			print_why(g, &row->r, row->placed,
				  row->count + row->before, out);
		print_start(g, &row->r, out);
		putc('\n', out);
	}
}

static void print_sums(const struct jitlog *g, FILE *out)
{
	static const struct {
		uint32_t what;
		const char *doc;
	} line[] = {
		{ LJD_jit_STOP, "traces compiled" },
		{ LJD_jit_ABORT, "traces aborted" },
		{ LJD_jit_BLACKLIST, "places blacklisted after too many" },
		{ LJD_jit_EXIT, "exits taken that are not compiled" },
		{ LJD_jit_FLUSH, "flushes of all traces" },
		{ LJD_jit_FREE, "traces freed with their function" },
	};

	fprintf(out, "%10s %10s\n", "COUNT", "BEFORE");
	fprintf(out, "%10" PRIu64 " %10" PRIu64 "  traces started\n",
		g->count[LJD_jit_STOP] + g->count[LJD_jit_ABORT],
		g->before[LJD_jit_STOP] + g->before[LJD_jit_ABORT]);
	for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		fprintf(out, "%10" PRIu64 " %10" PRIu64 "  %s\n",
			g->count[line[i].what], g->before[line[i].what],
			line[i].doc);
}

static void print_text(const struct jitlog *g, FILE *out)
{
	print_sums(g, out);
	print_rows(g, LJD_jit_ABORT, "aborted:", out);
	print_rows(g, LJD_jit_BLACKLIST, "blacklisted:", out);
	print_rows(g, LJD_jit_EXIT, "exits:", out);
}

static void print_event(const struct jitlog *g, const struct ljd_jit *r,
			FILE *out)
{
	static const char *const word[JITLOG_WHAT] = {
		[LJD_jit_STOP] = "compiled", [LJD_jit_ABORT] = "aborted",
		[LJD_jit_BLACKLIST] = "blacklisted", [LJD_jit_EXIT] = "left",
		[LJD_jit_FLUSH] = "flushed", [LJD_jit_FREE] = "freed",
	};

	if (r->what >= JITLOG_WHAT || !word[r->what])
		return;
	if (r->since)
		fprintf(out, "%12.6f", (r->time - g->p->start) / 1e9);
	else
		fprintf(out, "%12s", "before");
	fprintf(out, " %6" PRIu32 "  %s: ", r->count, word[r->what]);
	if (r->what == LJD_jit_ABORT)
		print_why(g, r, r->count, r->count, out);
	if (r->what == LJD_jit_FLUSH)
		fputs("all traces", out);
	else
		print_start(g, r, out);
	if (r->what == LJD_jit_STOP && r->parent)
		fprintf(out, ", side trace at exit %" PRIu32 " of trace %"
			PRIu32, r->exitno, r->parent);
	if (r->what == LJD_jit_STOP)
		fprintf(out, ", %" PRIu32 " bytes", r->szmcode);
	putc('\n', out);
}

static void print_events(const struct jitlog *g, FILE *out)
{
	for (size_t i = 0; i < g->p->njits; i++)
		print_event(g, &g->p->jit[i], out);
}

/* -- The command ---------------------------------------------------------- */

/* read_it - returns NULL, having said why, if there is nothing of it */
static struct profile *read_it(struct input *in)
{
	struct dump_stats stats;
	struct profile *p = load_profile(in, &stats, NULL, NULL);

	if (!p || p->njits || p->header.collector == LJD_collector_USER)
		return p;
	diag_error("%s: nothing of the JIT compiler in this dump; give one of "
		   "lj-trace-events", input_name(in));
	profile_free(p);
	return NULL;
}

static int run(const struct jit_opts *o)
{
	struct input *in = o->stream ? input_stream(o->stream, o->file) :
				       input_open(o->file);
	struct profile *p = in ? read_it(in) : NULL;
	struct outfile *out = p ? outfile_open(o->output) : NULL;
	struct jitlog *g = out ? jitlog_new(p) : NULL;
	int ret = -1;

	if (g) {
		(o->events ? print_events : print_text)(g, outfile_stream(out));
		ret = outfile_close(out, 1);
	}
	jitlog_free(g);
	profile_free(p);
	input_close(in);
	return ret;
}

int cmd_jit_make(const struct cmd_pipeline *in, const char *as)
{
	const struct jit_opts o = {
		.file = in->file, .output = in->output, .stream = in->stream,
	};

	(void)as;
	return run(&o);
}

int cmd_jit(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Print what the JIT compiler did: traces compiled and aborted, "
		"why and where; exits that are not compiled; flushes.\v"
		"FILE is a dump of lj-trace-events; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct jit_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
