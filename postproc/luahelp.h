/* luahelp.h - ljstap.*: what a script may ask that Lua has no words for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_LUAHELP_H
#define LJSTAP_LUAHELP_H

#include <lua.h>

struct luaworld;

/**
 * luahelp_open - add functions to the table on the top of the stack
 * @w: the world
 * @L: its state
 */
void luahelp_open(struct luaworld *w, lua_State *L);

#endif
