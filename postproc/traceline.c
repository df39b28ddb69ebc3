/* traceline.c - the Lua functions and the line at an address in a trace.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "mem.h"
#include "trace.h"
#include "tracealign.h"
#include "traceline.h"
#include "tracewalk.h"

#define MAXFRAMES	128
#define SURE_WALK	0.09f	/* price of the way, per IR instruction */
#define SURE_CODE	0.30f	/* price of the machine instruction */

/* A trace that was looked into. */
struct known {
	struct trace *t;	/* NULL: the dump has not enough of it */
	struct trace_walk *w;
	struct align_insn *in;	/* NULL: no disassembler */
	size_t nin;
};

struct traceline {
	struct tracedb *db;
	struct known *known;
	size_t nknown, maxknown;
	struct index *traces;	/* id -> known */
	struct traceline_answer **answer;
	size_t nanswers, maxanswers;
	struct index *answers;	/* trace and offset -> answer */
};

static const struct traceline_answer no_answer;

struct traceline *traceline_new(const struct profile *p)
{
	struct traceline *tl = xcalloc(1, sizeof(*tl));

	tl->db = tracedb_new(p);
	tl->traces = index_new();
	tl->answers = index_new();
	return tl;
}

void traceline_free(struct traceline *tl)
{
	if (!tl)
		return;
	for (size_t i = 0; i < tl->nknown; i++) {
		free(tl->known[i].in);
		trace_walk_free(tl->known[i].w);
		trace_free(tl->known[i].t);
	}
	for (size_t i = 0; i < tl->nanswers; i++) {
		free((void *)tl->answer[i]->frame);
		free(tl->answer[i]);
	}
	free(tl->known);
	free(tl->answer);
	index_free(tl->traces);
	index_free(tl->answers);
	tracedb_free(tl->db);
	free(tl);
}

static struct known *look_into(struct traceline *tl, uint32_t id)
{
	const struct profile_trace *r;
	long i = index_get(tl->traces, id);
	struct known k = { .t = NULL };

	if (i >= 0)
		return &tl->known[i];
	r = profile_trace(tracedb_profile(tl->db), id);
	if (r)
		k.t = trace_new(tl->db, r);
	if (k.t) {
		k.w = trace_walk(k.t);
		k.in = trace_align(k.t, &k.nin);
	}
	tl->known = xgrow(tl->known, tl->nknown, &tl->maxknown, sizeof(k));
	index_put(tl->traces, id, tl->nknown);
	tl->known[tl->nknown] = k;
	return &tl->known[tl->nknown++];
}

/* -- Which IR instruction ------------------------------------------------- */

struct found {
	uint32_t ref;
	enum traceline_how how;
	float price;
};

/* The start of the loop is jumped to: what came before is not known. */
static int is_target(const struct trace *t, uint32_t ofs)
{
	return !ofs || (t->r->r.mcloop && ofs == t->r->r.mcloop);
}

static struct found by_code(const struct known *k, uint32_t ofs)
{
	size_t lo = 0, hi = k->nin;

	if (!is_target(k->t, ofs))
		ofs--;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (k->in[mid].ofs <= ofs)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return (struct found){ REF_BASE, TRACELINE_NONE, 0 };
	return (struct found){ k->in[lo - 1].ref, TRACELINE_CODE,
			       k->in[lo - 1].price };
}

/* Without a disassembler: as far between two snapshots as in their code. */
static struct found by_share(const struct trace *t, uint32_t ofs)
{
	uint32_t k = 0, from, to, end, next;

	if (!is_target(t, ofs))
		ofs--;
	if (t->snap[0].mcofs == TRACE_NOMCOFS)
		return (struct found){ REF_BASE, TRACELINE_NONE, 0 };
	while (k + 1 < t->nsnaps && t->snap[k + 1].mcofs <= ofs)
		k++;
	from = t->snap[k].mcofs;
	end = k + 1 < t->nsnaps ? t->snap[k + 1].mcofs : t->szmcode;
	next = k + 1 < t->nsnaps ? t->snap[k + 1].ref : t->nins;
	to = next > t->snap[k].ref ? next - t->snap[k].ref : 1;
	if (end <= from || ofs < from)
		return (struct found){ t->snap[k].ref, TRACELINE_SHARE, 1 };
	to = (uint64_t)to * (ofs - from) / (end - from);
	return (struct found){ t->snap[k].ref + to, TRACELINE_SHARE, 1 };
}

