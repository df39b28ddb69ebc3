/* luatab.c - all entries of a table of a live VM, with their strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * First all slots and nodes, then, a chunk at a time, the strings they name.
 * If a chunk is the same in the target afterwards, all of it is sound.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "luatab.h"
#include "luaval.h"
#include "mem.h"

#define CHUNK	4096		/* places, read with their strings */
#define TRIES	16
#define PIECE	(1 << 20)	/* bytes read at once */
#define AHEAD	128		/* bytes of a string read at first */
#define NONE	SIZE_MAX

/* struct word - a TValue, and its string in the arena */
struct word {
	uint64_t tv, at;
	size_t ofs, len;
	int lost;		/* a string that is none */
};

struct luatab {
	struct luaval *v;
	uint64_t at;
	size_t max;		/* bytes of a string */
	struct lj_tab t;
	char *part[2];		/* the slots, the nodes */
	char *again;		/* a chunk of them, read again */
	struct word *word;	/* key, value, key, ... of a chunk */
	size_t nwords, nextword;
	uint32_t room;		/* places that again and word are for */
	uint32_t next;		/* place of the next chunk */
	char *arena;
	size_t used, size;
	uint64_t slot, was;	/* what refers to it; 0: not known */
	int moved, torn, gone;
};

/* -- Slots and nodes ---------------------------------------------------- */

/* struct chunk - places of one of the two parts */
struct chunk {
	uint32_t from, to;
	uint64_t addr;
	char *copy;
	size_t bytes;
};

static struct chunk chunk_at(const struct luatab *t, uint32_t from)
{
	uint32_t size = LJ_OBJ(&t->v->w, node_size), asize = t->t.asize;
	int node = from >= asize;
	uint32_t end = node ? lj_tab_places(&t->t) : asize;
	struct chunk c = { .from = from, .to = end };

	if (end - from > CHUNK)
		c.to = from + CHUNK;
	if (!node)
		size = 8;
	else
		from -= asize;
	c.addr = (node ? t->t.node : t->t.array) + (uint64_t)from * size;
	c.copy = t->part[node] + (size_t)from * size;
	c.bytes = (size_t)(c.to - c.from) * size;
	return c;
}

/* Memory is taken as it is read: a damaged size costs nothing. */
static int read_part(struct luatab *t, int i, uint64_t addr, uint64_t bytes)
{
	size_t have = 0;

	for (uint64_t at = 0; at < bytes; at += PIECE) {
		size_t n = bytes - at < PIECE ? bytes - at : PIECE;

		if (at + n > have || !t->part[i]) {
			have = 2 * have + n < bytes ? 2 * have + n : bytes;
			t->part[i] = xrealloc(t->part[i], have, 1);
		}
		if (luaval_spend(t->v, n) ||
		    remote_read(t->v->r, t->part[i] + at, n, addr + at))
			return -1;
	}
	return 0;
}

/* Asked before and after each try: an address is soon another table's. */
static void is_it_still(struct luatab *t)
{
	if (t->slot && !t->gone && !lj_word_same(&t->v->w, t->slot, t->was))
		t->gone = 1;
}

/* All of it, until it is one table. */
static int read_all(struct luatab *t)
{
	const struct timespec wait = { 0, 200000 };
	struct luaval *v = t->v;
	int ret = -1;

	for (int i = 0; i < TRIES && !v->spent; i++) {
		if (i > 1)
			nanosleep(&wait, NULL);
		is_it_still(t);
		if (luaval_table(v, &t->t, t->at))
			continue;
		ret = read_part(t, 0, t->t.array, t->t.asize * 8ull) ||
		      read_part(t, 1, t->t.node, (t->t.hmask + 1ull) *
						 LJ_OBJ(&v->w, node_size)) ?
		      -1 : 0;
		if (!ret && lj_tab_same(&v->w, &t->t))
			return 0;
	}
	t->moved = t->torn = 1;
	return ret;
}

/* -- Strings ------------------------------------------------------------ */

int luatab_string(struct luaval *v, uint64_t tv, size_t max, char **str,
		  size_t *len)
{
	uint64_t at = lj_tv_ref(&v->w, tv);
	uint32_t n;

	*str = NULL;
	if (lj_str_len(&v->w, at, &n))
		return -1;
	*len = n;
	if (n > max)
		return 0;
	*str = luaval_string(v, at, n, len);
	return *str ? 0 : -1;
}

static void keep(struct luatab *t, struct word *w, const void *bytes)
{
	while (t->used + w->len >= t->size) {
		t->size = 2 * t->size + 1024;
		t->arena = xrealloc(t->arena, t->size, 1);
	}
	memcpy(t->arena + t->used, bytes, w->len);
	w->ofs = t->used;
	t->used += w->len;
}

static void read_one(struct luatab *t, struct word *w)
{
	char *s;

	w->lost = luatab_string(t->v, w->tv, t->max, &s, &w->len) != 0;
	if (s)
		keep(t, w, s);
	free(s);
}

/* What was read at the address of a string. */
static void take(struct luatab *t, struct word *w, const unsigned char *p)
{
	const struct lj_walk *walk = &t->v->w;
	uint32_t len;

	memcpy(&len, p + LJ_REL(walk, str_len), 4);
	if (p[LJ_OBJ(walk, str_gct)] != LJ_TSTR || len >> 31) {
		w->lost = 1;
		return;
	}
	w->len = len;
	if (len > t->max)
		return;
	if (LJ_REL(walk, str_data) + (size_t)len <= AHEAD)
		keep(t, w, p + LJ_REL(walk, str_data));
	else
		read_one(t, w);
}

