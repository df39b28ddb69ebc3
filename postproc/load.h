/* load.h - records -> model.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The profile returned is the caller's. Says what is wrong with a dump.
 */
#ifndef LJSTAP_LOAD_H
#define LJSTAP_LOAD_H

#include "input.h"
#include "mapfile.h"
#include "profile.h"
#include "read_dump.h"

/**
 * load_profile - read a whole dump
 * @in: where from
 * @stats: what became of its records
 * @want: which samples to keep; NULL: all, summed up
 * @files: get the files C code is unwound by; NULL: without C code
 *
 * Returns NULL, having said why, if it is not a dump this program reads.
 * Losses are said, too.
 */
struct profile *load_profile(struct input *in, struct dump_stats *stats,
			     const struct profile_want *want,
			     struct mapfiles *files);

/**
 * load_check_usable - whether there is anything to draw
 * @p: the profile
 * @stats: from load_profile()
 * @pid: samples of this process are wanted; 0: of all
 * @name: what messages call the dump
 *
 * Returns 0, or says why not and what to do and returns -1.
 */
int load_check_usable(const struct profile *p, const struct dump_stats *stats,
		      uint32_t pid, const char *name);

#endif
