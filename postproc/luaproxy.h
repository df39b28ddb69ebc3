/* luaproxy.h - values of a live VM as values of an embedded Lua.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Strings, numbers, booleans and 64-bit integers are copied. Everything else
 * is a proxy: a userdata of ours that knows an address, and is the same one as
 * long as it is in use, so that it can be compared and be a key. Does not
 * print; errors are those of Lua.
 */
#ifndef LJSTAP_LUAPROXY_H
#define LJSTAP_LUAPROXY_H

#include <lua.h>
#include <stdint.h>
#include <stdio.h>

#include "luacdata.h"
#include "luaval.h"

struct heapcopy;
struct luaobj;
struct luastack;
struct luatab_value;

/* Why a script ends. */
enum luastop {
	LUASTOP_NONE,
	LUASTOP_EXIT,		/* it said so */
	LUASTOP_TIME,
	LUASTOP_BYTES,
	LUASTOP_NODES,
	LUASTOP_ENDED,		/* the process did */
	LUASTOP_INTERRUPTED,
};

#define LUAHINTS	4096

/* struct luahint - where a string key was found; it is looked at there first */
struct luahint {
	uint64_t tab;
	const char *key;	/* of the script's; only compared */
	uint32_t place;
};

/* struct luaworld - a script, and the process that it looks into */
struct luaworld {
	lua_State *L;
	uint32_t pid;
	struct remote *r;
	const struct remote_vm *vm;
	size_t number;		/* of the VM, 1 the first */
	struct luaval *v;
	struct luaobj *names;
	struct luastack *stacks;	/* NULL: none was asked for yet */
	struct heapcopy *copy;	/* what is read instead, or NULL */
	struct luahint hint[LUAHINTS];
	FILE *out;
	int printed;		/* something was */
	int raw;		/* print() leaves control characters alone */
	size_t maxstr;		/* bytes of a string that is copied */
	uint64_t nodes, maxnodes;	/* entries read; 0: no limit */
	uint64_t bytes;		/* read until the last limit was set */
	uint64_t torn;		/* values that never held still */
	uint64_t gone;		/* objects that were replaced while read */
	volatile enum luastop stop;
	int status;		/* that it exits with */
	int raised;		/* by the hook, once */
};

/* struct luaproxy - what a proxy knows */
struct luaproxy {
	uint32_t type;		/* LJ_T* */
	uint64_t at;		/* the object; 0: a part of one */
	uint64_t slot, was;	/* where it was found last: the word there; or 0 */
	union {
		uint64_t tv;
		struct luacdata c;	/* LJ_TCDATA */
	};
};

/**
 * luaproxy_init - get a new state ready for proxies
 * @w: the world, all set but for L
 * @L: its state
 */
void luaproxy_init(struct luaworld *w, lua_State *L);

/**
 * luaproxy_register - functions that are given the world
 * @L: the state; the table to add them to is on the top of its stack
 * @w: the world
 * @fn: the functions
 */
void luaproxy_register(lua_State *L, struct luaworld *w, const struct luaL_Reg *fn);

/**
 * luaproxy_world - the world of the function that runs
 * @L: the state
 */
struct luaworld *luaproxy_world(lua_State *L);

/**
 * luaproxy_at - the proxy at a place of the stack
 * @L: the state
 * @i: the place
 *
 * Returns NULL if there is another value.
 */
struct luaproxy *luaproxy_at(lua_State *L, int i);

/**
 * luaproxy_arg - the proxy that an argument must be
 * @L: the state
 * @i: which
 * @type: LJ_T*; 0: any
 */
struct luaproxy *luaproxy_arg(lua_State *L, int i, uint32_t type);

/**
 * luaproxy_push - a TValue of the target
 * @w: the world
 * @L: the state
 * @tv: the TValue
 *
 * Returns 0, or -1 with nothing pushed: it cannot be read.
 */
int luaproxy_push(struct luaworld *w, lua_State *L, uint64_t tv);

