/* luabase.c - Lua's own functions, for values of a live VM, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "luabase.h"
#include "luaobj.h"
#include "luaproxy.h"
#include "luatab.h"

#define TRIES	16		/* reads of what changes */
#define NEXT	"ljstap.next"	/* the key that next() gave last */

#define FLAG_VARARG	0x02	/* lj_obj.h: PROTO_VARARG */

/* -- Simple ones -------------------------------------------------------- */

static int f_type(lua_State *L)
{
	const struct luaproxy *p = luaproxy_at(L, 1);

	luaL_checkany(L, 1);
	lua_pushstring(L, p ? luaproxy_type(p) : luaL_typename(L, 1));
	return 1;
}

static int f_isremote(lua_State *L)
{
	lua_pushboolean(L, luaproxy_at(L, 1) != NULL);
	return 1;
}

static void push_text(lua_State *L, int i)
{
	const struct luaproxy *p = luaproxy_at(L, i);

	if (p) {
		luaproxy_text(luaproxy_world(L), L, p);
		return;
	}
	lua_getglobal(L, "tostring");
	lua_pushvalue(L, i);
	lua_call(L, 1, 1);
	if (!lua_isstring(L, -1))
		luaL_error(L, "'tostring' must return a string to 'print'");
}

static int f_text(lua_State *L)
{
	luaproxy_text(luaproxy_world(L), L, luaproxy_arg(L, 1, 0));
	return 1;
}

/* Whatever bytes the target has, a terminal gets none that it would obey. */
static void put(struct luaworld *w, const char *s, size_t n)
{
	size_t len, from = 0, i = 0;

	while (i < n && !w->raw) {
		len = s[i] == '\n' || s[i] == '\t' || s[i] == ';' ? 1 :
		      clean_char(s + i, n - i);
		if (!len) {
			fwrite(s + from, 1, i - from, w->out);
			fprintf(w->out, "\\%03u", (unsigned char)s[i]);
			from = i + 1;
		}
		i += len ? len : 1;
	}
	fwrite(s + from, 1, n - from, w->out);
}

static int write_all(lua_State *L, const char *between, const char *end)
{
	struct luaworld *w = luaproxy_world(L);
	int n = lua_gettop(L);
	const char *s;
	size_t len;

	w->printed = 1;
	for (int i = 1; i <= n; i++) {
		push_text(L, i);
		s = lua_tolstring(L, -1, &len);
		if (i > 1)
			fputs(between, w->out);
		put(w, s, len);
		lua_pop(L, 1);
	}
	fputs(end, w->out);
	return 0;
}

static int f_print(lua_State *L)
{
	return write_all(L, "\t", "\n");
}

static int f_print_joined(lua_State *L)
{
	return write_all(L, "", "\n");
}

static int f_write(lua_State *L)
{
	return write_all(L, "", "");
}

static int f_flush(lua_State *L)
{
	fflush(luaproxy_world(L)->out);
	return 0;
}

/* -- Tables ------------------------------------------------------------- */

struct walk {
	struct luatab *t;
	uint64_t at, slot, was;	/* as of the proxy */
	double expect;		/* ipairs() */
	int rest;		/* reads a table of ours now */
	int told;		/* that it is torn */
};

static int walk_gc(lua_State *L)
{
	struct walk *k = lua_touserdata(L, 1);

	luatab_free(k->t);
	k->t = NULL;
	return 0;
}

static struct walk *new_walk(struct luaworld *w, lua_State *L,
			     const struct luaproxy *p)
{
	struct walk *k = lua_newuserdata(L, sizeof(*k));

	memset(k, 0, sizeof(*k));
	k->at = p->at;
	k->slot = p->slot;
	k->was = p->was;
	k->expect = 1;
	if (luaL_newmetatable(L, "ljstap.walk")) {
		lua_pushcfunction(L, walk_gc);
		lua_setfield(L, -2, "__gc");
	}
	lua_setmetatable(L, -2);
	k->t = luatab_open(w->v, k->at, w->maxstr, k->slot, k->was);
	if (!k->t)
		luaproxy_lost(w, L, "a table");
	return k;
}

