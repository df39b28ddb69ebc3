/* allocplace.h - where the allocator of a live process's LuaJIT is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All that a VM allocates, in the interpreter, in compiled code and in C, goes
 * through the function that its global_State points to: of a stripped program,
 * too, it can be found that way.
 */
#ifndef LJSTAP_ALLOCPLACE_H
#define LJSTAP_ALLOCPLACE_H

#include <stdint.h>

/**
 * allocplace_find - the file, and the place in it, of a process's allocator
 * @pid: the process
 * @path: set to a name by which the file can be opened; the caller's
 * @offset: set to the offset in it, bytes
 *
 * Of its first VM; says so if another one has another. Returns 0, or -1 after
 * saying why there is none.
 */
int allocplace_find(uint32_t pid, char **path, uint64_t *offset);

#endif