/**
 * luaproxy_push_value - the same of a value whose string was read
 * @w: the world
 * @L: the state
 * @v: the value
 */
int luaproxy_push_value(struct luaworld *w, lua_State *L,
			const struct luatab_value *v);

/**
 * luaproxy_push_object - an object of the target; 0: nil
 * @w: the world
 * @L: the state
 * @type: LJ_T*
 * @at: its address
 */
int luaproxy_push_object(struct luaworld *w, lua_State *L, uint32_t type,
			 uint64_t at);

/**
 * luaproxy_push_cdata - what reading a C object gave
 * @w: the world
 * @L: the state
 * @c: it
 */
int luaproxy_push_cdata(struct luaworld *w, lua_State *L,
			const struct luacdata_value *c);

/**
 * luaproxy_found_at - the value on the top of the stack was found there
 * @L: the state
 * @slot: address of its TValue
 * @tv: the TValue
 */
void luaproxy_found_at(lua_State *L, uint64_t slot, uint64_t tv);

/**
 * luaproxy_still - count an object that is not where it was found any more
 * @w: the world
 * @slot: as it was when it began to be read; 0: not known
 * @was: the word there
 *
 * To be asked when it was read: it may be gone, and what was read another one.
 */
void luaproxy_still(struct luaworld *w, uint64_t slot, uint64_t was);

/**
 * luaproxy_find - the entry of a key on the stack
 * @w: the world
 * @L: the state
 * @t: the table
 * @e: set
 * @i: place of the key
 *
 * As luaval_next().
 */
int luaproxy_find(struct luaworld *w, lua_State *L, const struct lj_tab *t,
		  struct lj_entry *e, int i);

/**
 * luaproxy_rawget - push what a table has for a key, or nil
 * @w: the world
 * @L: the state
 * @tab: the GCtab
 * @i: place of the key
 */
void luaproxy_rawget(struct luaworld *w, lua_State *L, uint64_t tab, int i);

/**
 * luaproxy_field - what a table has for a name
 * @w: the world
 * @tab: the GCtab
 * @name: the name
 * @tv: set, to nil if there is nothing
 *
 * Returns 0, or -1 if it cannot be read.
 */
int luaproxy_field(struct luaworld *w, uint64_t tab, const char *name,
		   uint64_t *tv);

/**
 * luaproxy_index - push what a value has for a key, as Lua's t[k]
 * @w: the world
 * @L: the state
 * @tv: the value
 * @i: place of the key
 * @strict: it is an error if a function of the target would have to tell
 */
void luaproxy_index(struct luaworld *w, lua_State *L, uint64_t tv, int i,
		    int strict);

/**
 * luaproxy_metatable - the metatable of a table or userdata, or 0
 * @w: the world
 * @p: the proxy
 */
uint64_t luaproxy_metatable(struct luaworld *w, const struct luaproxy *p);

/**
 * luaproxy_type - what type() says of it
 * @p: the proxy
 */
const char *luaproxy_type(const struct luaproxy *p);

/**
 * luaproxy_text - push what LuaJIT's tostring() says of it
 * @w: the world
 * @L: the state
 * @p: the proxy
 */
void luaproxy_text(struct luaworld *w, lua_State *L, const struct luaproxy *p);

/**
 * luaproxy_lost - raise an error: a value cannot be read
 * @w: the world
 * @L: the state
 * @what: it, in words
 *
 * If that is because of a limit, or as the process has ended, it says that.
 */
int luaproxy_lost(struct luaworld *w, lua_State *L, const char *what);

/**
 * luaproxy_check - raise an error if the script is to end
 * @w: the world
 * @L: the state
 */
void luaproxy_check(struct luaworld *w, lua_State *L);

/**
 * luaproxy_torn - remember that a value never held still
 * @w: the world
 * @L: the state
 * @at: the object; 0: none
 */
void luaproxy_torn(struct luaworld *w, lua_State *L, uint64_t at);

#endif
