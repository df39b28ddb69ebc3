/* luaproxy.c - values of a live VM as values of an embedded Lua.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nothing that is allocated here outlives a call that may raise an error.
 */
#include <config.h>

#include <inttypes.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "luaobj.h"
#include "luaproxy.h"
#include "luatab.h"
#include "mem.h"

#define TRIES		16	/* reads of what changes */
#define MAXCHAIN	100	/* __index of __index of ...; as LJ_MAX_IDXCHAIN */

/* Names in the registry. */
#define WORLD	"ljstap.world"
#define META	"ljstap.proxy"
#define KNOWN	"ljstap.known"	/* address -> proxy, as long as in use */
#define TORN	"ljstap.torn"
#define BOX	"ljstap.box"	/* bytes, is unsigned -> int64_t or uint64_t */

struct luaworld *luaproxy_world(lua_State *L)
{
	return lua_touserdata(L, lua_upvalueindex(1));
}

void luaproxy_register(lua_State *L, struct luaworld *w, const luaL_Reg *fn)
{
	for (; fn->name; fn++) {
		lua_pushlightuserdata(L, w);
		lua_pushcclosure(L, fn->func, 1);
		lua_setfield(L, -2, fn->name);
	}
}

/* LuaJIT's own way to such a value; there is none in C. */
static const char box[] =
	"local ffi = require 'ffi'\n"
	"local i, u = ffi.typeof 'const int64_t *', "
	"ffi.typeof 'const uint64_t *'\n"
	"return function(p, unsigned)\n"
	"  return ffi.cast(unsigned and u or i, p)[0]\n"
	"end\n";

void luaproxy_init(struct luaworld *w, lua_State *L)
{
	w->L = L;
	luaL_newmetatable(L, META);
	lua_pop(L, 1);
	lua_newtable(L);
	lua_newtable(L);
	lua_pushliteral(L, "v");
	lua_setfield(L, -2, "__mode");
	lua_setmetatable(L, -2);
	lua_setfield(L, LUA_REGISTRYINDEX, KNOWN);
	lua_newtable(L);
	lua_setfield(L, LUA_REGISTRYINDEX, TORN);
	if (luaL_loadbuffer(L, box, sizeof(box) - 1, "=ljstap"))
		lua_error(L);
	lua_call(L, 0, 1);
	lua_setfield(L, LUA_REGISTRYINDEX, BOX);
}

/* -- Ends --------------------------------------------------------------- */

void luaproxy_check(struct luaworld *w, lua_State *L)
{
	static const char *const why[] = {
		[LUASTOP_EXIT] = "exit",
		[LUASTOP_TIME] = "the limit of --timeout is reached",
		[LUASTOP_BYTES] = "the limit of --bytes is reached",
		[LUASTOP_NODES] = "the limit of --nodes is reached",
		[LUASTOP_ENDED] = "the process has ended",
		[LUASTOP_INTERRUPTED] = "interrupted",
	};

	if (!w->stop && remote_ended(w->r))
		w->stop = LUASTOP_ENDED;
	if (!w->stop && w->v->spent)
		w->stop = w->v->maxbytes && w->v->bytes > w->v->maxbytes ?
			  LUASTOP_BYTES : LUASTOP_TIME;
	if (!w->stop && w->maxnodes && w->nodes > w->maxnodes)
		w->stop = LUASTOP_NODES;
	if (!w->stop)
		return;
	/* The hook says it again at each instruction: pcall() cannot go on. */
	lua_sethook(L, lua_gethook(L), LUA_MASKCOUNT, 1);
	luaL_error(L, "%s", why[w->stop]);
}

int luaproxy_lost(struct luaworld *w, lua_State *L, const char *what)
{
	luaproxy_check(w, L);
	return luaL_error(L, "%s cannot be read: the process has changed or "
			  "freed it meanwhile, or it is damaged", what);
}

