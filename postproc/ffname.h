/* ffname.h - what fast functions are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_FFNAME_H
#define LJSTAP_FFNAME_H

#include "profile.h"

/**
 * ffname - the name of a fast function
 * @p: the profile
 * @vm: dictionary id of its VM
 * @ffid: its id
 *
 * Those that no table holds are named by a neighbour: ids follow the order
 * of LuaJIT's sources. [builtin#N] if the dump does not tell. The caller
 * frees it.
 */
char *ffname(const struct profile *p, uint32_t vm, uint32_t ffid);

/**
 * ffname_op - the fast function of an entry of the dispatch table
 * @p: the profile
 * @vm: dictionary id of its VM
 * @op: the entry
 *
 * Returns NULL if the dump does not tell.
 */
const char *ffname_op(const struct profile *p, uint32_t vm, uint32_t op);

/**
 * ffname_is - is it the name of a fast function?
 * @name: a frame's name
 */
int ffname_is(const char *name);

#endif
