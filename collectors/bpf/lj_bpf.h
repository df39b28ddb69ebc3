/* lj_bpf.h - what the BPF object and its loader agree on.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_LJ_BPF_H
#define LJSTAP_LJ_BPF_H

#include "lj_core.h"	/* its LJ_* are the includer's */

/* One lane per program and CPU: a timer interrupts the other programs. */
enum lj_prog {
	LJ_PROG_CPU,
	LJ_PROG_OFFCPU,
	LJ_PROG_FILE,		/* enters a system call */
	LJ_PROG_IO,		/* leaves it */
	LJ_PROG_ALLOC,
	LJ_PROG_YIELD,
	LJ_PROG_ABORT,
	LJ_NPROG
};

/* struct lj_back - a thread, or a coroutine, runs again: between object and
 * loader only
 */
#define LJ_KIND_BACK	0xffff

struct lj_back {
	struct ljd_head h;	/* kind, len */
	lj_u64 time;
	lj_u64 who;		/* the thread's number, or the lua_State */
};

/* struct lj_gone - the coroutine that yields in the thread's next sample */
#define LJ_KIND_GONE	0xfffe

struct lj_gone {
	struct ljd_head h;
	lj_u64 who;
	lj_u32 tid, spare;
};

/* struct lj_config - set before the object is loaded */
struct lj_config {
	lj_u32 pid;		/* the only target, in the initial pid
				 * namespace; 0: those in the map */
	lj_u32 depth;
	lj_u32 cpus;		/* possible CPUs; lane = program * cpus + CPU */
	lj_u32 wake;		/* bytes in the ring that wake the reader */
	lj_u32 allfiles;	/* not only regular ones */
	lj_u32 every;		/* bytes allocated from sample to sample */
	lj_u32 gc;		/* its state, with each sample of a timer */
	lj_u32 follow;		/* what is sampled, until it is freed */
	lj_u64 yield;		/* address of lj_ff_coroutine_yield */
};

/* struct lj_known_vm - one VM
 * @key: its dispatch table, or its global_State (lj_load_g())
 * @pid: its process, 0: free
 */
struct lj_known_vm {
	lj_u64 key;
	lj_u32 pid, spare;
	struct lj_vm vm;
};

#define LJ_NTARGETS	1024	/* processes at once */

#define LJ_NTASK	4096	/* threads remembered */

#define LJ_NFOLLOWED	(1u << 18)	/* blocks at once */

/* struct lj_allocs - what a thread does with its allocator
 * @a: the allocation to tell of when it calls that again
 * @burst: in which a was
 * @moved: the address, osize and nsize of a block that is followed, while
 *	   it is moved; 0: none is
 * @fresh: a has no address yet: the call has not returned
 */
struct lj_allocs {
	lj_u64 who;		/* pid << 32 | tid */
	struct lj_alloc a;
	lj_u64 moved, osize, nsize;
	lj_u32 burst, fresh;
};

#define LJ_NRECENT	256	/* dictionary keys that a lane remembers */

struct lj_recent {
	lj_u64 key, id;
};

/* struct lj_lane - one lane: written by its CPU only */
struct lj_lane {
	struct lj_walk w;
	lj_u64 hits;
	lj_u32 ids;		/* dictionary ids given out here */
	lj_u32 busy;		/* of a uprobe's: it can be preempted... */
	lj_u64 skipped;		/* ... and then does not see others here */
	struct lj_recent recent[LJ_NRECENT];
	lj_u64 slack[LJD_MAXPIECE / 8];	/* what the verifier thinks is written */
};

#endif