static void read_some(struct luatab *t, struct word **w, const uint64_t *addr,
		      size_t n)
{
	unsigned char buf[REMOTE_MANY][AHEAD];
	size_t got = luaval_spend(t->v, n * AHEAD) ? 0 :
		     remote_read_many(t->v->r, buf, AHEAD, addr, n);

	for (size_t i = 0; i < n; i++) {
		if (i < got)
			take(t, w[i], buf[i]);
		else
			read_one(t, w[i]);
	}
}

static void read_strings(struct luatab *t)
{
	struct word *w[REMOTE_MANY];
	uint64_t addr[REMOTE_MANY];
	size_t n = 0;

	t->used = 0;
	for (size_t i = 0; i < t->nwords; i++) {
		struct word *x = &t->word[i];

		if (lj_tv_type(&t->v->w, x->tv) != LJ_TSTR)
			continue;
		w[n] = x;
		addr[n] = lj_tv_ref(&t->v->w, x->tv);
		/* Not over the end of a page: it may be that of the memory. */
		if ((addr[n] & 4095) + AHEAD > 4096)
			read_one(t, x);
		else
			n++;
		if (n == REMOTE_MANY) {
			read_some(t, w, addr, n);
			n = 0;
		}
	}
	if (n)
		read_some(t, w, addr, n);
}

/* -- Chunks ------------------------------------------------------------- */

static void add_word(struct luatab *t, uint64_t tv, uint64_t at)
{
	t->word[t->nwords++] = (struct word){ .tv = tv, .at = at, .ofs = NONE };
}

/* What has a value, of the copy of a chunk. */
static void find_words(struct luatab *t, const struct chunk *c)
{
	const struct lj_walk *w = &t->v->w;

	if (c->to - c->from > t->room) {
		t->room = c->to - c->from;
		t->word = xrealloc(t->word, t->room, 2 * sizeof(*t->word));
		t->again = xrealloc(t->again, t->room, LJ_OBJ(w, node_size));
	}
	t->nwords = t->nextword = 0;
	for (uint32_t i = c->from; i < c->to; i++) {
		size_t ofs = (size_t)(i - c->from) *
			     (i < t->t.asize ? 8 : LJ_OBJ(w, node_size));
		uint64_t key = lj_tv_int(w, i), val;

		if (i >= t->t.asize) {
			memcpy(&key, c->copy + ofs + LJ_OBJ(w, node_key), 8);
			ofs += LJ_OBJ(w, node_val);
		}
		memcpy(&val, c->copy + ofs, 8);
		if (lj_tv_type(w, val) == LJ_TNIL)
			continue;
		add_word(t, key, 0);
		add_word(t, val, c->addr + ofs);
	}
}

enum { SAME, CHANGED, MOVED };

/* Is the chunk in the target still what the copy is? If not, copy it. */
static int compare(struct luatab *t, const struct chunk *c)
{
	if (luaval_spend(t->v, c->bytes) ||
	    remote_read(t->v->r, t->again, c->bytes, c->addr) ||
	    !lj_tab_same(&t->v->w, &t->t))
		return MOVED;
	if (!memcmp(t->again, c->copy, c->bytes))
		return SAME;
	memcpy(c->copy, t->again, c->bytes);
	return CHANGED;
}

static int has_lost(const struct luatab *t)
{
	for (size_t i = 0; i < t->nwords; i++)
		if (t->word[i].lost)
			return 1;
	return 0;
}

static int fill(struct luatab *t)
{
	struct chunk c;
	int how = CHANGED;

	for (int i = 0; i < TRIES && how != SAME && !t->v->spent; i++) {
		is_it_still(t);
		c = chunk_at(t, t->next);
		find_words(t, &c);
		read_strings(t);
		if (t->moved)
			break;
		how = compare(t, &c);
		/* Nothing was given yet: it begins anew. */
		if (how == MOVED && !t->next) {
			if (read_all(t))
				return -1;
		} else if (how == MOVED) {
			t->moved = 1;
			break;
		}
	}
	is_it_still(t);
	if (how != SAME || has_lost(t))
		t->torn = 1;
	t->next = c.to;
	return t->v->spent || remote_ended(t->v->r) ? -1 : 0;
}

static void set(const struct luatab *t, struct luatab_value *v,
		const struct word *w)
{
	v->tv = w->tv;
	v->at = w->at;
	v->len = w->len;
	v->str = w->ofs == NONE ? NULL : t->arena + w->ofs;
}

int luatab_next(struct luatab *t, struct luatab_value *key,
		struct luatab_value *val)
{
	for (;;) {
		const struct word *w = t->word + t->nextword;

		if (t->nextword == t->nwords) {
			if (t->next >= lj_tab_places(&t->t))
				return 0;
			if (fill(t))
				return -1;
			continue;
		}
		t->nextword += 2;
		if (w[0].lost || w[1].lost)
			continue;
		set(t, key, &w[0]);
		set(t, val, &w[1]);
		return 1;
	}
}

struct luatab *luatab_open(struct luaval *v, uint64_t at, size_t max,
			   uint64_t slot, uint64_t was)
{
	struct luatab *t = xcalloc(1, sizeof(*t));

	t->v = v;
	t->at = at;
	t->max = max;
	t->slot = slot;
	t->was = was;
	if (!read_all(t) && !fill(t))
		return t;
	luatab_free(t);
	return NULL;
}

void luatab_free(struct luatab *t)
{
	if (!t)
		return;
	free(t->part[0]);
	free(t->part[1]);
	free(t->again);
	free(t->word);
	free(t->arena);
	free(t);
}

int luatab_torn(const struct luatab *t)
{
	return t->torn;
}

int luatab_gone(const struct luatab *t)
{
	return t->gone;
}
