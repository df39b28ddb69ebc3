/* luatree.c - a value of a live VM, and what is in it: a copy of ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "luaobj.h"
#include "luapath.h"
#include "luatree.h"
#include "luaval.h"
#include "mem.h"

#define TRIES	24	/* of a path; waits in between */
#define AGAIN	4	/* of a table, of an entry */
#define MAXKEYPATH	40	/* bytes of a key shown in a path */

/* struct reader - what is known while a tree is read
 * @path: of each table met so far; @at: their addresses, in the same order
 */
struct reader {
	struct luaval *v;
	struct luaobj *o;
	const struct luatree_opts *opts;
	struct index *met;	/* address -> its number in @at */
	struct met {
		uint64_t at;
		const char *path;
	} *at;
	size_t nmet, maxmet;
};

static void free_entries(struct luatree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		luatree_free(t->entry[i].key);
		luatree_free(t->entry[i].val);
	}
	free(t->entry);
	free(t->flat);
	t->entry = NULL;
	t->flat = NULL;
	t->n = 0;
}

void luatree_free(struct luatree *t)
{
	if (!t)
		return;
	free_entries(t);
	free(t->str);
	free(t->text);
	free(t->path);
	free(t);
}

const char *luatree_type(const struct luatree *t)
{
	return luaval_type(t->type);
}

void luatree_flaws(const struct luatree *t, struct luatree_flaws *f)
{
	f->torn += t->torn;
	f->cut += t->cut;
	for (size_t i = 0; i < t->n; i++) {
		luatree_flaws(t->entry[i].key, f);
		luatree_flaws(t->entry[i].val, f);
	}
}

/* -- Values without entries --------------------------------------------- */

/* What cannot be read is torn, or not read any more. */
static void spoil(struct reader *r, struct luatree *t)
{
	if (r->v->spent)
		t->cut = 1;
	else
		t->torn = 1;
}

static void read_string(struct reader *r, struct luatree *t)
{
	t->str = luaval_string(r->v, t->at, r->opts->string, &t->whole);
	if (!t->str)
		spoil(r, t);
	else
		t->len = t->whole < r->opts->string ? t->whole :
						      r->opts->string;
}

static void read_function(struct reader *r, struct luatree *t, const char *name)
{
	struct lj_fn f;

	if (lj_fn_read(&r->v->w, &f, t->at))
		spoil(r, t);
	else
		t->text = luaobj_function(r->o, &f, name);
}

static void read_cdata(struct reader *r, struct luatree *t)
{
	struct lj_cdata c;
	char *type;

	if (lj_cdata_read(&r->v->w, &c, t->at)) {
		spoil(r, t);
		return;
	}
	t->text = luaobj_int64(r->o, &c);
	if (t->text)
		return;
	type = luaobj_ctype(r->o, c.ctypeid);
	t->text = c.size == UINT32_MAX ? xasprintf("cdata<%s>", type) :
		  xasprintf("cdata<%s> (%" PRIu32 " bytes)", type, c.size);
	free(type);
}

static void read_userdata(struct reader *r, struct luatree *t)
{
	lj_u64 meta;
	uint32_t len;

	if (lj_userdata(&r->v->w, t->at, &len, &meta)) {
		spoil(r, t);
		return;
	}
	t->meta = meta != 0;
	t->text = xasprintf("userdata (%" PRIu32 " bytes)", len);
}

static const char *const co_state[] = {
	[LJ_CO_RUNNING] = "running", [LJ_CO_SUSPENDED] = "suspended",
	[LJ_CO_NORMAL] = "normal", [LJ_CO_DEAD] = "dead",
	[LJ_CO_FRESH] = "suspended, never resumed",
};

/* The one that cur_L names, if it has a C frame: it has none when C code that
 * resumed a coroutine goes on.
 */
