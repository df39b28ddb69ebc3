/* jitstate.h - the JIT compiler of a VM at one moment: jit_State, and traces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Read from outside (process_vm_readv), as it is: it may change meanwhile.
 * Prints nothing.
 */
#ifndef LJSTAP_JITSTATE_H
#define LJSTAP_JITSTATE_H

#include "remote.h"

/* lj_jit.h: the same in all of 2.1. */
#define JITSTATE_SLOTS	64	/* PENALTY_SLOTS */
#define JITSTATE_DONE	255	/* SNAPCOUNT_DONE */

/* struct jitstate_penalty - a place where a trace was to start, and was not */
struct jitstate_penalty {
	uint64_t pc;		/* 0: there is none */
	uint32_t val;
	uint32_t reason;	/* ENUM trerr */
};

struct jitstate {
	uint64_t traces;	/* array of references to them... */
	uint32_t size;		/* ... and its length */
	uint64_t area;		/* the newest area of machine code; 0: none */
	uint32_t hotexit;	/* exits until a side trace starts... */
	uint32_t tryside;	/* ... times that it is tried */
	uint32_t maxside;	/* side traces of a root trace */
	uint32_t active;	/* it records or compiles */
	/* What it does now, or did last: a trace that starts at startpc or, if
	 * parent is not 0, at an exit; where it is.
	 */
	uint64_t startpc;
	uint32_t parent, exitno;
	struct remote_place at;
	struct jitstate_penalty slot[JITSTATE_SLOTS];
};

struct jitstate_trace {
	uint64_t mcode, snap, snapmap;
	struct remote_place start;
	uint32_t no;		/* 0: it was flushed */
	uint32_t nsnap, szmcode;
	uint32_t link, linktype;
	uint32_t root, parent, exitno;	/* of a side trace; else 0 */
	uint32_t nchild;	/* side traces of a root trace */
};

/**
 * jitstate_read - jit_State
 * @r: the process
 * @vm: its VM
 * @s: filled in
 *
 * Returns 0, or -1 if it cannot be read, or is none. One read of 3 KB.
 */
int jitstate_read(struct remote *r, const struct remote_vm *vm,
		  struct jitstate *s);

/**
 * jitstate_array - where all traces are
 * @r: the process
 * @vm: its VM
 * @s: read before
 * @array: filled in: s->size addresses of GCtraces. 0: no trace has that
 *         number, or it is being recorded
 *
 * Returns 0, or -1 if they cannot be read.
 */
int jitstate_array(struct remote *r, const struct remote_vm *vm,
		   const struct jitstate *s, uint64_t *array);

/**
 * jitstate_trace - a trace
 * @r: the process
 * @vm: its VM
 * @addr: its GCtrace
 * @t: filled in
 *
 * Returns 0, or -1 if there is none.
 */
int jitstate_trace(struct remote *r, const struct remote_vm *vm, uint64_t addr,
		   struct jitstate_trace *t);

/**
 * jitstate_exits - how often exits of a trace were taken
 * @r: the process
 * @vm: its VM
 * @t: the trace
 * @from: the first exit
 * @n: how many
 * @count: filled in; JITSTATE_DONE: it is compiled, or does not count
 *
 * Returns 0, or -1 if they cannot be read.
 */
#define JITSTATE_EXITS	256	/* at most, at once */
int jitstate_exits(struct remote *r, const struct remote_vm *vm,
		   const struct jitstate_trace *t, uint32_t from, uint32_t n,
		   unsigned char *count);

/**
 * jitstate_exit_at - the instruction at which the program goes on after an exit
 * @r: the process
 * @vm: its VM
 * @t: the trace
 * @exitno: its exit
 *
 * Returns its address, 0: it cannot be read.
 */
uint64_t jitstate_exit_at(struct remote *r, const struct remote_vm *vm,
			  const struct jitstate_trace *t, uint32_t exitno);

#endif
