/* jitbook.h - the books of a VM's JIT compiler: what it did between two looks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * No probe: only jit_State and the traces are read (process_vm_readv), which
 * neither stops nor wakes the process. What the compiler itself remembers is
 * exact, however seldom one looks: an abort doubles the penalty of the place
 * where a root trace starts, an exit counts in its snapshot up to the number
 * at which a side trace starts, and what starts there after that and is not
 * compiled was aborted. What it forgets between two looks is not seen: traces
 * that are flushed as soon as they are compiled, and what it keeps no book of.
 * Prints nothing.
 */
#ifndef LJSTAP_JITBOOK_H
#define LJSTAP_JITBOOK_H

#include "remote.h"

struct jitbook;

/**
 * jitbook_new - begin with a VM
 * @r: its process
 * @vm: the VM, which lasts as long
 * @no_aborts: leave aborts out but those before the first look, and samples
 * @out: is given each record of the dump format; returns 0 if it took it
 * @ctx: for @out
 */
struct jitbook *jitbook_new(struct remote *r, const struct remote_vm *vm,
			    int no_aborts,
			    int (*out)(void *ctx, const void *rec, size_t len),
			    void *ctx);

/**
 * jitbook_free - end with it
 * @b: the books, or NULL
 */
void jitbook_free(struct jitbook *b);

/**
 * jitbook_look - look, and write what is new: all, the first time
 * @b: the books
 * @all: look at the exits of all traces, too
 *
 * Returns 0, or -1: they cannot be read. Reads 3 KB and the array of traces,
 * 8 bytes each; all: 0.5 KB and more of each trace.
 */
int jitbook_look(struct jitbook *b, int all);

/**
 * jitbook_seen - records written so far
 * @b: the books
 */
uint64_t jitbook_seen(const struct jitbook *b);

#endif