static uint64_t running_L(struct luaval *v)
{
	struct lj_walk *w = &v->w;
	lj_u64 L;

	if (lj_rdref(w, &L, w->g + LJ_REL(w, cur_L)) || !lj_is_L(w, L, w->g) ||
	    !lj_obj64(w, LJ_OBJ(w, L_cframe)))
		return 0;
	return L;
}

static void read_thread(struct reader *r, struct luatree *t)
{
	int state = lj_co_state(&r->v->w, t->at, running_L(r->v));

	if (state < 0)
		spoil(r, t);
	else
		t->text = xasprintf("thread (%s)", co_state[state]);
}

static void read_lightud(struct reader *r, struct luatree *t, uint64_t tv)
{
	lj_u64 p;

	if (lj_tv_lightud(&r->v->w, tv, &p)) {
		spoil(r, t);
		return;
	}
	t->at = p;
	t->text = p ? xstrdup("light userdata") : xstrdup("light userdata NULL");
}

/* A value, but not what is in a table. @name: its key */
static struct luatree *read_flat(struct reader *r, uint64_t tv,
				 const char *name)
{
	struct luatree *t = xcalloc(1, sizeof(*t));
	const struct lj_walk *w = &r->v->w;

	t->type = lj_tv_type(w, tv);
	if (t->type >= LJ_TSTR && t->type <= LJ_TUDATA)
		t->at = lj_tv_ref(w, tv);
	switch (t->type) {
	case LJ_TNUM:
	case LJ_TINT:
		t->num = luaval_number(r->v, tv);
		break;
	case LJ_TLIGHTUD:
		read_lightud(r, t, tv);
		break;
	case LJ_TSTR:
		read_string(r, t);
		break;
	case LJ_TFUNC:
		read_function(r, t, name);
		break;
	case LJ_TCDATA:
		read_cdata(r, t);
		break;
	case LJ_TUDATA:
		read_userdata(r, t);
		break;
	case LJ_TTHREAD:
		read_thread(r, t);
		break;
	case LJ_TBAD:
		t->torn = 1;
		break;
	}
	return t;
}

/* -- Tables ------------------------------------------------------------- */

static int is_name(const struct luatree *k)
{
	if (k->type != LJ_TSTR || !k->len || k->len != k->whole ||
	    k->len > MAXKEYPATH || (k->str[0] >= '0' && k->str[0] <= '9'))
		return 0;
	for (size_t i = 0; i < k->len; i++)
		if (!strchr("_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz", k->str[i]) ||
		    !k->str[i])
			return 0;
	return 1;
}

/* The path of an entry: for people, so a key may be cut. */
static char *path_of(const char *path, const struct luatree *k)
{
	if (is_name(k))
		return xasprintf("%s.%s", path, k->str);
	if (k->type == LJ_TNUM || k->type == LJ_TINT)
		return xasprintf("%s[%.14g]", path, k->num);
	if (k->type == LJ_TSTR && k->str)
		return xasprintf("%s[\"%.*s\"]", path, MAXKEYPATH, k->str);
	return xasprintf("%s[%s]", path, luatree_type(k));
}

/* Where a table is shown already, or NULL. */
static const char *shown_at(const struct reader *r, uint64_t at)
{
	long i = index_get(r->met, at);

	return i >= 0 && (size_t)i < r->nmet && r->at[i].at == at ?
	       r->at[i].path : NULL;
}

static void show_at(struct reader *r, uint64_t at, const char *path)
{
	r->at = xgrow(r->at, r->nmet, &r->maxmet, sizeof(*r->at));
	r->at[r->nmet] = (struct met){ at, path };
	index_put(r->met, at, r->nmet++);
}

/* Numbers by size, then strings by bytes, then the others by address. */
static int order(const struct luatree *k)
{
	return k->type == LJ_TNUM || k->type == LJ_TINT ? 0 :
	       k->type == LJ_TSTR ? 1 : 2;
}

