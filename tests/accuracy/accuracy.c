/* accuracy.c - how often the function and line inside a trace are right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: accuracy DUMP LINE FIRSTLINE
 *
 * LINE is the line almost all time goes into, FIRSTLINE that of the function
 * it is in, 0: the main chunk. Prints, of the samples in machine code:
 *
 *   samples; % right function, % right line; % sure, and of those % right
 *   line; % right by the snapshot before alone: function, line
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "input.h"
#include "load.h"
#include "trace.h"
#include "traceline.h"

struct score {
	uint64_t all, function, line, sure, sureline, surefunction;
	uint64_t range, unsure;
	uint64_t snapfunction, snapline;
};

static long want_line, want_first;

static int right_function(const struct profile_proto *pt)
{
	return pt && pt->r.firstline == want_first;
}

/* What the last snapshot says, which all that had mcofs could do. */
static void by_snapshot(struct score *s, struct tracedb *db,
			const struct profile_trace *r, uint64_t ip, uint64_t n)
{
	struct trace *t = trace_new(db, r);
	const struct trace_snap *last = NULL;
	const struct trace_frame *f;

	for (uint32_t i = 0; t && i < t->nsnaps; i++)
		if (t->snap[i].mcofs <= ip - r->r.mcode && t->snap[i].nframes)
			last = &t->snap[i];
	if (last) {
		f = &last->frame[last->nframes - 1];
		s->snapfunction += right_function(f->tp->pt) ? n : 0;
		s->snapline += right_function(f->tp->pt) &&
			       profile_line(f->tp->pt, f->pos) == want_line ?
			       n : 0;
	}
	trace_free(t);
}

static void add(struct score *s, const struct traceline_answer *a, uint64_t n)
{
	const struct traceline_frame *f;
	int function, line;

	s->all += n;
	if (!a->nframes)
		return;
	f = &a->frame[a->nframes - 1];
	function = right_function(f->pt);
	line = function && profile_line(f->pt, f->pos) == want_line;
	s->function += function ? n : 0;
	s->line += line ? n : 0;
	if (a->sure) {
		s->sure += n;
		s->surefunction += function ? n : 0;
		s->sureline += line ? n : 0;
	} else {
		s->unsure += n;
		s->range += function && a->from <= want_line &&
			    want_line <= a->to ? n : 0;
	}
}

static double percent(uint64_t a, uint64_t b)
{
	return b ? 100.0 * a / b : 0;
}

int main(int argc, char **argv)
{
	struct score s = { 0 };
	struct dump_stats stats;
	struct traceline *tl;
	struct tracedb *db;
	struct profile *p;
	struct input *in;

	if (argc != 4) {
		fputs("usage: accuracy DUMP LINE FIRSTLINE\n", stderr);
		return 64;
	}
	want_line = atol(argv[2]);
	want_first = atol(argv[3]);
	in = input_open(argv[1]);
	p = in ? load_profile(in, &stats, NULL) : NULL;
	if (!p)
		return 2;
	tl = traceline_new(p);
	db = tracedb_new(p);
	for (size_t i = 0; i < p->nsums; i++) {
		const struct profile_sample *x = &p->sum[i];
		const struct profile_trace *t = profile_trace(p, x->trace);

		if (!x->trace || !t || x->ip - t->r.mcode >= t->r.szmcode)
			continue;
		add(&s, traceline_at(tl, x->trace, x->ip), x->count);
		by_snapshot(&s, db, t, x->ip, x->count);
	}
	printf("%llu %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f\n",
	       (unsigned long long)s.all, percent(s.function, s.all),
	       percent(s.line, s.all), percent(s.sure, s.all),
	       percent(s.surefunction, s.sure), percent(s.sureline, s.sure),
	       percent(s.range, s.unsure), percent(s.snapfunction, s.all),
	       percent(s.snapline, s.all));
	traceline_free(tl);
	tracedb_free(db);
	profile_free(p);
	input_close(in);
	return 0;
}
