/* stackname.h - samples -> stacks of names, root first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names are numbers in the caller's pool. Does not print.
 */
#ifndef LJSTAP_STACKNAME_H
#define LJSTAP_STACKNAME_H

#include "mem.h"
#include "profile.h"
#include "symbolize.h"
#include "traceline.h"

struct stackname;

struct stackname_opts {
	int lines;	/* after each Lua function, the line it is at */
	int no_vm;		/* without the VM's own code */
	int by_vm;	/* before the frames of each VM, its id */
	int by_pid;	/* at the root, the process */
	int by_path;	/* before a system call, the path of its file */
	struct traceline *traces;	/* what is inlined in them; must
					 * outlive; NULL: they stay closed */
	struct index *maps;	/* gets, for the name of each C function, the
				 * number of its mapping; NULL: not kept */
};

/**
 * stackname_new - get ready to name the stacks of a profile
 * @p: the profile, finished; must outlive it
 * @sym: names of C functions; must outlive it
 * @names: gets the names
 * @opts: what to name
 */
struct stackname *stackname_new(const struct profile *p, struct symbolize *sym,
				struct pool *names,
				const struct stackname_opts *opts);

/**
 * stackname_free - give it back
 * @sn: what stackname_new() returned, or NULL
 */
void stackname_free(struct stackname *sn);

/**
 * stackname_sample - the names of a sample's stack
 * @sn: as above
 * @s: the sample
 * @n: how many names
 *
 * Returns at least one name, root first, until the next call.
 */
const unsigned *stackname_sample(struct stackname *sn,
				 const struct profile_sample *s, size_t *n);

/* What is known of where a sample's instruction is. */
enum stackname_place {
	STACKNAME_NAMED,	/* what it belongs to */
	STACKNAME_UNNAMED,	/* file and offset: C:[FILE+0xOFFSET] */
	STACKNAME_UNKNOWN,	/* nothing: [unknown], [jit code] */
	STACKNAME_PLACES
};

/**
 * stackname_places - samples so far, by that
 * @sn: as above
 *
 * Returns STACKNAME_PLACES numbers. A sample in the kernel is named.
 */
const uint64_t *stackname_places(const struct stackname *sn);

/**
 * stackname_lost - frames so far that are named by a lost record
 * @sn: as above
 */
uint64_t stackname_lost(const struct stackname *sn);

/**
 * stackname_abort - why a trace was aborted, in LuaJIT's words
 * @p: the profile
 * @vm: dictionary id of its VM
 * @abort: PROFILE_ABORT()
 * @text: STACKNAME_ABORT bytes for it
 *
 * Returns @text.
 */
#define STACKNAME_ABORT	96
const char *stackname_abort(const struct profile *p, uint32_t vm,
			    uint32_t abort, char *text);

#endif
