/* profile.h - the model: what a dump says, with its pieces put together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The profile owns everything it is given (it copies) and everything it
 * returns. Does not print. Memory grows with what is different in the input
 * only, whatever lengths and ids it claims: not with the samples.
 */
#ifndef LJSTAP_PROFILE_H
#define LJSTAP_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "ljtypes.h"
#include "dump.h"

#define PROFILE_SECTIONS	7	/* numbers of ENUM section, 0 unused */
#define PROFILE_TSECTIONS	7	/* likewise of ENUM tsection */
#define PROFILE_MAXBUILDID	64

struct profile_map {
	struct ljd_map r;
	const char *path;
	uint64_t maxend;	/* of this and those before it, same pid */
};

struct profile_buildid {
	uint64_t start;
	uint32_t pid;
	uint32_t n;
	unsigned char id[PROFILE_MAXBUILDID];
};

struct profile_vm {
	struct ljd_vm r;
	uint64_t *handler;	/* r.n of them */
	uint64_t lo, hi;	/* its code is from here to before there */
};

struct profile_piece {
	uint32_t ofs, n;
	const unsigned char *p;
};

struct profile_section {
	struct profile_piece *piece;
	size_t n, max;
};

struct profile_proto {
	struct ljd_proto r;
	char *chunk;		/* r.n bytes and a 0 */
	struct profile_section section[PROFILE_SECTIONS];
};

struct profile_trace {
	struct ljd_trace r;
	struct profile_section section[PROFILE_TSECTIONS];
};

/* Why the JIT compiler aborted a trace, as jit.reason and jit.op tell. */
#define PROFILE_ABORT(r)	(1u << 31 | ((r)->op & 0x7fff) << 16 | \
				 ((r)->reason & 0xffff))
#define PROFILE_ABORT_REASON(a)	((a) & 0xffff)
#define PROFILE_ABORT_OP(a)	((a) >> 16 & 0x7fff)

/* Samples alike but for time, thread and CPU, as one; or a single one. */
struct profile_sample {
	uint64_t time;		/* of the first */
	uint64_t ip;
	uint64_t weight;	/* of all, in units of header.weight */
	uint64_t count;		/* how many */
	uint32_t pid, vm, trace, flags;
	uint32_t tid;		/* of the first */
	uint32_t call, file;	/* of a system call's sample, see dump.def */
	uint32_t object;	/* ENUM object: what was allocated; 0 */
	uint32_t abort;		/* of an aborted trace: PROFILE_ABORT() */
	int32_t vmstate;
	unsigned stack;		/* see profile_stack() */
	uint32_t epoch;		/* of the mappings that were known */
};

struct profile {
	struct ljd_header header;	/* zero if there was none */
	struct ljd_end end;		/* zero if there was none */
	struct profile_map *map;	/* by pid, start, time */
	size_t nmaps;
	struct profile_buildid *buildid;
	size_t nbuildids;
	struct profile_proto *proto;
	size_t nprotos;
	struct profile_trace *trace;
	size_t ntraces;
	struct ljd_jit *jit;
	size_t njits;
	struct profile_sample *sum;	/* of those wanted, by first use */
	size_t nsums;
	int allocates;			/* they are samples of allocations */
	uint64_t nsamples;		/* all that were added */
	uint64_t taken;			/* those wanted */
	uint64_t freed;			/* ... and then taken back */
	uint64_t untold;		/* bytes of those of which nobody knows
					 * whether they were freed */
	uint64_t start;			/* header.time, or the first sample's */
	uint64_t span;			/* ns from the start to the last */
	size_t nstacks;
	struct profile_private *priv;
};

enum profile_weight {
	PROFILE_BY_DEFAULT,		/* that of the dump */
	PROFILE_BY_TIME,		/* the same: ns */
	PROFILE_BY_BYTES,		/* 0 for a sample that moved none */
	PROFILE_BY_COUNT,		/* 1 each */
	PROFILE_BY_LIVE,		/* bytes that were not freed */
};

struct profile_file {
	struct ljd_file r;
	const char *path;	/* "": it has none */
};

