/* fold.c - stacks of names with counts, as a tree and as folded lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Most of a stack is in the tree already. So each node is known by a hash
 * of its whole path, and a new stack is looked up from its leaf towards the
 * root until a node is found: mostly at once or after a few frames.
 */
#include <config.h>

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "fold.h"

#define MULTIPLY	0x9e3779b97f4a7c15ull
#define FIRST_BITS	10
#define LOOKS		5	/* of a stack from its leaf, about */

/* A node by the hash of its path: open addressing, linear probing. */
struct place {
	uint32_t hash;		/* its top bits are the place */
	uint32_t node;		/* 0: free, the root needs no place */
};

/* As little of a node as adding needs, as most time goes into fetching it. */
struct stem {
	uint32_t name, parent;
};

struct fold_build {
	struct stem *stem;	/* of each node */
	uint64_t *self;		/* likewise */
	size_t maxstems, maxselves;
	struct place *place;
	unsigned bits;
	struct stack {
		struct step {
			uint32_t name;
			uint32_t hash;	/* of the path so far */
		} *step;
		size_t n, max;
		uint64_t hash;		/* of all steps */
		uint64_t count;
	} given, late;		/* late: the one before, see fold_end() */
	int waiting;		/* late is not in the tree yet */
};

static uint32_t add_node(struct fold *f, unsigned name, uint32_t parent)
{
	struct fold_build *b = f->build;

	b->stem = xgrow(b->stem, f->n, &b->maxstems, sizeof(*b->stem));
	b->self = xgrow(b->self, f->n, &b->maxselves, sizeof(*b->self));
	b->stem[f->n] = (struct stem){ name, parent };
	b->self[f->n] = 0;
	return f->n++;
}

struct fold *fold_new(struct pool *names)
{
	struct fold *f = xcalloc(1, sizeof(*f));

	f->names = names;
	f->scale = 1;
	f->build = xcalloc(1, sizeof(*f->build));
	f->build->bits = FIRST_BITS;
	f->build->place = xcalloc(1u << FIRST_BITS,
				  sizeof(*f->build->place));
	f->build->given.hash = MULTIPLY;
	add_node(f, 0, FOLD_NONE);
	return f;
}

static void free_build(struct fold *f)
{
	if (f->build) {
		free(f->build->stem);
		free(f->build->self);
		free(f->build->place);
		free(f->build->given.step);
		free(f->build->late.step);
	}
	free(f->build);
	f->build = NULL;
}

void fold_free(struct fold *f)
{
	if (!f)
		return;
	free_build(f);
	free(f->node);
	free(f->unit);
	free(f->title);
	free(f->note);
	free(f);
}

/* -- Adding ------------------------------------------------------------- */

static void put(struct fold_build *b, uint32_t hash, uint32_t node)
{
	size_t mask = ((size_t)1 << b->bits) - 1, i = hash >> (32 - b->bits);

	while (b->place[i & mask].node)
		i++;
	b->place[i & mask] = (struct place){ hash, node };
}

static void make_room(struct fold *f)
{
	struct fold_build *b = f->build;
	struct place *old = b->place;
	size_t size = (size_t)1 << b->bits;

	if (f->n < size / 4 * 3 || b->bits == 32)
		return;
	b->place = xcalloc(size * 2, sizeof(*b->place));
	b->bits++;
	for (size_t i = 0; i < size; i++)
		if (old[i].node)
			put(b, old[i].hash, old[i].node);
	free(old);
}

/* Whether a node is that of the first n steps: equal hashes are no proof. */
static int is_path(const struct fold_build *b, uint32_t node,
		   const struct step *step, size_t n)
{
	for (; n && node; node = b->stem[node].parent)
		if (b->stem[node].name != step[--n].name)
			return 0;
	return !n && !node;
}

