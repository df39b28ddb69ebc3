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

#include "heapname.h"
#include "heapwalk.h"
#include "mem.h"

static uint64_t state;

/* xorshift64 */
static uint64_t any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Another word of the copy, an address in it, a bit, nothing, or anything. */
static uint64_t damaged(const struct heapcopy *c, uint64_t old)
{
	const struct heapcopy_range *r = &c->range[any() % c->nranges];
	uint64_t word;

	switch (any() % 6) {
	case 0:
		memcpy(&word, c->bytes + any() % (c->n / 8) * 8, 8);
		return word;
	case 1:
		word = r->lo + any() % (r->hi - r->lo);
		return any() % 2 ? word & ~7ull : word;
	case 2:
		return old ^ 1ull << any() % 64;
	case 3:
		return 0;
	case 4:
		return old + (any() % 64 - 32) * 8;
	}
	return any();
}

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
	struct heapwalk *w = heapwalk_new(c, path);
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

/* struct change - what one word was */
struct change {
	size_t at;
	uint64_t old;
};

static int damage_and_walk(struct heapcopy *c, const struct remote_vm *vm,
			   size_t n, uint64_t *torn)
{
	/* One word, or up to one in a hundred. */
	size_t many = any() % 3 ? 1 + any() % 1000 : c->n / 800;
	struct change *old = xcalloc(many, sizeof(*old));
	uint64_t word;
	int ret;

	for (size_t i = 0; i < many; i++) {
		old[i].at = any() % (c->n / 8) * 8;
		memcpy(&old[i].old, c->bytes + old[i].at, 8);
		word = damaged(c, old[i].old);
		memcpy(c->bytes + old[i].at, &word, 8);
	}
	ret = walk(c, vm, n, torn);
	while (many-- > 0)
		memcpy(c->bytes + old[many].at, &old[many].old, 8);
	free(old);
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
	int bad = 1;

	if (!c) {
		fputs("usage: heapfuzz PID N\n", stderr);
		goto out;
	}
	bad = walk(c, vm, n, &torn);
	if (torn)
		printf("%" PRIu64 " references torn at first\n", torn);
	for (uint64_t i = 1; i <= tries; i++) {
		state = i * 0x9e3779b97f4a7c15ull;
		if (damage_and_walk(c, vm, n, &torn)) {
			printf("damage %" PRIu64 " does harm\n", i);
			bad = 1;
		}
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