static void tell(struct luaworld *w, lua_State *L, struct walk *k)
{
	if (k->told)
		return;
	k->told = 1;
	if (luatab_torn(k->t))
		luaproxy_torn(w, L, k->at);
	else if (luatab_gone(k->t))
		w->gone++;
	else
		k->told = 0;
}

/* Push the next entry; 0: there is none. */
static int step(struct luaworld *w, lua_State *L, struct walk *k)
{
	struct luatab_value key, val;
	int ret = 0;

	while (k->t && (ret = luatab_next(k->t, &key, &val)) > 0) {
		tell(w, L, k);
		w->nodes++;
		luaproxy_check(w, L);
		if (luaproxy_push_value(w, L, &key)) {
			luaproxy_torn(w, L, k->at);
		} else if (luaproxy_push_value(w, L, &val)) {
			lua_pop(L, 1);
			luaproxy_torn(w, L, k->at);
		} else {
			luaproxy_found_at(L, val.at, val.tv);
			return 2;
		}
	}
	if (!k->t)
		return 0;
	if (ret < 0)
		luaproxy_lost(w, L, "a table");
	tell(w, L, k);
	luatab_free(k->t);
	k->t = NULL;
	return 0;
}

static int pairs_next(lua_State *L)
{
	return step(luaproxy_world(L), L, lua_touserdata(L, lua_upvalueindex(2)));
}

static int f_pairs(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_at(L, 1);

	if (!p) {
		luaL_checktype(L, 1, LUA_TTABLE);
		lua_getglobal(L, "next");
	} else {
		luaproxy_arg(L, 1, LJ_TTAB);
		lua_pushlightuserdata(L, w);
		new_walk(w, L, p);
		lua_pushcclosure(L, pairs_next, 2);
	}
	lua_pushvalue(L, 1);
	lua_pushnil(L);
	return 3;
}

/* The numbers of the hash part, if the array part was all there was. */
static void read_rest(struct luaworld *w, lua_State *L, struct walk *k)
{
	lua_newtable(L);
	lua_insert(L, -3);
	do {
		if (lua_type(L, -2) == LUA_TNUMBER)
			lua_rawset(L, -3);
		else
			lua_pop(L, 2);
	} while (step(w, L, k));
	lua_replace(L, lua_upvalueindex(3));
	k->rest = 1;
}

static int ipairs_next(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct walk *k = lua_touserdata(L, lua_upvalueindex(2));

	while (!k->rest && step(w, L, k)) {
		if (lua_type(L, -2) == LUA_TNUMBER &&
		    lua_tonumber(L, -2) == k->expect) {
			k->expect++;
			return 2;
		}
		if (lua_type(L, -2) == LUA_TNUMBER && lua_tonumber(L, -2) == 0)
			lua_pop(L, 2);
		else
			read_rest(w, L, k);
	}
	if (!k->rest)
		return 0;
	lua_pushnumber(L, k->expect);
	lua_rawgeti(L, lua_upvalueindex(3), k->expect);
	k->expect++;
	return lua_isnil(L, -1) ? 0 : 2;
}

static int local_ipairs(lua_State *L)
{
	int i = luaL_checkint(L, 2) + 1;

	lua_pushinteger(L, i);
	lua_rawgeti(L, 1, i);
	return lua_isnil(L, -1) ? 0 : 2;
}

static int f_ipairs(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_at(L, 1);

	if (!p) {
		luaL_checktype(L, 1, LUA_TTABLE);
		lua_pushcfunction(L, local_ipairs);
	} else {
		luaproxy_arg(L, 1, LJ_TTAB);
		lua_pushlightuserdata(L, w);
		new_walk(w, L, p);
		lua_pushnil(L);
		lua_pushcclosure(L, ipairs_next, 3);
	}
	lua_pushvalue(L, 1);
	lua_pushinteger(L, 0);
	return 3;
}

/* struct last - where next() was last; its key is in the registry */
struct last {
	struct lj_tab t;
	uint32_t place;
};