/* The node of the first n steps, 0 if there is none. */
static uint32_t find(const struct fold_build *b, const struct step *step,
		     size_t n)
{
	uint32_t hash = step[n - 1].hash;
	size_t mask = ((size_t)1 << b->bits) - 1, i = hash >> (32 - b->bits);

	for (;; i++) {
		const struct place *p = &b->place[i & mask];

		if (!p->node)
			return 0;
		if (p->hash == hash && is_path(b, p->node, step, n))
			return p->node;
	}
}

void fold_push(struct fold *f, unsigned name)
{
	struct stack *s = &f->build->given;

	if (s->n == s->max)
		s->step = xgrow(s->step, s->n, &s->max, sizeof(*s->step));
	s->hash = (s->hash ^ s->hash >> 32 ^ name) * MULTIPLY;
	s->step[s->n++] = (struct step){ name, s->hash >> 32 };
}

/* Sums that do not fit stay at the largest number. */
static uint64_t add(uint64_t a, uint64_t b)
{
	return a + b < a ? UINT64_MAX : a + b;
}

static void forget(struct stack *s)
{
	s->n = 0;
	s->hash = MULTIPLY;
}

/* The node of a stack; what there is not is made. */
static uint32_t reach(struct fold *f, struct stack *s)
{
	struct fold_build *b = f->build;
	uint32_t at = 0;
	size_t d;

	for (d = s->n; d; d--) {
		at = find(b, s->step, d);
		if (at)
			break;
	}
	for (; d < s->n; d++) {
		make_room(f);
		at = add_node(f, s->step[d].name, at);
		put(b, s->step[d].hash, at);
	}
	forget(s);
	return at;
}

void fold_settle(struct fold *f)
{
	struct fold_build *b = f->build;
	uint32_t node;

	if (!b->waiting)
		return;
	b->waiting = 0;
	node = reach(f, &b->late);
	b->self[node] = add(b->self[node], b->late.count);
}

/* Each step that is looked at comes from memory. Meanwhile the next stack is
 * read: only then is this one put into the tree. */
void fold_end(struct fold *f, uint64_t count)
{
	struct fold_build *b = f->build;
	struct stack s = b->given;

	fold_settle(f);
	s.count = count;
	for (size_t d = s.n > LOOKS ? s.n - LOOKS : 0; d < s.n; d++)
		__builtin_prefetch(&b->place[s.step[d].hash >>
					     (32 - b->bits)]);
	b->given = b->late;
	b->late = s;
	b->waiting = 1;
	forget(&b->given);
}

uint64_t *fold_self(struct fold *f, uint32_t node)
{
	fold_settle(f);
	return &f->build->self[node];
}

unsigned fold_name(const struct fold *f, uint32_t node)
{
	return f->build->stem[node].name;
}

void fold_add(struct fold *f, const unsigned *name, size_t n, uint64_t count)
{
	for (size_t i = 0; i < n; i++)
		fold_push(f, name[i]);
	fold_end(f, count);
}

static void push_path(struct fold *f, uint32_t node)
{
	const struct stem *stem = f->build->stem;
	size_t depth = 0, d;
	unsigned *name;

	for (uint32_t i = node; i; i = stem[i].parent)
		depth++;
	name = xcalloc(depth, sizeof(*name));
	for (d = depth; node; node = stem[node].parent)
		name[--d] = stem[node].name;
	for (d = 0; d < depth; d++)
		fold_push(f, name[d]);
	free(name);
}

uint32_t fold_child(struct fold *f, uint32_t parent, unsigned name)
{
	fold_settle(f);
	push_path(f, parent);
	fold_push(f, name);
	return reach(f, &f->build->given);
}

uint32_t fold_append(struct fold *f, uint32_t parent, unsigned name)
{
	return add_node(f, name, parent);
}

void fold_fractions(struct fold *f)
{
	uint64_t *self;

	if (f->scale != 1)
		return;
	fold_settle(f);
	self = f->build->self;
	f->scale = FOLD_PARTS;
	for (size_t i = 0; i < f->n; i++)
		if (__builtin_mul_overflow(self[i], FOLD_PARTS, &self[i]))
			self[i] = UINT64_MAX;
}

