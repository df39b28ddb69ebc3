/* export.c - walks over a fold, as the writers of other formats need them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "export.h"
#include "framename.h"

int64_t export_whole(const struct fold *f, uint64_t count)
{
	count = count / f->scale + (count % f->scale * 2 >= f->scale &&
				    f->scale > 1);
	return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

double export_us(const struct pipeline *pl, uint64_t at)
{
	return pl->profile ? at / 1e3 : (double)at / pl->fold->scale;
}

struct stacks {
	const struct fold *f;
	uint32_t *path;		/* nodes, root first, the root itself not */
	struct export_frame *frame;
};

static size_t frames_of(struct stacks *s, uint32_t node)
{
	const struct fold *f = s->f;
	size_t depth = f->node[node].depth, n = 0;
	long line;

	for (size_t d = depth; d; node = f->node[node].parent)
		s->path[--d] = f->node[node].name;
	for (size_t d = 0; d < depth; d++) {
		line = n && s->path[d - 1] == s->frame[n - 1].name ?
		       framename_line(pool_str(f->names, s->path[d - 1]),
				      pool_str(f->names, s->path[d])) : -1;
		if (line >= 0)
			s->frame[n - 1].line = line;
		else
			s->frame[n++] = (struct export_frame){ s->path[d],
							       -1 };
	}
	return n;
}

static uint32_t deepest(const struct fold *f)
{
	uint32_t depth = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->node[i].depth > depth)
			depth = f->node[i].depth;
	return depth;
}

void export_stacks(const struct fold *f, export_stack *fn, void *ctx)
{
	struct stacks s = { .f = f };
	uint32_t depth = deepest(f);

	s.path = xcalloc(depth, sizeof(*s.path));
	s.frame = xcalloc(depth, sizeof(*s.frame));
	for (size_t i = 1; i < f->n; i++)
		if (f->node[i].self)
			fn(ctx, s.frame, frames_of(&s, i), f->node[i].self);
	free(s.path);
	free(s.frame);
}

static struct export_span span_of(const struct fold *f, uint32_t node,
				  uint64_t start)
{
	return (struct export_span){ node, start, start + f->node[node].total,
				     f->node[node].self };
}

void export_time(const struct fold *f, export_walk *start, export_walk *end,
		 void *ctx)
{
	uint64_t *began = xcalloc((size_t)deepest(f) + 1, sizeof(*began));
	uint32_t at = f->node[0].child;
	struct export_span span;
	uint64_t now = 0;

	while (at != FOLD_NONE) {
		began[f->node[at].depth] = now;
		span = span_of(f, at, now);
		if (start)
			start(ctx, &span);
		if (f->node[at].child != FOLD_NONE) {
			at = f->node[at].child;
			continue;
		}
		for (;;) {
			span = span_of(f, at, began[f->node[at].depth]);
			now = span.end;
			if (end)
				end(ctx, &span);
			if (f->node[at].next != FOLD_NONE)
				break;
			at = f->node[at].parent;
			if (!at)
				goto out;
		}
		at = f->node[at].next;
	}
out:
	free(began);
}
