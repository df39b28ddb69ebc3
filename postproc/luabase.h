/* luabase.h - Lua's own functions, for values of a live VM, too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_LUABASE_H
#define LJSTAP_LUABASE_H

#include <lua.h>

struct luaworld;

/**
 * luabase_open - give proxies their metatable, and push a table of functions
 * @w: the world
 * @L: its state
 *
 * type, tostring, pairs, ... work on proxies and on values of the script's
 * own. What is easier said in Lua is in templates/ljstap.lua.
 */
void luabase_open(struct luaworld *w, lua_State *L);

#endif
