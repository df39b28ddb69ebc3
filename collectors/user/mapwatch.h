/* mapwatch.h - what processes map, as they do it: perf's side-band records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sees executable mappings only, of all processes. Needs CAP_PERFMON. Prints nothing.
 */
#ifndef LJSTAP_MAPWATCH_H
#define LJSTAP_MAPWATCH_H

#include <stddef.h>
#include <stdint.h>

struct mapwatch;

/* struct mapped - one mapping that was made */
struct mapped {
	uint64_t time;		/* CLOCK_MONOTONIC, ns */
	uint64_t start, end, offset;
	uint64_t dev, ino;	/* 0 if not known, or anonymous */
	uint32_t pid;
	uint32_t prot;		/* PROT_* */
	uint32_t idlen;		/* bytes of id, 0: not known */
	const unsigned char *id;	/* build-id */
	const char *path;	/* as the process calls it; "" if anonymous */
};

/**
 * mapwatch_new - begin to watch
 * @cpus: possible CPUs
 *
 * Returns NULL if the kernel does not allow it. About 40 KB of locked memory
 * a CPU.
 */
struct mapwatch *mapwatch_new(uint32_t cpus);

/**
 * mapwatch_free - end it
 * @w: the watch, or NULL
 */
void mapwatch_free(struct mapwatch *w);

/**
 * mapwatch_read - what was mapped since the last call
 * @w: the watch, or NULL
 * @fn: is told each mapping, in the order of time on each CPU
 * @ctx: for @fn
 *
 * Returns how often some were lost: then /proc/PID/maps has to tell.
 */
size_t mapwatch_read(struct mapwatch *w,
		     void (*fn)(void *ctx, const struct mapped *m), void *ctx);

#endif
