/* luascript.h - the one addition to Lua: probe blocks; and ready scripts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   probe process.begin   once, at the start
 *   probe timer.s(N)      every N seconds; timer.ms(N): milliseconds
 *   probe process.end     when the process has ended
 *       ...
 *   end                   or { ... } around it
 *
 * A block becomes ljstap.probe("NAME", N, function() ... end) on the same
 * lines. Elsewhere `probe' is a name like any other. Does not print.
 */
#ifndef LJSTAP_LUASCRIPT_H
#define LJSTAP_LUASCRIPT_H

#include <stddef.h>

/**
 * luascript_read - a file's text
 * @path: the file; "-": standard input
 * @n: set to its bytes
 *
 * Returns it, the caller's, with a 0 behind; NULL with errno.
 */
char *luascript_read(const char *path, size_t *n);

/**
 * luascript_lua - a script as plain Lua
 * @text: the script
 * @n: its bytes
 * @probes: set to how many probe blocks it has
 * @why: set if it cannot be understood: "line N: what is wrong"
 *
 * Returns it, the caller's; NULL if it cannot be understood.
 */
char *luascript_lua(const char *text, size_t n, unsigned *probes, char **why);

/**
 * luascript_find - the file of a ready script
 * @name: its name, such as lj-biggest-tables
 *
 * Returns its path, the caller's; NULL if there is none of that name.
 */
char *luascript_find(const char *name);

/**
 * luascript_list - all ready scripts, in the order of their names
 * @fn: is given the name of each and what it is for
 * @ctx: for @fn
 *
 * Returns how many. They are in PKGDATADIR/lua, or where the environment
 * variable LJSTAP_LUA says; the first line of each tells its name and purpose.
 */
size_t luascript_list(void (*fn)(void *ctx, const char *name,
				 const char *doc), void *ctx);

#endif