/* Which samples are kept, and how. */
struct profile_want {
	uint64_t from, to;	/* ns from the start; to: 0: to the end */
	enum profile_weight weight;	/* header.weight says what it is, once
					 * the profile is finished */
	int no_types;		/* of what was allocated */
	int each;		/* each of them, in the order they come: takes
				 * memory for each */
};

/**
 * profile_new - an empty profile
 * @want: which samples to keep; NULL: all, summed up
 *
 * The start is header.time, or the first sample if there is no header.
 */
struct profile *profile_new(const struct profile_want *want);

/**
 * profile_free - give a profile back
 * @p: the profile, or NULL
 */
void profile_free(struct profile *p);

/**
 * profile_add_meta - add one fact
 * @p: the profile
 * @s: "key=value"
 * @n: its length
 */
void profile_add_meta(struct profile *p, const void *s, size_t n);

/**
 * profile_add_map - add a mapping
 * @p: the profile
 * @r: the record
 * @path: r->n bytes
 */
void profile_add_map(struct profile *p, const struct ljd_map *r,
		     const void *path);

/**
 * profile_add_buildid - add the build-id of a mapped file
 * @p: the profile
 * @r: the record
 * @id: r->n bytes
 */
void profile_add_buildid(struct profile *p, const struct ljd_buildid *r,
			 const void *id);

/**
 * profile_add_vm - add, or complete, a VM
 * @p: the profile
 * @r: the record
 * @handler: r->n addresses, 8-aligned
 */
void profile_add_vm(struct profile *p, const struct ljd_vm *r,
		    const void *handler);

/**
 * profile_add_proto - add, or complete, a prototype
 * @p: the profile
 * @r: the record
 * @chunk: r->n bytes
 */
void profile_add_proto(struct profile *p, const struct ljd_proto *r,
		       const void *chunk);

/**
 * profile_add_pdata - add a piece of a prototype, which may come later
 * @p: the profile
 * @r: the record
 * @piece: r->n bytes
 */
void profile_add_pdata(struct profile *p, const struct ljd_pdata *r,
		       const void *piece);

/**
 * profile_add_cfunc - add a C function
 * @p: the profile
 * @r: the record
 */
void profile_add_cfunc(struct profile *p, const struct ljd_cfunc *r);

/**
 * profile_add_ffname - add the name of a fast function
 * @p: the profile
 * @r: the record
 * @tail: r->n bytes
 */
void profile_add_ffname(struct profile *p, const struct ljd_ffname *r,
			const void *tail);

/**
 * profile_add_trace - add, or complete, a trace
 * @p: the profile
 * @r: the record
 */
void profile_add_trace(struct profile *p, const struct ljd_trace *r);

/**
 * profile_add_tdata - add a piece of a trace, which may come later
 * @p: the profile
 * @r: the record
 * @piece: r->n bytes
 */
void profile_add_tdata(struct profile *p, const struct ljd_tdata *r,
		       const void *piece);

/**
 * profile_add_file - add a file that system calls were about
 * @p: the profile
 * @r: the record
 * @path: r->n bytes
 */
void profile_add_file(struct profile *p, const struct ljd_file *r,
		      const void *path);

/**
 * profile_add_jit - add what the JIT compiler did
 * @p: the profile
 * @r: the record; the sample of it, if there is one, comes next
 */
void profile_add_jit(struct profile *p, const struct ljd_jit *r);

/**
 * profile_add_sample - add a sample
 * @p: the profile
 * @r: the record; its n is not looked at
 * @frames: its frames, with the kinds of cstack.h among them
 * @n: how many
 */
void profile_add_sample(struct profile *p, const struct ljd_sample *r,
			const void *frames, size_t n);

/**
 * profile_add_object - add a sample of an allocation
 * @p: the profile
 * @r: the record; its n is not looked at
 * @object: ENUM object: what it is; 0: not known
 * @frames: its frames, with the kinds of cstack.h among them
 * @n: how many
 * @weight: set to what it counts for
 *
 * Returns the number of the sum that it is in; -1: it is not wanted.
 */
long profile_add_object(struct profile *p, const struct ljd_sample *r,
			uint32_t object, const void *frames, size_t n,
			uint64_t *weight);

