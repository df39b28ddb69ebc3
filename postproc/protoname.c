/* protoname.c - one name for each Lua function.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "luaname.h"
#include "protoname.h"

#define NONE	UINT_MAX
#define BUDGET	100000000	/* steps, so that no input costs hours */
#define SHORT	44		/* bytes of source text shown */

/* Where a function is from, as lj_debug_shortname(), paths in full. */
char *protoname_chunk(const struct profile_proto *pt)
{
	const char *s = pt->chunk;
	int cut = pt->r.chunklen > pt->r.n;
	size_t n = 0;

	if (s[0] == '@' || s[0] == '=')
		return xasprintf("%s%s", s + 1, cut ? "..." : "");
	if (pt->r.firstline == PROTONAME_BUILTIN)
		return xasprintf("[builtin:%s]", s);
	while (n < SHORT && (unsigned char)s[n] >= ' ')
		n++;
	return xasprintf("[string \"%.*s%s\"]", (int)n, s,
			 s[n] || cut ? "..." : "");
}

static unsigned function_name(struct pool *names,
			      const struct profile_proto *pt, const char *name)
{
	char *chunk = protoname_chunk(pt), *full;
	int is_main = pt->r.firstline == 0 && pt->r.numline != 0;

	if (pt->r.firstline == PROTONAME_BUILTIN)
		full = xstrdup(chunk);
	else if (is_main && pt->chunk[0] == '=')
		full = xstrdup(chunk);
	else if (is_main)
		full = xasprintf("[main]@%s:0", chunk);
	else
		full = xasprintf("%s@%s:%u", name ? name : "?", chunk,
				 pt->r.firstline);
	free(chunk);
	return clean_take(names, full);
}

/* -- One name for one function: the one most samples call it by --------- */

struct vote {
	uint32_t proto;		/* number in profile.proto */
	unsigned name;
	uint64_t weight;
};

struct votes {
	const struct profile *p;
	struct pool *names;
	uint64_t budget;
	struct vote *vote;
	size_t n, max;
	struct index *index;	/* proto, name -> vote */
	struct index *site;	/* hash of proto and pos -> name, NONE */
};

static unsigned name_at_site(struct votes *v, const struct profile_proto *pt,
			     uint32_t pos)
{
	uint64_t site = (uint64_t)(pt - v->p->proto) << 32 | pos;
	long id = index_get(v->site, site);
	char name[LUANAME_MAX];

	if (id >= 0)
		return id;
	id = NONE;
	if (!luaname_call(v->p, pt, pos, &v->budget, name))
		id = clean_str(v->names, name);
	index_put(v->site, site, id);
	return id;
}

static void vote(struct votes *v, const struct profile_proto *pt,
		 unsigned name, uint64_t weight)
{
	uint64_t key = (uint64_t)(pt - v->p->proto) << 32 | name;
	long i = index_get(v->index, key);

	if (i < 0) {
		v->vote = xgrow(v->vote, v->n, &v->max, sizeof(*v->vote));
		i = v->n++;
		v->vote[i] = (struct vote){ key >> 32, name, 0 };
		index_put(v->index, key, i);
	}
	v->vote[i].weight += weight;
}

static void vote_stack(struct votes *v, unsigned stack, uint64_t weight)
{
	const struct profile *p = v->p;
	size_t n;
	const uint64_t *f = profile_stack(p, stack, &n);

	for (size_t i = 0; i + 1 < n; i++) {
		const struct profile_proto *callee, *caller;
		unsigned name;

		if (LJD_FRAME_KIND(f[i]) != LJD_frame_LUA ||
		    LJD_FRAME_KIND(f[i + 1]) != LJD_frame_LUA)
			continue;
		callee = profile_proto(p, LJD_FRAME_ID(f[i]));
		caller = profile_proto(p, LJD_FRAME_ID(f[i + 1]));
		if (!callee || !caller)
			continue;
		name = name_at_site(v, caller, LJD_FRAME_POS(f[i + 1]));
		if (name != NONE)
			vote(v, callee, name, weight);
	}
}

static void collect_votes(struct votes *v)
{
	const struct profile *p = v->p;
	uint64_t *weight = xcalloc(p->nstacks, sizeof(*weight));

	for (size_t i = 0; i < p->nsums; i++)
		weight[p->sum[i].stack] += p->sum[i].weight;
	for (size_t i = 0; i < p->nstacks; i++)
		vote_stack(v, i, weight[i]);
	free(weight);
}

static int better(const struct pool *names, const struct vote *a,
		  const struct vote *b)
{
	if (!b || a->weight != b->weight)
		return !b || a->weight > b->weight;
	return strcmp(pool_str(names, a->name),
		      pool_str(names, b->name)) < 0;
}

static void vote_calls(struct votes *v, const struct protoname_call *c,
		       size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned name = name_at_site(v, c[i].caller, c[i].pos);

		if (name != NONE)
			vote(v, c[i].callee, name, c[i].weight);
	}
}

unsigned *protoname_all(const struct profile *p,
			const struct protoname_call *calls, size_t n,
			struct pool *names)
{
	struct votes v = { .p = p, .names = names, .budget = BUDGET,
			   .index = index_new(), .site = index_new() };
	unsigned *proto = xcalloc(p->nprotos, sizeof(*proto));
	const struct vote **best;

	collect_votes(&v);
	vote_calls(&v, calls, n);
	best = xcalloc(p->nprotos, sizeof(*best));
	for (size_t i = 0; i < v.n; i++)
		if (better(names, &v.vote[i], best[v.vote[i].proto]))
			best[v.vote[i].proto] = &v.vote[i];
	for (size_t i = 0; i < p->nprotos; i++) {
		const char *name = NULL;

		if (best[i])
			name = pool_str(names, best[i]->name);
		if (p->proto[i].chunk)
			proto[i] = function_name(names, &p->proto[i], name);
	}
	free(best);
	free(v.vote);
	index_free(v.index);
	index_free(v.site);
	return proto;
}
