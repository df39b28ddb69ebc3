/* waitkind.h - why a thread was off the CPU, of samples that tell.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_WAITKIND_H
#define LJSTAP_WAITKIND_H

#include "profile.h"

enum waitkind {
	WAITKIND_BLOCKED,	/* waits for something else than I/O */
	WAITKIND_IO,
	WAITKIND_PREEMPTED,	/* could go on */
	WAITKIND_N
};

/**
 * waitkind_of - why a sample's thread was off the CPU
 * @s: the sample
 *
 * Returns WAITKIND_N if it was on it, or if the dump does not tell.
 */
enum waitkind waitkind_of(const struct profile_sample *s);

/**
 * waitkind_frame - what stands for it at the end of a stack: [blocked], ...
 * @kind: below WAITKIND_N
 */
const char *waitkind_frame(enum waitkind kind);

/**
 * waitkind_doc - the reason in words
 * @kind: below WAITKIND_N
 */
const char *waitkind_doc(enum waitkind kind);

/**
 * waitkind_parse - the reason of a name, as options have it
 * @name: blocked, io or preempted
 *
 * Returns WAITKIND_N if there is none of that name.
 */
enum waitkind waitkind_parse(const char *name);

#endif