/* The place behind that of the key on the stack. */
static uint32_t place_behind(struct luaworld *w, lua_State *L,
			     const struct lj_tab *t, const struct last *last)
{
	struct lj_entry e;
	int ret;

	if (lua_isnoneornil(L, 2))
		return 0;
	lua_getfield(L, LUA_REGISTRYINDEX, NEXT);
	ret = lua_rawequal(L, -1, 2) && last->t.at == t->at &&
	      lj_tab_same(&w->v->w, &last->t);
	lua_pop(L, 1);
	if (ret)
		return last->place + 1;
	ret = luaproxy_find(w, L, t, &e, 2);
	if (ret < 0)
		luaproxy_lost(w, L, "a table");
	if (!ret)
		luaL_error(L, "invalid key to 'next': the table has it not, "
			   "or not any more");
	return e.place + 1;
}

static int next_entry(struct luaworld *w, lua_State *L, uint64_t tab)
{
	struct last *last = lua_touserdata(L, lua_upvalueindex(2));
	struct lj_entry e = { 0 };
	struct lj_tab t;
	int ret;

	if (luaval_table(w->v, &t, tab))
		return -1;
	e.next = place_behind(w, L, &t, last);
	w->v->w.winlen = 0;
	ret = luaval_next(w->v, &t, &e);
	if (ret < 0 || (ret && (luaproxy_push(w, L, e.key) ||
				luaproxy_push(w, L, e.val))) ||
	    (ret && !lj_entry_same(&w->v->w, &t, &e)) ||
	    !lj_tab_same(&w->v->w, &t))
		return -1;
	if (!ret) {
		lua_pushnil(L);
		return 1;
	}
	last->t = t;
	last->place = e.place;
	lua_pushvalue(L, -2);
	lua_setfield(L, LUA_REGISTRYINDEX, NEXT);
	return 2;
}

static int f_next(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_at(L, 1);
	int n;

	lua_settop(L, 2);
	if (!p) {
		luaL_checktype(L, 1, LUA_TTABLE);
		return lua_next(L, 1) ? 2 : (lua_pushnil(L), 1);
	}
	luaproxy_arg(L, 1, LJ_TTAB);
	w->nodes++;
	luaproxy_check(w, L);
	for (int i = 0; i < TRIES; i++) {
		lua_settop(L, 2);
		n = next_entry(w, L, p->at);
		if (n > 0) {
			luaproxy_still(w, p->slot, p->was);
			return n;
		}
	}
	return luaproxy_lost(w, L, "a table");
}

static int f_rawget(lua_State *L)
{
	const struct luaproxy *p = luaproxy_at(L, 1);

	luaL_checkany(L, 2);
	lua_settop(L, 2);
	if (p) {
		luaproxy_arg(L, 1, LJ_TTAB);
		luaproxy_rawget(luaproxy_world(L), L, p->at, 2);
		luaproxy_still(luaproxy_world(L), p->slot, p->was);
	} else {
		luaL_checktype(L, 1, LUA_TTABLE);
		lua_rawget(L, 1);
	}
	return 1;
}

static void push_length(struct luaworld *w, lua_State *L, uint64_t at)
{
	struct lj_tab t;
	uint64_t n = 0;
	int ret = -1;

	for (int i = 0; i < TRIES && !w->v->spent; i++) {
		ret = luaval_table(w->v, &t, at) ||
		      luaval_length(w->v, &t, &n) ? -1 : 0;
		if (!ret && lj_tab_same(&w->v->w, &t)) {
			lua_pushnumber(L, n);
			return;
		}
	}
	if (ret)
		luaproxy_lost(w, L, "a table");
	luaproxy_torn(w, L, at);
	lua_pushnumber(L, n);
}

static int f_len(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_at(L, 1);
	uint32_t len = 0;

	luaproxy_check(w, L);
	if (!p) {
		lua_pushnumber(L, lua_objlen(L, 1));
	} else if (p->type == LJ_TTAB) {
		push_length(w, L, p->at);
		luaproxy_still(w, p->slot, p->was);
	} else if (p->type == LJ_TSTR) {
		if (lj_str_len(&w->v->w, p->at, &len))
			luaproxy_lost(w, L, "a string");
		lua_pushnumber(L, len);
	} else {
		return luaL_error(L, "attempt to get length of a %s value",
				  luaproxy_type(p));
	}
	return 1;
}

/* -- Metatables, environments -------------------------------------------- */

