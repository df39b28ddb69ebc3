/* luaname.h - what the code of a caller calls the function it calls.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Follows lj_debug_funcname() and lj_debug_slotname(). Does not print.
 */
#ifndef LJSTAP_LUANAME_H
#define LJSTAP_LUANAME_H

#include "profile.h"

#define LUANAME_MAX	256

/**
 * luaname_call - the name of what is called at a place
 * @p: the profile
 * @pt: the calling function
 * @pos: bytecode index of the call, or of what called a metamethod
 * @budget: steps that may still be spent, so that no input costs hours
 * @name: LUANAME_MAX bytes for it
 *
 * Returns 0, or -1 if it has no name.
 */
int luaname_call(const struct profile *p, const struct profile_proto *pt,
		 uint32_t pos, uint64_t *budget, char *name);

#endif
