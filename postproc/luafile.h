/* luafile.h - which Lua is in a file, by the version string it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Good for telling people; what decides is vmelf.h and the target's memory.
 * Does not print.
 */
#ifndef LJSTAP_LUAFILE_H
#define LJSTAP_LUAFILE_H

#include "procmap.h"

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

/**
 * luafile_in - the best of what a process runs code from
 * @maps: the process
 * @version: as above
 * @where: set to the mapping it is in
 */
enum luafile_kind luafile_in(const struct procmaps *maps, char **version,
			     const struct procmap **where);

/**
 * luafile_refusal - why a Lua cannot be looked into
 * @kind: what was found
 * @version: its version
 * @where: the file
 *
 * Returns "PUC Lua 5.4.4, not LuaJIT (it has PATH); ..." or the like, the
 * caller's; NULL for LuaJIT 2.1.
 */
char *luafile_refusal(enum luafile_kind kind, const char *version,
		      const char *where);

#endif
