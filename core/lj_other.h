/* lj_other.h - is a mapped file another Lua than LuaJIT?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Freestanding: no libc. By its name, which is all that a dump has of it:
 * lua5.4, liblua5.3.so.0, liblua.so.5.4.6, lua-5.1.
 */
#ifndef LJSTAP_LJ_OTHER_H
#define LJSTAP_LJ_OTHER_H

#include "ljtypes.h"

/* lj_begins - what follows the word in s, or NULL if s does not begin so */
static inline const char *lj_begins(const char *s, const char *word)
{
	while (*word && *s == *word) {
		s++;
		word++;
	}
	return *word ? 0 : s;
}

/* lj_other_lua - the version in the name of a PUC Lua, "5.4..."; NULL: none
 * @path: of the mapped file
 */
static inline const char *lj_other_lua(const char *path)
{
	const char *name = path, *s;

	for (s = path; *s; s++)
		if (*s == '/')
			name = s + 1;
	s = lj_begins(name, "lib");
	name = lj_begins(s ? s : name, "lua");
	if (!name || lj_begins(name, "jit"))
		return 0;
	for (s = name; *s; s++)
		if (s[0] == '5' && s[1] == '.' && s[2] >= '1' && s[2] <= '9')
			return s;
	return 0;
}

#endif
