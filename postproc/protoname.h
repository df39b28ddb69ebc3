/* protoname.h - one name for each Lua function.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A function has no name of its own; callers have names for it. Strings
 * and arrays returned are the caller's. Does not print.
 */
#ifndef LJSTAP_PROTONAME_H
#define LJSTAP_PROTONAME_H

#include "mem.h"
#include "profile.h"

/* firstline of functions that are bytecode inside LuaJIT. */
#define PROTONAME_BUILTIN	0xffffffffu

/* A call that no stack of the profile shows: one inlined in a trace. */
struct protoname_call {
	const struct profile_proto *caller, *callee;
	uint32_t pos;		/* bytecode index of the call */
	uint64_t weight;
};

/**
 * protoname_all - the names of all prototypes
 * @p: the profile, finished
 * @calls: more calls to know names by
 * @n: how many
 * @names: gets the names
 *
 * Each gets the name most samples called it by: "NAME@FILE:LINE".
 * Returns their numbers, in the order of profile.proto.
 */
unsigned *protoname_all(const struct profile *p,
			const struct protoname_call *calls, size_t n,
			struct pool *names);

/**
 * protoname_chunk - where a prototype is from
 * @pt: the prototype
 *
 * As lj_debug_shortname(), but paths in full.
 */
char *protoname_chunk(const struct profile_proto *pt);

#endif
