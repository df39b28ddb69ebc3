/* reads.c - reads a value of a live process many times.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: reads PID COUNT PATH
 *
 * Prints each in the words of `ljstap inspect', entries on lines of their
 * own, "--" between; at the end on standard error how many were torn.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "luaobj.h"
#include "luapath.h"
#include "luatext.h"
#include "luatree.h"
#include "luaval.h"

int main(int argc, char **argv)
{
	const struct luatree_opts opts = { 3, 1000, 256 };
	const struct remote_vm *vm;
	unsigned long torn = 0, count;
	struct luaval *v = NULL;
	struct luaobj *o = NULL;
	struct luapath *p;
	struct remote *r;
	char *why;

	if (argc != 4)
		return 64;
	r = remote_open(strtoul(argv[1], NULL, 10));
	p = luapath_parse(argv[3], &why);
	if (!r || !p || remote_find(r, &vm) != 1 || vm->check)
		return 99;
	v = luaval_new(r, vm);
	o = luaobj_new(v);
	count = strtoul(argv[2], NULL, 10);
	for (unsigned long i = 0; i < count; i++) {
		struct luatree_flaws f = { 0 };
		struct luatree *t;

		if (luatree_read(v, o, p, argv[3], &opts, &t, &why)) {
			torn++;
			free(why);
			continue;
		}
		luatree_flaws(t, &f);
		if (f.torn)
			torn++;
		luatext_write(stdout, t);
		puts("\n--");
		luatree_free(t);
	}
	fprintf(stderr, "%lu of %lu torn\n", torn, count);
	luaobj_free(o);
	luaval_free(v);
	luapath_free(p);
	remote_close(r);
	return fflush(stdout) ? 1 : 0;
}
