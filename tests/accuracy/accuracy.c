/* accuracy.c - how often the function and line inside a trace are right.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: accuracy DUMP LINE FIRSTLINE
 *
 * LINE is the line almost all time goes into, FIRSTLINE that of the function
 * it is in, 0: the main chunk. Prints, of the samples in machine code:
 *
 *   samples; % with the function, with the line; % of them sure; of those
 *   not sure, % with the line between the two told; % with the function and
 *   the line by the snapshot before alone
 *   proven samples: the instruction before is a division or a square root,
 *   which the programs have on that line only; of them % with the function,
 *   with the line; sure ones; of those % with the line
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "input.h"
#include "load.h"
#include "trace.h"
#include "tracecode.h"
#include "traceline.h"

struct score {
	uint64_t all, function, line, sure, range, snapfunction, snapline;
	uint64_t proven, pfunction, pline, psure, psureline;
};

static long want_line, want_first;

static int right_function(const struct profile_proto *pt)
{
	return pt && pt->r.firstline == want_first;
}

/* What the last snapshot says, which all that had mcofs could do. */
static void by_snapshot(struct score *s, const struct trace *t, uint64_t ip,
			uint64_t n)
{
	const struct trace_snap *last = NULL;
	const struct trace_frame *f;

	for (uint32_t i = 0; i < t->nsnaps; i++)
		if (t->snap[i].mcofs <= ip - t->r->r.mcode &&
		    t->snap[i].nframes)
			last = &t->snap[i];
	if (last) {
		f = &last->frame[last->nframes - 1];
		s->snapfunction += right_function(f->tp->pt) ? n : 0;
		s->snapline += right_function(f->tp->pt) &&
			       profile_line(f->tp->pt, f->pos) == want_line ?
			       n : 0;
	}
}

/* Whether the instruction before ip is one that only the line has. */
static int is_proven(const struct trace *t, uint64_t ip)
{
	uint64_t mcode = t->r->r.mcode;
	struct code_insn *in;
	size_t n;
	int is = 0;

	in = code_disasm(t->mcode, t->szmcode, mcode, &n);
	for (size_t i = 0; i < n; i++)
		if (mcode + in[i].ofs + in[i].len == ip)
			is = in[i].cls & (CODE_FDIV | CODE_FSQRT) &&
			     ip - mcode != t->r->r.mcloop;
	free(in);
	return is;
}

static void add(struct score *s, const struct traceline_answer *a, uint64_t n,
		int proven)
{
	const struct traceline_frame *f;
	int function, line;

	s->all += n;
	s->proven += proven ? n : 0;
	if (!a->nframes)
		return;
	f = &a->frame[a->nframes - 1];
	function = right_function(f->pt);
	line = function && profile_line(f->pt, f->pos) == want_line;
	s->function += function ? n : 0;
	s->line += line ? n : 0;
	s->sure += a->sure ? n : 0;
	s->range += !a->sure && function && a->from <= want_line &&
		    want_line <= a->to ? n : 0;
	if (!proven)
		return;
	s->pfunction += function ? n : 0;
	s->pline += line ? n : 0;
	s->psure += a->sure ? n : 0;
	s->psureline += a->sure && line ? n : 0;
}

static void look(struct score *s, struct traceline *tl, struct tracedb *db,
		 const struct profile_trace *r, const struct profile_sample *x)
{
	struct trace *t = trace_new(db, r);

	add(s, traceline_at(tl, x->trace, x->ip), x->count,
	    t && is_proven(t, x->ip));
	if (t)
		by_snapshot(s, t, x->ip, x->count);
	trace_free(t);
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
	p = in ? load_profile(in, &stats, NULL, NULL) : NULL;
	if (!p)
		return 2;
	tl = traceline_new(p);
	db = tracedb_new(p);
	for (size_t i = 0; i < p->nsums; i++) {
		const struct profile_sample *x = &p->sum[i];
		const struct profile_trace *t = profile_trace(p, x->trace);

		if (!x->trace || !t || x->ip - t->r.mcode >= t->r.szmcode)
			continue;
		look(&s, tl, db, t, x);
	}
	printf("%llu %.1f %.1f %.1f %.1f %.1f %.1f ",
	       (unsigned long long)s.all, percent(s.function, s.all),
	       percent(s.line, s.all), percent(s.sure, s.all),
	       percent(s.range, s.all - s.sure),
	       percent(s.snapfunction, s.all), percent(s.snapline, s.all));
	printf("%llu %.1f %.1f %.1f %.1f\n", (unsigned long long)s.proven,
	       percent(s.pfunction, s.proven), percent(s.pline, s.proven),
	       percent(s.psure, s.proven), percent(s.psureline, s.psure));
	traceline_free(tl);
	tracedb_free(db);
	profile_free(p);
	input_close(in);
	return 0;
}
