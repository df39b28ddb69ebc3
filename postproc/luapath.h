/* luapath.h - text such as package.loaded["resty.core"].version -> steps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   expr    = "#" expr | primary suffix...
 *   primary = NAME | "getmetatable" "(" expr ")" | "getfenv" "(" expr ")"
 *           | "(" expr ")"
 *   suffix  = "." NAME | "[" key "]" | ".upvalue" "(" (STRING | NUMBER) ")"
 *   key     = STRING | NUMBER | "true" | "false"
 *
 * Strings and numbers as in Lua. Does not print.
 */
#ifndef LJSTAP_LUAPATH_H
#define LJSTAP_LUAPATH_H

#include <stddef.h>

enum luapath_op {
	LUAPATH_ROOT,		/* a global, or one of the roots: str */
	LUAPATH_STR,		/* index by a string: str, len */
	LUAPATH_NUM,		/* index by a number: num */
	LUAPATH_BOOL,		/* index by true or false: num */
	LUAPATH_UPNAME,		/* upvalue by its name: str */
	LUAPATH_UPNUM,		/* upvalue by its number, 1 the first: num */
	LUAPATH_META,		/* metatable */
	LUAPATH_ENV,		/* environment */
	LUAPATH_LEN,		/* length */
};

struct luapath_step {
	enum luapath_op op;
	char *str;
	size_t len;
	double num;
	size_t from, to;	/* the text up to here, for messages */
};

/* struct luapath - steps in the order they are taken; the first is the root */
struct luapath {
	struct luapath_step *step;
	size_t n, max;
};

/**
 * luapath_parse - understand a text
 * @text: the text, any bytes
 * @why: set if it cannot be understood: what is wrong with it, the caller's
 *
 * Returns NULL then.
 */
struct luapath *luapath_parse(const char *text, char **why);

/**
 * luapath_free - give a path back
 * @p: the path, or NULL
 */
void luapath_free(struct luapath *p);

#endif
