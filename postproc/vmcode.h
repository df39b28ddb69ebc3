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
 * @vm: the VM
 */
struct vmcode *vmcode_new(const struct profile_vm *vm);

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
 * "lj_BC_NAME", "[lj_ff]" or "[lj_vm]"; NULL if it is elsewhere.
 */
char *vmcode_name(const struct vmcode *c, uint64_t ip);

#endif
