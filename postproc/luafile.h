/* luafile.h - which Lua is in a file, by the version string it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Good for telling people; what decides is vmelf.h and the target's memory.
 * Does not print.
 */
#ifndef LJSTAP_LUAFILE_H
#define LJSTAP_LUAFILE_H

enum luafile_kind {
	LUAFILE_NONE,
	LUAFILE_PUC,		/* Lua of lua.org: not supported */
	LUAFILE_JIT20,		/* LuaJIT 2.0: not supported */
	LUAFILE_JIT,		/* LuaJIT 2.1 and later */
};

/**
 * luafile_read - look for a version string in a file
 * @path: the file, of any kind
 * @version: set to such as "LuaJIT 2.1.1700000000" or "Lua 5.4.4", which is
 *           the caller's; NULL if there is none
 *
 * Returns the kind of the best that was found, best last in the enum. Reads
 * the file up to the first of LuaJIT 2.1.
 */
enum luafile_kind luafile_read(const char *path, char **version);

#endif
