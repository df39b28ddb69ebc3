/* luatext.h - a value of a live VM as text, like Lua; or as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whatever bytes the target has, what is written is safe for a terminal.
 * Errors stay in the FILE.
 */
#ifndef LJSTAP_LUATEXT_H
#define LJSTAP_LUATEXT_H

#include <stdio.h>

struct luatree;

/**
 * luatext_bytes - write bytes, with what is no plain text as Lua escapes
 * @out: where to
 * @s: the bytes
 * @n: how many
 *
 * Without quotes around; quotes and backslashes are escaped.
 */
void luatext_bytes(FILE *out, const char *s, size_t n);

/**
 * luatext_write - write a value, like Lua
 * @out: where to
 * @t: the value
 *
 * What is not Lua is a comment: limits, cycles, what is torn. No line end.
 */
void luatext_write(FILE *out, const struct luatree *t);

/**
 * luatext_json - write a value as JSON
 * @out: where to
 * @t: the value
 *
 * nil, booleans, numbers and text as they are; all others as an object with
 * "type", which says what else is in it.
 */
void luatext_json(FILE *out, const struct luatree *t);

#endif