static int f_getmetatable(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_at(L, 1);
	uint64_t meta, tv;

	luaL_checkany(L, 1);
	if (!p)
		return luaL_getmetafield(L, 1, "__metatable") ||
		       lua_getmetatable(L, 1) ? 1 : (lua_pushnil(L), 1);
	if (p->type == LJ_TCDATA) {
		lua_pushliteral(L, "ffi");
		return 1;
	}
	meta = luaproxy_metatable(w, p);
	if (!meta) {
		lua_pushnil(L);
		return 1;
	}
	if (luaproxy_field(w, meta, "__metatable", &tv))
		luaproxy_lost(w, L, "a metatable");
	if (lj_tv_type(&w->v->w, tv) == LJ_TNIL)
		luaproxy_push_object(w, L, LJ_TTAB, meta);
	else if (luaproxy_push(w, L, tv))
		luaproxy_lost(w, L, "a metatable");
	return 1;
}

static int f_rawmetatable(lua_State *L)
{
	const struct luaproxy *p = luaproxy_at(L, 1);

	luaL_checkany(L, 1);
	if (!p)
		return lua_getmetatable(L, 1) ? 1 : (lua_pushnil(L), 1);
	luaproxy_push_object(luaproxy_world(L), L, LJ_TTAB,
			     luaproxy_metatable(luaproxy_world(L), p));
	return 1;
}

static int f_getfenv(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, 0);
	struct lj_walk *walk = &w->v->w;
	lj_u64 env = 0;
	struct lj_fn f;

	if (p->type == LJ_TFUNC && !lj_fn_read(walk, &f, p->at))
		env = f.env;
	else if (p->type == LJ_TTHREAD && lj_is_L(walk, p->at, walk->g))
		env = lj_objref(walk, LJ_OBJ(walk, L_env));
	else if (p->type == LJ_TUDATA)
		lj_rdref(walk, &env, p->at + LJ_OBJ(walk, ud_env));
	luaproxy_push_object(w, L, LJ_TTAB, env);
	return 1;
}

static int f_udsize(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TUDATA);
	lj_u64 meta;
	lj_u32 len = 0;

	if (lj_userdata(&w->v->w, p->at, &len, &meta))
		luaproxy_lost(w, L, "a userdata");
	lua_pushnumber(L, len);
	return 1;
}

/* -- Functions ---------------------------------------------------------- */

static struct lj_fn *function_arg(struct luaworld *w, lua_State *L,
				  struct lj_fn *f)
{
	if (lj_fn_read(&w->v->w, f, luaproxy_arg(L, 1, LJ_TFUNC)->at))
		luaproxy_lost(w, L, "a function");
	return f;
}

static void set_number(lua_State *L, const char *name, double d)
{
	lua_pushnumber(L, d);
	lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *s)
{
	lua_pushstring(L, s);
	lua_setfield(L, -2, name);
}

static void set_proto(struct luaworld *w, lua_State *L, const struct lj_fn *f)
{
	struct lj_walk *walk = &w->v->w;

	if (luaproxy_push_object(w, L, LJ_TSTR, f->chunkname))
		luaproxy_lost(w, L, "a function");
	lua_setfield(L, -2, "source");
	if (lj_rd(walk, walk->obj, LJ_OBJ(walk, pt_size), f->pt))
		luaproxy_lost(w, L, "a function");
	set_number(L, "nparams", lj_obj8(walk, LJ_OBJ(walk, pt_numparams)));
	lua_pushboolean(L, lj_obj8(walk, LJ_OBJ(walk, pt_flags)) & FLAG_VARARG);
	lua_setfield(L, -2, "isvararg");
	set_number(L, "linedefined", f->firstline);
	set_number(L, "lastlinedefined", f->firstline + f->numline);
	set_string(L, "what", f->firstline || !f->numline ? "Lua" : "main");
}

static void set_builtin(lua_State *L, const struct lj_fn *f)
{
	set_string(L, "source", "=[C]");
	set_string(L, "what", "C");
	set_number(L, "linedefined", -1);
	set_number(L, "lastlinedefined", -1);
	set_number(L, "nparams", 0);
	lua_pushboolean(L, 1);
	lua_setfield(L, -2, "isvararg");
	set_number(L, "ffid", f->ffid);
	set_number(L, "addr", f->f);
}

