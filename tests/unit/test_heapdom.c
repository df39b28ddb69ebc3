/* test_heapdom.c - what a node retains is what cannot be reached without it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The oracle takes each node out in turn, and looks what is left.
 */
#include <stdlib.h>

#include "heapdom.h"
#include "unit.h"

#define N	40

static unsigned char edge[N][N];

static void mark(int at, int without, unsigned char *seen)
{
	if (at == without || seen[at])
		return;
	seen[at] = 1;
	for (int to = 0; to < N; to++)
		if (edge[at][to])
			mark(to, without, seen);
}

/* Bytes of node i are 1 << i % 30, so that sums tell their parts. */
static uint64_t bytes_of(int i)
{
	return 1u << i % 30;
}

static uint64_t truth(int without, const unsigned char *all)
{
	unsigned char seen[N] = { 0 };
	uint64_t lost = 0;

	mark(0, without, seen);
	for (int i = 0; i < N; i++)
		if (all[i] && !seen[i])
			lost += bytes_of(i);
	return lost;
}

static void compare(struct pool *labels)
{
	struct heappath *hp = heappath_new(labels);
	struct heapdom *d = heapdom_new();
	unsigned char all[N] = { 0 };
	char name[16];

	for (int i = 1; i < N; i++) {
		snprintf(name, sizeof(name), ".%d", i);
		heappath_step(hp, 0, heappath_label(hp, name));
	}
	for (int i = 0; i < N; i++) {
		hp->node[i].by[LJ_TTAB].bytes = bytes_of(i);
		for (int to = 0; to < N; to++)
			for (int k = 0; k < edge[i][to]; k++)
				heapdom_edge(d, i, to);
	}
	heapdom_retained(d, hp);
	mark(0, -1, all);
	for (int i = 0; i < N; i++)
		if (all[i])
			CHECK(hp->node[i].retained == truth(i, all));
	heapdom_free(d);
	heappath_free(hp);
}

int main(void)
{
	struct pool *labels = pool_new();

	compare(labels);	/* no references at all */
	srand(7);
	for (int i = 0; i < 200; i++) {
		int many = rand() % 120;

		memset(edge, 0, sizeof(edge));
		for (int k = 0; k < many; k++)
			edge[rand() % N][rand() % N] += 1 + rand() % 2;
		edge[0][1] = edge[0][2] = 1;
		compare(labels);
	}
	pool_free(labels);
	return unit_verdict();
}
