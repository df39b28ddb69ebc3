/* vmpick.c - the VMs of a live process that a command shall look into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "luafile.h"
#include "mem.h"
#include "vmpick.h"
#include "vmreport.h"

int vmpick_parse(const char *arg, struct vmpick_opts *o)
{
	int hex = arg[0] == '0' && arg[1] == 'x';
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(arg, &end, hex ? 16 : 10);
	if (errno || !n || *end || arg[0] < '0' || arg[0] > '9') {
		diag_usage("--vm: '%s' is neither the number of a VM nor the "
			   "address of its global_State; see --help", arg);
		return -1;
	}
	if (hex)
		o->g = n;
	else
		o->number = n;
	return 0;
}

void vmpick_refuse_pid(uint32_t pid, int err)
{
	if (err == ENOENT)
		diag_error("no process %" PRIu32 "; check the number", pid);
	else if (err == ESRCH)
		diag_error("process %" PRIu32 " has no memory: it has ended, "
			   "or is part of the kernel", pid);
	else
		diag_error("process %" PRIu32 " may not be looked at from "
			   "here; run as root, or as its user with "
			   "kernel.yama.ptrace_scope=0", pid);
}

void vmpick_refuse(const struct procmaps *maps)
{
	char *version, *why;
	const struct procmap *m;
	enum luafile_kind kind = luafile_in(maps, &version, &m);

	if (kind == LUAFILE_NONE) {
		diag_error("no LuaJIT in process %" PRIu32 "; is it the right "
			   "one, not its parent or a launcher?", maps->pid);
	} else if (kind == LUAFILE_JIT) {
		diag_error("process %" PRIu32 ": %s in %s, but no VM and no "
			   "code of its interpreter", maps->pid, version,
			   m->path);
	} else {
		why = luafile_refusal(kind, version, m->path);
		diag_error("process %" PRIu32 " runs %s", maps->pid, why);
		free(why);
	}
	free(version);
}

static int wanted(const struct vmpick_opts *o, const struct remote_vm *vm,
		  size_t number)
{
	return (!o->g || o->g == vm->g) && (!o->number || o->number == number);
}

static int look_into(const struct vmpick_opts *o, struct remote *r,
		     int (*fn)(void *ctx, struct remote *r,
			       const struct vmpick *p), void *ctx)
{
	const struct remote_vm *vm;
	size_t n = remote_find(r, &vm), tried = 0;
	int done = 0;

	for (size_t i = 0; i < n; i++) {
		struct vmpick p = { .vm = &vm[i], .number = i + 1,
				    .first = !done,
				    .several = n > 1 && !o->g && !o->number };
		char *name;

		if (!wanted(o, p.vm, p.number))
			continue;
		tried++;
		name = n > 1 ? xasprintf("process %" PRIu32 ", VM %zu", o->pid,
					 p.number) :
			       xasprintf("process %" PRIu32, o->pid);
		p.name = name;
		if (p.vm->check)
			diag_loss("%s: %s; see ljstap layout", name,
				  vmreport_check(p.vm->check));
		else
			done += fn(ctx, r, &p);
		free(name);
	}
	if (!n)
		vmpick_refuse(remote_maps(r));
	else if (!tried)
		diag_error("process %" PRIu32 " has %zu VMs, and not that one; "
			   "see ljstap layout", o->pid, n);
	return done;
}

int vmpick_each(const struct vmpick_opts *o,
		int (*fn)(void *ctx, struct remote *r, const struct vmpick *p),
		void *ctx)
{
	struct remote *r = remote_open(o->pid);
	int done;

	if (!r) {
		vmpick_refuse_pid(o->pid, errno);
		return 0;
	}
	done = look_into(o, r, fn, ctx);
	remote_close(r);
	return done;
}