static int compare(const void *a, const void *b)
{
	const struct luatree *x = ((const struct luatree_entry *)a)->key;
	const struct luatree *y = ((const struct luatree_entry *)b)->key;
	size_t n = x->len < y->len ? x->len : y->len;
	int c = order(x) - order(y);

	if (c)
		return c;
	if (order(x) == 0)
		return (x->num > y->num) - (x->num < y->num);
	if (order(x) == 2)
		return x->type != y->type ? (int)x->type - (int)y->type :
		       (x->at > y->at) - (x->at < y->at);
	c = x->str && y->str ? memcmp(x->str, y->str, n) : 0;
	return c ? c : (x->len > y->len) - (x->len < y->len);
}

/* A key that was taken away and put back elsewhere meanwhile was met twice:
 * both were true, the first counts.
 */
static void drop_twins(struct luatree *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		if (n && !compare(&t->entry[n - 1], &t->entry[i]) &&
		    t->entry[i].key->len == t->entry[i].key->whole) {
			luatree_free(t->entry[i].key);
			luatree_free(t->entry[i].val);
		} else {
			t->entry[n++] = t->entry[i];
		}
	}
	t->n = n;
}

static struct luatree *read_value(struct reader *r, uint64_t tv,
				  const char *name, char *path, unsigned depth);

/* struct luatree_flat - the entries of a table that were read */
struct luatree_flat {
	struct lj_tab tab;
	size_t n;
	uint64_t sum;
};

/* Are the first n entries those of the sum? */
static int same_entries(struct reader *r, const struct luatree_flat *f)
{
	struct lj_entry e = { 0 };
	uint64_t now = 0;
	size_t n = f->n;

	r->v->w.winlen = 0;	/* read them again, indeed */
	while (n-- && luaval_next(r->v, &f->tab, &e) == 1)
		now = lj_mix(lj_mix(now, e.key), e.val);
	return now == f->sum;
}

/* Is it still the table it was, now that its place was seen to have it?
 *
 * Asked before that, it may have been garbage, its strings gone and it intact;
 * asked first the place may have another table at the same address.
 */
static int still(struct reader *r, const struct luatree *t)
{
	return !t->flat || same_entries(r, t->flat);
}

/* An entry, read until it is the same before and after. 0: it is gone. */
static int read_entry(struct reader *r, struct luatree *t,
		      const struct lj_tab *tab, struct lj_entry *e,
		      unsigned depth, size_t *max)
{
	struct luatree_entry *x;
	size_t met = r->nmet;
	int same = 0;

	t->entry = xgrow(t->entry, t->n, max, sizeof(*t->entry));
	x = &t->entry[t->n];
	for (int i = 0; i < AGAIN; i++) {
		x->key = read_flat(r, e->key, NULL);
		x->val = read_value(r, e->val, is_name(x->key) ? x->key->str :
				    NULL, path_of(t->path, x->key), depth + 1);
		same = lj_entry_same(&r->v->w, tab, e) && still(r, x->val);
		if (same || r->v->spent || i + 1 == AGAIN)
			break;
		luatree_free(x->key);
		luatree_free(x->val);
		r->nmet = met;
		r->v->w.winlen = 0;	/* read it again, indeed */
		if (lj_tab_place(&r->v->w, tab, e, e->place) ||
		    lj_tv_type(&r->v->w, e->val) == LJ_TNIL)
			return 0;
	}
	if (!same)
		spoil(r, x->val);
	t->n++;
	return 1;
}

/* All entries, once. -1: the table moved; 1: some changed after they were read,
 * so that they may be of two tables that were at one place one after the other.
 */
