/* vmpick.h - the VMs of a live process that a command shall look into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Says why there is none.
 */
#ifndef LJSTAP_VMPICK_H
#define LJSTAP_VMPICK_H

#include <stdint.h>

#include "remote.h"

struct vmpick_opts {
	uint32_t pid;
	uint64_t g;		/* only the VM of this global_State */
	uint64_t number;	/* only the VM of this number; 0: all */
};

/* struct vmpick - one of them */
struct vmpick {
	const struct remote_vm *vm;
	const char *name;	/* for messages */
	size_t number;		/* 1 the first of the process */
	int first;		/* of those that something was done with */
	int several;		/* are looked into */
};

/**
 * vmpick_parse - the value of --vm
 * @arg: a number, or the address of a global_State in hexadecimal
 * @o: set
 *
 * Returns 0, or -1 after saying what is wrong.
 */
int vmpick_parse(const char *arg, struct vmpick_opts *o);

/**
 * vmpick_each - look into them
 * @o: which
 * @fn: does it; returns 1 if it wrote something
 * @ctx: for it
 *
 * Returns how often @fn returned 1. A VM that is not known is said to be.
 */
int vmpick_each(const struct vmpick_opts *o,
		int (*fn)(void *ctx, struct remote *r, const struct vmpick *p),
		void *ctx);

/**
 * vmpick_refuse_pid - say why a process cannot be looked into
 * @pid: the process
 * @err: errno of remote_open()
 */
void vmpick_refuse_pid(uint32_t pid, int err);

/**
 * vmpick_refuse - say which Lua is in a process without a VM of LuaJIT
 * @maps: the process
 */
void vmpick_refuse(const struct procmaps *maps);

#endif
