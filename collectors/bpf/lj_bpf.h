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
	LJ_PROG_ABORT,
	LJ_NPROG
};

/* struct lj_back - a thread runs again: between object and loader only */
#define LJ_KIND_BACK	0xffff

struct lj_back {
	struct ljd_head h;	/* kind, len */
	lj_u64 time;
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
	lj_u32 spare;
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

#define LJ_NRECENT	256	/* dictionary keys that a lane remembers */

struct lj_recent {
	lj_u64 key, id;
};

/* struct lj_lane - one lane: written by its CPU only */
struct lj_lane {
	struct lj_walk w;
	lj_u64 hits;
	lj_u32 ids;		/* dictionary ids given out here */
	lj_u32 busy;		/* of LJ_PROG_ALLOC, which can be preempted */
	struct lj_recent recent[LJ_NRECENT];
	lj_u64 slack[LJD_MAXPIECE / 8];	/* what the verifier thinks is written */
};

#endif
