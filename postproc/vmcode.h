/* vmcode.h - addresses in the interpreter -> what its code is for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Strings returned are the caller's. Does not print.
 */
#ifndef LJSTAP_VMCODE_H
#define LJSTAP_VMCODE_H

#include "profile.h"

struct vmcode;

/**
 * vmcode_new - the code of a VM, from its dispatch table
 * @p: its profile, which has the names of fast functions; must outlive it
 * @vm: the VM
 */
struct vmcode *vmcode_new(const struct profile *p,
			  const struct profile_vm *vm);

/**
 * vmcode_free - give it back
 * @c: what vmcode_new() returned, or NULL
 */
void vmcode_free(struct vmcode *c);

/**
 * vmcode_name - the part of the VM an address is in
 * @c: the code
 * @ip: the address
 *
 * "lj_BC_NAME", "lj_ff_NAME", or "[lj_ff]" and "[lj_vm]" if it has no name,
 * "[lj_vm call/meta]" and "[lj_vm hook/exit/math]" for what is behind both;
 * NULL if it is elsewhere.
 */
char *vmcode_name(const struct vmcode *c, uint64_t ip);

#endif
