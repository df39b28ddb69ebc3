/* objs.c - counts the objects of a live process, as lj-gc-objs does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: objs PID PIECE
 *
 * Prints type, objects and bytes of each; on standard error how many times it
 * began.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "remote.h"

struct lj_walk;
static int rd(void *dst, size_t n, uint64_t addr);
#define LJ_RD(w, dst, n, addr)	((void)(w), rd(dst, n, addr))
#define LJ_OUT(w, rec, len)	((void)(rec), (void)(len), -1)

#include "lj_objs.h"

static struct remote *target;

static int rd(void *dst, size_t n, uint64_t addr)
{
	return remote_read(target, dst, n, addr);
}

int main(int argc, char **argv)
{
	static struct lj_walk w;
	static struct lj_objs o;
	const struct remote_vm *vm;
	unsigned tries = 0;
	int more = -1;

	if (argc != 3)
		return 64;
	target = remote_open(strtoul(argv[1], NULL, 10));
	if (!target || remote_find(target, &vm) != 1 || vm->check)
		return 99;
	w.lay = vm->lay;
	w.g = vm->g;
	while (more && tries < 1000) {
		if (more < 0) {
			tries++;
			more = lj_objs_begin(&w, &o) ? -1 : 1;
		} else {
			more = lj_objs_some(&w, &o, strtoul(argv[2], NULL, 10));
		}
		if (more)
			usleep(100);
	}
	for (unsigned i = 0; !more && i < LJ_NTYPES; i++)
		if (o.n[i])
			printf("%s %" PRIu64 " %" PRIu64 "\n", lj_type_name(i),
			       (uint64_t)o.n[i], (uint64_t)o.bytes[i]);
	fprintf(stderr, "began %u times\n", tries);
	remote_close(target);
	return more ? 1 : 0;
}
