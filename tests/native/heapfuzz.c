/* heapfuzz.c - walks damaged copies of a live process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: heapfuzz PID N
 *
 * N times: changes words of the copy, by the number of the try, and walks it.
 * Nothing may crash, hang, or be counted that is not there. Each change is
 * taken back afterwards.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "heapname.h"
#include "heapwalk.h"
#include "mem.h"

static int check(const struct heapwalk *w, const struct heapcopy *c)
{
	const struct heapwalk_sum *s = heapwalk_sum(w);
	uint64_t objects = 0;

	for (int t = 0; t < HEAP_TYPES; t++)
		objects += s->reached[t].objects + s->garbage[t].objects;
	if (objects > c->n / 8 || s->torn > s->refs) {
		printf("%" PRIu64 " objects, %" PRIu64 " of %" PRIu64
		       " torn\n", objects, s->torn, s->refs);
		return -1;
	}
	return 0;
}

static int walk(const struct heapcopy *c, const struct remote_vm *vm, size_t n,
		uint64_t *torn)
{
	struct pool *names = pool_new();
	struct heappath *path = heappath_new(names);
	struct heapwalk *w = heapwalk_new(c, path, 0);
	struct fold *f;
	struct heapvm v;
	int ret;

	for (size_t i = 0; i < n; i++)
		if (!heapvm_open(&v, c, &vm[i]))
			heapwalk_vm(w, &v, 0);
	heapwalk_retained(w);
	f = heappath_fold(path, 0);
	ret = check(w, c);
	*torn += heapwalk_sum(w)->torn;
	fold_free(f);
	heapwalk_free(w);
	heappath_free(path);
	pool_free(names);
	return ret;
}

int main(int argc, char **argv)
{
	uint64_t tries = argc == 3 ? strtoull(argv[2], NULL, 10) : 0, torn = 0;
	struct remote *r = tries ? remote_open(strtoul(argv[1], NULL, 10)) :
				   NULL;
	const struct remote_vm *vm;
	size_t n = r ? remote_find(r, &vm) : 0;
	struct heapcopy *c = n ? heapcopy_take(strtoul(argv[1], NULL, 10)) :
				 NULL;
	struct damage d;
	int bad = 1;

	if (!c) {
		fputs("usage: heapfuzz PID N\n", stderr);
		goto out;
	}
	bad = walk(c, vm, n, &torn);
	if (torn)
		printf("%" PRIu64 " references torn at first\n", torn);
	for (uint64_t i = 1; i <= tries; i++) {
		damage_do(&d, c, i);
		if (walk(c, vm, n, &torn)) {
			printf("damage %" PRIu64 " does harm\n", i);
			bad = 1;
		}
		damage_undo(&d, c);
	}
	printf("%" PRIu64 " copies, %" PRIu64 " references torn\n", tries,
	       torn);
	/* Damage that nothing notices would be no test. */
	if (torn < tries)
		bad = 1;
out:
	heapcopy_free(c);
	remote_close(r);
	return bad != 0;
}
