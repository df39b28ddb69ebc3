/* luahelp.c - ljstap.*: what a script may ask that Lua has no words for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "backtrace.h"
#include "heapcopy.h"
#include "luafile.h"
#include "luahelp.h"
#include "luaobj.h"
#include "luaproxy.h"
#include "luastack.h"
#include "ljtypes.h"
#include "dump.h"
#include "vmreport.h"

#define MAXCSTRING	(1 << 20)	/* bytes of a C string at most */
#define NCTYPES		65536

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

/* -- The process -------------------------------------------------------- */

/* gc.total: bytes that the VM has allocated */
static double heap_total(struct luaworld *w)
{
	struct lj_walk *walk = &w->v->w;
	lj_u32 ofs = LJ_S20(walk) ? LJ_OBJ(walk, s20_G_total) :
				    LJ_OBJ(walk, s17_G_total);
	lj_u64 total = 0;

	return lj_rdref(walk, &total, walk->g + ofs) ? 0 : total;
}

static int f_facts(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct procmap *where = NULL;
	char *version = NULL;

	lua_newtable(L);
	set_number(L, "pid", w->pid);
	set_number(L, "vm", w->number);
	set_number(L, "global_State", w->vm->g);
	set_string(L, "mode", w->vm->lay.mode == LJ_MODE_gc64 ? "GC64" :
							      "non-GC64");
	set_string(L, "layout", vmreport_layout(w->vm));
	set_number(L, "heap", heap_total(w));
	luafile_in(remote_maps(w->r), &version, &where);
	if (version)
		set_string(L, "build", version);
	free(version);
	if (where)
		set_string(L, "file", where->path);
	return 1;
}

static int f_registry(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	lj_u64 tv;

	if (lj_rd64(&w->v->w, &tv, lj_root_registry(&w->v->w)) ||
	    luaproxy_push(w, L, tv))
		luaproxy_lost(w, L, "the registry");
	return 1;
}

static int f_globals(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	uint64_t at = lj_root_globals(&w->v->w);

	if (!at || luaproxy_push_object(w, L, LJ_TTAB, at))
		luaproxy_lost(w, L, "the table of globals");
	return 1;
}

/* What a global is, as a script's own name: t[k] of _G, nothing is run. */
static int f_global(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	uint64_t at = lj_root_globals(&w->v->w);

	luaL_checkany(L, 1);
	luaproxy_check(w, L);
	if (!at)
		luaproxy_lost(w, L, "the table of globals");
	luaproxy_index(w, L, lj_tv_make(&w->v->w, LJ_TTAB, at), 1, 0);
	return 1;
}

static int f_limits(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);

	lua_newtable(L);
	set_number(L, "bytes", w->bytes + w->v->bytes);
	set_number(L, "nodes", w->nodes);
	set_number(L, "torn", w->torn);
	set_number(L, "gone", w->gone);
	set_number(L, "string", w->maxstr);
	if (w->v->maxbytes)
		set_number(L, "maxbytes", w->v->maxbytes);
	if (w->maxnodes)
		set_number(L, "maxnodes", w->maxnodes);
	return 1;
}

static int f_torn(lua_State *L)
{
	const struct luaproxy *p = luaproxy_arg(L, 1, 0);

	lua_getfield(L, LUA_REGISTRYINDEX, "ljstap.torn");
	lua_pushnumber(L, p->at);
	lua_rawget(L, -2);
	lua_pushboolean(L, lua_toboolean(L, -1));
	return 1;
}

static int f_address(lua_State *L)
{
	const struct luaproxy *p = luaproxy_arg(L, 1, 0);
	struct luacdata_about a = { 0 };

	if (p->type == LJ_TCDATA)
		luacdata_about(luaproxy_world(L)->v, &p->c, &a);
	lua_pushnumber(L, p->type != LJ_TCDATA ? p->at :
		       a.what == LUACDATA_POINTER ||
		       a.what == LUACDATA_FUNCTION ? a.pointer : p->c.at);
	return 1;
}

static int f_exit(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);

	w->status = luaL_optint(L, 1, 0);
	w->stop = LUASTOP_EXIT;
	luaproxy_check(w, L);
	return 0;
}

/* -- One moment --------------------------------------------------------- */