/* -- Order -------------------------------------------------------------- */

struct ranked {
	const char *s;
	uint32_t id;
};

static int by_string(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return strcmp(x->s, y->s);
}

/* The place of each name among all, so that nodes sort by numbers. */
static uint32_t *rank_names(const struct fold *f)
{
	size_t n = pool_count(f->names);
	struct ranked *r = xcalloc(n, sizeof(*r));
	uint32_t *rank = xcalloc(n, sizeof(*rank));

	for (size_t i = 0; i < n; i++) {
		r[i].s = pool_str(f->names, i);
		r[i].id = i;
	}
	qsort(r, n, sizeof(*r), by_string);
	for (size_t i = 0; i < n; i++)
		rank[r[i].id] = i;
	free(r);
	return rank;
}

/* All nodes but the root, by name. */
static uint32_t *by_name(const struct fold *f)
{
	const struct stem *stem = f->build->stem;
	size_t names = pool_count(f->names);
	uint32_t *rank = rank_names(f);
	size_t *end = xcalloc(names + 1, sizeof(*end));
	uint32_t *order = xcalloc(f->n, sizeof(*order));

	for (size_t i = 1; i < f->n; i++)
		end[rank[stem[i].name] + 1]++;
	for (size_t i = 0; i < names; i++)
		end[i + 1] += end[i];
	for (size_t i = 1; i < f->n; i++)
		order[end[rank[stem[i].name]]++] = i;
	free(end);
	free(rank);
	return order;
}

/* The children of each node, while they are put in order. */
struct lists {
	uint32_t *child, *next;
};

static void put_first(const struct fold *f, struct lists *l, uint32_t i)
{
	uint32_t parent = f->build->stem[i].parent;

	l->next[i] = l->child[parent];
	l->child[parent] = i;
}

/* NULL: in order of their numbers. */
static struct lists link_nodes(const struct fold *f, const uint32_t *order)
{
	struct lists l = { xcalloc(f->n, sizeof(*l.child)),
			   xcalloc(f->n, sizeof(*l.next)) };

	memset(l.child, 0xff, f->n * sizeof(*l.child));
	l.next[0] = FOLD_NONE;
	for (size_t i = f->n - 1; i; i--)
		put_first(f, &l, order ? order[i - 1] : i);
	return l;
}

static void make_node(struct fold *f, uint32_t at, uint32_t number,
		      uint32_t parent, int leaf)
{
	const struct fold_build *b = f->build;

	f->node[number] = (struct fold_node){
		.name = b->stem[at].name, .parent = parent,
		.child = leaf ? FOLD_NONE : number + 1, .next = FOLD_NONE,
		.depth = number ? f->node[parent].depth + 1 : 0,
		.self = b->self[at], .total = b->self[at],
	};
}

/* Makes the nodes in the order of a walk. The first child of a node is used
 * once, when the walk comes by; then its place holds the node's new number. */
static uint32_t *make_nodes(struct fold *f, struct lists *l)
{
	const struct stem *stem = f->build->stem;
	uint32_t *moved = l->child, number = 0, at = 0, child;

	f->node = xmalloc(f->n * sizeof(*f->node));
	for (;;) {
		child = l->child[at];
		make_node(f, at, number, at ? moved[stem[at].parent] : FOLD_NONE,
			  child == FOLD_NONE);
		moved[at] = number++;
		if (child != FOLD_NONE) {
			at = child;
			continue;
		}
		while (at && l->next[at] == FOLD_NONE)
			at = stem[at].parent;
		if (!at)
			return moved;
		f->node[moved[at]].next = number;
		at = l->next[at];
	}
}

