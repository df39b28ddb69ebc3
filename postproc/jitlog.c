/* jitlog.c - what a dump tells of the JIT compiler, added up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "jitlog.h"
#include "protoname.h"

/* same - are they one row? A trace's number may be another's after a flush, so
 * that where it starts counts, too.
 */
static int same(const struct ljd_jit *a, const struct ljd_jit *b)
{
	if (a->what != b->what || a->pid != b->pid || a->vm != b->vm ||
	    a->proto != b->proto || a->pos != b->pos)
		return 0;
	if (a->what == LJD_jit_EXIT)
		return a->trace == b->trace && a->exitno == b->exitno;
	return a->reason == b->reason && a->op == b->op && a->at == b->at &&
	       a->atpos == b->atpos && a->parent == b->parent &&
	       a->exitno == b->exitno;
}

static uint64_t key(const struct ljd_jit *r)
{
	const uint32_t k[] = { r->what, r->pid, r->vm, r->proto, r->pos,
			       r->what == LJD_jit_EXIT ? r->trace : r->parent,
			       r->exitno, r->reason, r->at, r->atpos };

	return mem_hash(k, sizeof(k));
}

/* Were two aborted for the same reason, on the way from the same place? */
static int alike(const struct ljd_jit *a, const struct ljd_jit *b)
{
	struct ljd_jit c = *a;

	c.op = b->op;
	c.at = b->at;
	c.atpos = b->atpos;
	return same(&c, b);
}

static struct jitlog_row *row_of(struct jitlog *g, struct index *rows,
				 const struct ljd_jit *r)
{
	long i = index_get(rows, key(r));

	if (i >= 0 && same(&g->row[i].r, r))
		return &g->row[i];
	g->row = xgrow(g->row, g->n, &g->max, sizeof(*g->row));
	if (i < 0)
		index_put(rows, key(r), g->n);
	g->row[g->n] = (struct jitlog_row){ .r = *r };
	return &g->row[g->n++];
}

static void add(struct jitlog *g, struct index *rows, const struct ljd_jit *r)
{
	struct jitlog_row *row;

	if (r->what >= JITLOG_WHAT)
		return;
	*(r->since ? &g->count[r->what] : &g->before[r->what]) += r->count;
	if (r->what != LJD_jit_ABORT && r->what != LJD_jit_EXIT &&
	    r->what != LJD_jit_BLACKLIST)
		return;
	row = row_of(g, rows, r);
	*(r->since ? &row->count : &row->before) += r->count;
	row->placed += r->at ? r->count : 0;
}

/* join - what was aborted at an unknown place is put to what is most alike */
static void join(struct jitlog *g)
{
	for (size_t i = 0; i < g->n; i++) {
		struct jitlog_row *row = &g->row[i], *to = NULL;

		if (row->r.what != LJD_jit_ABORT || row->r.at)
			continue;
		for (size_t k = 0; k < g->n; k++)
			if (g->row[k].r.at && alike(&g->row[k].r, &row->r) &&
			    (!to || to->count < g->row[k].count))
				to = &g->row[k];
		if (!to)
			continue;
		to->count += row->count;
		to->before += row->before;
		row->r.what = 0;
	}
}

static int cmp(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static int by_count(const void *a, const void *b)
{
	const struct jitlog_row *x = a, *y = b;
	int c = cmp(x->count, y->count);

	if (!c)
		c = cmp(x->before, y->before);
	return c ? c : cmp(y->r.time, x->r.time);
}

struct jitlog *jitlog_new(const struct profile *p)
{
	struct jitlog *g = xcalloc(1, sizeof(*g));
	struct index *rows = index_new();

	g->p = p;
	g->names = pool_new();
	g->proto = protoname_all(p, NULL, 0, g->names);
	for (size_t i = 0; i < p->njits; i++)
		add(g, rows, &p->jit[i]);
	index_free(rows);
	join(g);
	if (g->n)
		qsort(g->row, g->n, sizeof(*g->row), by_count);
	return g;
}

void jitlog_free(struct jitlog *g)
{
	if (!g)
		return;
	free(g->row);
	free(g->proto);
	pool_free(g->names);
	free(g);
}

char *jitlog_place(const struct jitlog *g, uint32_t proto, uint32_t pos)
{
	const struct profile_proto *pt = profile_proto(g->p, proto);
	const char *name;
	char *chunk, *text;
	long line;

	if (!pt)
		return NULL;
	name = pool_str(g->names, g->proto[pt - g->p->proto]);
	chunk = protoname_chunk(pt);
	line = profile_line(pt, pos);
	if (line < 0)
		text = xstrdup(name);
	else if (*name != '?' && strchr(name, '@'))
		text = xasprintf("%s:%ld in %.*s", chunk, line,
				 (int)strcspn(name, "@"), name);
	else
		text = xasprintf("%s:%ld", chunk, line);
	free(chunk);
	return text;
}
