/* collect.h - collect a dump with the BPF object.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The one place that knows libbpf is collect.c. Without HAVE_BPF there is
 * none; then nothing here may be called.
 */
#ifndef LJSTAP_COLLECT_H
#define LJSTAP_COLLECT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct lj_layout;

enum collect_what {
	COLLECT_CPU,		/* where it runs: samples, hz times a second */
	COLLECT_OFFCPU,		/* where it waits: ns */
	COLLECT_IO,		/* where it reads and writes files: ns, bytes */
	COLLECT_ALLOC,		/* where it allocates: bytes */
	COLLECT_N
};

struct collect {
	enum collect_what what;
	const char *script;	/* the profile's name, told in the dump */
	const uint32_t *pid;	/* processes, in the initial pid namespace */
	size_t npids;
	uint32_t parent;	/* ... and its children, also later ones; 0 */
	const char *comm;	/* ... and all of that name, likewise; NULL */
	uint32_t hz;		/* samples a second and CPU, of COLLECT_CPU */
	uint32_t duration;	/* seconds; 0: until a signal, or its end */
	uint32_t depth;		/* most frames of a sample; 0: only states */
	const struct lj_layout *layout;	/* the only one to use, or NULL */
	int allfiles;		/* not only regular ones */
	const char *file;	/* of COLLECT_ALLOC: what has the allocator... */
	uint64_t offset;	/* ... and where in it */
	uint32_t every;		/* bytes allocated from sample to sample */
	uint32_t duty;		/* percent of the time its probe is in place */
	int verbose;		/* say what it costs */
};

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

#endif