static uint32_t *finish(struct fold *f, int sorted)
{
	uint32_t *order, *moved;
	struct lists l;

	fold_settle(f);
	/* Before all else, so that there is room. */
	free(f->build->place);
	f->build->place = NULL;
	order = sorted ? by_name(f) : NULL;
	l = link_nodes(f, order);
	free(order);
	moved = make_nodes(f, &l);
	free(l.next);
	free_build(f);
	for (size_t i = f->n; i-- > 1;) {
		struct fold_node *parent = &f->node[f->node[i].parent];

		parent->total = add(parent->total, f->node[i].total);
	}
	return moved;
}

void fold_finish_in_order(struct fold *f)
{
	free(finish(f, 0));
}

uint32_t *fold_finish_moved(struct fold *f)
{
	return finish(f, 1);
}

void fold_finish(struct fold *f)
{
	free(finish(f, 1));
}

/* -- Output ------------------------------------------------------------- */

const char *fold_count(const struct fold *f, uint64_t count,
		       char buf[FOLD_COUNT])
{
	char *end;

	snprintf(buf, FOLD_COUNT, "%" PRIu64, count / f->scale);
	if (!(count % f->scale))
		return buf;
	end = buf + strlen(buf);
	snprintf(end, 8, ".%06u", (unsigned)(count % FOLD_PARTS));
	for (end += 6; *end == '0'; end--)
		*end = 0;
	return buf;
}

/* The path of the node written last, as text: the next one shares most. */
struct path {
	char *s;
	size_t max;
	size_t *end;		/* of the text of each depth */
	size_t maxend;
};

static void extend(struct path *p, const struct fold *f, uint32_t node)
{
	const struct fold_node *x = &f->node[node];
	const char *name = pool_str(f->names, x->name);
	size_t len = pool_len(f->names, x->name), at = 0;

	p->end = xgrow(p->end, x->depth, &p->maxend, sizeof(*p->end));
	if (x->depth > 1)
		at = p->end[x->depth - 1];
	if (at + len + 1 > p->max) {
		p->max = (at + len + 1) * 2;
		p->s = xrealloc(p->s, p->max, 1);
	}
	if (x->depth > 1)
		p->s[at++] = ';';
	memcpy(p->s + at, name, len);
	p->end[x->depth] = at + len;
}

static void write_line(const struct path *p, const struct fold *f,
		       uint32_t node, FILE *out)
{
	char count[FOLD_COUNT];

	fwrite(p->s, 1, p->end[f->node[node].depth], out);
	fprintf(out, " %s\n", fold_count(f, f->node[node].self, count));
}

#define HEAD	"# ljstap "
#define MAXHEAD	1000	/* bytes of what it says */

static const struct {
	const char *name;
	size_t ofs;
} heads[] = {
	{ "unit", offsetof(struct fold, unit) },
	{ "title", offsetof(struct fold, title) },
	{ "note", offsetof(struct fold, note) },
};

/* Text from a file, made safe to print. */
static char *cleaned(const char *s, size_t n)
{
	struct pool *pool = pool_new();
	unsigned id = clean_name(pool, s, n < MAXHEAD ? n : MAXHEAD);
	char *text = xstrdup(pool_str(pool, id));

	pool_free(pool);
	return text;
}

int fold_head(struct fold *f, const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		char *start = xasprintf(HEAD "%s: ", heads[i].name);
		char **value = (char **)((char *)f + heads[i].ofs);
		size_t len = strlen(start);
		int is = n >= len && !memcmp(s, start, len);

		free(start);
		if (!is)
			continue;
		free(*value);
		*value = cleaned(s + len, n - len);
		return 0;
	}
	return -1;
}

void fold_write(const struct fold *f, FILE *out)
{
	struct path p = { NULL, 0, NULL, 0 };

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		char *const *value = (char *const *)((const char *)f +
						     heads[i].ofs);

		if (*value)
			fprintf(out, HEAD "%s: %s\n", heads[i].name, *value);
	}
	for (size_t i = 1; i < f->n; i++) {
		extend(&p, f, i);
		if (f->node[i].self)
			write_line(&p, f, i, out);
	}
	free(p.s);
	free(p.end);
}
