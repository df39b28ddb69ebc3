/* test_treetext.c - what the script of a picture gets is the whole tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "treetext.h"
#include "read_folded.h"
#include "unit.h"

static struct fold *fold(struct pool *names, const char *s)
{
	struct fold *f = fold_new(names);
	struct input *in = input_memory(s, strlen(s));
	uint64_t bad;

	read_folded(f, in, &bad);
	input_close(in);
	fold_finish(f);
	return f;
}

/* Worked out by hand from the grammar in treetext.h. */
static void by_hand(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold(names, "b;C:x 1\na;b;b 36\na;c 4\n");
	struct treetext *t = treetext_new(f, NULL, NULL, 100);

	CHECK_STR(t->names, "0all\n5C:x\n1a\n1b\n1c");
	CHECK_STR(t->tree, "A0.15A2.14A3.10A3C4.4C3.1A1");
	CHECK(t->nnames == strlen(t->names) && t->ntree == strlen(t->tree));
	CHECK(!t->pruned);
	treetext_free(t);
	fold_free(f);
	pool_free(names);
}

static void two_totals(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold(names, "a;b 2\n");
	uint64_t after[] = { 2, 2, 2 }, before[] = { 3, 3, 0 };
	struct treetext *t = treetext_new(f, after, before, 100);

	CHECK_STR(t->tree, "A0.2.3A1A2.2.0");
	treetext_free(t);
	fold_free(f);
	pool_free(names);
}

static void deep(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	unsigned *stack = xcalloc(60000, sizeof(*stack));
	struct treetext *t;

	pool_add(names, "f", 1);
	stack[0] = pool_add(names, "g", 1);
	fold_add(f, stack, 1, 1);
	stack[0] = 0;
	fold_add(f, stack, 60000, 1);
	fold_finish(f);
	t = treetext_new(f, NULL, NULL, 100000);
	/* From depth 60000 up to 1: 60000 / 25 letters Z, and A. */
	CHECK(t->ntree > 62000 && strstr(t->tree, "ZZZZA2"));
	treetext_free(t);
	free(stack);
	fold_free(f);
	pool_free(names);
}

static void pruned(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold(names, "a;b 100\nc;d 1\nc;e 1\nf 1\n");
	struct treetext *t = treetext_new(f, NULL, NULL, 4);

	CHECK_STR(t->tree, "A0.2vA1.2sA2C3.2");
	CHECK(t->pruned == 3 && t->pruned_count == 3);
	treetext_free(t);
	treetext_free(NULL);
	fold_free(f);
	pool_free(names);
}

int main(void)
{
	by_hand();
	two_totals();
	deep();
	pruned();
	return unit_verdict();
}
