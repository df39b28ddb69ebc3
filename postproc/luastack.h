/* luastack.h - where coroutines of a live VM are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From memory alone, by way of a small dump. Does not print.
 */
#ifndef LJSTAP_LUASTACK_H
#define LJSTAP_LUASTACK_H

#include <stddef.h>
#include <stdint.h>

struct backtraces;
struct luastack;
struct remote;
struct remote_vm;

/**
 * luastack_new - get ready to tell where coroutines are
 * @pid: the process
 * @r: the same; must outlive it, and tell nobody else about samples
 * @vm: the VM
 */
struct luastack *luastack_new(uint32_t pid, struct remote *r,
			      const struct remote_vm *vm);

/**
 * luastack_free - give it back
 * @s: what luastack_new() returned, or NULL
 */
void luastack_free(struct luastack *s);

/**
 * luastack_read - the stack of a coroutine
 * @s: as above
 * @L: its lua_State
 *
 * Returns one, or none if it has no stack; NULL: it cannot be read. About
 * 10 ms, most of it for the names.
 */
struct backtraces *luastack_read(struct luastack *s, uint64_t L);

#endif