/* All that does not take a running function; short_src is added in Lua. */
static int f_getinfo(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct lj_fn f;
	char *name = luaobj_function(w->names, function_arg(w, L, &f), NULL);

	lua_newtable(L);
	set_string(L, "described", name);
	free(name);
	if (f.pt)
		set_proto(w, L, &f);
	else
		set_builtin(L, &f);
	set_number(L, "nups", f.nupvalues);
	set_number(L, "currentline", -1);
	set_string(L, "namewhat", "");
	lua_pushvalue(L, 1);
	lua_setfield(L, -2, "func");
	return 1;
}

static int f_getupvalue(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct lj_fn f;
	double i = luaL_checknumber(L, 2);
	lj_u64 at, tv, again;
	char *name;

	function_arg(w, L, &f);
	if (!(i >= 1 && i <= f.nupvalues))
		return 0;
	name = luaval_upname(w->v, &f, i - 1);
	lua_pushstring(L, name ? name : "");
	free(name);
	for (int n = 0; n < TRIES; n++) {
		if (lj_upvalue(&w->v->w, &f, i - 1, &at) ||
		    lj_rd64(&w->v->w, &tv, at) || luaproxy_push(w, L, tv))
			continue;
		if (!lj_upvalue(&w->v->w, &f, i - 1, &again) && again == at &&
		    lj_word_same(&w->v->w, at, tv)) {
			luaproxy_found_at(L, at, tv);
			return 2;
		}
		lua_pop(L, 1);
	}
	return luaproxy_lost(w, L, "an upvalue");
}

/* Where it is: the same for closures that share it. */
static int f_upvalueid(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct lj_fn f;
	double i = luaL_checknumber(L, 2);
	lj_u64 at;

	function_arg(w, L, &f);
	if (!(i >= 1 && i <= f.nupvalues) ||
	    lj_upvalue(&w->v->w, &f, i - 1, &at))
		return 0;
	lua_pushnumber(L, at);
	return 1;
}

static int f_costatus(lua_State *L)
{
	static const char *const name[] = {
		[LJ_CO_RUNNING] = "running", [LJ_CO_SUSPENDED] = "suspended",
		[LJ_CO_NORMAL] = "normal", [LJ_CO_DEAD] = "dead",
		[LJ_CO_FRESH] = "suspended",
	};
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TTHREAD);
	uint64_t cframe, running = remote_running(w->r, w->vm, &cframe);
	int state = lj_co_state(&w->v->w, p->at, running);

	if (state < 0)
		luaproxy_lost(w, L, "a coroutine");
	lua_pushstring(L, name[state]);
	lua_pushboolean(L, state == LJ_CO_FRESH);
	return 2;
}

/* -- Metamethods of proxies --------------------------------------------- */

static int cdata_index(struct luaworld *w, lua_State *L,
		       const struct luaproxy *p)
{
	struct luacdata_value val;
	const char *s;
	size_t n;

	if (lua_type(L, 2) == LUA_TNUMBER) {
		luacdata_index(w->v, &p->c, lua_tonumber(L, 2), &val);
	} else if (lua_type(L, 2) == LUA_TSTRING) {
		s = lua_tolstring(L, 2, &n);
		luacdata_field(w->v, &p->c, s, n, &val);
	} else {
		return luaL_error(L, "a cdata is indexed by a number or a "
				  "name");
	}
	if (val.kind == LUACDATA_NONE) {
		luaproxy_text(w, L, p);
		return luaL_error(L, "%s has no member '%s'",
				  lua_tostring(L, -1),
				  (lua_pushvalue(L, 2), lua_tostring(L, -1)));
	}
	if (luaproxy_push_cdata(w, L, &val))
		return luaproxy_lost(w, L, "a member of a cdata");
	return 1;
}