static int read_entries(struct reader *r, struct luatree *t,
			const struct lj_tab *tab, unsigned depth)
{
	struct luatree_flat f = { .tab = *tab };
	struct lj_entry e = { 0 };
	size_t max = 0;
	int ret, flat = 1;

	t->more = 0;
	while ((ret = luaval_next(r->v, tab, &e)) == 1) {
		if (t->n >= r->opts->entries) {
			t->more++;
		} else if (read_entry(r, t, tab, &e, depth, &max)) {
			f.sum = lj_mix(lj_mix(f.sum, e.key), e.val);
			flat &= t->entry[t->n - 1].val->type != LJ_TTAB;
		}
		if (r->v->spent)
			return 0;
	}
	if (ret < 0 || !lj_tab_same(&r->v->w, tab))
		return -1;
	/* With tables in it, trying again would take tries to the power of depth. */
	if (!flat)
		return 0;
	f.n = t->n;
	if (!same_entries(r, &f))
		return 1;
	t->flat = xcalloc(1, sizeof(f));
	*t->flat = f;
	return 0;
}

static void read_table(struct reader *r, struct luatree *t, unsigned depth)
{
	struct lj_tab tab;
	size_t met;
	int ret = -1;

	t->shown = shown_at(r, t->at);
	t->closed = !t->shown && depth >= r->opts->depth;
	if (t->shown || t->closed)
		return;
	show_at(r, t->at, t->path);
	met = r->nmet;
	for (int i = 0; i < AGAIN && ret && !r->v->spent; i++) {
		free_entries(t);
		r->nmet = met;
		ret = -1;
		if (luaval_table(r->v, &tab, t->at))
			continue;
		t->meta = tab.metatable != 0;
		ret = read_entries(r, t, &tab, depth);
	}
	/* One that changes all the time is of several moments, but sound. */
	if (ret < 0 || r->v->spent)
		spoil(r, t);
	if (t->n)
		qsort(t->entry, t->n, sizeof(*t->entry), compare);
	drop_twins(t);
}

/* A value and what is in it. Takes path. */
static struct luatree *read_value(struct reader *r, uint64_t tv,
				  const char *name, char *path, unsigned depth)
{
	struct luatree *t = read_flat(r, tv, name);

	t->path = path;
	if (t->type == LJ_TTAB)
		read_table(r, t, depth);
	return t;
}

/* -- Paths -------------------------------------------------------------- */

/* struct at - where a path has got to */
struct at {
	struct luaval *v;
	const struct luapath *p;
	const char *text;
	size_t i;		/* the step */
	lj_u64 tv;
	char *why;
};

/* What is wrong with the value that step i is taken from. */
static int wrong(struct at *a, const char *what)
{
	const struct luapath_step *s = &a->p->step[a->i ? a->i - 1 : 0];
	struct luatree t = { .type = lj_tv_type(&a->v->w, a->tv) };

	free(a->why);
	a->why = xasprintf("%.*s is a %s value; %s", (int)(s->to - s->from),
			   a->text + s->from, luatree_type(&t), what);
	return -1;
}

static uint64_t nil(const struct luaval *v)
{
	return lj_tv_make(&v->w, LJ_TNIL, 0);
}

/* The value of a key. Returns -1 if the table cannot be read. */
static int index_tab(struct at *a, uint64_t tab, const struct luapath_step *s)
{
	struct luaval *v = a->v;
	struct lj_entry e = { 0 };
	struct lj_tab t;
	int ret;

	if (luaval_table(v, &t, tab))
		return -1;
	if (s->op == LUAPATH_NUM) {
		ret = luaval_num(v, &t, &e, s->num);
	} else if (s->op == LUAPATH_BOOL) {
		while ((ret = luaval_next(v, &t, &e)) == 1)
			if (lj_tv_type(&v->w, e.key) ==
			    (s->num != 0 ? LJ_TTRUE : LJ_TFALSE))
				break;
	} else {
		ret = luaval_str(v, &t, &e, s->str, s->len);
	}
	if (ret < 0)
		return -1;
	luaval_saw(v, &t, ret ? &e : NULL);
	a->tv = ret ? e.val : nil(v);
	return 0;
}

