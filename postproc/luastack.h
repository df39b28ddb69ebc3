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
struct remote;
struct remote_vm;

/**
 * luastack_read - the stacks of some coroutines
 * @pid: the process
 * @r: the same
 * @vm: their VM
 * @L: their lua_States
 * @n: how many
 *
 * Returns one for each that has a stack, in their order; NULL: none at all.
 * About 10 ms, however many they are.
 */
struct backtraces *luastack_read(uint32_t pid, struct remote *r,
				 const struct remote_vm *vm,
				 const uint64_t *L, size_t n);

#endif
