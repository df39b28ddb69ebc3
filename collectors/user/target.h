/* target.h - what a collector in user space tells of its target: the header,
 * facts in words, the memory map, build-ids, the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads /proc and the target's memory (process_vm_readv), which neither stops
 * nor wakes it; writes records into a stream, in a lane of its own. Prints
 * nothing.
 */
#ifndef LJSTAP_TARGET_H
#define LJSTAP_TARGET_H

#include <stdint.h>
#include <stdio.h>

#include "ljtypes.h"
#include "dump.h"

struct lj_alloc;
struct mapped;
struct target;

/**
 * target_new - tell about a process
 * @pid: the process
 * @out: where records go; errors stay in the stream
 * @lane: of these records
 */
struct target *target_new(uint32_t pid, FILE *out, uint32_t lane);

/**
 * target_free - forget it
 * @t: the target, or NULL
 */
void target_free(struct target *t);

/**
 * target_header - write the header, and facts about this machine
 * @t: the target
 * @collector: ENUM collector
 * @several: it is one of several processes: the header names none
 * @weight: ENUM weight, of samples
 * @hz: samples a second, 0: none
 * @duration: seconds asked for, 0: no limit
 * @depth: most frames of a sample
 * @runtime: of the collector, in words
 */
void target_header(struct target *t, uint32_t collector, int several,
		   uint32_t weight, uint32_t hz, uint32_t duration,
		   uint32_t depth, const char *runtime);

/**
 * target_meta - write one fact in words
 * @t: the target
 * @key: its name
 * @value: its text, at most 1000 bytes of it
 */
void target_meta(struct target *t, const char *key, const char *value);

/**
 * target_maps - write the mappings that were not told yet, with build-ids
 * @t: the target
 *
 * Returns how many mappings there are in all; 0: it has none, or is gone;
 * -1: they may not be read. About 20 microseconds a mapping.
 */
int target_maps(struct target *t);

/**
 * target_mapped - write a mapping that was made just now
 * @t: the target
 * @m: the mapping (mapwatch.h)
 *
 * Returns 1 if it is of a file: there may be more of that than is executable,
 * for target_maps() to tell; else 0.
 */
int target_mapped(struct target *t, const struct mapped *m);

/**
 * target_usage - write a point of its CPU usage, unless it is gone
 * @t: the target
 */
void target_usage(struct target *t);

/**
 * target_block - write the block of a sample, not knowing what it is
 * @t: the target
 * @a: its last allocation
 * @tid: the thread that made it
 */
void target_block(struct target *t, const struct lj_alloc *a, uint32_t tid);

/**
 * target_other_lua - the mapped file that is a Lua, but not LuaJIT
 * @t: the target
 *
 * Returns its path, or NULL if there was none so far.
 */
const char *target_other_lua(const struct target *t);

/**
 * target_tally - add the records written here, and those that failed
 * @t: the target
 * @end: where to
 */
void target_tally(const struct target *t, struct ljd_end *end);

/**
 * target_end - write the end record
 * @t: the target
 * @end: its fields but for the head and the time
 */
void target_end(struct target *t, const struct ljd_end *end);

#endif