static int step_index(struct at *a, const struct luapath_step *s)
{
	if (lj_tv_type(&a->v->w, a->tv) != LJ_TTAB)
		return wrong(a, "only a table can be indexed, and no "
			     "metamethod is run");
	return index_tab(a, lj_tv_ref(&a->v->w, a->tv), s);
}

/* package.loaded is registry._LOADED, whatever _G.package is now. */
static int is_loaded(const struct at *a)
{
	const struct luapath_step *s = a->p->step;

	return a->p->n > 1 && !strcmp(s[0].str, "package") &&
	       s[1].op == LUAPATH_STR && !strcmp(s[1].str, "loaded");
}

static int step_root(struct at *a, const struct luapath_step *s)
{
	struct luaval *v = a->v;
	uint64_t at;

	if (is_loaded(a)) {
		at = luaval_loaded(v);
		if (!at)
			return -1;
		a->tv = lj_tv_make(&v->w, LJ_TTAB, at);
		a->i++;		/* .loaded */
		return 0;
	}
	if (!strcmp(s->str, "registry")) {
		at = lj_root_registry(&v->w);
		if (lj_rd64(&v->w, &a->tv, at))
			return -1;
		luaval_saw_word(v, at, a->tv);
		return 0;
	}
	at = lj_root_globals(&v->w);
	if (!at)
		return -1;
	a->tv = lj_tv_make(&v->w, LJ_TTAB, at);
	return strcmp(s->str, "_G") ? index_tab(a, at, s) : 0;
}

/* Upvalues are numbered from 1, as debug.getupvalue() does. */
static int upvalue_number(struct at *a, const struct lj_fn *f,
			  const struct luapath_step *s, unsigned *n)
{
	char *name;

	if (s->op == LUAPATH_UPNUM) {
		if (s->num < 1 || s->num > f->nupvalues || s->num != floor(s->num))
			return wrong(a, "it has no upvalue of that number");
		*n = (unsigned)s->num - 1;
		return 0;
	}
	for (*n = 0; *n < f->nupvalues; ++*n) {
		name = luaval_upname(a->v, f, *n);
		if (name && !strcmp(name, s->str)) {
			free(name);
			return 0;
		}
		free(name);
	}
	return wrong(a, "it has no upvalue of that name; its program may be "
		     "stripped, then use a number");
}

static int step_upvalue(struct at *a, const struct luapath_step *s)
{
	struct lj_walk *w = &a->v->w;
	struct lj_fn f;
	lj_u64 at;
	unsigned n = 0;

	if (lj_tv_type(w, a->tv) != LJ_TFUNC)
		return wrong(a, "only a function has upvalues");
	if (lj_fn_read(w, &f, lj_tv_ref(w, a->tv)) ||
	    upvalue_number(a, &f, s, &n) || lj_upvalue(w, &f, n, &at) ||
	    lj_rd64(w, &a->tv, at))
		return -1;
	luaval_saw_word(a->v, at, a->tv);
	return 0;
}

static int step_meta(struct at *a)
{
	struct lj_walk *w = &a->v->w;
	lj_u64 at = lj_tv_ref(w, a->tv), meta;
	uint32_t type = lj_tv_type(w, a->tv), len;
	struct lj_tab t;

	if (type == LJ_TTAB) {
		if (luaval_table(a->v, &t, at))
			return -1;
		luaval_saw(a->v, &t, NULL);
		meta = t.metatable;
	} else if (type != LJ_TUDATA) {
		return wrong(a, "the metatables of tables and userdata only "
			     "can be told");
	} else if (lj_userdata(w, at, &len, &meta)) {
		return -1;
	}
	a->tv = meta ? lj_tv_make(w, LJ_TTAB, meta) : nil(a->v);
	return 0;
}

