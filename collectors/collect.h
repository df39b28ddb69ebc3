/* collect.h - collect a dump: with the BPF object, with SystemTap, or from user
 * space alone.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one place that knows libbpf is bpf/collect.c. Without HAVE_BPF there is
 * none; then no collect_bpf*() may be called.
 */
#ifndef LJSTAP_COLLECT_H
#define LJSTAP_COLLECT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct lj_layout;

enum collect_what {
	COLLECT_CPU,		/* where it runs: samples, hz times a second */
	COLLECT_GC,		/* the same, and what its collector does */
	COLLECT_OFFCPU,		/* where it waits: ns */
	COLLECT_IO,		/* where it reads and writes files: ns, bytes */
	COLLECT_ALLOC,		/* where it allocates: bytes */
	COLLECT_YIELD,		/* where coroutines yield: ns */
	COLLECT_TRACE,		/* where its JIT compiler gives up */
	COLLECT_N
};

/* struct collect_progress - how far it is */
struct collect_progress {
	double seconds;		/* from the first moment of the dump on */
	uint64_t samples;
	uint64_t lost;		/* records without room; not told by stap */
};

/* struct collect_stap - what only SystemTap is told */
struct collect_stap {
	char *const *param;	/* NAME=VALUE: globals of the script */
	size_t nparams;
	const char *arg;	/* of the script, or NULL */
	const char *const *option;	/* of stap itself */
	size_t noptions;
	const char *module;	/* a .ko to run instead; NULL: compile */
	int by_x;		/* the process is told by -x, not by a param */
};

/* struct collect_place - where a probe is to be */
struct collect_place {
	const char *file;	/* NULL: nowhere */
	uint64_t offset;	/* in the file */
	uint64_t addr;		/* in the process */
};

/* struct collect_yield - the places of COLLECT_YIELD */
struct collect_yield {
	struct collect_place fast, c, resume;	/* lj_ff_coroutine_yield,
				 * lua_yield if there is one, lj_vm_resume */
};

struct collect {
	enum collect_what what;
	const char *script;	/* the profile's name, told in the dump */
	const uint32_t *pid;	/* processes, in the initial pid namespace */
	size_t npids;
	uint32_t parent;	/* ... and its children, also later ones; 0 */
	const char *comm;	/* ... and all of that name, likewise; NULL */
	uint32_t hz;		/* samples a second and CPU, of a timer */
	uint32_t duration;	/* seconds; 0: until a signal, or its end */
	uint32_t depth;		/* most frames of a sample; 0: only states */
	const struct lj_layout *layout;	/* the only one to use, or NULL */
	int allfiles;		/* not only regular ones */
	const char *file;	/* what has the function to be probed... */
	uint64_t offset;	/* ... and where in it */
	struct collect_yield yield;
	uint32_t every;		/* bytes allocated from sample to sample */
	uint32_t duty;		/* percent of the time its probe is in place */
	int verbose;		/* say what it costs */
	struct collect_stap stap;
	/* Told several times a second; NULL: nobody wants to know. */
	void (*progress)(void *ctx, const struct collect_progress *p);
	void *ctx;
};

/**
 * collect_only - the process to sample if there is just one
 * @c: what is asked for
 *
 * Returns 0 if there may be several.
 */
static inline uint32_t collect_only(const struct collect *c)
{
	return c->npids == 1 && !c->parent && !c->comm ? c->pid[0] : 0;
}

/**
 * collect_bpf - sample processes
 * @c: what is asked for
 * @out: where the dump goes; errors stay in the stream
 *
 * Returns 0 if there is a usable dump, or says why not and returns -1. Takes
 * SIGINT and SIGTERM for the end while it runs.
 */
int collect_bpf(const struct collect *c, FILE *out);

/**
 * collect_bpf_refused - does this kernel take the BPF object?
 *
 * Loads and verifies it, about 0.3 s. Returns NULL if it is taken, else why
 * not, in words; the caller's.
 */
char *collect_bpf_refused(void);

/**
 * collect_stap - the same by SystemTap: stap with a script, or staprun with a
 * module
 * @c: what is asked for; all but the processes stands in its stap
 * @out: a file that stap writes to by itself
 *
 * As collect_bpf(). A script is compiled the first time, which takes 10 s and
 * more; stap keeps the module.
 */
int collect_stap(const struct collect *c, FILE *out);

/**
 * collect_user - collect what memory alone tells of one process: what its JIT
 * compiler does
 * @c: what is asked for; it looks hz times a second
 * @out: where the dump goes; errors stay in the stream
 *
 * As collect_bpf(). Takes ptrace-read access to the process, and nothing else.
 */
int collect_user(const struct collect *c, FILE *out);

/**
 * collect_stap_compile - compile a script only
 * @c: its script and stap's own options
 * @kernel: the release to compile for, whose headers are here
 * @name: the module's name
 * @dir: where NAME.ko is left
 *
 * As collect_bpf().
 */
int collect_stap_compile(const struct collect *c, const char *kernel,
			 const char *name, const char *dir);

#endif
