/* remote.h - a live process, read from outside: its memory, its LuaJIT VMs,
 * the Lua stacks of its blocked threads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The walking core for all commands that look at a process from user space.
 * Only reads: never stops, traces, signals or writes. Pages the process has
 * not touched are left alone. Does not print.
 */
#ifndef LJSTAP_REMOTE_H
#define LJSTAP_REMOTE_H

#include <stddef.h>
#include <stdint.h>

#include "layout.h"
#include "procmap.h"

struct heapcopy;
struct remote;

/* struct remote_vm - one VM: a global_State and its dispatch table */
struct remote_vm {
	uint64_t g;		/* global_State; 0: could not be found */
	uint64_t d;		/* dispatch table */
	uint64_t code;		/* a handler it points to */
	uint32_t words;		/* of the table */
	uint32_t how;		/* LJD_how_*: where the layout is from */
	uint32_t check;		/* LJD_check_*: what does not fit, 0: all does */
	int traces;		/* a compiled trace confirmed T_* and snapsize */
	struct lj_layout lay;	/* col: that of the table, if it is one */
};

/**
 * remote_open - start looking at a process
 * @pid: the process
 *
 * Returns NULL with errno as procmap_read(), or EPERM: its memory may not be
 * read.
 */
struct remote *remote_open(uint32_t pid);

/**
 * remote_close - give it back
 * @r: the process, or NULL
 */
void remote_close(struct remote *r);

/**
 * remote_maps - its mappings, as they were in remote_open()
 * @r: the process
 */
const struct procmaps *remote_maps(const struct remote *r);

/**
 * remote_read - read its memory
 * @r: the process
 * @dst: where to
 * @n: bytes
 * @addr: from where
 *
 * Returns 0, or -1 if not all of it is there.
 */
int remote_read(struct remote *r, void *dst, size_t n, uint64_t addr);

/**
 * remote_read_many - read its memory in many places at once
 * @r: the process
 * @dst: where to, each * n bytes
 * @each: bytes of each place
 * @addr: the places
 * @n: how many, at most REMOTE_MANY
 *
 * Returns how many could be read: all up to the first that could not.
 */
#define REMOTE_MANY	64
size_t remote_read_many(struct remote *r, void *dst, size_t each,
			const uint64_t *addr, size_t n);

/**
 * remote_from_copy - read from a copy of its memory from now on
 * @r: the process
 * @c: the copy, which must outlive it or the next call; NULL: none
 *
 * What is not in the copy is read from the process: programs and their
 * constants, and memory shared with others.
 */
void remote_from_copy(struct remote *r, const struct heapcopy *c);

/**
 * remote_ended - was the process gone when it was to be read?
 * @r: the process
 */
int remote_ended(const struct remote *r);

/**
 * remote_find - find all VMs
 * @r: the process
 * @vms: set to an array that lasts as long as @r
 *
 * Returns how many. Looks at all private memory that is present for what
 * every VM has: 200 or more pointers in a row, all into the same 64 KiB of
 * code. Found so, whatever its threads are doing; judged by the core. About
 * 0.3 s a GiB.
 */
size_t remote_find(struct remote *r, const struct remote_vm **vms);

/**
 * remote_sample - the Lua stack of a thread that is blocked
 * @r: the process
 * @tid: the thread
 * @out: is given each record of the dump format; returns 0 if it took it
 * @ctx: for @out
 *
 * One sample record, and the dictionary records it needs if they were not
 * given yet. Returns 0, or -1: the thread is running, or gone.
 */
int remote_sample(struct remote *r, uint32_t tid,
		  int (*out)(void *ctx, const void *rec, size_t len),
		  void *ctx);

/**
 * remote_sample_L - the Lua stack of a coroutine, from memory alone
 * @r: the process
 * @vm: its VM
 * @L: its lua_State
 * @tid: told in the sample
 * @out: as above
 * @ctx: for @out
 *
 * As remote_sample(). Of one that runs now, the innermost frames may be some
 * calls old.
 */
int remote_sample_L(struct remote *r, const struct remote_vm *vm, uint64_t L,
		    uint32_t tid,
		    int (*out)(void *ctx, const void *rec, size_t len),
		    void *ctx);

/**
 * remote_names - the names of a VM's built-in functions
 * @r: the process
 * @vm: the VM
 * @out: as above
 * @ctx: for @out
 *
 * Samples bring a few of them each; this all at once, in about 5 ms.
 */
void remote_names(struct remote *r, const struct remote_vm *vm,
		  int (*out)(void *ctx, const void *rec, size_t len),
		  void *ctx);

/* struct remote_place - a bytecode instruction: its function's GCproto, and
 * where it is; 0: not known
 */
struct remote_place {
	uint64_t pt, pc;
};

/**
 * remote_jit - write what the JIT compiler of a VM did
 * @r: the process
 * @vm: its VM
 * @jit: the record; pid, vm, proto, pos, at and atpos are filled in
 * @start: where the trace starts; NULL: proto and pos are there already
 * @at: where it was aborted
 * @sample: if it was, with a sample of what is known of where; its weight is
 *          how often
 * @out: as above
 * @ctx: for @out
 *
 * Returns 0, or -1: the VM cannot be read, or there is no room.
 */
struct ljd_jit;
int remote_jit(struct remote *r, const struct remote_vm *vm,
	       struct ljd_jit *jit, const struct remote_place *start,
	       const struct remote_place *at, int sample,
	       int (*out)(void *ctx, const void *rec, size_t len), void *ctx);

/**
 * remote_proto - the GCproto of the function that an instruction is in
 * @r: the process
 * @vm: its VM
 * @pc: where the instruction is
 *
 * Returns 0 if there is none. Reads down from @pc, 100 KiB at most.
 */
uint64_t remote_proto(struct remote *r, const struct remote_vm *vm,
		      uint64_t pc);

/**
 * remote_number - how the records that it writes are numbered
 * @r: the process
 * @lane: their lane; 0 if not told
 * @ids: dictionary ids begin behind this one
 */
void remote_number(struct remote *r, uint32_t lane, uint32_t ids);

/**
 * remote_tally - add what writing records came to
 * @r: the process
 * @end: where to
 */
struct ljd_end;
void remote_tally(const struct remote *r, struct ljd_end *end);

/**
 * remote_running - the coroutine that a VM runs now
 * @r: the process
 * @vm: the VM
 * @cframe: set to the address of its C frame: on the stack of its thread
 *
 * Returns its lua_State; 0: none.
 */
uint64_t remote_running(struct remote *r, const struct remote_vm *vm,
			uint64_t *cframe);

#endif
