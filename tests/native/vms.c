/* vms.c - a test's embedder: makes VMs, tells where they are, and waits.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: vms MADE CLOSED
 *
 * Prints "L ADDRESS", the main thread, for each VM that it keeps, then
 * "ready", and reads standard input.
 */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int made = argc > 1 ? atoi(argv[1]) : 1;
	int closed = argc > 2 ? atoi(argv[2]) : 0;
	char byte;

	for (int i = 0; i < made; i++) {
		lua_State *L = luaL_newstate();

		if (!L)
			return 1;
		luaL_openlibs(L);
		/* Something in the heap, and a compiled trace. */
		if (luaL_dostring(L, "t = {} for i = 1, 1000 do t[i] = i end"))
			return 1;
		if (i < closed)
			lua_close(L);
		else
			printf("L %p\n", (void *)L);
	}
	puts("ready");
	fflush(stdout);
	return read(0, &byte, 1) < 0;
}
