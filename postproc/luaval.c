/* luaval.c - the values of a Lua VM in a live process, read from outside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "luaval.h"
#include "mem.h"

#define TRIES		16	/* of a table's header */
#define PIECE		4096	/* bytes of a string read at once */

struct luaval_seen {
	int entry;		/* 0: a table; 1: an entry of it; 2: a word */
	struct lj_tab tab;
	struct lj_entry e;	/* word: at, val */
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* -- Strings, read ahead ------------------------------------------------ */

#define HEADER	24		/* bytes of a GCstr that lj_str_len() reads */
#define AHEAD	64		/* bytes of a string read ahead */

/* struct luaval_ahead - the beginnings of the strings that the entries in the
 * core's window name. Read after the window, so that they are as good as read
 * one by one; no other read is answered from here.
 */
struct luaval_ahead {
	uint64_t addr[REMOTE_MANY];
	unsigned char bytes[REMOTE_MANY][AHEAD];
	size_t n, next;
};

static void read_ahead(struct luaval *v, size_t words)
{
	struct luaval_ahead *a = v->ahead;
	size_t n = 0;

	for (size_t i = 0; i < words && n < REMOTE_MANY; i++) {
		uint64_t tv = v->w.win[i], at = lj_tv_ref(&v->w, tv);

		/* Not over the end of a page: it may be that of the memory. */
		if (lj_tv_type(&v->w, tv) == LJ_TSTR &&
		    (at & 4095) + AHEAD <= 4096)
			a->addr[n++] = at;
	}
	a->next = 0;
	a->n = n ? remote_read_many(v->r, a->bytes, AHEAD, a->addr, n) : 0;
}

/* Strings are asked for in the order of the window. */
static const unsigned char *ahead_of(struct luaval *v, size_t n, uint64_t addr)
{
	struct luaval_ahead *a = v->ahead;
	uint64_t str = n == HEADER ? addr : addr - v->w.lay.str_data;

	for (size_t i = 0; i < a->n; i++) {
		size_t k = (a->next + i) % a->n;

		if (a->addr[k] != str)
			continue;
		a->next = k;
		return addr - str + n <= AHEAD ? a->bytes[k] + (addr - str) :
						 NULL;
	}
	return NULL;
}

/* Looks at the clock now and then only: it takes as long as a read. */
int luaval_spend(struct luaval *v, size_t n)
{
	v->bytes += n;
	if ((v->maxbytes && v->bytes > v->maxbytes) ||
	    (v->until && !(v->reads++ & 31) && now() > v->until))
		v->spent = 1;
	return v->spent;
}

int luaval_rd(struct lj_walk *w, void *dst, size_t n, uint64_t addr)
{
	struct luaval *v = (struct luaval *)((char *)w -
					     offsetof(struct luaval, w));
	const unsigned char *p = NULL;

	if (luaval_spend(v, n))
		return -1;
	if (n <= AHEAD)
		p = ahead_of(v, n, addr);
	if (p) {
		memcpy(dst, p, n);
		return 0;
	}
	if (remote_read(v->r, dst, n, addr))
		return -1;
	if (dst == w->win)
		read_ahead(v, n / 8);
	return 0;
}

struct luaval *luaval_new(struct remote *r, const struct remote_vm *vm)
{
	struct luaval *v = xcalloc(1, sizeof(*v));

	v->r = r;
	v->ahead = xcalloc(1, sizeof(*v->ahead));
	v->w.g = vm->g;
	v->w.d = vm->d;
	v->w.lay = vm->lay;
	return v;
}

void luaval_free(struct luaval *v)
{
	if (!v)
		return;
	free(v->ahead);
	free(v->seen);
	free(v);
}

void luaval_limit(struct luaval *v, uint64_t bytes, double seconds)
{
	v->bytes = 0;
	v->spent = 0;
	v->reads = 0;
	v->maxbytes = bytes;
	v->until = seconds > 0 ? now() + (uint64_t)(seconds * 1e9) : 0;
}

/* -- What was seen ------------------------------------------------------ */

static struct luaval_seen *add_seen(struct luaval *v, int entry)
{
	struct luaval_seen *s;

