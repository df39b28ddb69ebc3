/* fold.c - stacks of names with counts, as a tree and as folded lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "fold.h"

static uint32_t add_node(struct fold *f, unsigned name, uint32_t parent)
{
	struct fold_node *node;

	f->node = xgrow(f->node, f->n, &f->max, sizeof(*f->node));
	node = &f->node[f->n];
	*node = (struct fold_node){ .name = name, .parent = parent,
				    .child = FOLD_NONE, .next = FOLD_NONE };
	if (parent != FOLD_NONE)
		node->depth = f->node[parent].depth + 1;
	return f->n++;
}

struct fold *fold_new(struct pool *names)
{
	struct fold *f = xcalloc(1, sizeof(*f));

	f->names = names;
	f->index = index_new();
	add_node(f, 0, FOLD_NONE);
	return f;
}

void fold_free(struct fold *f)
{
	if (!f)
		return;
	free(f->node);
	index_free(f->index);
	free(f);
}

uint32_t fold_child(struct fold *f, uint32_t parent, unsigned name)
{
	uint64_t key = (uint64_t)parent << 32 | name;
	long i = index_get(f->index, key);

	if (i < 0) {
		i = add_node(f, name, parent);
		index_put(f->index, key, i);
	}
	return i;
}

uint32_t fold_append(struct fold *f, uint32_t parent, unsigned name)
{
	return add_node(f, name, parent);
}

/* Sums that do not fit stay at the largest number. */
static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

void fold_add(struct fold *f, const unsigned *name, size_t n, uint64_t count)
{
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++)
		at = fold_child(f, at, name[i]);
	f->node[at].self = add(f->node[at].self, count);
}

/* -- Folded text -------------------------------------------------------- */

struct text {
	struct fold *f;
	char *line;		/* what came of the current line so far */
	size_t n, max;
	unsigned *name;
	size_t maxnames;
	uint64_t bad;
};

/* The count at the end of a line, 0 if there is none; cuts it off. */
static uint64_t cut_count(const char *s, size_t *n)
{
	size_t i = *n;
	uint64_t count = 0;

	while (i && s[i - 1] >= '0' && s[i - 1] <= '9')
		i--;
	if (i == *n || *n - i > 18 || i < 2 || s[i - 1] != ' ')
		return 0;
	for (size_t k = i; k < *n; k++)
		count = count * 10 + (s[k] - '0');
	*n = i - 1;
	return count;
}

static void add_line(struct text *t)
{
	size_t n = t->n, names = 0;
	uint64_t count;
	const char *s = t->line, *end;

	t->n = 0;
	while (n && (s[n - 1] == '\r' || s[n - 1] == ' '))
		n--;
	if (!n)
		return;
	count = cut_count(s, &n);
	if (!count) {
		t->bad++;
		return;
	}
	for (end = s + n; s <= end; s++) {
		const char *semi = memchr(s, ';', end - s);

		if (!semi)
			semi = end;
		t->name = xgrow(t->name, names, &t->maxnames,
				sizeof(*t->name));
		t->name[names++] = clean_name(t->f->names, s, semi - s);
		s = semi;
	}
	fold_add(t->f, t->name, names, count);
}

static void take(struct text *t, const unsigned char *p, size_t n)
{
	if (t->n + n + 1 > t->max) {
		t->max = (t->n + n + 1) * 2;
		t->line = xrealloc(t->line, t->max, 1);
	}
	memcpy(t->line + t->n, p, n);
	t->n += n;
}

int fold_read(struct fold *f, struct input *in, uint64_t *bad)
{
	struct text t = { .f = f };
	const unsigned char *p, *nl;
	size_t n;

	while ((n = input_window(in, 1, &p))) {
		nl = memchr(p, '\n', n);
		if (nl)
			n = nl - p;
		take(&t, p, n);
		if (nl)
			add_line(&t);
		input_skip(in, n + (nl != NULL));
	}
	if (t.n)
		add_line(&t);
	*bad = t.bad;
	free(t.line);
	free(t.name);
	return input_failed(in) ? -1 : 0;
}

/* -- Order and output --------------------------------------------------- */

struct order {
	const char *name;
	uint32_t node, parent;
};

/* Parents from last to first, names from last to first: so that pushing
 * each in front of its parent's list leaves the lists sorted. */
static int by_parent(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? 1 : -1;
	return strcmp(y->name, x->name);
}

/* Children have larger numbers than their parents. */
static void sum_up(struct fold *f)
{
	for (size_t i = f->n; i-- > 1;) {
		struct fold_node *parent = &f->node[f->node[i].parent];

		parent->total = add(parent->total, f->node[i].total);
	}
}

void fold_finish(struct fold *f)
{
	struct order *o = xcalloc(f->n, sizeof(*o));

	for (size_t i = 1; i < f->n; i++)
		o[i] = (struct order){ pool_str(f->names, f->node[i].name),
				       i, f->node[i].parent };
	qsort(o + 1, f->n - 1, sizeof(*o), by_parent);
	for (size_t i = 0; i < f->n; i++) {
		f->node[i].total = f->node[i].self;
		f->node[i].child = f->node[i].next = FOLD_NONE;
	}
	for (size_t i = 1; i < f->n; i++) {
		struct fold_node *parent = &f->node[o[i].parent];

		f->node[o[i].node].next = parent->child;
		parent->child = o[i].node;
	}
	sum_up(f);
	free(o);
}

void fold_finish_in_order(struct fold *f)
{
	for (size_t i = 0; i < f->n; i++) {
		f->node[i].total = f->node[i].self;
		f->node[i].child = f->node[i].next = FOLD_NONE;
	}
	/* From last to first, each in front of its parent's list. */
	for (size_t i = f->n; i-- > 1;) {
		struct fold_node *parent = &f->node[f->node[i].parent];

		f->node[i].next = parent->child;
		parent->child = i;
	}
	sum_up(f);
}

static void write_line(const struct fold *f, uint32_t at, uint32_t *path,
		       FILE *out)
{
	size_t depth = f->node[at].depth;

	for (uint32_t i = at; i; i = f->node[i].parent)
		path[f->node[i].depth] = i;
	for (size_t d = 1; d <= depth; d++)
		fprintf(out, "%s%s", d > 1 ? ";" : "",
			pool_str(f->names, f->node[path[d]].name));
	fprintf(out, " %" PRIu64 "\n", f->node[at].self);
}

void fold_write(const struct fold *f, FILE *out)
{
	uint32_t *path, at = f->node[0].child, deepest = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->node[i].depth > deepest)
			deepest = f->node[i].depth;
	path = xcalloc((size_t)deepest + 1, sizeof(*path));
	while (at != FOLD_NONE) {
		if (f->node[at].self)
			write_line(f, at, path, out);
		if (f->node[at].child != FOLD_NONE) {
			at = f->node[at].child;
			continue;
		}
		while (at && f->node[at].next == FOLD_NONE)
			at = f->node[at].parent;
		at = at ? f->node[at].next : FOLD_NONE;
	}
	free(path);
}
