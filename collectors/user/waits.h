/* waits.h - samples of threads or coroutines that wait, until it is known for
 * how long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Takes memory for each number of one that ever waited. Prints nothing.
 */
#ifndef LJSTAP_WAITS_H
#define LJSTAP_WAITS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct waits;

/**
 * waits_new - nobody waits yet
 * @out: where samples go when their threads are back
 */
struct waits *waits_new(FILE *out);

/**
 * waits_free - forget those that still wait
 * @w: the waits, or NULL
 */
void waits_free(struct waits *w);

/**
 * waits_begin - a thread leaves its CPU, a coroutine yields
 * @w: the waits
 * @who: its number: the thread's, the lua_State
 * @sample: its sample record
 * @len: bytes of it
 *
 * Returns 0, or -1 if an earlier one of that thread could not be written.
 */
int waits_begin(struct waits *w, uint64_t who, const void *sample,
		size_t len);

/**
 * waits_end - it is back: write its sample, if there is one
 * @w: the waits
 * @who: its number
 * @time: when, CLOCK_MONOTONIC, ns
 *
 * Returns 0, or -1 if it could not be written.
 */
int waits_end(struct waits *w, uint64_t who, uint64_t time);

/**
 * waits_end_all - threads that wait still have waited until then
 * @w: the waits
 * @time: when; errors stay in the stream
 */
void waits_end_all(struct waits *w, uint64_t time);

#endif