void luaproxy_torn(struct luaworld *w, lua_State *L, uint64_t at)
{
	w->torn++;
	if (!at)
		return;
	lua_getfield(L, LUA_REGISTRYINDEX, TORN);
	lua_pushnumber(L, at);
	lua_pushboolean(L, 1);
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

/* -- Proxies ------------------------------------------------------------ */

struct luaproxy *luaproxy_at(lua_State *L, int i)
{
	struct luaproxy *p = lua_touserdata(L, i);

	if (lua_type(L, i) != LUA_TUSERDATA || !lua_getmetatable(L, i))
		return NULL;
	luaL_getmetatable(L, META);
	if (!lua_rawequal(L, -1, -2))
		p = NULL;
	lua_pop(L, 2);
	return p;
}

struct luaproxy *luaproxy_arg(lua_State *L, int i, uint32_t type)
{
	struct luaproxy *p = luaproxy_at(L, i), want = { .type = type };

	if (!p || (type && p->type != type))
		luaL_argerror(L, i, lua_pushfstring(L, "%s of the process "
			      "expected, got %s", type ? luaproxy_type(&want) :
			      "a value", p ? luaproxy_type(p) :
			      luaL_typename(L, i)));
	return p;
}

static struct luaproxy *new_proxy(lua_State *L, uint32_t type, uint64_t at)
{
	struct luaproxy *p = lua_newuserdata(L, sizeof(*p));

	memset(p, 0, sizeof(*p));
	p->type = type;
	p->at = at;
	luaL_getmetatable(L, META);
	lua_setmetatable(L, -2);
	return p;
}

/* A proxy for each address and type; NULL: it was there already. */
static struct luaproxy *known_proxy(lua_State *L, uint32_t type, uint64_t at)
{
	double key = (double)at * 16 + type;
	struct luaproxy *p;

	lua_getfield(L, LUA_REGISTRYINDEX, KNOWN);
	lua_pushnumber(L, key);
	lua_rawget(L, -2);
	if (!lua_isnil(L, -1)) {
		lua_remove(L, -2);
		return NULL;
	}
	lua_pop(L, 1);
	p = new_proxy(L, type, at);
	lua_pushnumber(L, key);
	lua_pushvalue(L, -2);
	lua_rawset(L, -4);
	lua_remove(L, -2);
	return p;
}

static void push_box(lua_State *L, uint64_t u, int is_unsigned)
{
	lua_getfield(L, LUA_REGISTRYINDEX, BOX);
	lua_pushlightuserdata(L, &u);
	lua_pushboolean(L, is_unsigned);
	lua_call(L, 2, 1);
}

int luaproxy_push_cdata(struct luaworld *w, lua_State *L,
			const struct luacdata_value *c)
{
	(void)w;
	switch (c->kind) {
	case LUACDATA_NUMBER:
		lua_pushnumber(L, c->num);
		return 0;
	case LUACDATA_BOOL:
		lua_pushboolean(L, c->num != 0);
		return 0;
	case LUACDATA_INT64:
	case LUACDATA_UINT64:
		push_box(L, c->u64, c->kind == LUACDATA_UINT64);
		return 0;
	case LUACDATA_OBJECT:
	case LUACDATA_CTYPE:
		new_proxy(L, LJ_TCDATA, 0)->c = c->c;
		return 0;
	default:
		return -1;
	}
}

static int push_cdata(struct luaworld *w, lua_State *L, uint64_t at)
{
	struct luacdata_value val;
	struct luaproxy *p;
	struct lj_cdata c;

	if (lj_cdata_read(&w->v->w, &c, at))
		return -1;
	luacdata_get(w->v, &(struct luacdata){ .id = c.ctypeid,
					       .at = c.data }, &val);
	if (val.kind == LUACDATA_INT64 || val.kind == LUACDATA_UINT64)
		return luaproxy_push_cdata(w, L, &val);
	p = known_proxy(L, LJ_TCDATA, at);
	if (p)
		p->c = (struct luacdata){ .id = c.ctypeid, .at = c.data };
	return 0;
}

static int push_long(struct luaworld *w, lua_State *L, uint64_t tv)
{
	struct luaproxy *p = known_proxy(L, LJ_TSTR, lj_tv_ref(&w->v->w, tv));

	if (p)
		p->tv = tv;
	return 0;
}

static int push_string(struct luaworld *w, lua_State *L, uint64_t tv)
{
	size_t len;
	char *s;

	if (luatab_string(w->v, tv, w->maxstr, &s, &len))
		return -1;
	if (!s)
		return push_long(w, L, tv);
	lua_pushlstring(L, s, len);
	free(s);
	return 0;
}

int luaproxy_push(struct luaworld *w, lua_State *L, uint64_t tv)
{
	struct lj_walk *walk = &w->v->w;
	uint32_t type = lj_tv_type(walk, tv);
	struct luaproxy *p;
	lj_u64 at = lj_tv_ref(walk, tv);

	switch (type) {
	case LJ_TNIL:
		lua_pushnil(L);
		return 0;
	case LJ_TFALSE:
	case LJ_TTRUE:
		lua_pushboolean(L, type == LJ_TTRUE);
		return 0;
	case LJ_TNUM:
	case LJ_TINT:
		lua_pushnumber(L, luaval_number(w->v, tv));
		return 0;
	case LJ_TSTR:
		return push_string(w, L, tv);
	case LJ_TCDATA:
		return push_cdata(w, L, at);
	case LJ_TLIGHTUD:
		/* If its upper bits cannot be told, there may be none. */
		if (lj_tv_lightud(walk, tv, &at))
			at = tv & 0x7fffffffffffull;
		break;
	case LJ_TBAD:
		return -1;
	}
	/* What is no double of its own has no proxy of its own. */
	p = at >> 47 ? new_proxy(L, type, at) : known_proxy(L, type, at);
	if (p)
		p->tv = tv;
	return 0;
}

int luaproxy_push_value(struct luaworld *w, lua_State *L,
			const struct luatab_value *v)
{
	if (lj_tv_type(&w->v->w, v->tv) != LJ_TSTR)
		return luaproxy_push(w, L, v->tv);
	if (!v->str)
		return push_long(w, L, v->tv);
	lua_pushlstring(L, v->str, v->len);
	return 0;
}

int luaproxy_push_object(struct luaworld *w, lua_State *L, uint32_t type,
			 uint64_t at)
{
	if (at)
		return luaproxy_push(w, L, lj_tv_make(&w->v->w, type, at));
	lua_pushnil(L);
	return 0;
}

void luaproxy_found_at(lua_State *L, uint64_t slot, uint64_t tv)
{
	struct luaproxy *p = luaproxy_at(L, -1);

	if (!p)
		return;
	p->slot = slot;
	p->was = tv;
}

void luaproxy_still(struct luaworld *w, uint64_t slot, uint64_t was)
{
	if (slot && !lj_word_same(&w->v->w, slot, was))
		w->gone++;
}

/* -- Entries ------------------------------------------------------------ */

/* A key of which there is one TValue; of true and false only the type counts. */
static int find_tv(struct luaval *v, const struct lj_tab *t,
		   struct lj_entry *e, uint64_t tv)
{
	uint32_t type = lj_tv_type(&v->w, tv);
	int ret;

	memset(e, 0, sizeof(*e));
	e->next = t->asize;
	v->w.winlen = 0;
	while ((ret = luaval_next(v, t, e)) == 1)
		if (type == LJ_TTRUE || type == LJ_TFALSE ?
		    lj_tv_type(&v->w, e->key) == type : e->key == tv)
			break;
	return ret;
}

/* lj_tab_str() reads one key after the other; it mostly is where it was. */
static int find_str(struct luaworld *w, const struct lj_tab *t,
		    struct lj_entry *e, const char *s, size_t n)
{
	struct luahint *h = &w->hint[((t->at >> 4) + ((uintptr_t)s >> 3)) %
				     LUAHINTS];
	struct lj_walk *walk = &w->v->w;
	int ret;

	walk->winlen = 0;
	if (h->tab == t->at && h->key == s && n <= LJ_MAXKEY &&
	    h->place < lj_tab_places(t) && h->place >= t->asize &&
	    !lj_tab_place(walk, t, e, h->place) &&
	    lj_tv_type(walk, e->val) != LJ_TNIL &&
	    lj_tv_type(walk, e->key) == LJ_TSTR &&
	    lj_str_is(walk, lj_tv_ref(walk, e->key), s, n))
		return 1;
	ret = luaval_str(w->v, t, e, s, n);
	if (ret == 1)
		*h = (struct luahint){ t->at, s, e->place };
	return ret;
}

int luaproxy_find(struct luaworld *w, lua_State *L, const struct lj_tab *t,
		  struct lj_entry *e, int i)
{
	const struct luaproxy *p;
	const char *s;
	double d;
	size_t n;

	switch (lua_type(L, i)) {
	case LUA_TNUMBER:
		d = lua_tonumber(L, i);
		return d == d ? luaval_num(w->v, t, e, d) : 0;
	case LUA_TSTRING:
		s = lua_tolstring(L, i, &n);
		return find_str(w, t, e, s, n);
	case LUA_TBOOLEAN:
		return find_tv(w->v, t, e, lj_tv_make(&w->v->w,
			       lua_toboolean(L, i) ? LJ_TTRUE : LJ_TFALSE, 0));
	}
	p = luaproxy_at(L, i);
	if (!p || (p->type == LJ_TCDATA && !p->at))
		return 0;
	return find_tv(w->v, t, e, p->type != LJ_TCDATA ? p->tv :
		       lj_tv_make(&w->v->w, LJ_TCDATA, p->at));
}

static void wait_a_bit(int i)
{
	const struct timespec wait = { 0, 200000 };

	if (i > 1)
		nanosleep(&wait, NULL);
}

/* Was it there while what is in it was read? */
static int is_same(struct luaval *v, const struct lj_tab *t,
		   const struct lj_entry *e)
{
	return (!e || lj_entry_same(&v->w, t, e)) && lj_tab_same(&v->w, t);
}

/* Where the value of an entry is. */
static uint64_t value_at(const struct luaworld *w, const struct lj_tab *t,
			 const struct lj_entry *e)
{
	return e->place < t->asize ? e->at :
	       e->at + LJ_OBJ(&w->v->w, node_val);
}

void luaproxy_rawget(struct luaworld *w, lua_State *L, uint64_t tab, int i)
{
	int top = lua_gettop(L), ret = -1;
	struct lj_entry e;
	struct lj_tab t;

	for (int n = 0; n < TRIES && !w->v->spent; n++) {
		wait_a_bit(n);
		lua_settop(L, top);
		if (luaval_table(w->v, &t, tab))
			continue;
		ret = luaproxy_find(w, L, &t, &e, i);
		if (ret == 1 && luaproxy_push(w, L, e.val))
			ret = -1;
		if (ret >= 0 && is_same(w->v, &t, ret ? &e : NULL)) {
			if (!ret)
				lua_pushnil(L);
			else
				luaproxy_found_at(L, value_at(w, &t, &e), e.val);
			return;
		}
	}
	if (ret < 0) {
		lua_settop(L, top);
		luaproxy_lost(w, L, "a table");
	}
	if (!ret)
		lua_pushnil(L);
	luaproxy_torn(w, L, tab);
}

int luaproxy_field(struct luaworld *w, uint64_t tab, const char *name,
		   uint64_t *tv)
{
	struct lj_entry e;
	struct lj_tab t;
	int ret;

	for (int n = 0; n < TRIES && !w->v->spent; n++) {
		wait_a_bit(n);
		if (luaval_table(w->v, &t, tab))
			continue;
		ret = luaval_str(w->v, &t, &e, name, strlen(name));
		if (ret < 0 || !is_same(w->v, &t, ret ? &e : NULL))
			continue;
		*tv = ret ? e.val : lj_tv_make(&w->v->w, LJ_TNIL, 0);
		return 0;
	}
	return -1;
}

uint64_t luaproxy_metatable(struct luaworld *w, const struct luaproxy *p)
{
	struct lj_tab t;
	lj_u64 meta;
	lj_u32 len;

	if (p->type == LJ_TTAB)
		return luaval_table(w->v, &t, p->at) ? 0 : t.metatable;
	if (p->type == LJ_TUDATA)
		return lj_userdata(&w->v->w, p->at, &len, &meta) ? 0 : meta;
	return 0;
}

/* What __index is; nil if there is none. */
static uint64_t index_of(struct luaworld *w, lua_State *L, uint32_t type,
			 uint64_t at)
{
	struct luaproxy p = { .type = type, .at = at };
	uint64_t meta = luaproxy_metatable(w, &p);
	uint64_t tv = lj_tv_make(&w->v->w, LJ_TNIL, 0);

	if (meta && luaproxy_field(w, meta, "__index", &tv))
		luaproxy_lost(w, L, "a metatable");
	return tv;
}

static const char *key_text(lua_State *L, int i)
{
	int type = lua_type(L, i);

	return type == LUA_TSTRING || type == LUA_TNUMBER ?
	       lua_pushfstring(L, "'%s'", (lua_pushvalue(L, i),
					   lua_tostring(L, -1))) :
	       lua_pushfstring(L, "a %s", luaL_typename(L, i));
}

void luaproxy_index(struct luaworld *w, lua_State *L, uint64_t tv, int i,
		    int strict)
{
	const struct lj_walk *walk = &w->v->w;
	uint32_t type;
	uint64_t at;

	for (int n = 0; n < MAXCHAIN; n++) {
		type = lj_tv_type(walk, tv);
		at = lj_tv_ref(walk, tv);
		if (type == LJ_TTAB) {
			luaproxy_rawget(w, L, at, i);
			if (!lua_isnil(L, -1))
				return;
			lua_pop(L, 1);
		} else if (type != LJ_TUDATA) {
			break;
		}
		tv = index_of(w, L, type, at);
		type = lj_tv_type(walk, tv);
		if (type == LJ_TNIL || (type != LJ_TTAB && !strict)) {
			lua_pushnil(L);
			return;
		}
	}
	luaL_error(L, "%s is not in the value itself, and its metatable's "
		   "__index is a %s, which is not run; use rawget()",
		   key_text(L, i),
		   luaproxy_type(&(struct luaproxy){ .type = type }));
}

/* -- In words ----------------------------------------------------------- */

const char *luaproxy_type(const struct luaproxy *p)
{
	return luaval_type(p->type);
}

/* lj_strfmt.c: lj_strfmt_wptr() */
static const char *address(char *buf, size_t size, uint64_t p)
{
	uint32_t hi = p >> 32;
	int digits = 8 + (hi ? 2 + 2 * ((31 - __builtin_clz(hi)) >> 3) : 0);

	if (!p)
		return "NULL";
	snprintf(buf, size, "0x%0*" PRIx64, digits, p);
	return buf;
}

static void cdata_text(struct luaworld *w, lua_State *L,
		       const struct luaproxy *p)
{
	struct luacdata_about a;
	struct luacdata_value val;
	uint64_t at = p->c.at;
	char buf[32], *name;

	luacdata_get(w->v, &p->c, &val);
	if (val.kind == LUACDATA_CTYPE) {
		name = luaobj_ctype(w->names, val.u64);
		lua_pushfstring(L, "ctype<%s>", name);
		free(name);
		return;
	}
	luacdata_about(w->v, &p->c, &a);
	name = !p->at && !p->c.boxed ? luaobj_ctype_ref(w->names, p->c.id) :
				       luaobj_ctype(w->names, p->c.id);
	if (a.what == LUACDATA_ENUM) {
		lua_pushfstring(L, "cdata<%s>: %d", name, (int)a.pointer);
	} else {
		if (a.what == LUACDATA_POINTER || a.what == LUACDATA_FUNCTION)
			at = a.pointer;
		lua_pushfstring(L, "cdata<%s>: %s", name,
				address(buf, sizeof(buf), at));
	}
	free(name);
}

void luaproxy_text(struct luaworld *w, lua_State *L, const struct luaproxy *p)
{
	uint64_t at = p->at;
	struct lj_fn f;
	char buf[32];

	if (p->type == LJ_TCDATA) {
		cdata_text(w, L, p);
		return;
	}
	if (p->type == LJ_TFUNC && !lj_fn_read(&w->v->w, &f, p->at) &&
	    f.ffid >= LJ_FF_MIN) {
		lua_pushfstring(L, "function: builtin#%d", (int)f.ffid);
		return;
	}
	if (p->type == LJ_TUDATA)	/* its bytes */
		at += LJ_OBJ(&w->v->w, ud_size);
	lua_pushfstring(L, "%s: %s", luaproxy_type(p),
			address(buf, sizeof(buf), at));
}
