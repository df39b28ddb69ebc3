/* via.c - two C functions that call Lua at the same place of the stack, and one
 * that yields.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
struct lua_State;
void lua_call(struct lua_State *L, int nargs, int nresults);
int lua_yield(struct lua_State *L, int nresults);
int via_one(struct lua_State *L);
int via_two(struct lua_State *L);
int via_yield(struct lua_State *L);

int via_one(struct lua_State *L)
{
	lua_call(L, 0, 0);
	return 0;
}

int via_two(struct lua_State *L)
{
	lua_call(L, 0, 0);
	return 0;
}

int via_yield(struct lua_State *L)
{
	return lua_yield(L, 0);
}