static int f_snapshot(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct heapcopy *c = heapcopy_take(w->pid);

	if (!c) {
		if (errno == ESRCH || errno == ENOENT)
			w->stop = LUASTOP_ENDED;
		luaproxy_check(w, L);
		return luaL_error(L, "no copy of the process: %s",
				  strerror(errno));
	}
	remote_from_copy(w->r, c);
	heapcopy_free(w->copy);
	w->copy = c;
	lua_newtable(L);
	set_number(L, "bytes", c->n);
	set_number(L, "seconds", c->seconds);
	set_number(L, "lost", c->lost);
	return 1;
}

static int f_live(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);

	remote_from_copy(w->r, NULL);
	heapcopy_free(w->copy);
	w->copy = NULL;
	return 0;
}

/* -- Objects ------------------------------------------------------------ */

static uint32_t type_arg(lua_State *L, int i)
{
	static const char *const name[] = { "thread", "function", "cdata",
					    "table", "userdata", NULL };
	static const uint32_t type[] = { LJ_TTHREAD, LJ_TFUNC, LJ_TCDATA,
					 LJ_TTAB, LJ_TUDATA };

	return type[luaL_checkoption(L, i, NULL, name)];
}

/* Their addresses, in memory of the script's: an error cannot lose it. */
static uint64_t *find_objects(struct luaworld *w, lua_State *L, uint32_t type,
			      size_t *n)
{
	uint64_t *at, *own;
	int ret = luaval_objects(w->v, type, &at, n);

	w->nodes += *n;
	own = lua_newuserdata(L, (*n + 1) * sizeof(*own));
	memcpy(own, at ? at : (uint64_t[]){ 0 }, *n * sizeof(*own));
	free(at);
	luaproxy_check(w, L);
	if (ret)
		luaproxy_torn(w, L, 0);
	return own;
}

/* A list, and whether it is whole. */
static int f_objects(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	uint32_t type = type_arg(L, 1);
	uint64_t torn = w->torn, *at;
	size_t n, have = 0;

	at = find_objects(w, L, type, &n);
	lua_createtable(L, n < 1 << 24 ? (int)n : 0, 0);
	for (size_t i = 0; i < n; i++) {
		if (luaproxy_push_object(w, L, type, at[i]))
			continue;
		lua_rawseti(L, -2, ++have);
	}
	lua_pushboolean(L, torn == w->torn);
	return 2;
}

/* C type -> how many objects, their bytes */
static int f_ctypecounts(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	struct { uint64_t count, bytes; } *by;
	struct lj_cdata c;
	uint64_t *at;
	size_t n;
	char *name;

	by = lua_newuserdata(L, NCTYPES * sizeof(*by));
	memset(by, 0, NCTYPES * sizeof(*by));
	at = find_objects(w, L, LJ_TCDATA, &n);
	for (size_t i = 0; i < n; i++) {
		if (lj_cdata_read(&w->v->w, &c, at[i]))
			continue;
		by[c.ctypeid & (NCTYPES - 1)].count++;
		by[c.ctypeid & (NCTYPES - 1)].bytes +=
			c.size == UINT32_MAX ? 0 : c.size;
	}
	luaproxy_check(w, L);
	lua_newtable(L);
	for (uint32_t id = 0, k = 0; id < NCTYPES; id++) {
		if (!by[id].count)
			continue;
		lua_newtable(L);
		name = luaobj_ctype(w->names, id);
		set_string(L, "ctype", name);
		free(name);
		set_number(L, "count", by[id].count);
		set_number(L, "bytes", by[id].bytes);
		lua_rawseti(L, -2, ++k);
	}
	return 1;
}

/* -- C data -------------------------------------------------------------- */

static int f_ctype(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	static const char *const what[] = {
		[LUACDATA_SCALAR] = "scalar", [LUACDATA_POINTER] = "pointer",
		[LUACDATA_ARRAY] = "array", [LUACDATA_STRUCT] = "struct",
		[LUACDATA_ENUM] = "enum", [LUACDATA_FUNCTION] = "function",
		[LUACDATA_OTHER] = "other",
	};
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TCDATA);
	struct luacdata_about a;
	char *name = luaobj_ctype(w->names, p->c.id);

	lua_newtable(L);
	set_string(L, "name", name);
	free(name);
	luacdata_about(w->v, &p->c, &a);
	set_string(L, "what", what[a.what]);
	if (a.size != UINT32_MAX)
		set_number(L, "size", a.size);
	if (a.count != UINT32_MAX)
		set_number(L, "count", a.count);
	return 1;
}

struct names {
	lua_State *L;
	int n;
};

static void add_name(void *ctx, const char *name, size_t n)
{
	struct names *s = ctx;

	lua_pushlstring(s->L, name, n);
	lua_rawseti(s->L, -2, ++s->n);
}