/**
 * profile_take_back - take some weight of a sample out of its sum again
 * @p: the profile
 * @sum: the sum's number
 * @weight: how much
 * @whole: it is the last of that sample: it counts no more
 */
void profile_take_back(struct profile *p, size_t sum, uint64_t weight,
		       int whole);

/**
 * profile_settle - make what was added so far fit for profile_map_at() and
 * profile_buildid_of()
 * @p: the profile, not finished yet
 *
 * Pointers to mappings are invalid after it.
 */
void profile_settle(struct profile *p);

/**
 * profile_finish - put the pieces together, once all are there
 * @p: the profile
 */
void profile_finish(struct profile *p);

/**
 * profile_meta - the value of a fact
 * @p: the profile
 * @key: its key
 *
 * Returns NULL if the dump does not say.
 */
const char *profile_meta(const struct profile *p, const char *key);

/**
 * profile_map_at - the mapping an address is in
 * @p: the profile, finished or settled
 * @pid: the process
 * @addr: the address
 * @time: when; a mapping seen before that wins over one seen later
 */
const struct profile_map *profile_map_at(const struct profile *p,
					 uint32_t pid, uint64_t addr,
					 uint64_t time);

/**
 * profile_buildid_of - the build-id the dump has for the file of a mapping
 * @p: the profile, finished
 * @m: the mapping
 *
 * Returns NULL if it has none.
 */
const struct profile_buildid *profile_buildid_of(const struct profile *p,
						 const struct profile_map *m);

/**
 * profile_vm - look up a VM
 * @p: the profile
 * @id: dictionary id
 *
 * Returns NULL if its record is lost. So do the others.
 */
const struct profile_vm *profile_vm(const struct profile *p, uint32_t id);
const struct profile_proto *profile_proto(const struct profile *p,
					  uint32_t id);
const struct ljd_cfunc *profile_cfunc(const struct profile *p, uint32_t id);
const struct profile_trace *profile_trace(const struct profile *p,
					  uint32_t id);
const struct profile_file *profile_file(const struct profile *p, uint32_t id);

/**
 * profile_ffname - the name of a fast function, such as string.gsub
 * @p: the profile
 * @vm: dictionary id of its VM
 * @ffid: its id
 *
 * Returns NULL if the dump does not tell. So does the other.
 */
const char *profile_ffname(const struct profile *p, uint32_t vm,
			   uint32_t ffid);

/**
 * profile_ffname_op - the fast function of an entry of the dispatch table
 * @p: the profile
 * @vm: dictionary id of the VM
 * @op: the entry
 */
const char *profile_ffname_op(const struct profile *p, uint32_t vm,
			      uint32_t op);

/**
 * profile_misfit - is the sample in a VM whose layout is not known?
 * @p: the profile
 * @s: the sample
 *
 * It has no stack then, or one that must not be believed.
 */
int profile_misfit(const struct profile *p, const struct profile_sample *s);

/**
 * profile_stack - the frames of a stack
 * @p: the profile
 * @stack: its number, below nstacks
 * @n: how many frames
 */
const uint64_t *profile_stack(const struct profile *p, unsigned stack,
			      size_t *n);

/**
 * profile_section - read a part of a section of a prototype
 * @pt: the prototype
 * @section: LJD_section_*
 * @ofs: where, bytes
 * @buf: where to
 * @n: how much, bytes
 *
 * Returns 0, or -1 if not all of it is in the dump.
 */
int profile_section(const struct profile_proto *pt, unsigned section,
		    uint64_t ofs, void *buf, size_t n);

/**
 * profile_tsection - all of a section of a trace
 * @t: the trace
 * @section: LJD_tsection_*
 * @max: no more bytes than this
 * @n: how many bytes
 *
 * Up to the first one missing. Returns memory that is the caller's, NULL if
 * there is none.
 */
void *profile_tsection(const struct profile_trace *t, unsigned section,
		       size_t max, size_t *n);

/**
 * profile_line - the source line of an instruction, as lj_debug_line()
 * @pt: the prototype
 * @pos: bytecode index
 *
 * Returns -1 if it is not known.
 */
long profile_line(const struct profile_proto *pt, uint32_t pos);

#endif
