/* luahost.h - runs Lua scripts that look into a live process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An embedded LuaJIT, its JIT compiler off: hooks of compiled code never run,
 * and limits are kept by a hook.
 */
#ifndef LJSTAP_LUAHOST_H
#define LJSTAP_LUAHOST_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct luahost;
struct remote;
struct remote_vm;

struct luahost_opts {
	uint32_t pid;
	size_t number;		/* of the VM, 1 the first */
	FILE *out;		/* what print() writes to */
	int raw;		/* ... and leaves control characters alone */
	int snapshot;		/* look at a copy from the start */
	size_t string;		/* bytes of a string that is copied */
	uint64_t bytes, nodes;	/* to be read at most; 0: no limit */
	double timeout;		/* seconds of each piece of a script; 0: none */
};

/**
 * luahost_new - get ready to run scripts
 * @r: the process; must outlive it
 * @vm: one whose check is 0
 * @o: as above, must outlive it
 *
 * Returns NULL, having said why.
 */
struct luahost *luahost_new(struct remote *r, const struct remote_vm *vm,
			    const struct luahost_opts *o);

/**
 * luahost_free - give it back
 * @h: what luahost_new() returned, or NULL
 */
void luahost_free(struct luahost *h);

/**
 * luahost_run - run a script with its probes
 * @h: the host
 * @name: what messages call it
 * @text: the script
 * @n: its bytes
 * @argv: its arguments
 * @argc: how many
 *
 * Returns 0 if it went well; what it said to exit, if it did; or -1 after
 * saying what went wrong, as diag_error() if nothing was printed, else as
 * diag_loss().
 */
int luahost_run(struct luahost *h, const char *name, const char *text,
		size_t n, char **argv, int argc);

/**
 * luahost_prompt - run lines as they are typed, and print what they give
 * @h: the host
 * @in: where from
 * @ask: print a prompt
 *
 * A line that is not complete goes on on the next one. What goes wrong is
 * printed and does not end it. Returns as luahost_run().
 */
int luahost_prompt(struct luahost *h, FILE *in, int ask);

#endif