	v->seen = xgrow(v->seen, v->nseen, &v->maxseen, sizeof(*v->seen));
	s = &v->seen[v->nseen++];
	memset(s, 0, sizeof(*s));
	s->entry = entry;
	return s;
}

void luaval_saw(struct luaval *v, const struct lj_tab *t,
		const struct lj_entry *e)
{
	struct luaval_seen *s = add_seen(v, e ? 1 : 0);

	s->tab = *t;
	if (e)
		s->e = *e;
}

void luaval_saw_word(struct luaval *v, uint64_t addr, uint64_t was)
{
	struct luaval_seen *s = add_seen(v, 2);

	s->e.at = addr;
	s->e.val = was;
}

/* From the value back to the root, as it was found the other way. */
int luaval_same(struct luaval *v)
{
	for (size_t i = v->nseen; i-- > 0;) {
		const struct luaval_seen *s = &v->seen[i];

		if (s->entry == 2 ?
		    !lj_word_same(&v->w, s->e.at, s->e.val) :
		    (s->entry && !lj_entry_same(&v->w, &s->tab, &s->e)) ||
		    !lj_tab_same(&v->w, &s->tab))
			return 0;
	}
	return 1;
}

void luaval_forget(struct luaval *v)
{
	v->nseen = 0;
}

/* -- Tables ------------------------------------------------------------- */

int luaval_table(struct luaval *v, struct lj_tab *t, uint64_t at)
{
	int ret = 1;

	for (int i = 0; i < TRIES && ret > 0; i++)
		ret = lj_tab_open(&v->w, t, at);
	return ret ? -1 : 0;
}

int luaval_next(struct luaval *v, const struct lj_tab *t, struct lj_entry *e)
{
	int ret;

	do
		ret = lj_tab_next(&v->w, t, e);
	while (ret == 2 && !v->spent);
	return ret;
}

/* A key that the core does not compare at once. */
static int next_long(struct luaval *v, const struct lj_tab *t,
		     struct lj_entry *e, const char *s, size_t n)
{
	size_t len;
	uint32_t l;
	char *key;
	int is = 0, ret = 1;

