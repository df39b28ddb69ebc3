/* backtrace.c - the stacks in a small dump, one by one, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "backtrace.h"
#include "load.h"
#include "mem.h"
#include "stackname.h"

struct backtrace_private {
	struct pool *names;
	struct profile *profile;
};

/* Names with the lines behind them, root first: the innermost first. A name
 * that is not among those without lines is a line.
 */
static void set_frames(struct backtrace *b, const struct pool *names,
		       const unsigned *plain, size_t n, const unsigned *lines,
		       size_t nlines)
{
	size_t k = 0;

	b->n = n;
	b->frame = xcalloc(n + 1, sizeof(*b->frame));
	for (size_t i = 0; i < n; i++) {
		struct backtrace_frame *f = &b->frame[n - 1 - i];

		f->name = pool_str(names, plain[i]);
		while (k < nlines && lines[k] != plain[i])
			k++;
		if (k < nlines)
			k++;
		if (k < nlines && (i + 1 == n || lines[k] != plain[i + 1]))
			f->line = pool_str(names, lines[k]);
	}
}

static void name_all(struct backtraces *b, struct mapfiles *files)
{
	struct backtrace_private *v = b->priv;
	struct traceline *traces = traceline_new(v->profile);
	struct stackname_opts plain = { .traces = traces };
	struct stackname_opts lined = { .traces = traces, .lines = 1 };
	struct symbolize *sym = symbolize_new(v->profile, files);
	struct stackname *p = stackname_new(v->profile, sym, v->names, &plain);
	struct stackname *l = stackname_new(v->profile, sym, v->names, &lined);

	b->n = v->profile->nsums;
	b->bt = xcalloc(b->n + 1, sizeof(*b->bt));
	for (size_t i = 0; i < b->n; i++) {
		const struct profile_sample *s = &v->profile->sum[i];
		size_t n, nlines;
		const unsigned *names = stackname_sample(p, s, &n);
		const unsigned *lines = stackname_sample(l, s, &nlines);

		b->bt[i].tid = s->tid;
		b->bt[i].flags = s->flags;
		b->bt[i].stack = s->stack;
		set_frames(&b->bt[i], v->names, names, n, lines, nlines);
	}
	stackname_free(l);
	stackname_free(p);
	symbolize_free(sym);
	traceline_free(traces);
}

struct backtraces *backtraces_read(const void *dump, size_t n)
{
	const struct profile_want want = { .each = 1 };
	struct mapfiles *files = mapfiles_new(NULL, 0);
	struct input *in = input_memory(dump, n);
	struct backtraces *b = xcalloc(1, sizeof(*b));
	struct dump_stats stats;

	b->priv = xcalloc(1, sizeof(*b->priv));
	b->priv->names = pool_new();
	b->priv->profile = load_profile(in, &stats, &want, files);
	input_close(in);
	if (!b->priv->profile) {
		mapfiles_free(files);
		backtraces_free(b);
		return NULL;
	}
	name_all(b, files);
	mapfiles_free(files);
	return b;
}

void backtraces_free(struct backtraces *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		free(b->bt[i].frame);
	free(b->bt);
	profile_free(b->priv->profile);
	pool_free(b->priv->names);
	free(b->priv);
	free(b);
}
