/* vmstates.h - what the VM was doing: samples by G->vmstate.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * LuaJIT's own classes, as its profiler's: a C function that a trace calls is
 * compiled code's, one that the interpreter calls is C.
 */
#ifndef LJSTAP_VMSTATES_H
#define LJSTAP_VMSTATES_H

#include "profile.h"

enum vmstates_kind {
	VMSTATES_INTERP, VMSTATES_JIT, VMSTATES_C, VMSTATES_GC,
	VMSTATES_COMPILER, VMSTATES_OUTSIDE, VMSTATES_N
};

/**
 * vmstates_of - the class of a sample
 * @s: the sample
 */
enum vmstates_kind vmstates_of(const struct profile_sample *s);

/**
 * vmstates_name - its name, as options have it
 * @kind: the class
 */
const char *vmstates_name(enum vmstates_kind kind);

/**
 * vmstates_doc - its name in words
 * @kind: the class
 */
const char *vmstates_doc(enum vmstates_kind kind);

/**
 * vmstates_parse - the class of a name
 * @name: as vmstates_name() has it
 *
 * Returns VMSTATES_N if there is no such class.
 */
enum vmstates_kind vmstates_parse(const char *name);

#endif