static int m_index(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, 0);

	w->nodes++;
	luaproxy_check(w, L);
	if (p->type == LJ_TCDATA)
		return cdata_index(w, L, p);
	if (p->type == LJ_TSTR) {
		lua_getfield(L, lua_upvalueindex(2), "longstring");
		lua_pushvalue(L, 2);
		lua_gettable(L, -2);
		return 1;
	}
	if (p->type != LJ_TTAB && p->type != LJ_TUDATA)
		return luaL_error(L, "attempt to index a %s value",
				  luaproxy_type(p));
	luaproxy_index(w, L, lj_tv_make(&w->v->w, p->type, p->at), 2, 1);
	luaproxy_still(w, p->slot, p->was);
	return 1;
}

static int m_newindex(lua_State *L)
{
	return luaL_error(L, "a %s of the process cannot be written to: the "
			  "process is only read",
			  luaproxy_type(luaproxy_arg(L, 1, 0)));
}

static int m_call(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, 0);
	struct lj_fn f;
	char *name;

	if (p->type == LJ_TFUNC && !lj_fn_read(&w->v->w, &f, p->at)) {
		name = luaobj_function(w->names, &f, NULL);
		lua_pushstring(L, name);
		free(name);
	} else {
		lua_pushfstring(L, "a %s", luaproxy_type(p));
	}
	return luaL_error(L, "%s of the process cannot be called: nothing of "
			  "the process runs", lua_tostring(L, -1));
}

/* One of them is a proxy; of C data, the same bytes or the same pointer. */
static int m_eq(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *a = luaproxy_at(L, 1), *b = luaproxy_at(L, 2);
	struct luacdata_about x, y;
	int same = 0;

	if (a && b && a->type == b->type && a->type == LJ_TCDATA) {
		luacdata_about(w->v, &a->c, &x);
		luacdata_about(w->v, &b->c, &y);
		same = (x.pointer ? x.pointer : a->c.at) ==
		       (y.pointer ? y.pointer : b->c.at);
	} else if (a && b) {
		same = a->type == b->type && a->at == b->at;
	}
	lua_pushboolean(L, same);
	return 1;
}

static int m_operator(lua_State *L)
{
	const struct luaproxy *p = luaproxy_at(L, 1);

	if (!p)
		p = luaproxy_arg(L, 2, 0);
	return luaL_error(L, "attempt to calculate with, compare or join a %s "
			  "of the process%s", luaproxy_type(p),
			  p->type == LJ_TSTR ? ", which is longer than "
			  "--string says and not copied" :
			  "; its metamethods are not run");
}

static const luaL_Reg metamethods[] = {
	{ "__newindex", m_newindex },
	{ "__call", m_call }, { "__eq", m_eq }, { "__len", f_len },
	{ "__tostring", f_text }, { "__add", m_operator },
	{ "__sub", m_operator }, { "__mul", m_operator },
	{ "__div", m_operator }, { "__mod", m_operator },
	{ "__pow", m_operator }, { "__unm", m_operator },
	{ "__concat", m_operator }, { "__lt", m_operator },
	{ "__le", m_operator }, { NULL, NULL }
};

static const luaL_Reg functions[] = {
	{ "type", f_type }, { "isremote", f_isremote },
	{ "text", f_text }, { "print", f_print },
	{ "print_joined", f_print_joined }, { "write", f_write },
	{ "flush", f_flush }, { "pairs", f_pairs }, { "ipairs", f_ipairs },
	{ "rawget", f_rawget }, { "rawlen", f_len },
	{ "getmetatable", f_getmetatable },
	{ "rawmetatable", f_rawmetatable }, { "getfenv", f_getfenv },
	{ "udsize", f_udsize }, { "getinfo", f_getinfo },
	{ "getupvalue", f_getupvalue }, { "upvalueid", f_upvalueid },
	{ "costatus", f_costatus }, { NULL, NULL }
};

void luabase_open(struct luaworld *w, lua_State *L)
{
	lua_newtable(L);
	luaproxy_register(L, w, functions);
	lua_pushlightuserdata(L, w);
	memset(lua_newuserdata(L, sizeof(struct last)), 0, sizeof(struct last));
	lua_pushcclosure(L, f_next, 2);
	lua_setfield(L, -2, "next");
	luaL_getmetatable(L, "ljstap.proxy");
	luaproxy_register(L, w, metamethods);
	lua_pushlightuserdata(L, w);
	lua_pushvalue(L, -3);
	lua_pushcclosure(L, m_index, 2);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
}