static int f_fields(lua_State *L)
{
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TCDATA);
	struct names s = { .L = L };

	lua_newtable(L);
	luacdata_names(luaproxy_world(L)->v, &p->c, add_name, &s);
	return 1;
}

/* The value of a number that is an object of its own, as int[1] has none. */
static int f_cnumber(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TCDATA);
	struct luacdata_value val;

	luacdata_get(w->v, &p->c, &val);
	if (val.kind == LUACDATA_OBJECT || val.kind == LUACDATA_CTYPE)
		return 0;
	if (luaproxy_push_cdata(w, L, &val))
		luaproxy_lost(w, L, "a cdata");
	return 1;
}

/* ffi.string(): N bytes, or up to the first 0 */
static int f_cstring(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	uint64_t at;
	size_t n, have = 0, piece;
	int whole = !lua_isnoneornil(L, 2);
	luaL_Buffer b;
	char *p;

	f_address(L);
	at = lua_tonumber(L, -1);
	n = luaL_optnumber(L, 2, MAXCSTRING);
	luaL_argcheck(L, n <= MAXCSTRING, 2, "more than 1 MiB");
	luaL_buffinit(L, &b);
	while (have < n) {
		/* Not over the end of a page: it may be that of the memory. */
		piece = 64 - ((at + have) & 63);
		if (piece > n - have)
			piece = n - have;
		p = luaL_prepbuffer(&b);
		if (luaval_rd(&w->v->w, p, piece, at + have))
			luaproxy_lost(w, L, "a C string");
		if (!whole && memchr(p, 0, piece)) {
			luaL_addsize(&b, strlen(p));
			break;
		}
		luaL_addsize(&b, piece);
		have += piece;
	}
	luaL_pushresult(&b);
	return 1;
}

/* longstring(s, from, to): a part of a string that was not copied */
static int f_substring(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TSTR);
	uint32_t from = luaL_checknumber(L, 2), n = luaL_checknumber(L, 3);
	uint32_t len, piece, skip = from & 3;
	char buf[1024 + 8];
	luaL_Buffer b;

	if (lj_str_len(&w->v->w, p->at, &len) || from > len || n > len - from)
		luaproxy_lost(w, L, "a string");
	luaL_buffinit(L, &b);
	for (from -= skip; n; n -= piece - skip, from += piece, skip = 0) {
		piece = n + skip < 1024 ? n + skip : 1024;
		if (lj_str_bytes(&w->v->w, buf, p->at, from, piece))
			luaproxy_lost(w, L, "a string");
		luaL_addlstring(&b, buf + skip, piece - skip);
	}
	luaL_pushresult(&b);
	return 1;
}

/* -- Stacks ------------------------------------------------------------- */

/* A list of { name, line } of a coroutine, innermost first. */
static int f_frames(lua_State *L)
{
	struct luaworld *w = luaproxy_world(L);
	const struct luaproxy *p = luaproxy_arg(L, 1, LJ_TTHREAD);
	const struct backtrace *bt;
	struct backtraces *b;

	if (!w->stacks)
		w->stacks = luastack_new(w->pid, w->r, w->vm);
	b = luastack_read(w->stacks, p->at);
	bt = b && b->n && !(b->bt->flags & LJD_sample_NOFRAME) ? b->bt : NULL;

	lua_newtable(L);
	for (size_t i = 0; bt && i < bt->n; i++) {
		lua_newtable(L);
		set_string(L, "name", bt->frame[i].name);
		if (bt->frame[i].line)
			set_string(L, "line", bt->frame[i].line);
		lua_rawseti(L, -2, i + 1);
	}
	backtraces_free(b);
	luaproxy_check(w, L);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "facts", f_facts }, { "registry", f_registry },
	{ "globals", f_globals }, { "global", f_global },
	{ "limits", f_limits }, { "istorn", f_torn },
	{ "address", f_address }, { "exit", f_exit },
	{ "snapshot", f_snapshot }, { "live", f_live },
	{ "objects", f_objects }, { "ctypecounts", f_ctypecounts },
	{ "ctype", f_ctype }, { "fields", f_fields },
	{ "cnumber", f_cnumber }, { "cstring", f_cstring },
	{ "substring", f_substring }, { "frames", f_frames },
	{ NULL, NULL }
};

void luahelp_open(struct luaworld *w, lua_State *L)
{
	luaproxy_register(L, w, functions);
}