/* -- The answer ----------------------------------------------------------- */

/* The nearest place that is known: the head and tail have none. */
static const struct walk_place *place_of(const struct trace_walk *w,
					 uint32_t ref)
{
	size_t i = ref - REF_BIAS;

	if (i >= w->nplaces)
		i = w->nplaces - 1;
	for (size_t d = i + 1; d-- > 0;)
		if (w->place[d].node != WALK_NONE)
			return &w->place[d];
	for (size_t d = i; d < w->nplaces; d++)
		if (w->place[d].node != WALK_NONE)
			return &w->place[d];
	return NULL;
}

static size_t frames_of(const struct trace_walk *w,
			const struct walk_place *p,
			struct traceline_frame *out)
{
	struct traceline_frame f[MAXFRAMES];
	uint32_t node = p->node, pos = p->pos;
	size_t n = 0;

	for (; node != WALK_NONE && n < MAXFRAMES;
	     node = w->node[node].parent) {
		if (w->node[node].tp)
			f[n++] = (struct traceline_frame){
				w->node[node].tp->pt, pos,
				w->node[node].tail };
		else if (n)
			f[n - 1].indirect = 1;
		pos = w->node[node].callpos;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = f[n - 1 - i];
	return n;
}

static void widen(struct traceline_answer *a, const struct profile_proto *pt,
		  uint32_t pos)
{
	const struct traceline_frame *in = &a->frame[a->nframes - 1];
	long line = pt == in->pt && pos != LJD_NOPOS ? profile_line(pt, pos) :
						       -1;

	if (line < 0)
		return;
	if (a->from < 0 || line < a->from)
		a->from = line;
	if (line > a->to)
		a->to = line;
}

/* The lines of the innermost function that the way passed nearby: between
 * the snapshots around. */
static void set_lines(const struct known *k, uint32_t ref,
		      struct traceline_answer *a)
{
	const struct trace *t = k->t;
	uint32_t s = trace_snap_of(t, ref), from = t->snap[s].ref;
	uint32_t to = s + 1 < t->nsnaps ? t->snap[s + 1].ref : t->nins;

	a->from = a->to = -1;
	widen(a, a->frame[a->nframes - 1].pt, a->frame[a->nframes - 1].pos);
	for (uint32_t r = from; r < to && r >= REF_BIAS && r < t->nins; r++) {
		const struct walk_place *p = &k->w->place[r - REF_BIAS];

		if (p->node != WALK_NONE && k->w->node[p->node].tp)
			widen(a, k->w->node[p->node].tp->pt, p->pos);
	}
}

static struct traceline_answer make_answer(const struct known *k,
					   uint32_t ofs)
{
	struct traceline_frame f[MAXFRAMES], *frame;
	struct traceline_answer a = no_answer;
	const struct walk_place *p;
	struct found x;

	x = k->in ? by_code(k, ofs) : by_share(k->t, ofs);
	if (x.how == TRACELINE_NONE)
		return a;
	p = place_of(k->w, x.ref);
	if (!p)
		return a;
	a.nframes = frames_of(k->w, p, f);
	if (!a.nframes)
		return a;
	frame = xcalloc(a.nframes, sizeof(*frame));
	for (size_t i = 0; i < a.nframes; i++)
		frame[i] = f[i];
	a.frame = frame;
	a.how = p->failed ? TRACELINE_SNAPSHOT : x.how;
	a.sure = x.how == TRACELINE_CODE && !p->failed &&
		 p->cost < SURE_WALK && x.price < SURE_CODE;
	set_lines(k, x.ref, &a);
	return a;
}

const struct traceline_answer *traceline_at(struct traceline *tl,
					    uint32_t trace, uint64_t ip)
{
	struct known *k = look_into(tl, trace);
	struct traceline_answer *a;
	uint64_t ofs, key;
	long i;

	if (!k->t)
		return &no_answer;
	ofs = ip - k->t->r->r.mcode;
	if (ofs > k->t->szmcode)
		return &no_answer;
	key = (uint64_t)trace << 32 | ofs;
	i = index_get(tl->answers, key);
	if (i >= 0)
		return tl->answer[i];
	a = xmalloc(sizeof(*a));
	*a = make_answer(k, ofs);
	tl->answer = xgrow(tl->answer, tl->nanswers, &tl->maxanswers,
			   sizeof(*tl->answer));
	index_put(tl->answers, key, tl->nanswers);
	tl->answer[tl->nanswers++] = a;
	return a;
}