static int step_env(struct at *a)
{
	struct lj_walk *w = &a->v->w;
	uint32_t type = lj_tv_type(w, a->tv);
	uint64_t at = lj_tv_ref(w, a->tv), env;
	struct lj_fn f;

	if (type == LJ_TFUNC) {
		if (lj_fn_read(w, &f, at))
			return -1;
		env = f.env;
	} else if (type != LJ_TTHREAD) {
		return wrong(a, "only a function or a thread has an "
			     "environment");
	} else if (!lj_is_L(w, at, w->g)) {
		return -1;
	} else {
		env = lj_objref(w, LJ_OBJ(w, L_env));
	}
	a->tv = lj_tv_make(w, LJ_TTAB, env);
	return 0;
}

static int step_len(struct at *a)
{
	struct lj_walk *w = &a->v->w;
	uint32_t type = lj_tv_type(w, a->tv), len;
	uint64_t n, at = lj_tv_ref(w, a->tv);
	struct lj_tab t;
	double d;

	if (type == LJ_TSTR) {
		if (lj_str_len(w, at, &len))
			return -1;
		n = len;
	} else if (type != LJ_TTAB) {
		return wrong(a, "only a table or a string has a length");
	} else {
		if (luaval_table(a->v, &t, at) || luaval_length(a->v, &t, &n))
			return -1;
		luaval_saw(a->v, &t, NULL);
	}
	d = n;
	memcpy(&a->tv, &d, 8);
	return 0;
}

static int take_step(struct at *a)
{
	const struct luapath_step *s = &a->p->step[a->i];

	switch (s->op) {
	case LUAPATH_ROOT:
		return step_root(a, s);
	case LUAPATH_UPNAME:
	case LUAPATH_UPNUM:
		return step_upvalue(a, s);
	case LUAPATH_META:
		return step_meta(a);
	case LUAPATH_ENV:
		return step_env(a);
	case LUAPATH_LEN:
		return step_len(a);
	default:
		return step_index(a, s);
	}
}

static int take_steps(struct at *a)
{
	luaval_forget(a->v);
	free(a->why);
	a->why = NULL;
	for (a->i = 0; a->i < a->p->n; a->i++)
		if (take_step(a))
			return -1;
	return 0;
}

/* What the last step names the value, for a function that has no other. */
static const char *last_name(const struct luapath *p)
{
	const struct luapath_step *s = &p->step[p->n - 1];

	return s->op == LUAPATH_STR || s->op == LUAPATH_ROOT ||
	       s->op == LUAPATH_UPNAME ? s->str : NULL;
}

/* The path and what is there, until all that led to it is the same behind. */
static struct luatree *read_path(struct reader *r, struct at *a)
{
	const struct timespec wait = { 0, 200000 };
	struct luatree *t = NULL;

	for (int i = 0; i < TRIES && !r->v->spent; i++) {
		if (i > 1)
			nanosleep(&wait, NULL);
		luatree_free(t);
		t = NULL;
		r->nmet = 0;
		if (take_steps(a)) {
			if (a->why && luaval_same(a->v))
				return NULL;
			continue;
		}
		t = read_value(r, a->tv, last_name(a->p), xstrdup(a->text), 0);
		if (luaval_same(a->v) && still(r, t))
			return t;
	}
	if (t)
		spoil(r, t);
	return t;
}

enum luatree_status luatree_read(struct luaval *v, struct luaobj *o,
				 const struct luapath *p, const char *text,
				 const struct luatree_opts *opts,
				 struct luatree **tree, char **why)
{
	struct reader r = { .v = v, .o = o, .opts = opts };
	struct at a = { .v = v, .p = p, .text = text };

	r.met = index_new();
	*tree = read_path(&r, &a);
	index_free(r.met);
	free(r.at);
	if (!*tree && !a.why && !v->spent)
		a.why = xasprintf("%s changed each time that it was read",
				  text);
	if (v->spent && !*tree) {
		free(a.why);
		a.why = NULL;
	}
	if (*tree)
		free(a.why);
	*why = *tree ? NULL : a.why;
	return *tree ? LUATREE_OK : *why ? LUATREE_WRONG : LUATREE_LIMIT;
}