	while (!is && (ret = luaval_next(v, t, e)) == 1) {
		if (lj_tv_type(&v->w, e->key) != LJ_TSTR ||
		    lj_str_len(&v->w, lj_tv_ref(&v->w, e->key), &l) || l != n)
			continue;
		key = luaval_string(v, lj_tv_ref(&v->w, e->key), n, &len);
		is = key && len == n && !memcmp(key, s, n);
		free(key);
	}
	return ret;
}

int luaval_str(struct luaval *v, const struct lj_tab *t, struct lj_entry *e,
	       const char *s, size_t n)
{
	int ret;

	memset(e, 0, sizeof(*e));
	v->w.winlen = 0;
	if (n > LJ_MAXKEY)
		return next_long(v, t, e, s, n);
	do
		ret = lj_tab_str(&v->w, t, e, s, n);
	while (ret == 2 && !v->spent);
	return ret;
}

int luaval_num(struct luaval *v, const struct lj_tab *t, struct lj_entry *e,
	       double num)
{
	uint64_t bits;
	int ret;

	num += 0.0;		/* no -0 */
	memcpy(&bits, &num, 8);
	memset(e, 0, sizeof(*e));
	v->w.winlen = 0;
	do
		ret = lj_tab_num(&v->w, t, e, bits);
	while (ret == 2 && !v->spent);
	return ret;
}

/* -- Length ------------------------------------------------------------- */

/* A table that is searched for a border. */
struct border {
	struct luaval *v;
	const struct lj_tab *t;
	struct index *keys;	/* integers in the hash part; NULL: not read */
	int bad;
};

static void read_keys(struct border *b)
{
	struct lj_entry e = { .next = b->t->asize };
	struct luaval *v = b->v;
	int ret;

	b->keys = index_new();
	while ((ret = luaval_next(v, b->t, &e)) == 1) {
		uint32_t type = lj_tv_type(&v->w, e.key);
		double k = type == LJ_TNUM || type == LJ_TINT ?
			   luaval_number(v, e.key) : -1;

		if (k >= 1 && k <= INT32_MAX && k == (double)(uint64_t)k)
			index_put(b->keys, (uint64_t)k, 1);
	}
	if (ret < 0)
		b->bad = 1;
}

static int has(struct border *b, uint64_t i)
{
	struct lj_entry e;

	if (i >= b->t->asize) {
		if (!b->keys)
			read_keys(b);
		return index_get(b->keys, i) > 0;
	}
	b->v->w.winlen = 0;
	if (lj_tab_place(&b->v->w, b->t, &e, i)) {
		b->bad = 1;
		return 0;
	}
	return lj_tv_type(&b->v->w, e.val) != LJ_TNIL;
}

/* lo has a value, or is 0; hi has none. */
static uint64_t halve(struct border *b, uint64_t lo, uint64_t hi)
{
	while (hi - lo > 1) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (has(b, mid))
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* lj_tab.c: lj_tab_len(), tab_len_slow() */
int luaval_length(struct luaval *v, const struct lj_tab *t, uint64_t *len)
{
	struct border b = { .v = v, .t = t };
	uint64_t hi = t->asize ? t->asize - 1 : 0, lo;

	if (hi && !has(&b, hi)) {
		*len = halve(&b, 0, hi);
	} else if (!t->hmask) {
		*len = hi;
	} else {
		lo = hi++;
		while (has(&b, hi) && hi < INT32_MAX) {
			lo = hi;
			hi += hi;
		}
		*len = halve(&b, lo, hi);
	}
	index_free(b.keys);
	return b.bad ? -1 : 0;
}

/* -- Strings, numbers, upvalues ----------------------------------------- */

char *luaval_string(struct luaval *v, uint64_t str, size_t max, size_t *len)
{
	uint32_t whole, again;
	size_t n;
	char *s;

	if (lj_str_len(&v->w, str, &whole))
		return NULL;
	n = whole < max ? whole : max;
	s = xmalloc(((n + 3) & ~(size_t)3) + 1);
	for (size_t i = 0; i < n; i += PIECE)
		if (lj_str_bytes(&v->w, s + i, str, i,
				 n - i < PIECE ? n - i : PIECE))
			goto bad;
	if (lj_str_len(&v->w, str, &again) || again != whole)
		goto bad;
	s[n] = 0;
	*len = whole;
	return s;
bad:
	free(s);
	return NULL;
}

double luaval_number(const struct luaval *v, uint64_t tv)
{
	double d;

	if (lj_tv_type(&v->w, tv) == LJ_TINT)
		return (int32_t)tv;
	memcpy(&d, &tv, 8);
	return d;
}

/* uvinfo: names with a 0 behind each (lj_debug.c: lj_debug_uvname()). */
char *luaval_upname(struct luaval *v, const struct lj_fn *f, unsigned i)
{
	char buf[PIECE], *s = buf, *end, *name = NULL;
	size_t n = f->sizeinfo < PIECE ? (f->sizeinfo + 3) & ~3u : PIECE;

	if (!f->uvinfo || i >= f->nupvalues ||
	    luaval_rd(&v->w, buf, n, f->uvinfo))
		return NULL;
	for (end = buf + n; i && s < end; i--)
		s += strnlen(s, end - s) + 1;
	if (s < end && memchr(s, 0, end - s) && *s)
		name = xstrdup(s);
	return name;
}

uint64_t luaval_loaded(struct luaval *v)
{
	struct lj_walk *w = &v->w;
	lj_u64 at = lj_root_registry(w), tv;
	struct lj_entry e;
	struct lj_tab t;

	if (lj_rd64(w, &tv, at) || lj_tv_type(w, tv) != LJ_TTAB ||
	    luaval_table(v, &t, lj_tv_ref(w, tv)) ||
	    luaval_str(v, &t, &e, "_LOADED", 7) != 1 ||
	    lj_tv_type(w, e.val) != LJ_TTAB)
		return 0;
	luaval_saw_word(v, at, tv);
	luaval_saw(v, &t, &e);
	return lj_tv_ref(w, e.val);
}

/* -- Objects, coroutines ------------------------------------------------ */

/* struct objects - those found, in any of the rounds */
struct objects {
	uint32_t type;
	uint64_t *at;
	size_t n, max;
	struct index *known;
};

static void add_object(struct objects *o, uint64_t at)
{
	if (index_get(o->known, at) >= 0)
		return;
	index_put(o->known, at, 1);
	o->at = xgrow(o->at, o->n, &o->max, sizeof(*o->at));
	o->at[o->n++] = at;
}

/* Once along the list, which ends with the userdata behind the main thread.
 * What has the other white is garbage that is about to be freed.
 */
static int walk_objects(struct luaval *v, uint32_t ofs, struct objects *o)
{
	uint64_t main = lj_root_main(&v->w), end = main;
	uint32_t white, type, marked;
	lj_u64 obj = lj_root_gc(&v->w, ofs, &white), at;

	if (o && o->type == LJ_TUDATA)
		end = 0;
	while (obj && obj != end) {
		at = obj;
		if (lj_gc_next(&v->w, &obj, &type, &marked))
			return -1;
		if (o && type == o->type && !(marked & (white ^ 3) & 3))
			add_object(o, at);
	}
	return obj == end ? 0 : -1;
}

/* Where gc.root is, if the layout was worked out: what comes first in G and
 * leads to the main thread. What is not the list itself comes behind it.
 */
static uint32_t find_root(struct luaval *v)
{
	uint32_t ref = LJ_GC64(&v->w) ? 8 : 4, end = v->w.lay.vmstate, white;
	lj_u64 obj;

	if (v->w.lay.col < LJ_COL_MAX)
		return lj_root_ofs(&v->w);
	for (uint32_t ofs = LJ_OBJ(&v->w, G_white); ofs < end; ofs += ref) {
		obj = lj_root_gc(&v->w, ofs, &white);
		if (obj && obj != lj_root_main(&v->w) &&
		    !walk_objects(v, ofs, NULL))
			return ofs;
	}
	return lj_root_ofs(&v->w);
}

/* The function that is to run is the first thing on its stack. */
static uint64_t first_fn(struct luaval *v, uint64_t L)
{
	struct lj_walk *w = &v->w;
	lj_u64 tv;

	if (!lj_is_L(w, L, w->g) ||
	    lj_rd64(w, &tv, lj_obj64(w, LJ_OBJ(w, L_base))))
		return 0;
	return lj_tv_type(w, tv) == LJ_TFUNC ? lj_tv_ref(w, tv) : 0;
}

const char *luaval_type(uint32_t type)
{
	static const char *const name[] = {
		[LJ_TNIL] = "nil", [LJ_TFALSE] = "boolean",
		[LJ_TTRUE] = "boolean", [LJ_TLIGHTUD] = "userdata",
		[LJ_TSTR] = "string", [LJ_TUPVAL] = "upval",
		[LJ_TTHREAD] = "thread", [LJ_TPROTO] = "proto",
		[LJ_TFUNC] = "function", [LJ_TTRACE] = "trace",
		[LJ_TCDATA] = "cdata", [LJ_TTAB] = "table",
		[LJ_TUDATA] = "userdata", [LJ_TINT] = "number",
		[LJ_TNUM] = "number",
	};

	return type < sizeof(name) / sizeof(name[0]) && name[type] ?
	       name[type] : "?";
}

int luaval_objects(struct luaval *v, uint32_t type, uint64_t **at, size_t *n)
{
	struct objects o = { .type = type, .known = index_new() };
	uint32_t ofs = find_root(v);
	int ret = -1;

	for (int i = 0; i < TRIES && ret && !v->spent; i++)
		ret = walk_objects(v, ofs, &o);
	index_free(o.known);
	*at = o.at;
	*n = o.n;
	return ret;
}

int luaval_coroutines(struct luaval *v, uint64_t running,
		      struct luaval_co **co, size_t *n)
{
	uint64_t *at;
	size_t all;
	int ret = luaval_objects(v, LJ_TTHREAD, &at, &all);

	*co = xcalloc(all + 1, sizeof(**co));
	*n = 0;
	for (size_t i = 0; i < all; i++) {
		int state = lj_co_state(&v->w, at[i], running);
		struct luaval_co *c = &(*co)[*n];

		if (state < 0)	/* it is gone */
			continue;
		c->L = at[i];
		c->state = state;
		if (state == LJ_CO_FRESH)
			c->fn = first_fn(v, c->L);
		++*n;
	}
	free(at);
	return ret;
}
